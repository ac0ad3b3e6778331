"""Expressions of Python as typed ones."""

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, Protocol

from langferry.converter.lower import convert as fit
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import Request
from langferry.converter.lower.scope import Function, ModuleScope, is_builtin
from langferry.converter.lower.signatures import ANY, ATTRIBUTES, BOOL, CONSTANTS, FLOAT, INT, STR
from langferry.converter.types import TypeTable
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.program import Record

_BINARY: dict[type[ast.operator], ir.BinaryOp] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
_COMPARE: dict[type[ast.cmpop], ir.CompareOp] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_CONVERSIONS: dict[int, Literal["", "r", "s"]] = {-1: "", ord("r"): "r", ord("s"): "s"}
_DAYS = ("datetime.date", "datetime.datetime")
_DELTA = t.ClassType("datetime.timedelta")


class Meaning(Protocol):
    """What the program around a function knows: names outside of it."""

    @property
    def globals(self) -> Mapping[str, ir.GlobalValue]:
        """The module-level constants met so far, by id."""

    def global_value(self, scope: ModuleScope, name: str, at: Span) -> ir.Global:
        """The module-level constant `name`."""

    def helper(
        self, scope: ModuleScope, definition: ast.FunctionDef, at: Span
    ) -> tuple[str, tuple[tuple[str, t.Type, ast.expr | None], ...], t.Type]:
        """A helper's id, its parameters with defaults, and what it returns."""

    def module_member(self, qualified: str) -> tuple[ModuleScope, str] | None:
        """The module of the program and the name in it that `qualified` stands for."""


