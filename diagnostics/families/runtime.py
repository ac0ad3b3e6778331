"""Codes of family LF4: the Python runtime, and what a crate's `serve` answers."""

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
    Code(
        "LF416",
        "not there in `serve`",
        "LangGraph's server has this path, option or value, a crate's does not: see docs/serve.md.",
        "Leave it out, or run the program on LangGraph's server.",
    ),
    Code(
        "LF417",
        "request that `serve` cannot read",
        "The body is no JSON, too large, or says what is no request or does not fit the graph's input.",
        "Send what LangGraph's clients send.",
    ),
    Code(
        "LF418",
        "no such assistant or thread",
        "What the request names is not there.",
        "Make the thread first, or ask for it with if_not_exists.",
    ),
    Code(
        "LF419",
        "thread in the way",
        "Another run of the thread goes on, or there is a thread of this name.",
        "Ask again later, or with multitask_strategy 'enqueue' or if_exists 'do_nothing'.",
    ),
    Code(
        "LF420",
        "request that failed in `serve`",
        "A node panicked, or where threads are kept cannot be read or written.",
        "See the reason that stands with it.",
    ),
)
