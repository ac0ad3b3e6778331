"""`Command(...)` as a value: of what it is returned to, like a tool's node, makes something of it."""

import ast

from langferry.converter.lower.gathered import Gathered
from langferry.converter.lower.signatures import ANY, STR
from langferry.model import ir

_PARENT = "langgraph.types.Command.PARENT"


class CommandValues(Gathered):
    """Lowers commands whose parts are plain values."""

    def command_value(self, node: ast.Call) -> ir.Expr:
        """The command that `node` makes, as a value of unknown type."""
        given = {keyword.arg or "": keyword.value for keyword in node.keywords}
        if node.args or given.keys() - {"graph", "update", "goto"}:
            raise self.refuse("LF302", "this form of `Command` is not native", node)
        in_order = [name for name in given if name != "graph"]
        if in_order == ["goto", "update"] and not is_certain(given["goto"]):
            raise self.refuse("LF302", "`goto` computed before `update` is not native", node)
        span = self.span(node)
        nothing = ir.NoneLit(ANY, span)
        graph = self._graph(given.get("graph"), node)
        update = self.expect(given["update"], ANY) if "update" in given else nothing
        goto = (self.expect(given["goto"], ANY),) if "goto" in given else ()
        return ir.Call("commands.made", (graph, update, *goto), (), ANY, span)

    def _graph(self, node: ast.expr | None, command: ast.Call) -> ir.Expr:
        span = self.span(command)
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return ir.NoneLit(ANY, span)
        if self.resolve(node) != _PARENT:
            raise self.refuse("LF302", "a command to a graph by its name is not native", node)
        return self.fitted(ir.StrLit("__parent__", STR, span), ANY, node)


def is_certain(goto: ast.expr) -> bool:
    """Whether it is the same later: names hold texts, or what native code does not go to."""
    parts = goto.elts if isinstance(goto, ast.List | ast.Tuple) else [goto]
    return all(isinstance(part, ast.Constant | ast.Name) for part in parts)
