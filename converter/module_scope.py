"""What names mean: the bindings of modules and functions, found without running anything."""

import ast
import builtins
import functools
import io
import tokenize
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from langferry.converter import object_changes
from langferry.converter.memo_tables import without_memos

Definition = ast.FunctionDef | ast.AsyncFunctionDef
Function = Definition | ast.Lambda

_BUILTINS = frozenset(dir(builtins))


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Every node of a body but those of functions, lambdas and classes defined in it."""
    body = function.body if isinstance(function, Function | ast.Module) else []
    pending: list[ast.AST] = list(reversed(body)) if isinstance(body, list) else [body]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            pending.extend(reversed(list(ast.iter_child_nodes(node))))


def _comprehension_targets(function: ast.AST) -> set[int]:
    return {
        id(name)
        for node in own_nodes(function)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
    }


def bindings(function: ast.AST) -> dict[str, list[ast.AST]]:
    """The nodes that bind each name of a function's or module's own scope."""
    found: dict[str, list[ast.AST]] = {}
    inner = _comprehension_targets(function)
    if isinstance(function, Function):
        for parameter in parameters(function):
            found.setdefault(parameter.arg, []).append(parameter)
    for node in own_nodes(function):
        names: list[str] = []
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names = [] if id(node) in inner else [node.id]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Import):
            names = [alias.asname or alias.name.split(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [alias.asname or alias.name for alias in node.names]
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names = [node.name]
        for name in names:
            found.setdefault(name, []).append(node)
    return found


def parameters(function: Function) -> list[ast.arg]:
    """All parameters, those of `*args` and `**kwargs` included."""
    given = function.args
    variable = [item for item in (given.vararg, given.kwarg) if item is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *variable]


def given_parameters(function: Definition, bound: bool) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters that a call can name, with their defaults; without the object of a `bound` method.

    What takes the rest of the named arguments (`**kwargs`) is the last, and by itself an empty dict.
    """
    given = function.args
    lacking: list[ast.expr | None] = [None] * (len(given.args) - len(given.defaults))
    named = list(zip(given.args, [*lacking, *given.defaults], strict=False))
    rest = [] if given.kwarg is None else [(given.kwarg, ast.Dict([], []))]
    return [*named[bound:], *zip(given.kwonlyargs, given.kw_defaults, strict=True), *rest]


def only_in_scripts(tree: ast.Module) -> set[ast.stmt]:
    """The statements that matter only where the module is run as a script."""
    found: set[ast.stmt] = {item for item in tree.body if is_main_guard(item) and not item.orelse}
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name != "main" or function.decorator_list:
            continue
        rest = [item for item in tree.body if item not in found and item is not function]
        named = any(
            isinstance(item, ast.Name) and item.id == function.name
            for statement in rest
            for item in ast.walk(statement)
        )
        if not named:
            found.add(function)
    return found


