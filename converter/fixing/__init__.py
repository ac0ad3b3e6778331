"""Fixes of findings, made in the bytes of files: what no edit is about stays as it is, byte for byte."""

from langferry.converter.fixing.choice import chosen
from langferry.converter.fixing.notebook import edited_notebook
from langferry.converter.fixing.text import edited_text
from langferry.diagnostics import Edit

__all__ = ["chosen", "edited"]


def edited(data: bytes, file: str, edits: list[Edit]) -> bytes:
    """The file with edits made, none of which overlap.

    Raises:
        Failure: LF703, they cannot be made without changing anything else.
    """
    change = edited_notebook if file.endswith(".ipynb") else edited_text
    return change(data, file, edits)
