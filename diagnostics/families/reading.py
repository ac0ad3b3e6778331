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
    Code(
        "LF105",
        "source too large or too deep",
        "The file is larger, or its code nested deeper, than can be read safely.",
        "Split the file, or the expression.",
    ),
    Code(
        "LF106",
        "entry is not a graph",
        "The entry expression is not Python, or does not evaluate to a StateGraph or compiled graph.",
        "Give an expression such as `graph` or `build_graph()`.",
    ),
    Code(
        "LF107",
        "wiring takes too long to evaluate",
        "Evaluating the module-level code went over its budget of steps, calls or size.",
        "Build the graph with fewer steps, or give `--entry` smaller arguments.",
    ),
)
