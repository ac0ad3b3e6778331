"""Codes of family LF4: the Python runtime."""

from langferry.diagnostics.code import Code

_NOT_YET = "The engine does not do this yet, and doing something else would go unnoticed."
_STAY = "Keep this program on LangGraph, or leave the feature out."

ROWS: tuple[Code, ...] = (
    Code("LF403", "unsupported kind of channel", _NOT_YET, _STAY),
    Code("LF404", "unsupported stream mode or option", _NOT_YET, _STAY),
    Code("LF408", "unsupported option of compile() or of a run", _NOT_YET, "Leave the option out."),
    Code(
        "LF409",
        "name of LangGraph without counterpart",
        "The shim stands in for LangGraph's core, but does not have this name yet.",
        "Keep this program on LangGraph, or avoid the name.",
    ),
    Code(
        "LF410",
        "install() came too late",
        "Modules of LangGraph were imported before; some objects would come from each of the two.",
        "Call langferry.compat.install() before anything imports langgraph, or use `migrate run`.",
    ),
    Code(
        "LF413",
        "unknown durability mode",
        "There is no such mode.",
        "Use 'sync', 'async' or 'exit'.",
    ),
    Code("LF414", "unsupported kind of node or router", _NOT_YET, "Wrap it in a function."),
    Code("LF415", "callbacks or tracing", _NOT_YET, "Run without callbacks, or on LangGraph."),
)