class Expressions:
    """Lowers the expressions of one function."""

    def __init__(
        self,
        scope: ModuleScope,
        function: Function | None,
        types: TypeTable,
        records: Mapping[str, Record],
        meaning: Meaning,
        request: Request | None,
    ) -> None:
        self.scope = scope
        self.function = function
        self.types = types
        self.records = records
        self.meaning = meaning
        self.request = request
        self.bound = scope.bound_in(function) if function is not None else {}
        self.locals: dict[str, t.Type] = {}
        self.assigned: set[str] = set()
        self.inner: list[dict[str, t.Type]] = []
        self.constants: dict[str, ir.Expr] = {}
        self.used_constants: set[str] = set()

    # --- places, types and refusals

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.ExceptHandler) -> Span:
        """Where a node stands."""
        line, end = node.lineno, node.end_lineno or node.lineno
        lines = self.scope.lines
        return Span(
            self.scope.path,
            line,
            len(lines[line - 1][: node.col_offset].decode()),
            end,
            len(lines[end - 1][: node.end_col_offset or 0].decode()),
        )

    def refuse(
        self, code: str, message: str, node: ast.expr | ast.stmt | ast.arg | ast.ExceptHandler
    ) -> Refusal:
        """What to raise when this place is not native."""
        return Refusal(code, message, self.span(node))

    def checked_type(self, node: ast.expr) -> t.Type:
        """What the type checker says an expression is; `Any` if nothing."""
        found = self.types.type_of(
            self.scope.path,
            node.lineno,
            node.col_offset,
            node.end_lineno or 0,
            node.end_col_offset or 0,
        )
        return ANY if found is None else fit.plain(found)

    def fitted(self, value: ir.Expr, want: t.Type, node: ast.expr | ast.stmt) -> ir.Expr:
        """`value` as `want`, or a refusal."""
        fitted = fit.convert(value, want)
        if fitted is None:
            raise self.refuse("LF307", f"{_name(value.type)} where {_name(want)} is expected", node)
        return fitted

    def expect(self, node: ast.expr, want: t.Type) -> ir.Expr:
        """Lower `node` for a place of type `want`."""
        return self.fitted(self.expr(node, want), want, node)

    # --- names

    def resolve(self, node: ast.expr) -> str | None:
        """The qualified name an expression stands for, if it is no value of this function."""
        if isinstance(node, ast.Attribute):
            base = self.resolve(node.value)
            return None if base is None else f"{base}.{node.attr}"
        if not isinstance(node, ast.Name):
            return None
        name = node.id
        if any(name in names for names in self.inner):
            return None
        for bound in self._scopes():
            if name in bound:
                return self._imported(bound[name], name)
        if name in self.scope.bindings:
            return self._imported(self.scope.bindings[name], name)
        return f"builtins.{name}" if is_builtin(name) else None

    def _scopes(self) -> Iterator[dict[str, list[ast.AST]]]:
        if self.function is not None:
            yield self.bound
            for outer in self.scope.enclosing_functions(self.function):
                yield self.scope.bound_in(outer)

    def _imported(self, nodes: list[ast.AST], name: str) -> str | None:
        if name in self.scope.global_names:
            return None
        found = {self.scope.imported(node, name) for node in nodes}
        return found.pop() if len(found) == 1 else None

    def definition(self, node: ast.expr) -> tuple[ModuleScope, ast.AST] | None:
        """The function or class of the program that an expression names."""
        if isinstance(node, ast.Name) and not any(node.id in names for names in self.inner):
            for bound in (*self._scopes(), self.scope.bindings):
                if node.id in bound:
                    nodes = bound[node.id]
                    if len(nodes) == 1 and isinstance(nodes[0], ast.FunctionDef | ast.ClassDef):
                        return self.scope, nodes[0]
                    break
        qualified = self.resolve(node)
        member = self.meaning.module_member(qualified) if qualified else None
        if member is None:
            return None
        scope, name = member
        nodes = scope.bindings.get(name, [])
        if len(nodes) == 1 and isinstance(nodes[0], ast.FunctionDef | ast.ClassDef):
            return scope, nodes[0]
        return None

    def _name(self, node: ast.Name) -> ir.Expr:
        name, span = node.id, self.span(node)
        for names in reversed(self.inner):
            if name in names:
                return self._narrowed(ir.Name(name, names[name], span), node)
        if name in self.constants:
            self.used_constants.add(name)
            return ir.Name(name, self.constants[name].type, span)
        if name in self.bound:
            if name not in self.locals:
                raise self.refuse("LF304", f"`{name}` is not a plain local here", node)
            if name not in self.assigned:
                raise self.refuse("LF308", f"`{name}` may have no value here", node)
            return self._narrowed(ir.Name(name, self.locals[name], span), node)
        for bound in list(self._scopes())[1:]:
            if name in bound:
                raise self.refuse(
                    "LF304", f"`{name}` of an enclosing function has no known value", node
                )
        qualified = self.resolve(node)
        if qualified in ("langgraph.graph.END", "langgraph.constants.END"):
            return ir.StrLit("__end__", STR, span)
        if qualified in ("langgraph.graph.START", "langgraph.constants.START"):
            return ir.StrLit("__start__", STR, span)
        member = self.meaning.module_member(qualified) if qualified else None
        if member is not None:
            return self.meaning.global_value(*member, span)
        if qualified in CONSTANTS:
            return ir.Call(qualified, (), (), CONSTANTS[qualified], span)
        if name in self.scope.bindings and qualified is None:
            return self.meaning.global_value(self.scope, name, span)
        raise self.refuse("LF304", f"`{name}` is not a value that native code knows", node)

    def _narrowed(self, value: ir.Expr, node: ast.expr) -> ir.Expr:
        checked = self.checked_type(node)
        if checked == value.type or isinstance(checked, t.AnyType | t.NoneType):
            return value
        if isinstance(value.type, t.OptionalType) and value.type.item == checked:
            return ir.Narrow(value, checked, value.span)
        if isinstance(value.type, t.AnyType) and fit.fits_any(checked):
            return ir.Narrow(value, checked, value.span)
        return value

    # --- expressions

    def expr(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Lower an expression; `want` shapes literals, it need not be met."""
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
                op = _BINARY.get(type(node.op))
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
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, want)
            case ast.Call():
                return self.call(node, want)
        raise self.refuse("LF302", f"`{type(node).__name__}` expressions are not native", node)

    def call(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        """Lower a call."""
        raise NotImplementedError

    def condition(self, node: ast.expr) -> ir.Expr:
        """Lower an expression of which only the truth matters."""
        span = self.span(node)
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
        if isinstance(tested.type, t.RecordType | t.CallableType):
            raise self.refuse("LF302", "the truth of a record is not native", node)
        return ir.Truth(tested, BOOL, span)

    def _constant(self, node: ast.Constant) -> ir.Expr:
        span, value = self.span(node), node.value
        match value:
            case None:
                return ir.NoneLit(t.NoneType(), span)
            case bool():
                return ir.BoolLit(value, BOOL, span)
            case int():
                return ir.IntLit(str(value), INT, span)
            case float():
                return ir.FloatLit(repr(value), FLOAT, span)
            case str():
                if any("\ud800" <= character <= "\udfff" for character in value):
                    raise self.refuse(
                        "LF302", "a lone surrogate has no place in Rust's strings", node
                    )
                return ir.StrLit(value, STR, span)
        raise self.refuse("LF302", f"`{type(value).__name__}` literals are not native", node)

    def _parts(self, node: ast.JoinedStr) -> tuple[ir.StrLit | ir.Formatted, ...]:
        parts: list[ir.StrLit | ir.Formatted] = []
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                inner = self.expr(value.value)
                conversion = _CONVERSIONS.get(value.conversion)
                if conversion is None:
                    raise self.refuse("LF302", "conversion `!a` is not native", node)
                self._check_shown(inner.type, node)
                spec = (
                    self._parts(value.format_spec)
                    if isinstance(value.format_spec, ast.JoinedStr)
                    else ()
                )
                parts.append(ir.Formatted(inner, conversion, spec, STR, inner.span))
            elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                parts.append(ir.StrLit(value.value, STR, self.span(node)))
        return tuple(parts)

    def _check_shown(self, shown: t.Type, node: ast.expr) -> None:
        """Text of records and classes depends on more than their fields."""
        match shown:
            case t.RecordType() | t.CallableType() | t.SetType() | t.BytesType():
                raise self.refuse("LF302", f"the text of {_name(shown)} is not native", node)
            case t.ClassType(name=name) if not name.startswith(("datetime.", "Exception")):
                raise self.refuse("LF302", f"the text of {_name(shown)} is not native", node)
            case t.ListType(item=item) | t.OptionalType(item=item):
                self._check_shown(item, node)
            case t.DictType(key=key, value=value):
                self._check_shown(key, node)
                self._check_shown(value, node)
            case t.TupleType(items=items):
                for item in items:
                    self._check_shown(item, node)

    def common(self, values: list[ir.Expr], node: ast.expr) -> t.Type:
        """The type that holds all of `values`."""
        if not values:
            return ANY
        result = values[0].type
        for value in values[1:]:
            joined = fit.join(result, value.type)
            result = ANY if joined is None else joined
        if isinstance(result, t.NoneType):
            return ANY
        return result

    def _items(self, node: ast.List | ast.Set, want: t.Type | None) -> ir.Expr:
        item = want.item if isinstance(want, t.ListType | t.SetType) else None
        values: list[ir.Expr] = []
        spread: list[bool] = []
        for element in node.elts:
            if isinstance(element, ast.Starred):
                inner = self.iterated(element.value)
                values.append(inner[0])
                spread.append(True)
            else:
                values.append(self.expr(element, item))
                spread.append(False)
        if item is None:
            checked = self.checked_type(node)
            item = checked.item if isinstance(checked, t.ListType | t.SetType) else ANY
            if isinstance(item, t.AnyType):
                single = [v for v, s in zip(values, spread, strict=True) if not s]
                item = self.common(single, node) if len(single) == len(values) else ANY
        items: list[ir.Expr] = []
        for element, value, is_spread in zip(node.elts, values, spread, strict=True):
            if is_spread:
                given = _item_type(value.type)
                if given != item:
                    raise self.refuse("LF307", f"{_name(value.type)} among {_name(item)}", element)
                items.append(ir.Spread(value, value.type, value.span))
            else:
                items.append(self.fitted(value, item, element))
        if isinstance(node, ast.Set):
            if not _hashable(item):
                raise self.refuse("LF302", f"a set of {_name(item)} is not native", node)
            return ir.SetLit(tuple(items), t.SetType(item), self.span(node))
        return ir.ListLit(tuple(items), t.ListType(item), self.span(node))

    def _tuple(self, node: ast.Tuple, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.elts) <= 6 or any(isinstance(e, ast.Starred) for e in node.elts):
            raise self.refuse("LF302", "tuples of this form are not native", node)
        wanted = (
            list(want.items)
            if isinstance(want, t.TupleType) and len(want.items) == len(node.elts)
            else [None] * len(node.elts)
        )
        items = [
            self.expr(element, item) if item is None else self.expect(element, item)
            for element, item in zip(node.elts, wanted, strict=True)
        ]
        items = [ir.NoneLit(ANY, i.span) if isinstance(i.type, t.NoneType) else i for i in items]
        return ir.TupleLit(
            tuple(items), t.TupleType(tuple(item.type for item in items)), self.span(node)
        )

    def _dict(self, node: ast.Dict, want: t.Type | None) -> ir.Expr:
        span = self.span(node)
        if isinstance(want, t.RecordType):
            return self.record(node, want)
        key_type: t.Type | None = None
        value_type: t.Type | None = None
        checked = want if isinstance(want, t.DictType) else self.checked_type(node)
        if isinstance(checked, t.DictType):
            key_type, value_type = checked.key, checked.value
        keys = [None if key is None else self.expr(key, key_type) for key in node.keys]
        values = [self.expr(value, value_type) for value in node.values]
        given = [key for key in keys if key is not None]
        if key_type is None or isinstance(key_type, t.AnyType):
            key_type = self.common(given, node) if len(given) == len(keys) else key_type or ANY
        if value_type is None or (isinstance(value_type, t.AnyType) and want is None):
            plain = [v for k, v in zip(keys, values, strict=True) if k is not None]
            value_type = self.common(plain, node) if len(plain) == len(keys) else ANY
        if not _hashable(key_type):
            raise self.refuse("LF302", f"a dict with keys of {_name(key_type)} is not native", node)
        whole = t.DictType(key_type, value_type)
        entries: list[tuple[ir.Expr | None, ir.Expr]] = []
        for key, key_node, value, value_node in zip(
            keys, node.keys, values, node.values, strict=True
        ):
            if key is None or key_node is None:
                entries.append((None, self.fitted(value, whole, value_node)))
            else:
                entries.append(
                    (
                        self.fitted(key, key_type, key_node),
                        self.fitted(value, value_type, value_node),
                    )
                )
        return ir.DictLit(tuple(entries), whole, span)

    def record(self, node: ast.Dict, want: t.RecordType) -> ir.Expr:
        """A dict literal where a TypedDict is expected."""
        record = self.records[want.record]
        known = {field.name: fit.plain(field.type) for field in record.fields}
        fields: list[tuple[str, ir.Expr]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            named = isinstance(key, ast.Constant) and key.value in known
            if not named or not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise self.refuse("LF307", f"a key that is no field of `{record.name}`", node)
            if any(name == key.value for name, _ in fields):
                raise self.refuse("LF302", f"key {key.value!r} stands twice", node)
            fields.append((key.value, self.expect(value, known[key.value])))
        if record.kind != "typed_dict":
            raise self.refuse("LF307", f"a dict where `{record.name}` is expected", node)
        return ir.RecordLit(tuple(fields), want, self.span(node))

    def _unary(self, node: ast.UnaryOp) -> ir.Expr:
        span = self.span(node)
        if isinstance(node.op, ast.Not):
            return ir.Unary("not", self.condition(node.operand), BOOL, span)
        operand = self.expr(node.operand)
        if isinstance(node.op, ast.USub):
            if isinstance(operand, ir.IntLit) and operand.digits != "0":
                return ir.IntLit(str(-int(operand.digits)), INT, span)
            if isinstance(operand.type, t.IntType | t.FloatType):
                return ir.Unary("-", operand, operand.type, span)
        if isinstance(node.op, ast.UAdd) and isinstance(operand.type, t.IntType | t.FloatType):
            return operand
        if isinstance(node.op, ast.Invert) and isinstance(operand.type, t.IntType):
            return ir.Unary("~", operand, INT, span)
        raise self.refuse("LF302", f"this operator on {_name(operand.type)} is not native", node)

    def binary(
        self, op: ir.BinaryOp, left: ir.Expr, right: ir.Expr, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """`left op right` with its type, or a refusal."""
        joined = self._joined_lists(op, left, right)
        if joined is not None:
            left, right = joined
        result = _binary_type(op, left, right)
        if result is None:
            raise self.refuse(
                "LF302",
                f"`{op}` on {_name(left.type)} and {_name(right.type)} is not native",
                node,
            )
        if isinstance(result, t.AnyType):
            left = self.fitted(left, ANY, node)
            right = self.fitted(right, ANY, node)
        return ir.Binary(op, left, right, result, self.span(node))

    def _joined_lists(
        self, op: str, left: ir.Expr, right: ir.Expr
    ) -> tuple[ir.Expr, ir.Expr] | None:
        if op not in "+|" or left.type == right.type:
            return None
        kinds = (t.ListType, t.DictType)
        if isinstance(left.type, kinds) and isinstance(right.type, kinds):
            joined = fit.join(left.type, right.type)
            a = fit.convert(left, joined) if joined else None
            b = fit.convert(right, joined) if joined else None
            if a is not None and b is not None:
                return a, b
        return None

    def _logical(self, node: ast.BoolOp, want: t.Type | None) -> ir.Expr:
        op = _logical_op(node)
        result = self.expr(node.values[-1], want)
        for earlier in reversed(node.values[:-1]):
            left = self.expr(earlier, want)
            span = Span(*_between(left.span, result.span))
            if left.type == result.type:
                common: t.Type = left.type
            elif op == "or" and left.type == t.OptionalType(result.type):
                common = result.type
                result = ir.Logical(op, left, result, common, span)
                continue
            elif isinstance(left.type, t.OptionalType) and left.type == t.OptionalType(result.type):
                common = left.type
            else:
                joined = fit.join(left.type, result.type)
                common = ANY if joined is None else joined
            left = self.fitted(left, common, node)
            result = ir.Logical(op, left, self.fitted(result, common, node), common, span)
        if isinstance(result.type, t.NoneType | t.RecordType):
            raise self.refuse("LF302", "this choice between values is not native", node)
        return result

    def _compare(self, node: ast.Compare) -> ir.Expr:
        left_node = node.left
        result: ir.Expr | None = None
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            if result is not None and not isinstance(left_node, ast.Name | ast.Constant):
                raise self.refuse(
                    "LF302", "a chain over a computed middle value is not native", node
                )
            step = self._comparison(op, left_node, right_node, node)
            result = (
                step if result is None else ir.Logical("and", result, step, BOOL, self.span(node))
            )
            left_node = right_node
        if result is None:
            raise self.refuse("LF302", "an empty comparison", node)
        return result

    def _comparison(
        self, op: ast.cmpop, left_node: ast.expr, right_node: ast.expr, node: ast.Compare
    ) -> ir.Expr:
        span = self.span(node)
        if isinstance(op, ast.Is | ast.IsNot):
            if not (isinstance(right_node, ast.Constant) and right_node.value is None):
                raise self.refuse("LF302", "`is` between objects is not native", node)
            left = self.expr(left_node)
            if isinstance(left, ir.Narrow) and isinstance(left.value.type, t.OptionalType):
                left = left.value
            if not isinstance(left.type, t.OptionalType | t.AnyType):
                raise self.refuse("LF307", f"{_name(left.type)} compared with None", node)
            name: ir.CompareOp = "is none" if isinstance(op, ast.Is) else "is not none"
            right: ir.Expr = ir.NoneLit(t.NoneType(), self.span(right_node))
            return ir.Compare(name, left, right, BOOL, span)
        spelled = _COMPARE[type(op)]
        left = self.expr(left_node)
        if spelled in ("in", "not in"):
            return self._membership(spelled, left, right_node, node)
        right = self.expr(right_node)
        left, right = self._comparable(spelled, left, right, node)
        return ir.Compare(spelled, left, right, BOOL, span)

    def _membership(
        self, op: ir.CompareOp, left: ir.Expr, right_node: ast.expr, node: ast.Compare
    ) -> ir.Expr:
        span = self.span(node)
        right = self.expr(right_node)
        kind = right.type
        if isinstance(kind, t.RecordType):
            known = {field.name for field in self.records[kind.record].fields}
            if not isinstance(left, ir.StrLit) or left.value not in known:
                raise self.refuse("LF302", "a computed key of a record is not native", node)
            has: ir.Expr = ir.HasField(right, left.value, BOOL, span)
            return has if op == "in" else ir.Unary("not", has, BOOL, span)
        if (
            isinstance(kind, t.TupleType)
            and len(set(kind.items)) == 1
            and isinstance(right, ir.TupleLit)
        ):
            right = ir.ListLit(right.items, t.ListType(kind.items[0]), right.span)
            kind = right.type
        wanted = STR if isinstance(kind, t.StrType) else _item_type(kind)
        if wanted is None:
            raise self.refuse("LF302", f"`in` on {_name(kind)} is not native", node)
        return ir.Compare(op, self.fitted(left, wanted, node), right, BOOL, span)

    def _comparable(
        self, op: str, left: ir.Expr, right: ir.Expr, node: ast.expr
    ) -> tuple[ir.Expr, ir.Expr]:
        numbers = t.IntType | t.FloatType
        if isinstance(left.type, numbers) and isinstance(right.type, numbers):
            return left, right
        if op in ("==", "!="):
            joined = fit.join(left.type, right.type)
            if joined is not None and not isinstance(joined, t.RecordType | t.ClassType):
                return self.fitted(left, joined, node), self.fitted(right, joined, node)
        if left.type == right.type and (
            _ordered(left.type) or (op in ("==", "!=") and isinstance(left.type, t.ClassType))
        ):
            return left, right
        if isinstance(left.type, t.AnyType) or isinstance(right.type, t.AnyType):
            return self.fitted(left, ANY, node), self.fitted(right, ANY, node)
        raise self.refuse(
            "LF307",
            f"`{op}` between {_name(left.type)} and {_name(right.type)} is not native",
            node,
        )

    def _conditional(self, node: ast.IfExp, want: t.Type | None) -> ir.Expr:
        test = self.condition(node.test)
        then, otherwise = self.expr(node.body, want), self.expr(node.orelse, want)
        joined = fit.join(then.type, otherwise.type)
        if joined is None or isinstance(joined, t.NoneType):
            joined = ANY
        return ir.Conditional(
            test,
            self.fitted(then, joined, node.body),
            self.fitted(otherwise, joined, node.orelse),
            joined,
            self.span(node),
        )

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        value, span = self.expr(node.value), self.span(node)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node.slice, node)
        match value.type:
            case t.RecordType(record=record):
                index = node.slice
                if not isinstance(index, ast.Constant) or not isinstance(index.value, str):
                    raise self.refuse("LF302", "a computed key of a record is not native", node)
                return ir.Field(value, index.value, self.field(record, index.value, node), span)
            case t.DictType(key=key, value=item):
                return ir.Item(value, self.expect(node.slice, key), item, span)
            case t.ListType(item=item):
                return ir.Item(value, self.expect(node.slice, INT), item, span)
            case t.StrType():
                return ir.Item(value, self.expect(node.slice, INT), STR, span)
            case t.TupleType(items=items):
                at = self.expr(node.slice)
                if isinstance(at, ir.IntLit) and -len(items) <= int(at.digits) < len(items):
                    place = int(at.digits) % len(items)
                    literal = ir.IntLit(str(place), INT, at.span)
                    return ir.Item(value, literal, items[place], span)
            case t.AnyType():
                return ir.Item(value, self.expect(node.slice, ANY), ANY, span)
            case t.ClassType(name="re.Match"):
                group = self.expr(node.slice)
                optional = t.OptionalType(STR)
                return self._narrowed(
                    ir.MethodCall(value, "group", (group,), (), optional, span), node
                )
        raise self.refuse("LF302", f"subscripts of {_name(value.type)} are not native", node)

    def _slice(self, value: ir.Expr, bounds: ast.Slice, node: ast.Subscript) -> ir.Expr:
        if not isinstance(value.type, t.ListType | t.StrType | t.AnyType):
            raise self.refuse("LF302", f"slices of {_name(value.type)} are not native", node)

        def bound(given: ast.expr | None) -> ir.Expr | None:
            if given is None or (isinstance(given, ast.Constant) and given.value is None):
                return None
            return self.expect(given, INT)

        return ir.Slice(
            value,
            bound(bounds.lower),
            bound(bounds.upper),
            bound(bounds.step),
            value.type,
            self.span(node),
        )

    def field(self, record: str, name: object, node: ast.expr) -> t.Type:
        """The type of a record's field."""
        for field in self.records[record].fields:
            if field.name == name:
                return fit.plain(field.type)
        raise self.refuse("LF307", f"`{self.records[record].name}` has no field {name!r}", node)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        span = self.span(node)
        qualified = self.resolve(node)
        if qualified in CONSTANTS:
            return ir.Call(qualified, (), (), CONSTANTS[qualified], span)
        if qualified is not None:
            member = self.meaning.module_member(qualified)
            if member is not None:
                return self.meaning.global_value(*member, span)
            raise self.refuse("LF303", f"`{qualified}` is not native", node)
        value = self.expr(node.value)
        if (
            isinstance(value.type, t.RecordType)
            and self.records[value.type.record].kind == "dataclass"
        ):
            record = value.type.record
            return ir.Field(value, node.attr, self.field(record, node.attr, node), span)
        if isinstance(value.type, t.ClassType):
            found = ATTRIBUTES.get(value.type.name, {}).get(node.attr)
            if found is not None:
                return ir.Attribute(value, node.attr, found, span)
        raise self.refuse(
            "LF303", f"attribute `{node.attr}` of {_name(value.type)} is not native", node
        )

    # --- iteration

    def iterated(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """An expression that is iterated over, and the type of its items."""
        value = self.expr(node)
        if isinstance(value.type, t.SetType):
            raise self.refuse("LF311", "the order of a set is not defined", node)
        item = STR if isinstance(value.type, t.StrType) else _item_type(value.type)
        if isinstance(value, ir.Comprehension) and value.kind == "generator":
            item = value.element.type
        if item is None:
            raise self.refuse("LF302", f"iterating over {_name(value.type)} is not native", node)
        return value, item

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
            return ir.NameTarget(node.id, item, span)
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
        raise self.refuse("LF302", f"unpacking {_name(item)} here is not native", node)

    def _comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
        want: t.Type | None,
    ) -> ir.Expr:
        clauses: list[ir.Clause] = []
        depth = len(self.inner)
        try:
            for generator in node.generators:
                if generator.is_async:
                    raise self.refuse("LF302", "`async for` is not native", node)
                iterable, item = self.iterated(generator.iter)
                names: dict[str, t.Type] = {}
                target = self.target(generator.target, item, names)
                self.inner.append(names)
                conditions = tuple(self.condition(test) for test in generator.ifs)
                clauses.append(ir.Clause(target, iterable, item, conditions))
            return self._collected(node, tuple(clauses), want)
        finally:
            del self.inner[depth:]

    def _collected(
        self,
        node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
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
            if not _hashable(key.type):
                raise self.refuse(
                    "LF302", f"a dict with keys of {_name(key.type)} is not native", node
                )
            whole: t.Type = t.DictType(key.type, value.type)
            return ir.Comprehension("dict", key, value, clauses, whole, span)
        item = want.item if isinstance(want, t.ListType | t.SetType) else None
        element = self.expr(node.elt, item)
        if item is not None:
            element = self.fitted(element, item, node.elt)
        if isinstance(node, ast.SetComp):
            if not _hashable(element.type):
                raise self.refuse("LF302", f"a set of {_name(element.type)} is not native", node)
            return ir.Comprehension("set", None, element, clauses, t.SetType(element.type), span)
        kind: Literal["list", "generator"] = (
            "list" if isinstance(node, ast.ListComp) else "generator"
        )
        return ir.Comprehension(kind, None, element, clauses, t.ListType(element.type), span)


def _binary_type(op: str, left: ir.Expr, right: ir.Expr) -> t.Type | None:
    match left.type, right.type:
        case t.IntType(), t.IntType():
            if op == "/":
                return FLOAT
            if op == "**" and not (isinstance(right, ir.IntLit) and int(right.digits) >= 0):
                return None
            return INT
        case ((t.FloatType() | t.IntType()), (t.FloatType() | t.IntType())):
            if op == "**":
                return FLOAT if isinstance(right, ir.IntLit) else None
            return FLOAT if op in ("+", "-", "*", "/", "//", "%") else None
        case t.StrType(), t.StrType():
            return STR if op == "+" else None
        case (t.StrType(), t.IntType()) | (t.IntType(), t.StrType()):
            return STR if op == "*" else None
        case t.ListType(), t.ListType() if left.type == right.type:
            return left.type if op == "+" else None
        case t.ListType(), t.IntType():
            return left.type if op == "*" else None
        case t.DictType(), t.DictType() if left.type == right.type:
            return left.type if op == "|" else None
        case t.SetType(), t.SetType() if left.type == right.type:
            return left.type if op in ("|", "&", "-", "^") else None
        case t.ClassType(name=a), t.ClassType(name="datetime.timedelta") if a in _DAYS:
            return left.type if op in ("+", "-") else None
        case t.ClassType(name=a), t.ClassType(name=b) if a == b and a in _DAYS:
            return _DELTA if op == "-" else None
        case t.ClassType(name="datetime.timedelta"), t.ClassType(name="datetime.timedelta"):
            return _DELTA if op in ("+", "-") else None
        case t.ClassType(name="datetime.timedelta"), t.IntType():
            return _DELTA if op == "*" else None
        case (t.AnyType(), _) | (_, t.AnyType()):
            return ANY if op in ("+", "-", "*", "/", "//", "%") else None
    return None


def _item_type(kind: t.Type) -> t.Type | None:
    match kind:
        case t.ListType(item=item) | t.SetType(item=item):
            return item
        case t.DictType(key=key):
            return key
        case t.AnyType():
            return ANY
    return None


def _hashable(kind: t.Type) -> bool:
    match kind:
        case t.StrType() | t.IntType() | t.BoolType() | t.AnyType():
            return True
        case t.TupleType(items=items):
            return all(_hashable(item) for item in items)
        case t.OptionalType(item=item):
            return _hashable(item)
    return False


def _ordered(kind: t.Type) -> bool:
    match kind:
        case t.StrType() | t.IntType() | t.FloatType():
            return True
        case t.ClassType(name=name):
            return name.startswith("datetime.")
        case t.TupleType(items=items):
            return all(_ordered(item) for item in items)
        case t.ListType(item=item):
            return _ordered(item)
    return False


def _logical_op(node: ast.BoolOp) -> Literal["and", "or"]:
    return "and" if isinstance(node.op, ast.And) else "or"


def _between(start: Span, end: Span) -> tuple[str, int, int, int, int]:
    return start.file, start.line, start.column, end.end_line, end.end_column


def _name(kind: t.Type) -> str:
    """A type as the user would write it."""
    match kind:
        case t.ListType(item=item):
            return f"list[{_name(item)}]"
        case t.SetType(item=item):
            return f"set[{_name(item)}]"
        case t.DictType(key=key, value=value):
            return f"dict[{_name(key)}, {_name(value)}]"
        case t.TupleType(items=items):
            return f"tuple[{', '.join(map(_name, items))}]"
        case t.OptionalType(item=item):
            return f"{_name(item)} | None"
        case t.RecordType(record=record):
            return record
        case t.ClassType(name=name):
            return name
        case t.AnyType():
            return "Any"
        case t.NoneType():
            return "None"
    return type(kind).__name__.removesuffix("Type").lower()
