"""Expressions of Python as typed ones."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from langferry.converter.lower import convert as fit
from langferry.converter.lower.literals import is_hashable, item_type
from langferry.converter.lower.names import type_name
from langferry.converter.lower.operators import BINARY_OPS, _logical_op
from langferry.converter.lower.parts import Parts
from langferry.converter.lower.signatures import ANY, BOOL, RANGE, STR
from langferry.model import ir
from langferry.model import types as t

Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


class Expressions(Parts):
    """Lowers the expressions of one function."""

    in_any_order: frozenset[ast.expr] = frozenset()
    """What is iterated over to the same end in whatever order its items come."""

    _awaited: ast.Call | None = None
    """The call that `await` waits for, until its callee is known to give what it gives at once."""

    def expr(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Lower an expression; `want` shapes literals, it need not be met."""
        value = self.passing(node, want)
        if isinstance(value, ir.Call) and value.function == "builtins.range":
            return ir.Call("builtins.kept_range", value.args, (), RANGE, value.span)
        if _is_passing(value):
            raise self.refuse("LF302", "an iterator or view is kept as a value", node)
        return value

    def passing(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Like `expr`, also for what is only there to be iterated over, now and once."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.JoinedStr():
                return ir.FormatString(self._parts(node), STR, self.span(node))
            case ast.List() | ast.Set():
                return self._items(node, want)
            case ast.Tuple():
                return self._tuple(node, want)
            case ast.Dict():
                return self._dict(node, want)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.BinOp():
                op = BINARY_OPS.get(type(node.op))
                if op is None:
                    raise self.refuse("LF302", "this operator is not native", node)
                return self.binary(op, self.expr(node.left, want), self.expr(node.right), node)
            case ast.BoolOp():
                return self._logical(node, want)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                return self._conditional(node, want)
            case ast.Subscript():
                return self._narrowed(self._subscript(node), node)
            case ast.Attribute():
                return self._narrowed(self._attribute(node), node)
            case ast.SetComp():
                with self.whatever_the_order(node):
                    return self._comprehension(node, want)
            case ast.ListComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, want)
            case ast.Call():
                return self.call(node, want)
            case ast.Await(value=ast.Call() as call):
                return self._waited(call, want)
            case ast.NamedExpr():
                raise self.refuse("LF302", "`:=` is not native here", node)
        raise self.refuse("LF302", f"`{type(node).__name__}` expressions are not native", node)

    def call(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        """Lower a call."""
        raise NotImplementedError

    def _waited(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        before, self._awaited = self._awaited, node
        value = self.call(node, want)
        waited, self._awaited = self._awaited is None, before
        if not waited:
            raise self.refuse("LF302", "`await` of this is not native", node)
        return value

    def is_awaited(self, node: ast.Call) -> bool:
        """Whether the result of a call is waited for right there; whoever asks gives it at once."""
        if self._awaited is not node:
            return False
        self._awaited = None
        return True

    def condition(self, node: ast.expr) -> ir.Expr:
        """Lower an expression of which only the truth matters."""
        sure, span = self.certain(node), self.span(node)
        if sure is not None:
            return ir.BoolLit(sure, BOOL, span)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ir.Unary("not", self.condition(node.operand), BOOL, span)
        if isinstance(node, ast.BoolOp):
            op = _logical_op(node)
            result = self.condition(node.values[0])
            for value in node.values[1:]:
                result = ir.Logical(op, result, self.condition(value), BOOL, span)
            return result
        tested = self.expr(node)
        if isinstance(tested, ir.Narrow) and isinstance(tested.value.type, t.OptionalType):
            tested = tested.value
        if isinstance(tested.type, t.BoolType):
            return tested
        inner = tested.type.item if isinstance(tested.type, t.OptionalType) else tested.type
        if isinstance(inner, t.RecordType) and self._is_never_empty(inner):
            if isinstance(tested.type, t.OptionalType):
                return ir.Compare("is not none", tested, ir.NoneLit(t.NoneType(), span), BOOL, span)
            if isinstance(tested, ir.Name):
                return ir.BoolLit(True, BOOL, span)
        if isinstance(inner, t.RecordType) and isinstance(tested, ir.Name):
            return self._is_filled(tested, inner, node)
        if isinstance(inner, t.RecordType | t.CallableType):
            raise self.refuse("LF302", "the truth of a record is not native", node)
        if isinstance(inner, t.ClassType) and inner.name.startswith("files."):
            raise self.refuse("LF302", "the truth of a file is not native", node)
        is_optional = isinstance(tested.type, t.OptionalType) and t.is_always_true(inner)
        if fit.is_of_langchain(inner) and isinstance(inner, t.ClassType) and not is_optional:
            raise self.refuse("LF302", f"the truth of a {type_name(inner)} is not native", node)
        return ir.Truth(tested, BOOL, span)

    def _is_filled(self, tested: ir.Name, kind: t.RecordType, node: ast.expr) -> ir.Expr:
        """Whether a TypedDict, which may lack all of its keys, is there and has any."""
        is_there = tested.type == kind
        whole = self.as_dict(tested if is_there else ir.Narrow(tested, kind, tested.span), node)
        if whole is None:
            raise self.refuse("LF302", "the truth of a record is not native", node)
        filled: ir.Expr = ir.Truth(whole, BOOL, tested.span)
        if is_there:
            return filled
        nothing = ir.NoneLit(t.NoneType(), tested.span)
        there = ir.Compare("is not none", tested, nothing, BOOL, tested.span)
        return ir.Logical("and", there, filled, BOOL, tested.span)

    def _is_never_empty(self, kind: t.RecordType) -> bool:
        """Whether all objects of a record are true."""
        record = self.records[kind.record]
        if record.kind == "typed_dict":
            may_lack = record.id in self.meaning.states
            return not may_lack and any(field.required for field in record.fields)
        return not {"__bool__", "__len__"} & set(self.meaning.members)

    def iterated(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """An expression that is iterated over, and the type of its items."""
        listed = self.tuple_of_module(node)
        if isinstance(node, ast.Tuple) and node.elts:
            # its items come as those of a list do
            listed = ast.copy_location(ast.List(node.elts, ast.Load()), node)
        value = self.passing(listed or node)
        match value:
            case ir.MethodCall(receiver=receiver, method="items", args=(), type=t.AnyType()):
                # whatever has such a method gives pairs
                pair = t.TupleType((ANY, ANY))
                return ir.Call("objects.items", (receiver,), (), t.ListType(pair), value.span), pair
        if isinstance(value.type, t.TupleType) and len(set(value.type.items)) == 1:
            items = t.ListType(value.type.items[0])
            return ir.Call("builtins.tuple_items", (value,), (), items, value.span), items.item
        if isinstance(value.type, t.OptionalType) and isinstance(value.type.item, t.SetType):
            raise self.refuse("LF311", "the order of a set is not defined", node)
        value = self.as_dict(value, node) or self.or_none(value, node)
        in_any_order = node in self.in_any_order and isinstance(value.type, t.SetType)
        if isinstance(value.type, t.SetType) and not (
            in_any_order and isinstance(value.type.item, t.StrType)
        ):
            raise self.refuse("LF311", "the order of a set is not defined", node)
        item = STR if isinstance(value.type, t.StrType) else item_type(value.type)
        if isinstance(value, ir.Comprehension) and value.kind == "generator":
            item = value.element.type
        if item is None:
            raise self.refuse(
                "LF302", f"iterating over {type_name(value.type)} is not native", node
            )
        return value, item

    def gone_through(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """What something is done with item by item; native code makes all items first."""
        iterable, item = self.iterated(node)
        if is_made_on_the_way(iterable):
            raise self.refuse("LF303", "to go through a generator is not native", node)
        return iterable, item

    @contextmanager
    def whatever_the_order(self, node: ast.expr) -> Iterator[None]:
        """What `node` is, or a comprehension is made of, may come in any order."""
        outer = self.in_any_order
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            self.in_any_order = outer | {item.iter for item in node.generators}
        else:
            self.in_any_order = outer | {node}
        yield
        self.in_any_order = outer

    @contextmanager
    def names(self, names: dict[str, t.Type]) -> Iterator[None]:
        """Names that exist only in a comprehension or lambda."""
        self.inner.append(names)
        yield
        self.inner.pop()

    def target(self, node: ast.expr, item: t.Type, names: dict[str, t.Type]) -> ir.BindTarget:
        """What a value of type `item` is bound to; `names` gets the names' types."""
        span = self.span(node)
        if isinstance(node, ast.Name):
            names[node.id] = item
            return ir.NameTarget(node.id, fit.plain(item), span)
        if (
            isinstance(node, ast.Tuple | ast.List)
            and isinstance(item, t.TupleType)
            and len(node.elts) == len(item.items)
        ):
            return ir.TupleTarget(
                tuple(
                    self.target(element, inner, names)
                    for element, inner in zip(node.elts, item.items, strict=True)
                ),
                span,
            )
        raise self.refuse("LF302", f"unpacking {type_name(item)} here is not native", node)

    def unpacked(self, value: ir.Expr, count: int, node: ast.expr | ast.stmt) -> ir.Expr:
        """The `count` items of a value as a tuple, or the error that there are more or less."""
        if isinstance(value.type, t.TupleType):
            return value
        item: t.Type | None = STR if isinstance(value.type, t.StrType) else None
        if isinstance(value.type, t.ListType | t.AnyType):
            item = item_type(value.type)
        if item is None or not 1 <= count <= 6:
            raise self.refuse("LF302", f"unpacking {type_name(value.type)} is not native", node)
        kind = t.TupleType((item,) * count)
        return ir.Call("builtins.unpack", (value,), (), kind, self.span(node))

    def _comprehension(
        self,
        node: Comprehension,
        want: t.Type | None,
    ) -> ir.Expr:
        clauses: list[ir.Clause] = []
        depth = len(self.inner)
        try:
            for generator in node.generators:
                if generator.is_async:
                    raise self.refuse("LF302", "`async for` is not native", node)
                iterable, item = self.gone_through(generator.iter)
                names: dict[str, t.Type] = {}
                if isinstance(generator.target, ast.Tuple) and not isinstance(item, t.TupleType):
                    whole, iterable = self._taken_apart(generator.target, iterable, item)
                    clauses.append(whole)
                    item = iterable.items[0].type
                target = self.target(generator.target, item, names)
                self.inner.append(names)
                conditions = tuple(self.condition(test) for test in generator.ifs)
                clauses.append(ir.Clause(target, iterable, fit.plain(item), conditions))
            return self._collected(node, tuple(clauses), want)
        finally:
            del self.inner[depth:]

    def _taken_apart(
        self, target: ast.Tuple, iterable: ir.Expr, item: t.Type
    ) -> tuple[ir.Clause, ir.ListLit]:
        """A clause for what has to be taken apart item by item, and the parts that one after it gets."""
        span, names = self.span(target), {x.id for x in ast.walk(target) if isinstance(x, ast.Name)}
        name = "item"
        around = (names, self.bound, self.around, self.constants, *self.inner)
        while any(name in known for known in around):
            name += "_"
        kind = fit.plain(item)
        parts = self.unpacked(ir.Name(name, kind, span), len(target.elts), target)
        whole = ir.Clause(ir.NameTarget(name, kind, span), iterable, kind, ())
        return whole, ir.ListLit((parts,), t.ListType(parts.type), span)

    def _collected(
        self,
        node: Comprehension,
        clauses: tuple[ir.Clause, ...],
        want: t.Type | None,
    ) -> ir.Expr:
        span = self.span(node)
        if isinstance(node, ast.DictComp):
            wanted = want if isinstance(want, t.DictType) else None
            key = self.expr(node.key, wanted.key if wanted else None)
            value = self.expr(node.value, wanted.value if wanted else None)
            if wanted is not None:
                key = self.fitted(key, wanted.key, node.key)
                value = self.fitted(value, wanted.value, node.value)
            if not is_hashable(key.type):
                raise self.refuse(
                    "LF302", f"a dict with keys of {type_name(key.type)} is not native", node
                )
            whole: t.Type = t.DictType(key.type, value.type)
            return ir.Comprehension("dict", key, value, clauses, whole, span)
        item = want.item if isinstance(want, t.ListType | t.SetType) else None
        element = self.expr(node.elt, item)
        if item is not None:
            element = self.fitted(element, item, node.elt)
        if isinstance(node, ast.SetComp):
            if not is_hashable(element.type):
                raise self.refuse(
                    "LF302", f"a set of {type_name(element.type)} is not native", node
                )
            return ir.Comprehension("set", None, element, clauses, t.SetType(element.type), span)
        kind: Literal["list", "generator"] = (
            "list" if isinstance(node, ast.ListComp) else "generator"
        )
        return ir.Comprehension(kind, None, element, clauses, t.ListType(element.type), span)


def is_made_on_the_way(value: ir.Expr) -> bool:
    """Whether items are made as they are asked for: what fails in one does so after what is done with those before."""
    match value:
        case ir.Call(function="builtins.enumerate", args=[items, *_]):
            return is_made_on_the_way(items)
        case ir.Comprehension(kind="generator"):
            return True
    return False


def _is_passing(value: ir.Expr) -> bool:
    match value:
        case ir.MethodCall(method="keys" | "values" | "items", receiver=receiver):
            return isinstance(receiver.type, t.DictType)
        case ir.Call(function=called):
            return called.removeprefix("builtins.") in ("range", "enumerate", "zip", "reversed")
        case ir.Comprehension(kind="generator"):
            return True
    return False
