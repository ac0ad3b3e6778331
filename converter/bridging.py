"""What of a program stays Python: its modules, cut down to what the bridged functions reach.

Every module keeps its name, its imports and the lines its statements stand on, so that Python runs
it as it would run in the program, and all bridged functions share one set of modules.
"""

import ast
from collections.abc import Iterator

from langferry.converter.functions import Reached, capturing_scope
from langferry.converter.project import SourceModule, read_source
from langferry.converter.wiring import names
from langferry.converter.wiring.graphs import Builder, Written
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.statements import absolute_import
from langferry.converter.wiring.values import (
    DictValue,
    FunctionValue,
    InstanceValue,
    ListValue,
    ModuleValue,
    Scope,
    SetValue,
    TupleValue,
    Value,
)
from langferry.model.program import BridgeEntry, BridgeModule

_READING = frozenset(
    [
        "abatch",
        "ainvoke",
        "astream",
        "astream_events",
        "batch",
        "get_graph",
        "get_state",
        "get_state_history",
        "invoke",
        "pretty_print",
        "stream",
        "update_state",
        "aupdate_state",
        "aget_state",
        "print",
        "display",
    ]
)
"""Methods of graphs, models and the like that are called to run them, not to make them."""


WHOLE = "whole()"
"""How a graph that runs as one node is taken, instead of a part of it."""


