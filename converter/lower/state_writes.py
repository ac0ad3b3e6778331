"""What a node puts into the dict it is given, key by key, before it returns the dict whole.

LangGraph makes that dict for the node alone, so setting a key of it changes nothing for others. In
what order the keys come that were not there before is told by the text, where each way through the
function agrees on it.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence

from langferry.converter.lower.sharing import Sharing
from langferry.converter.module_scope import Function, leaves, own_nodes

_PASSING = (
    *(ast.Subscript, ast.Attribute, ast.Compare, ast.FormattedValue),
    *(ast.Return, ast.Call, ast.keyword),
)


def written_keys(function: Function, name: str) -> list[tuple[str | None, ast.AST]]:
    """Each `name["key"] = ...` in the order of the text; None for a key that is computed."""
    found: list[tuple[str | None, ast.AST]] = []
    for node in own_nodes(function):
        match node:
            case ast.Subscript(value=ast.Name(id=base), slice=key, ctx=ast.Store()) if base == name:
                known = key.value if isinstance(key, ast.Constant) else None
                found.append((known if isinstance(known, str) else None, node))
    return found


def order_of_keys(function: Function, name: str) -> tuple[str, ...] | None:
    """The keys that are written, as the dict comes to hold them; None where that is not certain."""
    written = written_keys(function, name)
    keys = [key for key, _ in written]
    certain = _top_level(function)
    loops = [set(ast.walk(node)) for node in own_nodes(function) if isinstance(node, _LOOPS)]
    for key, place in written:
        first = keys.index(key)
        if key is None:
            return None
        if written[first][1] in certain:
            continue
        last = len(keys) - 1 - keys[::-1].index(key)
        in_loops = [loop for loop in loops if place in loop]
        others = any(other != key and node in loop for loop in in_loops for other, node in written)
        if others or set(keys[first : last + 1]) != {key}:
            # the first writing may be left out, and another key come before the next
            return None
    return tuple(dict.fromkeys(key for key in keys if key is not None))


_LOOPS = ast.For | ast.While


def _top_level(function: Function) -> set[ast.AST]:
    """What is evaluated whenever the function comes to its end: statements of no other statement."""
    if isinstance(function, ast.Lambda):
        return set()
    plain = (ast.Assign, ast.AnnAssign, ast.AugAssign)
    return {part for item in function.body if isinstance(item, plain) for part in ast.walk(item)}


def kept_elsewhere(function: Function, name: str) -> ast.Name | None:
    """A place where something else comes to hold the dict itself, None if there is none."""
    parents: Mapping[ast.AST, ast.AST] = {
        child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
    }
    for use in _uses(function, name):
        parent = parents[use]
        spread = isinstance(parent, ast.Dict) and any(
            value is use and key is None
            for key, value in zip(parent.keys, parent.values, strict=True)
        )
        if not spread and not isinstance(parent, _PASSING):
            return use
    return None


def comes_back(
    function: Function, name: str, key: str, sharing: Sharing, is_folded: bool = False
) -> bool:
    """Whether a change of `name["key"]` in place is told to LangGraph, and to nobody before it.

    The channel holds the very object. So the function must write the key wherever it ends, and
    nothing but the keys of the dict may be looked at meanwhile. Where a reducer folds what is written into
    that object, the object itself must be what is written, or the first part of it.
    """
    if isinstance(function, ast.Lambda) or not leaves(function.body):
        return False
    changes = sharing.changes((name, key))
    returns = [node for node in own_nodes(function) if isinstance(node, ast.Return)]
    return _only_keys(function, name, sharing, changes) and all(
        (_writes(node.value, name, key) and not (is_folded and _replaces(node.value, name, key)))
        or sharing.comes_before(node, changes)
        for node in returns
    )


def lent_key(function: Function, name: str, sharing: Sharing) -> tuple[ast.expr, str, str] | None:
    """The binding of `name` to a key's value that the function gives back, changed, under that key.

    With it come the names of the dict and the key. Nothing else of the function looks at the value; `name`
    may be bound to something new as well.
    """
    if isinstance(function, ast.Lambda) or not leaves(function.body):
        return None
    lent = [
        (statement.targets[0], place)
        for statement in own_nodes(function)
        if isinstance(statement, ast.Assign) and _names_only(statement.targets, name)
        for place in [_read_key(statement.value)]
        if place is not None
    ]
    if len(lent) != 1 or sharing.is_in_loop(lent[0][0]):
        return None
    binding, (base, key) = lent[0]
    changes, set_back = sharing.changes(name), _set_back(function, name, base, key)
    told = all(
        _gives(node.value, name, key)
        or (set_back is not None and _is_name(node.value, base) and node.lineno > set_back.lineno)
        or sharing.comes_before(node, changes)
        for node in own_nodes(function)
        if isinstance(node, ast.Return)
    )
    seen = sharing.is_seen_before((base, key), (binding, set_back), changes)
    if told and seen and _only_keys(function, base, sharing, changes):
        return binding, base, key
    return None


def _names_only(targets: list[ast.expr], name: str) -> bool:
    return len(targets) == 1 and _is_name(targets[0], name)


def _is_name(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _read_key(value: ast.expr) -> tuple[str, str] | None:
    """The names of the dict and the key that `base["key"]`, `base.get("key", [])` or `base["key"] or []` reads."""
    match value:
        case ast.Subscript(value=ast.Name(id=base), slice=ast.Constant(value=str(key))):
            return base, key
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=base), attr="get"),
            args=[ast.Constant(value=str(key)), *rest],
        ) if all(map(_is_empty, rest)):
            return base, key
        case ast.BoolOp(op=ast.Or(), values=[read, other]) if _is_empty(other):
            return _read_key(read)
        case ast.IfExp(body=read, orelse=other) if _is_empty(other):
            return _read_key(read)
        case ast.IfExp(body=other, orelse=read) if _is_empty(other):
            return _read_key(read)
    return None


def _is_empty(value: ast.expr) -> bool:
    """Whether a value is a new container with nothing in it, or None."""
    match value:
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Constant(value=None):
            return True
    return False


def _set_back(function: Function, name: str, base: str, key: str) -> ast.expr | None:
    """The target of `base["key"] = name`, if that is done wherever the function goes on."""
    found = None
    for statement in [] if isinstance(function, ast.Lambda) else function.body:
        match statement:
            case ast.Assign(
                targets=[ast.Subscript(ast.Name(id=of), ast.Constant(value=known)) as target],
                value=ast.Name(id=given),
            ) if (of, known, given) == (base, key, name):
                found = target
    return found


def _gives(value: ast.expr | None, name: str, key: str) -> bool:
    """Whether a result says that `key` is what `name` is bound to."""
    match value:
        case ast.Call(func=ast.Name(id="Command"), args=[], keywords=keywords):
            return any(x.arg == "update" and _gives(x.value, name, key) for x in keywords)
    if not isinstance(value, ast.Dict):
        return False
    return any(
        isinstance(known, ast.Constant)
        and known.value == key
        and isinstance(given, ast.Name)
        and given.id == name
        for known, given in zip(value.keys, value.values, strict=True)
    )


def _writes(value: ast.expr | None, name: str, key: str) -> bool:
    match value:
        case ast.Name(id=returned):
            return returned == name
        case ast.IfExp(body=body, orelse=orelse):
            return _writes(body, name, key) and _writes(orelse, name, key)
        case ast.Dict(keys=[None, *_], values=[ast.Name(id=spread), *_]) if spread == name:
            return True
        case ast.Dict(keys=keys):
            return any(isinstance(item, ast.Constant) and item.value == key for item in keys)
    return False


def _replaces(value: ast.expr | None, name: str, key: str) -> bool:
    """Whether a result has something else than `name["key"]`, or that and more, under the key."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            return _replaces(body, name, key) or _replaces(orelse, name, key)
        case ast.Dict(keys=keys, values=values):
            given = [
                x
                for known, x in zip(keys, values, strict=True)
                if isinstance(known, ast.Constant) and known.value == key
            ]
            return not all(_begins_with(x, name, key) for x in given)
    return False


