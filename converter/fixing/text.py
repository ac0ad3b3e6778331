"""Edits in a file of Python: its encoding, its mark of byte order and its newlines stay."""

import io
import re
import tokenize
from collections.abc import Sequence

from langferry.diagnostics import Edit, Failure

NEWLINE = re.compile(r"\r\n|\r|\n")


def edited_text(data: bytes, file: str, edits: Sequence[Edit]) -> bytes:
    """The bytes of the file with edits made.

    Raises:
        Failure: LF703, the file's encoding does not give back what was read, or lacks a character.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    if text.encode(encoding) != data:
        raise Failure("LF703", f"{file} has another form of its text in {encoding}")
    try:
        after = replaced(text, edits).encode(encoding)
    except UnicodeEncodeError as error:
        raise Failure(
            "LF703", f"{file} is in {encoding}, which lacks a character: {error}"
        ) from error
    if _encoding(after) != encoding:
        raise Failure("LF703", f"a comment of {file} would then say that it is not in {encoding}")
    return after


def _encoding(data: bytes) -> str | None:
    """The encoding of a file, which a comment in its first two lines may name; None for one that is not known."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        return None


def replaced(text: str, edits: Sequence[Edit]) -> str:
    """`text` with edits made, in its own newlines."""
    starts = [0, *(found.end() for found in NEWLINE.finditer(text))]
    newline = NEWLINE.search(text)

    def offset(line: int, column: int) -> int:
        # behind the last line there is its end
        return starts[line - 1] + column if line <= len(starts) else len(text)

    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start = offset(edit.span.line, edit.span.column)
        end = offset(edit.span.end_line, edit.span.end_column)
        given = edit.text.replace("\n", newline[0] if newline else "\n")
        text = text[:start] + given + text[end:]
    return text