class Bridging:
    """Collects what the bridged functions of one program need."""

    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self._statements: dict[str, dict[ast.stmt, None]] = {}
        self._done: set[tuple[str, str]] = set()
        self._changes: dict[str, _Changes] = {}
        """By the names of modules."""
        self._whole: set[str] = set()

    def entry(self, reached: Reached) -> BridgeEntry:
        """How Python gets at the function; what it needs is in `modules` from now on."""
        given = self._input_class(reached)
        function = reached.function
        if _is_given_the_store(reached):
            # which only the graph knows
            return BridgeEntry(*self._through_graph(reached, reached.access), given)
        if function is not None and not reached.bound and self._is_global(function):
            self._need(function.module, function.name)
            return BridgeEntry(function.module.name, function.name, given)
        if reached.written is not None and self._stands_alone(reached.written):
            module = reached.written.scope.module
            # also where nothing of it is needed, or its name is not defined
            self._statements.setdefault(module.name, {})
            self._need_all(reached.written.expression, reached.written.scope)
            return BridgeEntry(module.name, ast.unparse(reached.written.expression), given)
        return BridgeEntry(*self._through_graph(reached, reached.access), given)

    def told(self, part: Reached, ending: tuple[str, ...]) -> BridgeEntry:
        """How Python gets at what models are told of the tools of the agent of which `part` is one."""
        return BridgeEntry(*self._through_graph(part, f"told('tools', {list(ending)!r})"))

    def told_here(self, module: SourceModule, expression: str) -> BridgeEntry:
        """How Python gets at what models are told of the tools that an expression of a module gives."""
        for name in sorted(names.free(ast.parse(expression, mode="eval"))):
            self._need(module, name)
        functions = "__import__('langchain_core.utils.function_calling', fromlist=['*'])"
        told = f"list(map({functions}.convert_to_openai_tool, {expression}))"
        return BridgeEntry(module.name, f"(lambda arguments: {told})")

    def tool(
        self, module: SourceModule, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> BridgeEntry:
        """How Python gets at what runs a module's tool on a dict of its arguments."""
        self._need(module, node.name)
        waits = isinstance(node, ast.AsyncFunctionDef)
        kept = ".coroutine" if waits else ".func"
        called = f"{node.name}{kept if node.decorator_list else ''}(**arguments)"
        if waits:
            called = f"__import__('asyncio').run({called})"
        return BridgeEntry(module.name, f"(lambda arguments: {called})")

    def held_tool(self, part: Reached, name: str) -> BridgeEntry:
        """How Python gets at what runs a tool of the agent of which `part` is one, or of that node itself."""
        asks = part.part is not None and part.part.name.startswith("ask")
        node = "'tools'" if asks else part.access.removeprefix("node(").removesuffix(")")
        called = f"tool({node}, {name!r})"
        return BridgeEntry(*self._through_graph(part, called))

    def held_tools(self, node: Reached, count: int | None) -> BridgeEntry:
        """How Python gets at the tools of a node, which has `count` of them where that is known."""
        name = node.access.removeprefix("node(").removesuffix(")")
        return BridgeEntry(*self._through_graph(node, f"tools({name}, {count})"))

    def statements(self) -> Iterator[ast.stmt]:
        """The statements of modules that are needed."""
        for taken in self._statements.values():
            yield from taken

    def modules(self) -> tuple[BridgeModule, ...]:
        """The modules in order of their names, with all packages they lie in."""
        found = set(self._statements) | self._whole
        for name in list(found):
            parts = name.split(".")
            found.update(".".join(parts[:end]) for end in range(1, len(parts)))
        return tuple(self._written(name) for name in sorted(found))

    # --- how a function is reached

    def _is_global(self, function: FunctionValue) -> bool:
        if isinstance(function.node, ast.Lambda) or function.scope.kind != "module":
            return False
        return function.scope.names.get(function.name) is function

    def _stands_alone(self, written: Written) -> bool:
        """Whether the expression means the same when it is evaluated after its module has run."""
        if written.scope.kind != "module":
            return False
        tree = written.scope.module.tree
        for name in names.free(written.expression):
            binding = [x for x in tree.body if name in names.bound([x])]
            if len(binding) > 1 or any(isinstance(x, ast.For | ast.While) for x in binding):
                return False
        return True

    def _through_graph(self, reached: Reached, access: str) -> tuple[str, str]:
        """The module that leads to the graph, and an expression that takes `access` out of it."""
        assert reached.holder is not None
        compiled = reached.holder
        place = compiled.place
        assert place is not None
        scope = self._run.module(place.module)
        if place.statement is not None:
            self._take(place.statement, place.module)
            arguments = "None"
        else:
            arguments = ascii(place.expression)
            node = ast.parse(place.expression or "None", mode="eval")
            for name in names.free(node):
                if name in scope.names:
                    self._need(place.module, name)
        span = compiled.span
        nodes = None if access == WHOLE else sorted(compiled.builder.nodes)
        return place.module.name, (
            f"compiled({span.file!r}, {span.line}, {span.end_line}, {compiled.ordinal},"
            f" {arguments}, {place.stops}, {nodes!r}).{access}"
        )

    def _input_class(self, reached: Reached) -> str | None:
        """The class LangGraph makes a node's input of, where that is no dict."""
        found = reached.input_class
        if found is None or found.kind == "typed_dict":
            return None
        if found.scope.parent is not None and found.scope.parent.kind == "module":
            self._need(found.module, found.name)
        return f"{found.module.name}.{found.qualified}"

    # --- what is needed

    def _need_all(self, node: ast.AST, scope: Scope) -> None:
        for name in sorted(names.free(node)):
            if capturing_scope(scope, name) is None:
                self._need(scope.module, name)

    def _need(self, module: SourceModule, name: str) -> None:
        """Need a module-level name: all statements there that bind or change it."""
        if (module.name, name) in self._done:
            return
        self._done.add((module.name, name))
        if module.name not in self._changes:
            self._changes[module.name] = _Changes(module.tree.body)
        value = self._run.module(module).names.get(name)
        for statement in self._changes[module.name].of(name, value):
            self._take(statement, module)

    def _take(self, statement: ast.stmt, module: SourceModule) -> None:
        taken = self._statements.setdefault(module.name, {})
        if statement in taken:
            return
        taken[statement] = None
        scope = self._run.module(module)
        for item in ast.walk(statement):
            if isinstance(item, ast.ImportFrom):
                self._take_import(item, scope)
            elif isinstance(item, ast.Import):
                for alias in item.names:
                    self._take_whole(alias.name)
        for name in sorted(names.free(statement)):
            self._need(module, name)
        for name in sorted(names.bound([statement])):
            self._need(module, name)

    def _take_import(self, statement: ast.ImportFrom, scope: Scope) -> None:
        base = absolute_import(statement, scope)
        if base is None:
            return
        found = self._run.project.find(base)
        for item in statement.names:
            submodule = self._run.project.find(f"{base}.{item.name}")
            if item.name == "*":
                self._take_whole(base)
            elif found is not None and item.name in self._run.module(found).names:
                self._statements.setdefault(found.name, {})
                self._need(found, item.name)
                value = self._run.module(found).names[item.name]
                if isinstance(value, ModuleValue):
                    self._take_whole(value.scope.module.name)
            elif submodule is not None:
                self._take_whole(submodule.name)
            elif found is not None:
                self._statements.setdefault(found.name, {})
            elif base in self._run.project.unreadable:
                self._whole.add(base)

    def _take_whole(self, dotted: str) -> None:
        """A module that is used as a whole: all of it but what only runs it."""
        module = self._run.project.find(dotted)
        if module is None or module.name in self._whole:
            return
        self._whole.add(module.name)
        for statement in module.tree.body:
            if not _is_main_guard(statement) and not isinstance(statement, ast.Expr):
                self._take(statement, module)

    # --- how it is written

    def _written(self, name: str) -> BridgeModule:
        module = self._run.project.find(name)
        unreadable = self._run.project.unreadable.get(name)
        if unreadable is not None:
            is_package = unreadable.path.name == "__init__.py"
            text = read_source(unreadable.path).decode("utf-8", errors="replace")
            return BridgeModule(name, unreadable.file, is_package, text)
        if module is None:
            # a folder without code
            return BridgeModule(name, name.replace(".", "/"), True, "")
        kept: set[int] = set()
        futures = [
            item
            for item in module.tree.body
            if isinstance(item, ast.ImportFrom) and item.module == "__future__"
        ]
        for statement in (*futures, *self._statements.get(name, {})):
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(item.lineno for item in decorators)])
            kept.update(range(first, (statement.end_lineno or statement.lineno) + 1))
        lines = [line if i in kept else "" for i, line in enumerate(module.lines, 1)]
        text = "\n".join(lines).rstrip("\n")
        return BridgeModule(name, module.file, module.is_package, f"{text}\n" if text else "")