def is_main_guard(statement: ast.stmt) -> TypeGuard[ast.If]:
    """Whether it is `if __name__ == "__main__":`, whichever side stands first."""
    match statement:
        case ast.If(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            return {ast.unparse(left), ast.unparse(right)} == {"__name__", "'__main__'"}
    return False


def leaves(nodes: Sequence[ast.stmt]) -> bool:
    """Whether control never comes out at the end of a block."""
    for node in nodes:
        match node:
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                return True
            case ast.If() if node.orelse and leaves(node.body) and leaves(node.orelse):
                return True
            case ast.While(test=ast.Constant(value=True)):
                inner = [item for part in node.body for item in ast.walk(part)]
                if not any(isinstance(item, ast.Break) for item in inner):
                    return True
            case ast.With(items=[ast.withitem(context_expr=ast.Call(func=ast.Name("open")))]) if (
                leaves(node.body)
            ):
                # a file drops no exceptions, as other managers may
                return True
            case ast.Try():
                if leaves([*node.body, *node.orelse]) and all(
                    leaves(handler.body) for handler in node.handlers
                ):
                    return True
    return False


class ModuleScope:
    """A module's tree, its functions with what encloses them, and its bindings.

    Args:
        path: its file, relative to the program's root.
        name: its dotted name.
        text: its source.
        tree: what `ast` makes of the text, where that is known already.
    """

    def __init__(self, path: str, name: str, text: str, tree: ast.Module | None = None) -> None:
        self.path = path
        self.name = name
        self.lines = text.encode().splitlines()
        self.text = text
        self.tree, self.kept_in = without_memos(ast.parse(text) if tree is None else tree)
        self.bindings = bindings(self.tree)
        self._bound: dict[ast.AST, dict[str, list[ast.AST]]] = {}
        self._definitions: dict[ast.Lambda, ast.FunctionDef] = {}
        self._enclosing: dict[ast.AST, tuple[ast.AST, ...]] = {}
        self._functions: dict[tuple[int, int], Function] = {}
        self._classes: dict[int, ast.ClassDef] = {}
        self._expressions: dict[
            tuple[int, int, int, int], tuple[ast.expr, list[Function]] | None
        ] = {}
        self.members: set[str] = set()
        """The names of methods and properties that classes of the module define."""
        self._visit(self.tree, ())
        self.global_names = {
            name for node in self.nodes if isinstance(node, ast.Global) for name in node.names
        }

    @functools.cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, those further out first."""
        return tuple(ast.walk(self.tree))

    @functools.cached_property
    def attributes_set(self) -> frozenset[str]:
        """The names of attributes that the module sets or deletes, of whatever."""
        return frozenset(
            node.attr
            for node in self.nodes
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        )

    @functools.cached_property
    def changed(self) -> frozenset[str]:
        """The names whose values the module changes in place, or sets from outside."""
        return object_changes.changed(self.nodes)

    @functools.cached_property
    def changed_in_place(self) -> frozenset[str]:
        """The names, those of attributes included, whose values the module changes in place."""
        return object_changes.changed_in_place(self.nodes)

    @functools.cached_property
    def comments(self) -> dict[int, str]:
        """The text of every comment of the module, by its line."""
        return {
            token.start[0]: token.string.lstrip("#").strip()
            for token in tokenize.generate_tokens(io.StringIO(self.text).readline)
            if token.type == tokenize.COMMENT
        }

    def _visit(self, node: ast.AST, enclosing: tuple[ast.AST, ...]) -> None:
        if isinstance(node, Function):
            self._enclosing[node] = enclosing
            self._functions[node.lineno, node.col_offset] = node
            enclosing = (*enclosing, node)
        elif isinstance(node, ast.ClassDef):
            self._enclosing[node] = enclosing
            self._classes[node.lineno] = node
            enclosing = (*enclosing, node)
            self.members |= {
                item.name
                for item in node.body
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        for child in ast.iter_child_nodes(node):
            self._visit(child, enclosing)

    def function_at(self, line: int, column: int) -> Function | None:
        """The function or lambda that starts there."""
        return self._functions.get((line, column))

    def class_at(self, line: int) -> ast.ClassDef | None:
        """The class that is defined on that line."""
        return self._classes.get(line)

    def expression_at(
        self, place: tuple[int, int, int, int]
    ) -> tuple[ast.expr, list[Function]] | None:
        """The expression from and to these lines and columns, with the functions around it."""
        if not self._expressions:
            self._find_expressions(self.tree, [])
        return self._expressions.get(place)

    def _find_expressions(self, node: ast.AST, around: list[Function]) -> None:
        if isinstance(node, ast.expr):
            end = (node.end_lineno or 0, node.end_col_offset or 0)
            place = (node.lineno, node.col_offset, *end)
            known = self._expressions.get(place)
            whole = None if known is None else known[0]
            # parts of an f-string have its position, others there may have one that is not their own
            if not (isinstance(whole, ast.JoinedStr) and node in whole.values):
                self._expressions[place] = None if place in self._expressions else (node, around)
        for name, value in ast.iter_fields(node):
            inside = isinstance(node, Function) and name == "body"
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    self._find_expressions(child, [node, *around] if inside else around)  # type: ignore[list-item]

    def as_definition(self, function: ast.Lambda) -> ast.FunctionDef:
        """The definition of a function that does what a lambda does."""
        if function not in self._definitions:
            result = ast.copy_location(ast.Return(function.body), function.body)
            # a name of its own: several may stand in one function
            name = f"lambda_{function.lineno}_{function.col_offset}"
            made = ast.FunctionDef(name, function.args, [result], [])
            self._definitions[function] = ast.copy_location(made, function)
            self._enclosing[made] = self._enclosing[function]
        return self._definitions[function]

    def bound_in(self, function: Function) -> dict[str, list[ast.AST]]:
        """The bindings of a function's own scope."""
        if function not in self._bound:
            self._bound[function] = bindings(function)
        return self._bound[function]

    def enclosing_functions(self, function: ast.AST) -> list[Function]:
        """The functions around `function`, innermost first."""
        return [item for item in reversed(self._enclosing[function]) if isinstance(item, Function)]

    def qualified_name(self, definition: ast.AST) -> str:
        """Python's `__qualname__` of a function or class, behind the module's name."""
        parts = [self.name]
        for item in self._enclosing[definition]:
            parts.append(getattr(item, "name", "<lambda>"))
            if isinstance(item, Function):
                parts.append("<locals>")
        return ".".join([*parts, getattr(definition, "name", "<lambda>")])

    def imported(self, node: ast.AST, name: str) -> str | None:
        """The qualified name an import binds to `name`; None if `node` is no import."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname == name:
                    return alias.name
                if alias.asname is None and alias.name.split(".")[0] == name:
                    return name
        if isinstance(node, ast.ImportFrom):
            base = self.absolute(node)
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return f"{base}.{alias.name}"
        return None

    def absolute(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that names are imported from."""
        if not node.level:
            return node.module or ""
        package = self.name.split(".")
        if not self.path.endswith("__init__.py"):
            package = package[:-1]
        package = package[: len(package) - (node.level - 1)]
        return ".".join([*package, *([node.module] if node.module else [])])


def is_builtin(name: str) -> bool:
    """Whether `name` is in Python's `builtins`."""
    return name in _BUILTINS
