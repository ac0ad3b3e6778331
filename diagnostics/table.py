"""The one table of codes. Families: LF1 reading, LF2 wiring and state, LF3 function bodies, LF4 the
Python runtime, LF5 validation, LF6 code generation and building, LF7 the command line.

`docs/codes.md` is made from it by `make generate`.
"""

import msgspec


class Code(msgspec.Struct, frozen=True):
    """A code with its title (what), explanation (why) and the usual next step."""

    code: str
    title: str
    explanation: str
    next_step: str


def _codes(*rows: tuple[str, str, str, str]) -> dict[str, Code]:
    table: dict[str, Code] = {}
    for row in rows:
        if row[0] in table:
            raise ValueError(f"code {row[0]} stands twice in the table")
        table[row[0]] = Code(*row)
    return table


TABLE: dict[str, Code] = _codes(
    (
        "LF101",
        "source cannot be read",
        "The file does not exist, is not a regular file, or is not valid text in its declared encoding.",
        "Check the path and the file's encoding.",
    ),
    (
        "LF102",
        "syntax error",
        "The file is not valid Python, so nothing can be concluded from it.",
        "Run `python -m py_compile` on the file and correct it.",
    ),
    (
        "LF103",
        "no graph found",
        "No StateGraph is built and compiled at module level, and no entry expression was given.",
        "Name the graph with `--entry`, e.g. `--entry 'build_graph()'`.",
    ),
)


def lookup(code: str) -> Code:
    """The table's row of `code`.

    Raises:
        KeyError: there is no such code.
    """
    return TABLE[code]
