"""Codes of family LF8: what is worth knowing about a program that is never converted."""

from langferry.diagnostics.code import Code, Remedy

ROWS: tuple[Code, ...] = (
    Code(
        "LF801",
        "parallel writers without a reducer",
        "Nodes of one superstep write the same channel, which takes one value a step. LangGraph raises "
        "InvalidUpdateError when they do.",
        "Give the channel a reducer (`Annotated[list, operator.add]`), or let one of the nodes write another key.",
        (
            Remedy("unsafe", "Gives a list of a TypedDict the reducer `operator.add`."),
            Remedy("manual", "Names the reducer to choose for other types."),
        ),
    ),
    Code(
        "LF802",
        "whole state returned",
        "What a node returns is an update, and reducers fold it into the channel: a list that comes back as it "
        "was is added to itself. It also writes every other channel, so that parallel nodes get in its way.",
        "Return a dict of the keys that the node changes.",
        (
            Remedy(
                "unsafe",
                "Returns the keys that the function sets by `state[...] = ...`, or leaves out `**state`.",
            ),
        ),
    ),
    Code(
        "LF803",
        "effect before interrupt",
        "A resumed node runs again from its first line, so whatever comes before `interrupt` happens once more "
        "for each answer.",
        "Move it behind the `interrupt`, or into a node of its own before this one.",
    ),
    Code(
        "LF804",
        "interrupt is caught",
        "`interrupt` stops the node by raising GraphInterrupt, which is an Exception. A handler around it "
        "swallows the question.",
        "Take `interrupt` out of the `try`, or catch the exceptions you mean.",
        (Remedy("unsafe", "Puts `except GraphBubbleUp: raise` before the handler."),),
    ),
    Code(
        "LF805",
        "messages without limit",
        "Messages are added and nothing in the program takes any away, in a graph that keeps its threads: "
        "checkpoints, prompts and costs grow with every turn.",
        "Trim what models are sent (`trim_messages`), or remove old messages (`RemoveMessage`).",
    ),
    Code(
        "LF806",
        "sync saver in an async graph",
        "The asynchronous methods of this saver raise NotImplementedError.",
        "Use the saver's asynchronous class.",
        (Remedy("manual", "Names the class, its module and how it is opened."),),
    ),
    Code(
        "LF807",
        "node is never reached",
        "Nothing leads to the node.",
        "Add an edge to it, or take it out.",
    ),
    Code(
        "LF808",
        "coroutine is never awaited",
        "The node is an ordinary function, often a lambda, that calls an asynchronous one. What it gives back is a "
        "coroutine, which LangGraph does not await: it raises InvalidUpdateError.",
        "Add the asynchronous function itself (`functools.partial` gives it more arguments), or make the node "
        "`async def` and `await` the call.",
        (
            Remedy(
                "unsafe",
                "Adds the asynchronous function in place of a lambda that only calls it with the state.",
            ),
        ),
    ),
    Code(
        "LF809",
        "name has moved",
        "The module is one that the name was taken out of or that is deprecated: LangGraph warns of it or "
        "no longer has it, or LangChain 1 no longer has it.",
        "Import it from where it is now.",
        (
            Remedy("safe", "Imports the same object from where it is now."),
            Remedy("manual", "The same where comments stand between the names that part."),
        ),
    ),
    Code(
        "LF810",
        "option has a new name",
        "LangGraph warns of the old name, takes it for the new one, and will remove it. The new names are there "
        "since LangGraph 0.6.",
        "Use the new name.",
        (Remedy("safe", "Writes the new name."),),
    ),
)
