"""What a program's modules do to the environment of their process when they run."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from langferry.converter.dotenv import LOADING
from langferry.converter.module_scope import Definition, only_in_scripts
from langferry.converter.project import SourceModule
from langferry.converter.uncalled import uncalled
from langferry.converter.wiring.own_paths import path_from_own
from langferry.converter.wiring.values import Const, LibraryValue, Scope, Unknown, Value
from langferry.model.program import EnvironmentSetting

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter

_ASKING = ("getpass.getpass", "input")
_READING = frozenset({"get", "copy", "items", "keys", "values"})
_CHANGING = frozenset({"load_dotenv", "set_key", "putenv", "unsetenv"})

_MENTIONED = re.compile("|".join(["environ", *sorted(_CHANGING)]))
"""What a module's text has that changes the environment."""

_Place = tuple[str, int, int]


@dataclass(frozen=True)
class Change:
    """A place that changes the environment; `setting` is None where it is not known how."""

    place: _Place
    setting: EnvironmentSetting | None
    is_certain: bool


@dataclass(frozen=True)
class Environment:
    """The changes in their order, and the variables of which they do not tell all.

    `unsure` is None where that may be any.
    """

    settings: tuple[EnvironmentSetting, ...]
    unsure: frozenset[str] | None


def note_item(
    run: "Interpreter", container: Value, index: Value, value: Value, node: ast.AST, scope: Scope
) -> None:
    """`container[index] = value`, which may be an item of `os.environ`."""
    if not (isinstance(container, LibraryValue) and container.name == "os.environ"):
        return
    setting = None
    match index, value:
        case Const(str(name)), Const(str(text)):
            setting = EnvironmentSetting("set", name, text)
        case Const(str(name)), Unknown(reason):
            asked = _asked_of(node, scope)
            if _is_asked(reason) or (asked is not None and asked == (name, None)):
                setting = EnvironmentSetting("needed", name)
            elif asked is not None:
                other, default = asked
                kind: Literal["copy", "copy_or"] = "copy" if default is None else "copy_or"
                setting = EnvironmentSetting(kind, name, other, default=default or "")
    certain = run.doubt is None or (
        setting is not None and setting.kind == "needed" and _only_if_unset(node, scope.module)
    )
    run.environment.append(Change(_place(node, scope.module), setting, certain))


def note_call(
    run: "Interpreter",
    name: str,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> None:
    """A call of a library's function, which may change the environment."""
    setting = None
    if name in LOADING:
        setting = _loaded(args, keywords, node, scope.module)
    elif name == "os.environ.setdefault":
        match args:
            case [Const(str(variable)), Const(str(text))]:
                setting = EnvironmentSetting("default", variable, text)
    else:
        return
    certain = run.doubt is None or (
        setting is not None and setting.kind == "beside" and _only_if_there(node, setting, scope)
    )
    run.environment.append(Change(_place(node, scope.module), setting, certain))


def _loaded(
    args: list[Value], keywords: dict[str, Value], node: ast.AST, module: SourceModule
) -> EnvironmentSetting | None:
    given = dict(zip(("dotenv_path",), args, strict=False)) | keywords
    overriding = given.pop("override", Const(False))
    path = given.pop("dotenv_path", Const(None))
    given.pop("verbose", None)
    if given or len(args) > 1 or not isinstance(overriding, Const):
        return None
    overrides = bool(overriding.value)
    folder = module.file.rpartition("/")[0]
    if isinstance(path, Const) and isinstance(path.value, str):
        return EnvironmentSetting("load", path.value, overrides=overrides)
    written = _path_written(node)
    own = None if written is None else path_from_own(written, module)
    if own is not None:
        return EnvironmentSetting("beside", own, overrides=overrides)
    searched = isinstance(path, Const) and path.value is None
    if not searched and isinstance(node, ast.Call) and node.args:
        first = node.args[0]
        called = first.func if isinstance(first, ast.Call) and not first.args else None
        searched = (
            isinstance(first, ast.Call)
            and not first.keywords
            and isinstance(called, ast.Name)
            and called.id == "find_dotenv"
        )
    return EnvironmentSetting("find", folder, overrides=overrides) if searched else None


def _path_written(node: ast.AST) -> ast.expr | None:
    """The file that a call of `load_dotenv` names."""
    match node:
        case ast.Call(args=[path, *_]):
            return path
        case ast.Call(keywords=keywords):
            return next((x.value for x in keywords if x.arg == "dotenv_path"), None)
    return None


def _only_if_there(node: ast.AST, setting: EnvironmentSetting, scope: Scope) -> bool:
    """Whether a file is loaded in an `if` of its module that asks just whether it is there."""
    for item in scope.module.tree.body:
        match item:
            case ast.If(
                test=ast.Call(func=ast.Attribute(value=of, attr=attr), args=args), orelse=[]
            ):
                if not any(node in ast.walk(statement) for statement in item.body):
                    continue
                if len(item.body) > 1 or not isinstance(item.body[0], ast.Expr):
                    return False
                if item.body[0].value is not node or attr not in ("exists", "is_file", "isfile"):
                    return False
                asked = args[0] if args else of
                return path_from_own(asked, scope.module) == setting.name
    return False


def read(run: "Interpreter", modules: list[SourceModule], entries: Iterable[str]) -> Environment:
    """What is known of the environment once all modules were evaluated, and graphs are made by `entries`."""
    certain: dict[_Place, list[Change]] = {}
    for change in run.environment:
        certain.setdefault(change.place, []).append(change)
    unsure: set[str] = set()
    unused = uncalled((module.tree for module in modules), entries)
    for module in modules:
        for node in _changing(module, unused):
            noted = certain.get(_place(node, module), [])
            if noted and all(x.is_certain and x.setting is not None for x in noted):
                continue
            name = _variable(node)
            if name is None:
                return Environment((), None)
            unsure.add(name)
    settings = [x.setting for x in run.environment if x.setting is not None and x.is_certain]
    return Environment(tuple(settings), frozenset(unsure))


def _changing(module: SourceModule, unused: set[ast.stmt]) -> Iterator[ast.AST]:
    """The places of a module that may change the environment when it is imported or its graph runs."""
    # names may be written with letters that Python takes for others
    if module.text.isascii() and not _MENTIONED.search(module.text):
        return
    left_out = only_in_scripts(module.tree) | unused
    pending: list[ast.AST] = []
    for item in module.tree.body:
        if item not in left_out:
            pending.append(item)
        elif item in unused and isinstance(item, Definition):
            # defaults and annotations are evaluated where a function is made
            pending += [item.args, *([item.returns] if item.returns else [])]
    while pending:
        node = pending.pop()
        pending.extend(ast.iter_child_nodes(node))
        match node:
            case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()) if _is_environ(value):
                yield node
            case ast.Call(func=ast.Attribute(value=value, attr=method)) if _is_environ(value):
                if method not in _READING:
                    yield node
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _CHANGING:
                yield node
            case ast.AugAssign(target=value) if _is_environ(value):
                yield node
            case ast.Assign(value=value) | ast.NamedExpr(value=value) if _is_environ(value):
                # by another name it may be changed anywhere
                yield node
            case ast.ImportFrom(module="os" | "dotenv" | "dotenv.main", names=aliases):
                renamed = (x.name for x in aliases if x.asname not in (None, x.name))
                if any(name == "environ" or name in _CHANGING for name in renamed):
                    yield node


