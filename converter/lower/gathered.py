"""Coroutines that `asyncio.gather` waits for together."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.builtin_calls import typeless
from langferry.converter.lower.graph_calls import GraphCalls
from langferry.converter.lower.requests import GraphAt
from langferry.converter.lower.signatures import ANY, STORE
from langferry.converter.module_scope import own_nodes
from langferry.model import ir
from langferry.model import types as t

_SHOWING = (
    *("builtins.print", "builtins.input", "logging.", "rich.print", "langgraph.write", "random."),
    *("files.", "langchain.answer", "module_state.set", "os.system", "os.makedirs", "os.remove"),
)
"""Calls whose order shows: what several coroutines do of it comes in another order where they wait in between."""

_ASKED_ELSEWHERE = (STORE, t.ClassType("langchain.Tool"))

Made = ast.ListComp | ast.GeneratorExp


class Gathered(GraphCalls):
    """Lowers `await asyncio.gather(*[ask(x) for x in xs])`.

    What the coroutines are given is evaluated first, as in Python; then each runs to its end.
    """

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self._coroutines: dict[str, Made] = {}

    def is_coroutines_made(self, node: ast.Assign) -> bool:
        """Whether an assignment only names the coroutines that the next statement waits for."""
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name) as target],
                value=ast.ListComp(elt=ast.Call()) | ast.GeneratorExp(elt=ast.Call()) as made,
            ) if self.bound.get(name) == [target] and self._is_gathered_next(node, name):
                self._coroutines[name] = made
                self.assigned.add(name)
                return True
        return False

    def _is_gathered_next(self, node: ast.Assign, name: str) -> bool:
        assert self.function is not None
        uses = 0
        follows: ast.stmt | None = None
        for part in own_nodes(self.function):
            uses += isinstance(part, ast.Name) and part.id == name
        for part in (self.function, *own_nodes(self.function)):
            for block in ("body", "orelse", "finalbody"):
                statements = getattr(part, block, None)
                if isinstance(statements, list) and node in statements[:-1]:
                    follows = statements[statements.index(node) + 1]
        match follows:
            case (
                ast.Assign(value=ast.Await(value=ast.Call(func=func, args=[ast.Starred(value)])))
                | ast.AnnAssign(
                    value=ast.Await(value=ast.Call(func=func, args=[ast.Starred(value)]))
                )
                | ast.Return(value=ast.Await(value=ast.Call(func=func, args=[ast.Starred(value)])))
                | ast.Expr(value=ast.Await(value=ast.Call(func=func, args=[ast.Starred(value)])))
            ):
                is_named = isinstance(value, ast.Name) and value.id == name
                return uses == 2 and is_named and self.resolve(func) == "asyncio.gather"
        return False

    def gather(self, node: ast.Call) -> ir.Expr | None:
        """A call of `asyncio.gather`; None for any other."""
        if self.resolve(node.func) != "asyncio.gather":
            return None
        match node:
            case ast.Call(args=[ast.Starred(value=given)], keywords=[]) if self.is_awaited(node):
                made = self._coroutines.get(given.id) if isinstance(given, ast.Name) else given
                if isinstance(made, Made) and isinstance(made.elt, ast.Call):
                    return self._gathered(made, made.elt, node)
        raise self.refuse("LF303", "this form of `asyncio.gather` is not native", node)

    def _gathered(self, made: Made, call: ast.Call, node: ast.Call) -> ir.Expr:
        name = "given"
        while name in self.bound or name in self.locals or any(name in x for x in self.inner):
            name += "_"
        own = _bound_by(made)
        given_to = [*call.args, *(item.value for item in call.keywords)]
        if _names(call.func) & own or any(item.arg is None for item in call.keywords):
            raise self.refuse("LF303", "this form of `asyncio.gather` is not native", node)
        carried = [item for item in given_to if not self._is_steady(item, own)]
        if any(isinstance(item, ast.Starred) for item in carried):
            raise self.refuse("LF302", "`*` and `**` in calls are not native", call)
        match carried:
            case []:
                whole: ast.expr = typeless(ast.Constant(True), call)
            case [only]:
                whole = only
            case _:
                whole = typeless(ast.Tuple(carried, ast.Load()), call)
        given = self.expr(typeless(ast.ListComp(whole, made.generators), made))
        assert isinstance(given.type, t.ListType)
        self._check_given(call, given, node)

        def seen(value: ast.expr) -> ast.expr:
            if value not in carried:
                return value
            taken: ast.expr = typeless(ast.Name(name, ast.Load()), value)
            if len(carried) > 1:
                place = typeless(ast.Constant(carried.index(value)), value)
                taken = typeless(ast.Subscript(taken, place, ast.Load()), value)
            return taken

        keywords = [ast.keyword(item.arg, seen(item.value)) for item in call.keywords]
        asked = ast.Call(call.func, [seen(item) for item in call.args], keywords)
        item = fit.plain(given.type.item)
        with self.names({name: item}):
            answer = self._waited(ast.copy_location(asked, call), None)
        if isinstance(answer.type, t.NoneType):
            answer = self.fitted(answer, ANY, node)
        for part in self.meaning.reached(answer):
            is_shown = isinstance(part, ir.Call) and part.function.startswith(_SHOWING)
            # what a tool does is not seen here
            stored = isinstance(part, ir.MethodCall) and part.receiver.type in _ASKED_ELSEWHERE
            if is_shown or stored or isinstance(part, ir.Interrupt):
                message = "what coroutines do that run at once is not native here"
                raise self.refuse("LF302", message, node)
        span = self.span(node)
        kind = t.CallableType((item,), answer.type)
        each = ir.Lambda(((name, item),), answer, kind, span)
        return ir.Call("asyncio.gather", (given, each), (), t.ListType(answer.type), span)

    def _is_steady(self, node: ast.expr, own: set[str]) -> bool:
        """Whether it is the same for all coroutines, and looking at it raises nothing."""
        if isinstance(node, ast.Name):
            return node.id not in own and node.id not in self.scope.global_names
        return isinstance(node, ast.Constant)

    def _check_given(self, call: ast.Call, given: ir.Expr, node: ast.Call) -> None:
        """Refuse what a graph may give ids to in place, as where it is run by itself."""
        func = call.func
        graph = self.graph_of(func.value) if isinstance(func, ast.Attribute) else None
        if isinstance(graph, GraphAt) and isinstance(given, ir.Comprehension):
            self.check_ids(graph, given.element, node)


def _bound_by(made: Made) -> set[str]:
    return {
        part.id
        for part in ast.walk(made)
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)
    }


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
