"""Which locals may be changed in place: those nobody else can hold.

Python's lists, dicts and sets are references. Native code has values, so a change is only lowered
where no other name, container or caller can see the changed object.
"""

import ast
from collections.abc import Callable, Iterator, Sequence

from langferry.model.mutators import COPYING, MUTATORS

_FRESH_CALLS = frozenset({"list", "dict", "set", "sorted", "tuple", "str", "len", "sum"})
_FRESH_METHODS = frozenset(
    {"copy", "split", "splitlines", "rsplit", "findall", "union", "intersection", "difference"}
)
_READING_CALLS = frozenset(
    [
        "len",
        "sorted",
        "sum",
        "min",
        "max",
        "any",
        "all",
        "enumerate",
        "range",
        "zip",
        "reversed",
        "list",
        "dict",
        "set",
        "tuple",
        "str",
        "repr",
        "print",
        "isinstance",
        "bool",
        "int",
        "float",
        "abs",
        "round",
    ]
)
_READING_METHODS = frozenset(
    [
        "get",
        "items",
        "keys",
        "values",
        "index",
        "count",
        "copy",
        "join",
        "union",
        "intersection",
        "difference",
        "issubset",
        "issuperset",
        "isdisjoint",
        "symmetric_difference",
    ]
)

_NOT_KEEPING = frozenset({"join", "extend", "debug", "info", "warning", "error", "dumps"})
"""Methods that do not keep what they are given, whatever native code may call them on."""


Place = str | tuple[str, str]
"""A name, or a name and a key or attribute: what holds an object."""


def _never(_: ast.expr) -> bool:
    return False


