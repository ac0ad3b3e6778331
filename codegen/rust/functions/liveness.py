"""Where a local is read for the last time, so that it may be moved instead of copied."""

from collections.abc import Iterable, Sequence

from langferry.model import ir
from langferry.model import types as t
from langferry.model.mutators import MUTATORS
from langferry.model.walk import Node, children, walk


def names_read(nodes: Iterable[Node]) -> set[str]:
    """The names that are read somewhere in `nodes`."""
    return {node.name for node in walk(nodes) if isinstance(node, ir.Name)}


def names_bound(nodes: Iterable[Node]) -> set[str]:
    """The names that are bound by statements somewhere in `nodes`, those of comprehensions not."""
    found: set[str] = set()
    for node in walk(nodes):
        if isinstance(node, ir.Bind | ir.For | ir.Augment):
            found |= target_names(node.target)
    return found


def target_names(target: ir.BindTarget) -> set[str]:
    """The names a target binds."""
    if isinstance(target, ir.NameTarget):
        return {target.name}
    return {name for item in target.items for name in target_names(item)}


def changed_name(node: Node) -> str | None:
    """The local that a statement changes in place, or a part of it."""
    match node:
        case ir.SetField() | ir.SetItem() | ir.DeleteItem():
            changed: ir.Expr = node.container
        case ir.Evaluate(value=ir.MethodCall(receiver=receiver, method=method)):
            if method not in MUTATORS:
                return None
            changed = receiver
        case ir.Bind(value=value):
            while isinstance(value, ir.Narrow | ir.Convert):
                value = value.value
            if not isinstance(value, ir.MethodCall) or value.method not in ("pop", "popitem"):
                return None
            changed = value.receiver
        case _:
            return None
    if isinstance(changed, ir.Field):
        changed = changed.value
    return changed.name if isinstance(changed, ir.Name) else None


_OWNING = (
    *(ir.ListLit, ir.SetLit, ir.TupleLit, ir.DictLit, ir.RecordLit),
    *(ir.Update, ir.Command, ir.Send, ir.Raise),
)
"""What keeps its parts, so that none of them is borrowed when the next is made."""


def _lent(node: Node) -> set[str]:
    """The names that what an expression yields may still borrow from."""
    match node:
        case ir.Name(name=name):
            return {name}
        case ir.Item(value=value) if not isinstance(value.type, t.StrType):
            return _lent(value)
        case (
            ir.Field(value=value)
            | ir.FieldOr(value=value)
            | ir.Attribute(value=value)
            | ir.Narrow(value=value)
            | ir.Convert(value=value)
            | ir.Formatted(value=value, spec=())
        ):
            return _lent(value)
        case ir.MethodCall(method="get" | "keys" | "values" | "items", receiver=receiver):
            return _lent(receiver)
        case ir.Call(
            function="objects.present" | "builtins.enumerate" | "builtins.zip" | "builtins.reversed"
        ):
            return set().union(*map(_lent, node.args))
        case ir.FormatString(parts=parts):
            return set().union(*map(_lent, parts))
        case ir.Binary(op="+", type=t.StrType()):
            return _lent(node.left) | _lent(node.right)
        case ir.Comprehension(kind="generator") | ir.Lambda():
            return names_read([node])
    return set()