def _begins_with(value: ast.expr, name: str, key: str) -> bool:
    match value:
        case ast.Subscript(value=ast.Name(id=base), slice=ast.Constant(value=known)):
            return (base, known) == (name, key)
        case ast.BinOp(left=left, op=ast.Add()):
            return _begins_with(left, name, key)
    return False


def _only_keys(
    function: Function, name: str, sharing: Sharing, changes: Sequence[ast.expr]
) -> bool:
    """Whether nothing but keys of the dict is looked at, as long as a key's value may have been changed."""
    parents: Mapping[ast.AST, ast.AST] = {
        child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
    }
    for use in _uses(function, name):
        match parents[use], parents.get(parents[use]):
            case ast.Subscript(slice=ast.Constant()), _:
                continue
            case ast.Attribute(attr="get"), ast.Call(args=[ast.Constant(), *_]):
                continue
            case ast.Attribute(), parent if (
                not isinstance(parent, ast.Call) or parent.func is not parents[use]
            ):
                # a field of an object
                continue
            case ((ast.Compare() | ast.Return()), _):
                continue
            case ast.Dict(), ast.Return():
                continue
            case ast.Call() as call, _ if sharing.keeps_nothing(call):
                if sharing.comes_before(call, changes):
                    continue
        return False
    return True


def _uses(function: Function, name: str) -> Iterator[ast.Name]:
    # what is defined in the function may look at the name as well
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name:
            yield node
