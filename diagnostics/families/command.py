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
    Code(
        "LF703",
        "fix cannot be made exactly",
        "A fix would change more of the file than it means to: the file does not come out as it was when it is "
        "read and written, a notebook holds the lines in another form, or the program would be worse off. "
        "The fix is left out; the others are made.",
        "Make the change by hand; `migrate check` says where.",
    ),
    Code(
        "LF704",
        "fixed file not written",
        "The file is read-only, has changed since it was read, or cannot be written. What was written before "
        "is whole.",
        "Make the file writable and run the command again.",
    ),
)
