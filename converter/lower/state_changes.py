"""Changes of LangGraph's state in place, which neither Rust nor a bridged copy can show to others.

In LangGraph a node is given the very objects the channels hold: `state["items"].append(x)` changes
the channel for everybody, update or not. What may be such an object is followed through a
function's names: `whole` ones are the state's own, of `parts` only what lies in them is.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Literal

from langferry.converter.module_scope import Function, own_nodes, parameters
from langferry.model.mutators import MUTATORS

Reach = Literal["none", "parts", "whole"]

_COPYING_CALLS = frozenset(
    {"list", "dict", "set", "tuple", "sorted", "reversed", "enumerate", "zip", "copy.copy"}
)
_FRESH_CALLS = frozenset(
    [
        "len",
        "str",
        "int",
        "float",
        "bool",
        "sum",
        "any",
        "all",
        "abs",
        "round",
        "repr",
        "range",
        "isinstance",
        "print",
        "format",
        "ord",
        "chr",
        "copy.deepcopy",
    ]
)
_VIEWS = frozenset({"items", "values", "get", "setdefault", "pop", "popitem"})
_CHANGING_FUNCTIONS = frozenset(
    {"random.shuffle", "heapq.heappush", "heapq.heappop", "heapq.heapify", "bisect.insort"}
)


def state_changes(
    function: Function,
    resolve: Callable[[ast.expr], str | None],
    is_immutable: Callable[[ast.expr], bool],
    given: set[str] | None = None,
    is_own_dict: bool = True,
) -> Iterator[ast.expr | ast.stmt]:
    """The places where `function` may change what its parameters hold.

    `resolve` gives the qualified name of what is called; `is_immutable` says whether an expression
    is known to be text, a number or the like. `given` names the parameters that matter; those that are
    dicts are its own, unless the state is itself a value.
    """
    names = {item.arg for item in parameters(function)} if given is None else given
    reach: dict[str, Reach] = dict.fromkeys(names, "whole")
    nodes = list(own_nodes(function))
    before: dict[str, Reach] | None = None
    while before != reach:
        before = dict(reach)
        for node in nodes:
            _follow(node, reach, resolve)
    for node in nodes:
        for changed, at in _changed(node, resolve):
            is_given = isinstance(changed, ast.Name) and changed.id in names
            if is_given and is_own_dict and _is_key(node):
                # the dict a node is given is its own
                continue
            if _reach(changed, reach, resolve) == "whole" and not is_immutable(changed):
                yield at


def _is_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript)


def _changed(
    node: ast.AST, resolve: Callable[[ast.expr], str | None]
) -> Iterator[tuple[ast.expr, ast.expr | ast.stmt]]:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in MUTATORS:
            yield value, node
        case ast.Call(func=func, args=[first, *_]) if resolve(func) in _CHANGING_FUNCTIONS:
            yield first, node
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            yield value, node
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            yield value, node
        case ast.AugAssign(target=ast.Name() as target):
            yield ast.copy_location(ast.Name(target.id, ast.Load()), target), node


def _follow(
    node: ast.AST, reach: dict[str, Reach], resolve: Callable[[ast.expr], str | None]
) -> None:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _bind(target, _reach(value, reach, resolve), reach)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _bind(target, _reach(value, reach, resolve), reach)
        case ast.NamedExpr(target=target, value=value):
            _bind(target, _reach(value, reach, resolve), reach)
        case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
            _bind(target, _inside(_reach(iterable, reach, resolve)), reach)
        case ast.comprehension(target=target, iter=iterable):
            _bind(target, _inside(_reach(iterable, reach, resolve)), reach)


def _bind(target: ast.expr, found: Reach, reach: dict[str, Reach]) -> None:
    if isinstance(target, ast.Name):
        reach[target.id] = _more(reach.get(target.id, "none"), found)
    elif isinstance(target, ast.Starred):
        _bind(target.value, "parts" if found != "none" else "none", reach)
    elif isinstance(target, ast.Tuple | ast.List):
        for item in target.elts:
            _bind(item, _inside(found), reach)


def _more(a: Reach, b: Reach) -> Reach:
    return max(a, b, key=("none", "parts", "whole").index)


def _inside(found: Reach) -> Reach:
    """The reach of what lies in something."""
    return "none" if found == "none" else "whole"


def _reach(
    node: ast.expr, reach: dict[str, Reach], resolve: Callable[[ast.expr], str | None]
) -> Reach:
    def of(part: ast.expr) -> Reach:
        return _reach(part, reach, resolve)

    def parts(items: list[ast.expr]) -> Reach:
        return "parts" if any(of(item) != "none" for item in items) else "none"

    match node:
        case ast.Name(id=name):
            return reach.get(name, "none")
        case ast.Subscript(value=value, slice=ast.Slice()):
            return parts([value])
        case ast.Subscript(value=value) | ast.Attribute(value=value):
            return _inside(of(value))
        case ast.IfExp(body=body, orelse=orelse):
            return _more(of(body), of(orelse))
        case ast.BoolOp(values=[first, *rest]):
            found = of(first)
            for value in rest:
                found = _more(found, of(value))
            return found
        case ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            return of(value)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return parts(items)
        case ast.Dict(values=items):
            return parts(items)
        case ast.BinOp(left=left, right=right):
            return parts([left, right])
        case ast.ListComp(elt=element) | ast.SetComp(elt=element) | ast.GeneratorExp(elt=element):
            return parts([element])
        case ast.DictComp(value=value):
            return parts([value])
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if resolve(node.func) is None:
            if attr in _VIEWS:
                return _more(_inside(of(value)), parts(node.args))
            return parts([value])
        case ast.Call(func=func, args=args):
            name = (resolve(func) or "").removeprefix("builtins.")
            if name in _FRESH_CALLS:
                return "none"
            if name in _COPYING_CALLS:
                return parts(args)
            # whoever is called may give back what it was given
            return "whole" if any(of(arg) != "none" for arg in args) else "none"
    return "none"
