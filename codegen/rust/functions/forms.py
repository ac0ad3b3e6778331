"""How each local is held in Rust: as a value of its own, or as a reference to what lives longer.

References are only taken into what outlives the function and never changes under it: the state,
parameters that are references, and constants.
"""

from collections.abc import Mapping, Sequence

from langferry.codegen.rust.functions.code import Form
from langferry.codegen.rust.functions.liveness import changed_name, names_bound, target_names
from langferry.codegen.rust.layout import Layout
from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import children, walk


def kinds_of(body: Sequence[ir.Stmt]) -> dict[str, t.Type]:
    """The type of every local that statements bind, in order of first binding."""
    found: dict[str, t.Type] = {}

    def bind(target: ir.BindTarget) -> None:
        if isinstance(target, ir.NameTarget):
            found.setdefault(target.name, target.type)
        else:
            for item in target.items:
                bind(item)

    for node in walk(body):
        if isinstance(node, ir.Bind | ir.For):
            bind(node.target)
    return found


def mutable_names(body: Sequence[ir.Stmt], given: set[str]) -> set[str]:
    """The locals that need `mut`: bound again where they may have a value, or changed in place."""
    return _Mutability(body, given).found


class _Mutability:
    def __init__(self, body: Sequence[ir.Stmt], given: set[str]) -> None:
        self.found: set[str] = set()
        self._whole = body
        self._block(body, set(given))

    def _block(self, body: Sequence[ir.Stmt], maybe: set[str]) -> set[str]:
        for node in body:
            maybe = self._statement(node, maybe)
        return maybe

    def _statement(self, node: ir.Stmt, maybe: set[str]) -> set[str]:
        changed = changed_name(node)
        if changed is not None:
            self.found.add(changed)
        match node:
            case ir.Bind():
                names = target_names(node.target)
                self.found |= names & maybe
                return maybe | names
            case ir.Augment():
                self.found.add(node.target.name)
            case ir.If():
                ends = [(part, self._block(part, set(maybe))) for part in (node.body, node.orelse)]
                return set[str]().union(*(end for part, end in ends if not _leaves(part)))
            case ir.For() | ir.While():
                outside = self._occurring_outside(node)
                again = maybe | (_bound_for_next(node.body) & outside)
                self._block(node.body, set(maybe))
                self._block(node.body, set(again))
                return maybe | names_bound(node.body)
            case ir.Try():
                after = self._block(node.orelse, self._block(node.body, set(maybe)))
                for handler in node.handlers:
                    after |= self._block(handler.body, set(maybe))
                return self._block(node.final, after | maybe)
        return maybe

    def _occurring_outside(self, loop: ir.Stmt) -> set[str]:
        found: set[str] = set()

        def visit(nodes: Sequence[object]) -> None:
            for node in nodes:
                if node is loop:
                    continue
                if isinstance(node, (ir.Name, ir.NameTarget)):
                    found.add(node.name)
                visit(list(children(node)))  # type: ignore[arg-type]

        visit(self._whole)
        return found


def _leaves(body: Sequence[ir.Stmt]) -> bool:
    """Whether what comes after a block is never reached from it."""
    return bool(body) and isinstance(body[-1], ir.Break | ir.Continue | ir.Return | ir.Raise)


def _bound_for_next(body: Sequence[ir.Stmt]) -> set[str]:
    """The names that may have a value from one round of a loop when the next begins."""
    found: set[str] = set()

    def block(statements: Sequence[ir.Stmt], bound: set[str]) -> set[str] | None:
        for node in statements:
            match node:
                case ir.Break() | ir.Return() | ir.Raise():
                    return None
                case ir.Continue():
                    found.update(bound)
                    return None
                case ir.If():
                    ends = [block(node.body, set(bound)), block(node.orelse, set(bound))]
                    reached = [end for end in ends if end is not None]
                    if not reached:
                        return None
                    bound = set[str]().union(*reached)
                case _:
                    bound |= names_bound([node])
        return bound

    return found | (block(body, set()) or set())


def unset_before_tries(body: Sequence[ir.Stmt], given: set[str]) -> dict[int, set[str]]:
    """For each `try`, the names it binds that have no value before it."""
    found: dict[int, set[str]] = {}

    def block(statements: Sequence[ir.Stmt], maybe: set[str]) -> set[str]:
        for node in statements:
            match node:
                case ir.If():
                    maybe = block(node.body, set(maybe)) | block(node.orelse, set(maybe))
                    continue
                case ir.For() | ir.While():
                    given = target_names(node.target) if isinstance(node, ir.For) else set()
                    maybe = block(node.body, maybe | given)
                    continue
                case ir.Try():
                    found[id(node)] = names_bound(node.body) - maybe
                    block(node.body, set(maybe))
                    for handler in node.handlers:
                        block(handler.body, set(maybe))
                    block(node.final, maybe | names_bound(node.body))
            maybe = maybe | names_bound([node])
        return maybe

    block(body, set(given))
    return found