class Liveness:
    """The last readings of a function's locals."""

    def __init__(self, body: Sequence[ir.Stmt]) -> None:
        self.last: set[int] = set()
        self._kept: list[Node] = []
        self._escape: set[str] = set()
        self._loops: list[tuple[set[str], set[str]]] = []
        """What lives after each loop around, and in its next round."""
        self._marking = True
        self._block(body, set())

    def is_last(self, node: ir.Name) -> bool:
        """Whether nothing reads the name's value after this."""
        return id(node) in self.last

    def _block(self, body: Sequence[ir.Stmt], live: set[str]) -> set[str]:
        for statement in reversed(body):
            live = self._statement(statement, live)
        return live

    def _statement(self, node: ir.Stmt, live: set[str]) -> set[str]:
        match node:
            case ir.Bind():
                # an exception may come before the name is bound again
                live = (live - target_names(node.target)) | self._escape
                return self._expression(node.value, live)
            case ir.Break():
                return self._loops[-1][0] | self._escape
            case ir.Continue():
                return self._loops[-1][1] | self._escape
            case ir.Augment():
                return self._expression(node.value, live) | {node.target.name}
            case ir.SetField():
                return self._expression(node.value, live | {node.container.name})
            case ir.SetItem():
                live = live | names_read([node.container])
                return self._expression(node.index, self._expression(node.value, live))
            case ir.DeleteItem():
                return self._expression(node.index, live | names_read([node.container]))
            case ir.If():
                after = self._block(node.body, set(live)) | self._block(node.orelse, set(live))
                return self._expression(node.test, after)
            case ir.For():
                names = target_names(node.target)
                lent = _lent(node.iterable)
                before = self._rounds(node.body, live | lent, lent, names) - names
                return self._expression(node.iterable, before | live)
            case ir.While():
                test = names_read([node.test])
                again = self._rounds(node.body, live, test, set())
                return self._expression(node.test, again | live | test)
            case ir.Return() | ir.Raise():
                return self._parts(node, set(self._escape))
            case ir.Try():
                after = self._block(node.final, set(live))
                handled = set(after)
                for handler in node.handlers:
                    handled |= self._block(handler.body, set(after))
                orelse = self._block(node.orelse, set(after))
                # nor may the closure take away what the next round of a loop gives it again
                jumps = any(isinstance(x, ir.Break | ir.Continue) for x in walk(node.body))
                rounds = self._loops[-1][1] if jumps and self._loops else set[str]()
                outer, self._escape = self._escape, self._escape | handled | rounds
                before = self._block(node.body, orelse | handled | rounds)
                self._escape = outer
                # the closure of the body borrows what it binds, which must not be moved away by then
                return before | names_bound(node.body)
        return self._parts(node, live)

    def _rounds(
        self, body: Sequence[ir.Stmt], live: set[str], test: set[str], bound: set[str]
    ) -> set[str]:
        """What lives before a loop's body, which may run again when it has run.

        `test` is read before each round, and `bound` given a value.
        """
        again = live | test
        marking, self._marking = self._marking, False
        again |= self._round(body, live, again) - bound
        self._marking = marking
        return self._round(body, live, again)

    def _round(self, body: Sequence[ir.Stmt], after: set[str], again: set[str]) -> set[str]:
        self._loops.append((after, again))
        before = self._block(body, set(again))
        self._loops.pop()
        return before

    def _parts(self, node: Node, live: set[str]) -> set[str]:
        parts = list(children(node))
        lent = [set() if isinstance(node, _OWNING) else _lent(part) for part in parts]
        for at, part in reversed(list(enumerate(parts))):
            live = self._beside(part, live, set().union(*lent[:at]))
        return live

    def _beside(self, node: Node, live: set[str], lent: set[str]) -> set[str]:
        """What lives before an expression that must not take what is `lent` while it is made."""
        before = self._expression(node, live | lent)
        return (before - (lent - live)) | (lent & names_read([node]))

    def _expression(self, node: Node, live: set[str]) -> set[str]:
        match node:
            case ir.Name():
                if self._marking and node.name not in live:
                    self.last.add(id(node))
                    self._kept.append(node)
                return live | {node.name}
            case ir.Conditional():
                after = self._expression(node.then, set(live)) | self._expression(
                    node.otherwise, set(live)
                )
                return self._expression(node.test, after)
            case ir.Logical():
                return self._expression(node.left, self._expression(node.right, set(live)) | live)
            case ir.Compare(op="in" | "not in"):
                # Rust looks at what contains first
                right = self._beside(node.right, live, names_read([node.left]))
                return self._expression(node.left, right)
            case ir.Lambda():
                used = names_read([node.body]) - {name for name, _ in node.params}
                self._expression(node.body, live | used)
                return live | used
            case ir.Comprehension():
                return self._comprehension(node, live)
        return self._parts(node, live)

    def _comprehension(self, node: ir.Comprehension, live: set[str]) -> set[str]:
        bound = {name for clause in node.clauses for name in target_names(clause.target)}
        used = names_read(children(node)) - bound
        # the first iterable is evaluated once, everything else as often as there are items
        outer = (name for clause in node.clauses[:-1] for name in target_names(clause.target))
        inner = live | used | set(outer)
        after = self._expression(node.element, set(inner))
        if node.key is not None:
            after = self._expression(node.key, after)
        for clause in reversed(node.clauses):
            for condition in reversed(clause.conditions):
                after = self._expression(condition, after)
            if clause is not node.clauses[0]:
                after = self._expression(clause.iterable, after | inner)
        first = node.clauses[0].iterable
        others = (
            names_read(
                [
                    node.element,
                    *([node.key] if node.key is not None else []),
                    *(c for clause in node.clauses for c in clause.conditions),
                    *(clause.iterable for clause in node.clauses[1:]),
                ]
            )
            - bound
        )
        return self._expression(first, live | others)