class Sharing:
    """The changes a function makes, judged on its tree.

    Args:
        function: what is judged.
        makes_new: whether a call gives an object of which nobody else holds any part.
        gives_plain: whether a call keeps nothing of what it is given, and gives none of it back.
        copies: whether a call gives a container of its own, whatever lies in it.
    """

    def __init__(
        self,
        function: ast.AST,
        makes_new: Callable[[ast.expr], bool] = _never,
        gives_plain: Callable[[ast.expr], bool] = _never,
        copies: Callable[[ast.expr], bool] = _never,
    ) -> None:
        self._makes_new, self._gives_plain, self._copies = makes_new, gives_plain, copies
        self._parents = {
            child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)
        }
        self._order = {node: index for index, node in enumerate(_in_order(function))}
        self._uses: dict[Place, list[ast.expr]] = {}
        for node in self._order:
            if isinstance(node, ast.Name):
                self._uses.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.Subscript | ast.Attribute | ast.Call):
                key = _key_of(node)
                if key is not None:
                    self._uses.setdefault(key, []).append(node)
        self._function = function

    def problem(self, place: Place, lent: ast.expr | None = None) -> tuple[str, ast.AST] | None:
        """Why `place` may not be changed in place, and where; None when it may.

        `lent` is a binding of it to an object that nobody else looks at until it is given back.
        """
        name = place if isinstance(place, str) else f"{place[0]}[{place[1]!r}]"
        found = self._problem(place, lent)
        return None if found is None else (found[0].replace("{}", f"`{name}`"), found[1])

    def _problem(self, name: Place, lent: ast.expr | None) -> tuple[str, ast.AST] | None:
        uses = self._uses.get(name, [])
        changes = [use for use in uses if self._is_change(use)]
        for use in uses:
            if (
                _is_stored(use)
                and use is not lent
                and not self._is_fresh_binding(use)
                and any(self._may_follow(name, use, change) for change in changes)
            ):
                return "{} is bound to a value others may hold", use
        for change in changes:
            for loop in self._loops(change):
                if isinstance(loop, ast.For) and any(
                    use in set(ast.walk(loop.iter)) for use in uses
                ):
                    return "{} is changed while it is iterated over", change
        for use in uses:
            if _is_read(use) and self._is_shared_by(use):
                for change in changes:
                    if self._sets_other_part(use, change):
                        continue
                    if change is not use and self._may_follow(name, use, change):
                        return "{} is changed after something else holds it", change
        return None

    def _sets_other_part(self, use: ast.expr, change: ast.expr) -> bool:
        """Whether an attribute is set, and the reading took what an attribute held before."""
        read, set_ = self._parents.get(use), self._parents.get(change)
        return (
            isinstance(set_, ast.Attribute)
            and isinstance(set_.ctx, ast.Store)
            and isinstance(read, ast.Attribute)
            and isinstance(read.ctx, ast.Load)
        )

    def item_problem(self, name: str) -> tuple[str, ast.AST] | None:
        """Why what lies in the container `name` may not be changed in place, and where; None when it may."""
        uses = self._uses.get(name, [])
        changes = [use for use in uses if self._item_changed_by(use) is not None]
        keys = {self._key_at(use) for use in changes}
        for use in uses:
            key = self._key_at(use)
            if key is not None and None not in keys and key not in keys:
                # another item of it
                continue
            if not self._leaves_items_alone(use) and (
                _is_stored(use) or any(self._may_follow(name, use, x) for x in changes)
            ):
                return f"something else may hold what lies in `{name}`", use
        for change in changes:
            for loop in self._loops(change):
                if isinstance(loop, ast.For) and any(x in set(ast.walk(loop.iter)) for x in uses):
                    return f"`{name}` is changed while it is iterated over", change
        return None

    def _key_at(self, use: ast.expr) -> str | None:
        """The text by which a use of a container looks at one item of it."""
        match self._parents.get(use):
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                return key
            case ast.Attribute(attr="get" | "pop" | "setdefault") as method:
                match self._parents.get(method):
                    case ast.Call(args=[ast.Constant(value=str(key)), *_]):
                        return key
        return None

    def _item_changed_by(self, use: ast.expr) -> ast.AST | None:
        """The item `use[key]` or `use.setdefault(key, [])` that is changed in place."""
        parent = self._parents.get(use)
        item: ast.AST | None = None
        if isinstance(parent, ast.Subscript) and parent.value is use and _is_read(parent):
            item = parent
        elif isinstance(parent, ast.Attribute) and parent.attr == "setdefault":
            item = self._parents.get(parent)
        return item if isinstance(item, ast.expr) and self._is_change(item) else None

    def _leaves_items_alone(self, use: ast.expr) -> bool:
        """Whether a use of a container neither puts in nor takes out what something else may hold."""
        parent = self._parents.get(use)
        above = None if parent is None else self._parents.get(parent)
        match parent, above:
            case (
                (ast.Assign(targets=[_], value=value) | ast.AnnAssign(value=ast.expr() as value)),
                _,
            ):
                return value is not use and self._holds_fresh(value)
            case ast.Call() as call, _ if self._gives_plain(call):
                return True
            case ((ast.Compare() | ast.FormattedValue() | ast.Call(func=ast.Name(id="len"))), _):
                return True
            case ast.Subscript(ctx=ast.Store()), ast.Assign(targets=[_], value=value):
                return self._is_fresh(value)
            case ast.Subscript(ctx=ast.Del()), _:
                return True
            case ast.Subscript() as item, _ if item.value is use and _is_read(item):
                return self._is_change(item) or not self._is_shared_by(item)
            case ast.Attribute(attr="append"), ast.Call(args=[value]):
                return self._is_fresh(value)
            case ast.Attribute(attr="setdefault"), ast.Call(args=[_, value]) as made:
                return self._is_fresh(value) and self._is_change(made)
            case ast.Attribute(attr="clear" | "keys"), ast.Call():
                return True
        return False

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What a node of the function stands in."""
        return self._parents.get(node)

    def values(self, name: str) -> list[ast.expr]:
        """What a name is bound to by assignments."""
        parents = [self._parents.get(use) for use in self._uses.get(name, []) if _is_stored(use)]
        return [
            parent.value
            for parent in parents
            if isinstance(parent, ast.Assign | ast.AnnAssign) and parent.value is not None
        ]

    def only_binding(self, name: str) -> ast.expr | None:
        """The only binding of a name, operators such as `+=` apart."""
        stored = [use for use in self._uses.get(name, []) if _is_stored(use)]
        bound = [x for x in stored if not isinstance(self._parents.get(x), ast.AugAssign)]
        return bound[0] if len(bound) == 1 else None

    def is_seen_before(
        self, place: Place, known: Sequence[ast.expr | None], changes: Sequence[ast.expr]
    ) -> bool:
        """Whether nothing but the assignments `known` keeps the object of `place` until it is changed."""
        statements = [self._parents[x] for x in known if x is not None]
        within = {part for x in statements for part in ast.walk(x)}
        others = [x for x in self._uses.get(place, []) if x not in within]
        return all(self._is_gone_by(use, changes) for use in others)

    def keeps_nothing(self, call: ast.Call) -> bool:
        """Whether a call neither keeps nor gives back any of what it is given."""
        return self._gives_plain(call)

    def is_in_loop(self, node: ast.AST) -> bool:
        """Whether a part of the function may be reached more than once."""
        return bool(self._loops(node))

    def _is_gone_by(self, use: ast.expr, changes: Sequence[ast.expr]) -> bool:
        if not _is_read(use) or self._is_change(use) or not self.comes_before(use, changes):
            return False
        match self._parents.get(use):
            case ast.Assign(targets=[ast.Name(id=name) as target], value=value) if value is use:
                # another name for it, if that is only looked at before, too
                reads = [x for x in self._uses[name] if x is not target]
                return all(
                    _is_read(x)
                    and not self._is_change(x)
                    and not self._is_shared_by(x)
                    and self.comes_before(x, changes)
                    for x in reads
                )
        return not self._is_shared_by(use)

    def changes(self, place: Place) -> list[ast.expr]:
        """Where the function changes the object of `place` in place."""
        return [use for use in self._uses.get(place, []) if self._is_change(use)]

    def comes_before(self, node: ast.AST, changes: Sequence[ast.expr]) -> bool:
        """Whether `node` is only ever reached before all of `changes`."""
        loops = self._loops(node)
        return all(
            self._order[node] < self._order[change]
            and not any(loop in loops for loop in self._loops(change))
            for change in changes
        )

    def _is_change(self, use: ast.expr) -> bool:
        parent = self._parents.get(use)
        if isinstance(parent, ast.Attribute):
            if not isinstance(parent.ctx, ast.Load):
                return True
            return parent.attr in MUTATORS and isinstance(self._parents.get(parent), ast.Call)
        if isinstance(parent, ast.Subscript):
            return parent.value is use and not isinstance(parent.ctx, ast.Load)
        return isinstance(parent, ast.AugAssign) and parent.target is use

    def _is_fresh_binding(self, use: ast.expr) -> bool:
        parent = self._parents.get(use)
        if isinstance(parent, ast.AugAssign):
            return True
        if isinstance(parent, ast.AnnAssign | ast.Assign):
            several = isinstance(parent, ast.Assign) and len(parent.targets) > 1
            return parent.value is not None and not several and self._is_fresh(parent.value)
        return False

    def _is_shared_by(self, use: ast.expr) -> bool:
        """Whether this reading of the name may leave a second reference to its object behind."""
        child: ast.AST = use
        parent = self._parents.get(child)
        lies_in = False
        while parent is not None:
            lies_in |= isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.keyword)
            match parent:
                case ast.Compare() | ast.JoinedStr() | ast.FormattedValue():
                    return False
                case ast.Subscript():
                    return lies_in
                case ast.Starred():
                    return False
                case ast.Dict(keys=keys, values=values) if any(
                    value is child and key is None for key, value in zip(keys, values, strict=True)
                ):
                    return False
                case ast.NamedExpr():
                    return True
                case ast.UnaryOp() | ast.BinOp() if not lies_in:
                    return False
                case ast.Attribute():
                    return lies_in or parent.attr not in MUTATORS | _READING_METHODS
                case ast.For() | ast.comprehension():
                    return lies_in
                case ast.Call(func=ast.Name(id=called)) if called in _READING_CALLS:
                    if not (lies_in and called in COPYING):
                        return False
                case ast.Call(func=ast.Attribute(attr=method)) if method in _NOT_KEEPING:
                    if not (lies_in and method == "extend"):
                        return False
                case ast.Call(func=ast.Attribute(attr="invoke" | "ainvoke")) if child is use:
                    # models are asked with a list of messages, and do not give it back
                    return False
                case ast.If(test=test) | ast.While(test=test) if test is child:
                    return False
                case ast.AugAssign():
                    return lies_in
                case ast.Return():
                    return self._goes_on(parent)
                case ast.IfExp(test=test) if test is child:
                    return False
                case ast.stmt():
                    return not isinstance(parent, ast.Expr | ast.Assert | ast.Raise)
                case ast.Call():
                    return not (self._gives_plain(parent) or self._inside_return(parent))
            child, parent = parent, self._parents.get(parent)
        return True

    def _inside_return(self, node: ast.AST) -> bool:
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return isinstance(node, ast.Return) and not self._goes_on(node)

    def _goes_on(self, node: ast.AST) -> bool:
        """Whether more of the function runs after a `return`: a `finally`, or whoever called a local function."""
        parent = self._parents.get(node)
        while parent is not None and node is not self._function:
            if isinstance(parent, ast.Try) and parent.finalbody and node not in parent.finalbody:
                return True
            if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                return parent is not self._function
            node, parent = parent, self._parents.get(parent)
        return False

    def _may_follow(self, name: Place, share: ast.expr, change: ast.expr) -> bool:
        if self._order[change] > self._order[share]:
            return not self._renewed_between(name, share, change)
        if self._renewed_after(name, share):
            return False
        common = [loop for loop in self._loops(share) if loop in self._loops(change)]
        return any(not self._renewed_in(name, loop, share, change) for loop in common)

    def _renewed_between(self, name: Place, share: ast.expr, change: ast.expr) -> bool:
        parts = self._tried_in(share)
        return all(part in self._tried_in(change) for part in parts) and any(
            self._order[use] < self._order[change] and self._surely_follows(share, use)
            for use in self._uses[name]
            if _is_stored(use)
        )

    def _renewed_after(self, name: Place, share: ast.expr) -> bool:
        """Whether the name always gets another object before its block ends."""
        if self._tried_in(share):
            return False
        later = [use for use in self._uses[name] if self._order[use] > self._order[share]]
        for use in sorted(later, key=self._order.__getitem__):
            if self._is_change(use):
                return False
            if _is_stored(use) and self._surely_follows(share, use):
                return True
        return False

    def _surely_follows(self, first: ast.expr, renewed: ast.expr) -> bool:
        """Whether an assignment is reached whenever `first` is, unless the function or a `try` is left."""
        statement, then = self._statement_of(first), self._parents[renewed]
        block = self._block_of(statement)
        if not isinstance(then, ast.Assign | ast.AnnAssign) or self._block_of(then) != block:
            return False
        assert block is not None
        within: list[ast.stmt] = getattr(*block)
        between = within[within.index(statement) : within.index(then)]
        return bool(between) and not any(
            isinstance(part, ast.Break | ast.Continue)
            for passed in between
            for part in ast.walk(passed)
        )

    def _tried_in(self, node: ast.AST) -> list[tuple[ast.AST, str]]:
        """The parts of `try` statements around a node, which an exception may leave at any place."""
        found: list[tuple[ast.AST, str]] = []
        while node is not self._function and node in self._parents:
            parent = self._parents[node]
            if isinstance(parent, ast.ExceptHandler):
                node, parent = parent, self._parents[parent]
            if isinstance(parent, ast.Try):
                block = self._block_of(node) if isinstance(node, ast.stmt) else None
                found.append(block or (parent, "handlers"))
            node = parent
        return found

    def _renewed_in(self, name: Place, loop: ast.AST, share: ast.expr, change: ast.expr) -> bool:
        first = min(self._order[share], self._order[change])
        return any(
            _is_stored(use)
            and self._parents.get(self._parents[use]) is loop
            and isinstance(self._parents[use], ast.Assign | ast.AnnAssign)
            and self._order[use] < first
            for use in self._uses[name]
        )

    def _statement_of(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def _block_of(self, statement: ast.stmt) -> tuple[ast.AST, str] | None:
        """What a statement is one of several in, and which part of that."""
        parent = self._parents.get(statement)
        for part in ("body", "orelse", "finalbody"):
            if parent is not None and statement in getattr(parent, part, ()):
                return parent, part
        return None

    def _loops(self, node: ast.AST) -> list[ast.AST]:
        found: list[ast.AST] = []
        parent = self._parents.get(node)
        while parent is not None and node is not self._function:
            if isinstance(parent, ast.For | ast.While):
                found.append(parent)
            node, parent = parent, self._parents.get(parent)
        return found

    def _is_fresh(self, value: ast.expr) -> bool:
        """Whether nobody else holds what an expression gives."""
        match value:
            case (
                ast.List()
                | ast.Dict()
                | ast.Set()
                | ast.ListComp()
                | ast.DictComp()
                | ast.SetComp()
            ):
                return True
            case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.BinOp() | ast.UnaryOp():
                return True
            case ast.Call(func=ast.Name(id=called)) if called in _FRESH_CALLS:
                return True
            case ast.Call(func=ast.Attribute(attr=method)) if method in _FRESH_METHODS:
                return True
            case ast.Subscript(slice=ast.Slice()):
                return True
            case ast.IfExp(body=body, orelse=orelse):
                return self._is_fresh(body) and self._is_fresh(orelse)
        return self._copies(value) or self._makes_new(value)

    def _holds_fresh(self, value: ast.expr) -> bool:
        """Whether nobody else holds a new container, or anything in it."""
        match value:
            case ast.List(elts=items) | ast.Dict(values=items, keys=_):
                return all(map(self._is_fresh, items)) and not (
                    isinstance(value, ast.Dict) and None in value.keys
                )
            case ast.ListComp(elt=item) | ast.DictComp(value=item):
                return self._is_fresh(item)
            case ast.Call(func=ast.Name(id="dict" | "list"), args=[], keywords=[]):
                return True
        return self._makes_new(value)


def _key_of(node: ast.Subscript | ast.Attribute | ast.Call) -> tuple[str, str] | None:
    """The place that `name["key"]`, `name.key` or `name.get("key")` is."""
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=key):
            return name, key
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
            return name, key
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="get"),
            args=[ast.Constant(value=str(key)), *_],
        ):
            return name, key
    return None


def _is_stored(use: ast.expr) -> bool:
    return isinstance(getattr(use, "ctx", None), ast.Store)


def _is_read(use: ast.expr) -> bool:
    return isinstance(getattr(use, "ctx", ast.Load()), ast.Load)


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes as Python evaluates them, as far as order between statements goes."""
    yield node
    children: Sequence[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Assign | ast.AnnAssign):
        children = [child for child in children if child is node.value] + [
            child for child in children if child is not node.value
        ]
    for child in children:
        yield from _in_order(child)
