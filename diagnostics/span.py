"""Where something stands in the user's source."""

import msgspec


class Span(msgspec.Struct, frozen=True, order=True):
    """A half-open stretch of one source file.

    Lines count from 1, columns from 0 in code points, as in Python's own `ast`. `file` is relative
    to the project's root, with forward slashes.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1}"
