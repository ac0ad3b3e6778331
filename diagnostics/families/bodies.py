"""Codes of family LF3: function bodies."""

from langferry.diagnostics.code import Code

_BRIDGE = "Nothing: the function runs in embedded CPython. Rewrite the place to make it native."

ROWS: tuple[Code, ...] = (
    Code(
        "LF301",
        "the type checker stopped",
        "mypy could not analyse the program at all, so no expression has a type.",
        "Run `mypy` on the file and correct what it calls a blocking error.",
    ),
    Code(
        "LF302",
        "construct is not native",
        "This statement or expression has no translation to Rust that is certain to mean the same.",
        _BRIDGE,
    ),
    Code(
        "LF303",
        "call is not native",
        "The function or method is not among those the Rust side of Python's library offers.",
        _BRIDGE,
    ),
    Code(
        "LF304",
        "name cannot be traced",
        "The name is bound in a way that leaves open what it holds when the function runs.",
        _BRIDGE,
    ),
    Code(
        "LF305",
        "value may be shared",
        "Python changes lists, dicts and sets in place, seen by everyone who holds them. The value"
        " changed here may be held elsewhere too.",
        "Change a copy made in this function (`dict(x)`, `list(x)`), or leave it to CPython.",
    ),
    Code(
        "LF306",
        "state is changed in place",
        "LangGraph hands a node the very objects its channels hold, so such a change is seen by"
        " everybody, update or not. Neither Rust nor a bridged function works on those objects.",
        "Change a copy (`list(state[...])`) and return it as an update.",
    ),
    Code(
        "LF307",
        "types do not fit",
        "A value of one type is used where another is expected, or its type is not known here.",
        "Annotate the variable or the function.",
    ),
    Code(
        "LF308",
        "name may be unbound",
        "On some path through the function the name has no value yet; Python would raise.",
        "Give the name a value before the branch.",
    ),
    Code(
        "LF309",
        "signature is not native",
        "The function takes its arguments in a way that has no direct counterpart in Rust.",
        _BRIDGE,
    ),
    Code(
        "LF310",
        "update is not native",
        "The update has a key that is not a channel of the graph's state, or is not a dict.",
        "Return a dict whose keys are channels of the state.",
    ),
    Code(
        "LF311",
        "order may differ",
        "The result depends on the order of a set, which Python does not define.",
        "Sort the set first.",
    ),
    Code(
        "LF312",
        "object is not native",
        "The node, router or reducer is an object whose code is not read: a Runnable, a method, a"
        " callable instance, what a decorator or a library's function gives.",
        "Nothing: the object stays in embedded CPython. Write a function to make it native.",
    ),
    Code(
        "LF313",
        "the converter failed",
        "The converter met what it was not written for in the function: a fault of langferry's own.",
        "Nothing: the function stays in embedded CPython. Report the message, and the function if you can.",
    ),
)
