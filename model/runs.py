"""What functions ask of the run that they are a part of."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import Node, walk

_TOOL = t.ClassType("langchain.Tool")


HELD_TOOLS = "langchain.held_tools"
"""The call that gives tools of which some are held by Python."""


def held_tools(nodes: Iterable[Node]) -> Iterator[str]:
    """The ids of the functions that run the tools which Python holds."""
    for node in walk(nodes):
        if isinstance(node, ir.Call) and node.function == HELD_TOOLS:
            assert isinstance(node.args[0], ir.StrLit)
            yield node.args[0].value


def called_graphs(nodes: Iterable[Node]) -> Iterator[str]:
    """The ids of the graphs that are run somewhere in `nodes`."""
    for node in walk(nodes):
        if isinstance(node, ir.Call) and node.function == "langgraph.invoke":
            assert isinstance(node.args[0], ir.StrLit)
            yield node.args[0].value


def uses(nodes: Iterable[Node], of: Mapping[str, Collection[str]]) -> frozenset[str]:
    """What is asked of the run: "interrupt", and "run" for that and anything else.

    `of` says what helpers ask.
    """
    found: set[str] = set()
    for node in walk(nodes):
        match node:
            case ir.Interrupt():
                found |= {"interrupt", "run"}
            case ir.Call(function=function) if function.startswith("langgraph."):
                found.add("run")
            case ir.MethodCall(receiver=receiver) if receiver.type == _TOOL:
                # of which it is not known here what it asks
                found.add("run")
            case ir.FunctionCall(function=function):
                found.update(of.get(function, ()))
    return frozenset(found)
