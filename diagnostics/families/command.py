"""Codes of family LF7: the command line."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "LF701",
        "report not written",
        "A file that was to hold the report cannot be written. What was compared is not lost: it is printed.",
        "Name a file in a directory that you may write to.",
    ),
    Code(
        "LF702",
        "no baseline",
        "The file with the findings that are known cannot be read or written, or is something else.",
        "Make it with `migrate check --baseline FILE --update-baseline`.",
    ),
)
