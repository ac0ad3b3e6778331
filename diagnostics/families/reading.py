"""Codes of family LF1: reading the source."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "LF101",
        "source cannot be read",
        "The file does not exist, is not a regular file, or is not text in its declared encoding.",
        "Check the path and the file's encoding.",
    ),
    Code(
        "LF102",
        "syntax error",
        "The file is not valid Python, so nothing can be concluded from it.",
        "Run `python -m py_compile` on the file and correct it.",
    ),
    Code(
        "LF103",
        "no graph found",
        "No StateGraph is compiled at module level, and no entry expression was given.",
        "Name the graph with `--entry`, e.g. `--entry 'build_graph()'`.",
    ),
)