def _is_environ(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(attr="environ") | ast.Name(id="environ"):
            return True
    return False


def _variable(node: ast.AST) -> str | None:
    """The only variable that a place may change."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(
            func=ast.Attribute(attr="setdefault" | "pop"), args=[ast.Constant(value=str(name)), *_]
        ):
            return name
    return None


def _is_asked(reason: str) -> bool:
    return any(reason.startswith(f"what {name} returns") for name in _ASKING) or (
        reason == "what 'input' returns here is not known"
    )


def _asked_of(node: ast.AST, scope: Scope) -> tuple[str, str | None] | None:
    """The variable, and its default, that another is set to: `os.environ["X"] = os.getenv("Y", "a")`."""
    for item in scope.module.scope.nodes:
        match item:
            case ast.Assign(
                targets=[ast.Subscript() as target],
                value=ast.Call(
                    func=ast.Attribute(value=of, attr="getenv" | "get" as method),
                    args=[ast.Constant(value=str(name)), *rest],
                    keywords=[],
                ),
            ) if target is node and (method == "getenv" or _is_environ(of)):
                match rest:
                    case []:
                        return name, None
                    case [ast.Constant(value=str(default))]:
                        return name, default
    return None


def _only_if_unset(node: ast.AST, module: SourceModule) -> bool:
    """Whether an assignment to a variable stands in an `if` that asks just whether it is unset, or after one
    that leaves where it is set."""
    for item in module.scope.nodes:
        if isinstance(item, ast.FunctionDef) and _leaves_if_set(item, node):
            return True
        if not isinstance(item, ast.If) or item.orelse:
            continue
        if any(node in ast.walk(statement) for statement in item.body):
            return isinstance(node, ast.Subscript) and _asks_for(item.test, node.slice)
    return False


def _leaves_if_set(function: ast.FunctionDef, node: ast.AST) -> bool:
    """Whether a function sets a variable once it has left where it was set."""
    body = [item for item in function.body if not isinstance(item, ast.Expr)]
    match body:
        case [
            ast.If(test=test, body=[ast.Return(value=None)], orelse=[]),
            ast.Assign(targets=[ast.Subscript(slice=key) as target]),
        ] if target is node:
            unset = ast.UnaryOp(ast.Not(), test)
            match test:
                case ast.Compare(left=asked, ops=[ast.In()], comparators=[value]):
                    return _is_environ(value) and ast.dump(asked) == ast.dump(key)
            return _asks_for(unset, key)
    return False


def _asks_for(test: ast.expr, key: ast.expr) -> bool:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Attribute(), args=[asked])):
            function = test.operand.func if isinstance(test.operand, ast.Call) else None
            named = isinstance(function, ast.Attribute) and (
                (function.attr == "get" and _is_environ(function.value))
                or function.attr == "getenv"
            )
            return named and ast.dump(asked) == ast.dump(key)
        case ast.Compare(left=asked, ops=[ast.NotIn()], comparators=[value]):
            return _is_environ(value) and ast.dump(asked) == ast.dump(key)
    return False


def _place(node: ast.AST, module: SourceModule) -> _Place:
    span = module.span(node)
    return span.file, span.line, span.column