def _is_given_the_store(reached: Reached) -> bool:
    """Whether LangGraph gives the function a store that its graph was compiled with, or it asks for that."""
    function, holder = reached.function, reached.holder
    if function is None or holder is None or holder.place is None or holder.store is None:
        return False
    given = any(item.arg in {"store", "runtime"} for item in names.parameters(function.node))
    return given or any(
        isinstance(part, ast.Name | ast.Attribute)
        and (part.id if isinstance(part, ast.Name) else part.attr) in {"get_store", "get_runtime"}
        for part in ast.walk(function.node)
    )


class _Changes:
    """Which module-level statements bind a name or change what it holds."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self._body = body
        self._stars: list[int] = []
        modules = names.bound(item for item in body if isinstance(item, ast.Import))
        self._touching: dict[str | None, list[int]] = {}
        self._given: dict[str, list[int]] = {}
        for place, statement in enumerate(body):
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
                self._stars.append(place)
            for name in _touched(statement) | (_registered_with(statement) - modules):
                self._touching.setdefault(name, []).append(place)
            for name in _handed_over(statement):
                self._given.setdefault(name, []).append(place)

    def of(self, name: str, value: Value | None) -> list[ast.stmt]:
        """The statements that matter to `name`, which holds `value` in the end."""
        places = {*self._stars, *self._touching.get(name, ())}
        if isinstance(
            value, ListValue | DictValue | SetValue | TupleValue | Builder | InstanceValue
        ):
            places.update(self._given.get(name, ()))
        return [self._body[place] for place in sorted(places)]


def _touched(statement: ast.stmt) -> set[str | None]:
    """The names that a module-level statement binds, or whose objects it changes."""
    if _is_main_guard(statement):
        return set()
    found: set[str | None] = {*names.bound([statement])}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return found
    for node in names.own_nodes([statement]):
        match node:
            case (
                ast.Subscript(ctx=ast.Store() | ast.Del())
                | ast.Attribute(ctx=ast.Store() | ast.Del())
            ):
                found.add(_root(node))
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attribute) as function)):
                if attribute not in _READING:
                    found.add(_root(function))
    return found


def _registered_with(statement: ast.stmt) -> set[str | None]:
    """The names whose methods decorate a definition, and may note it: `@graph.add_node`."""
    decorators = getattr(statement, "decorator_list", [])
    called = [item.func if isinstance(item, ast.Call) else item for item in decorators]
    return {_root(item) for item in called if isinstance(item, ast.Attribute)}


def _handed_over(statement: ast.stmt) -> set[str]:
    """The names that a call is given, which is made for its effect and may change what they hold."""
    match statement:
        case ast.Expr(value=ast.Call(func=function, args=args, keywords=keywords)):
            if isinstance(function, ast.Name) and function.id in {"print", "display"}:
                return set()
            given = [*args, *(item.value for item in keywords)]
            return set().union(*map(names.free, given))
    return set()


def _root(node: ast.AST) -> str | None:
    while isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_main_guard(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Compare)
        and any(
            isinstance(item, ast.Name) and item.id == "__name__"
            for item in ast.walk(statement.test)
        )
    )