class Forms:
    """The form of each local of one function."""

    def __init__(
        self,
        body: Sequence[ir.Stmt],
        given: Mapping[str, Form],
        changed: set[str],
        layout: Layout,
    ) -> None:
        self._layout = layout
        self._given = given
        self.found: dict[str, Form] = {}
        for _ in range(3):
            self._candidates: dict[str, list[Form | None]] = {}
            self._loops: dict[str, Form | None] = {}
            self._block(body)
            self.found = {
                name: self._decided(forms, name in changed)
                for name, forms in self._candidates.items()
            }

    def _decided(self, forms: Sequence[Form | None], changed_in_place: bool) -> Form:
        kinds = set(forms)
        if None in kinds:
            return "place"
        if kinds <= {"str"} or (kinds == {"str", "ref"}):
            return "str"
        if len(kinds) == 1 and not changed_in_place:
            return next(form for form in kinds if form is not None)
        return "place"

    def _block(self, body: Sequence[ir.Stmt]) -> None:
        for node in walk(body):
            match node:
                case ir.Bind(target=ir.NameTarget(name=name), value=value):
                    self._candidates.setdefault(name, []).append(self._stable(value))
                case ir.Bind(target=ir.TupleTarget(items=items), value=ir.TupleLit(items=values)):
                    for item, value in zip(items, values, strict=False):
                        for name in target_names(item):
                            plain = isinstance(item, ir.NameTarget)
                            form = self._stable(value) if plain else None
                            self._candidates.setdefault(name, []).append(form)
                case ir.Bind(target=ir.TupleTarget() as target):
                    for name in target_names(target):
                        self._candidates.setdefault(name, []).append(None)
                case ir.Augment(target=ir.NameTarget(name=name)):
                    self._candidates.setdefault(name, []).append(None)
                case ir.For(target=target, iterable=iterable):
                    form = "ref" if self._lasting_items(iterable) else None
                    for name in target_names(target):
                        if name in self._loops and self._loops[name] != form:
                            form = None
                        self._loops[name] = form

    def _lasting_items(self, iterable: ir.Expr) -> bool:
        match iterable:
            case ir.MethodCall(method="items" | "keys" | "values", receiver=receiver):
                return self._lasts(receiver)
        return isinstance(iterable.type, t.ListType | t.DictType) and self._lasts(iterable)

    def _lasts(self, node: ir.Expr) -> bool:
        """Whether references into the value outlive the function's own work with it."""
        return isinstance(node, ir.Global) or self._stable(node) == "ref"

    def _stable(self, node: ir.Expr) -> Form | None:
        match node:
            case ir.StrLit():
                return "str"
            case ir.Name(name=name):
                outer = self._given.get(name) or self.found.get(name)
                if outer is not None and name in self._loops:
                    # a loop's name that is bound elsewhere, too, is a copy
                    return None
                form = outer or self._loops.get(name)
                return form if form in ("ref", "str", "optref") else None
            case ir.Field(value=value, field=field) if self._stable(value) == "ref":
                return "ref" if self._slot(value, field) else None
            case ir.FieldOr(value=value, field=field, default=ir.NoneLit()):
                dynamic = isinstance(node.type, t.AnyType) or node.type == t.OptionalType(
                    t.AnyType()
                )
                if self._stable(value) == "ref" and self._slot(value, field) and not dynamic:
                    return "optref"
            case ir.Item(value=value) if isinstance(value.type, t.DictType | t.ListType):
                return "ref" if self._lasts(value) else None
            case ir.MethodCall(method="get", receiver=receiver, args=(_,)):
                kind = receiver.type
                if isinstance(kind, t.DictType) and not isinstance(kind.value, t.AnyType):
                    return "optref" if self._lasts(receiver) else None
            case ir.Conditional(then=then, otherwise=otherwise):
                if self._stable(then) == self._stable(otherwise) == "str":
                    return "str"
        return None

    def _slot(self, value: ir.Expr, name: str) -> bool:
        assert isinstance(value.type, t.RecordType)
        if value.type.record in self._layout.states:
            return True
        record = self._layout.record(value.type.record)
        field = next(field for field in record.fields if field.name == name)
        return record.kind == "typed_dict" and not field.required
