"""Which native functions of a program cannot do without Python, for the tools that they run."""

from langferry.model import Program, ir
from langferry.model.program import Function
from langferry.model.runs import held_tools
from langferry.model.walk import Node, walk

_ANSWERING = ("langchain.answers", "langchain.answer")
"""The calls that run the tools a model asks for."""


def runs_tools_in_python(function: Function, program: Program) -> bool:
    """Whether a native function runs tools of models of which some stay Python.

    A function that only tells models of such tools does not.
    """
    if function.body is None or not any(
        isinstance(node, ir.Call) and node.function in _ANSWERING for node in walk([function.body])
    ):
        return False
    if any(held_tools([function.body])):
        return True
    values = {item.id: item.value for item in program.globals}
    pending: list[Node] = [function.body]
    while pending:
        for node in walk([pending.pop()]):
            if isinstance(node, ir.ToolLit) and node.parameters is None:
                return True
            if isinstance(node, ir.Global) and node.id in values:
                pending.append(values.pop(node.id))
    return False
