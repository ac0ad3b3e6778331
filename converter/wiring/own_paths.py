"""Paths that a module builds from its own: `Path(__file__).parent / ".env"`."""

import ast
import posixpath

from langferry.converter.project import SourceModule

_SAME = frozenset({"resolve", "absolute"})


def path_from_own(node: ast.expr, module: SourceModule) -> str | None:
    """The path, seen from the program's root, that an expression of a module gives; None for any other."""
    if module.is_notebook:
        return None
    found = _path(node, module, ())
    return None if found is None else posixpath.normpath(found)


def _path(node: ast.expr, module: SourceModule, seen: tuple[str, ...]) -> str | None:
    scope = module.scope
    match node:
        case ast.Name(id="__file__"):
            return module.file
        case ast.Name(id=name) if name not in seen:
            made = [
                x.value
                for x in scope.tree.body
                if isinstance(x, ast.Assign) and x.targets == scope.bindings.get(name)
            ]
            return _path(made[0], module, (*seen, name)) if len(made) == 1 else None
        case ast.Attribute(value=of, attr="parent"):
            inner = _path(of, module, seen)
            return None if inner is None else _folder(inner)
        case ast.Subscript(
            value=ast.Attribute(value=of, attr="parents"), slice=ast.Constant(value=int(number))
        ) if number >= 0:
            inner = _path(of, module, seen)
            for _ in range(number + 1):
                inner = None if inner is None else _folder(inner)
            return inner
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(name))):
            return _joined(_path(left, module, seen), name)
        case ast.Call(func=ast.Attribute(value=of, attr=method), args=[]) if method in _SAME:
            return _path(of, module, seen)
        case ast.Call(func=func, args=[first, *rest], keywords=[]):
            return _made(_name(func, module), first, rest, module, seen)
    return None


def _made(
    function: str | None,
    first: ast.expr,
    rest: list[ast.expr],
    module: SourceModule,
    seen: tuple[str, ...],
) -> str | None:
    inner = _path(first, module, seen)
    match function, rest:
        case "str" | "pathlib.Path" | "os.path.abspath" | "os.path.realpath", []:
            return inner
        case "os.path.dirname", []:
            return None if inner is None else _folder(inner)
        case "os.path.join", _:
            for part in rest:
                is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
                inner = _joined(inner, part.value) if is_text else None  # type: ignore[attr-defined]
            return inner
    return None


def _folder(path: str) -> str:
    """The folder that a path lies in."""
    path = posixpath.normpath(path)
    if path == "." or path.endswith(".."):
        return posixpath.normpath(posixpath.join(path, ".."))
    return posixpath.dirname(path) or "."


def _joined(path: str | None, part: str) -> str | None:
    return None if path is None or part.startswith("/") else posixpath.join(path, part)


def _name(node: ast.expr, module: SourceModule) -> str | None:
    """What a function that is called is: a name of a library, or of Python itself."""
    if isinstance(node, ast.Attribute):
        base = _name(node.value, module)
        return None if base is None else f"{base}.{node.attr}"
    if not isinstance(node, ast.Name):
        return None
    bound = module.scope.bindings.get(node.id, [])
    if not bound:
        return node.id
    return module.scope.imported(bound[0], node.id) if len(bound) == 1 else None
