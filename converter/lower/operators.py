"""Arithmetic, comparisons and choices between values."""

import ast
from typing import Literal

from langferry.converter.lower import convert as fit
from langferry.converter.lower.literals import Literals, is_ordered, item_type
from langferry.converter.lower.names import type_name
from langferry.converter.lower.requests import Receiver
from langferry.converter.lower.signatures import ANY, BOOL, CONFIGURABLE, FLOAT, INT, STR
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

BINARY_OPS: dict[type[ast.operator], ir.BinaryOp] = {
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

_DAYS = ("datetime.date", "datetime.datetime")

_LITERALS = ir.TupleLit | ir.ListLit | ir.SetLit | ir.DictLit
_DELTA = t.ClassType("datetime.timedelta")


class Operators(Literals):
    """Lowers operators."""

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
        raise self.refuse(
            "LF302", f"this operator on {type_name(operand.type)} is not native", node
        )

    def binary(
        self, op: ir.BinaryOp, left: ir.Expr, right: ir.Expr, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """`left op right` with its type, or a refusal."""
        joined = self._joined_lists(op, left, right)
        if joined is not None:
            left, right = joined
        result = _binary_type(op, left, right)
        if result is None and self._may_be_none(left, right):
            # Python finds out when it is there
            result = _binary_type(op, self.fitted(left, ANY, node), right)
        if result is None:
            raise self.refuse(
                "LF302",
                f"`{op}` on {type_name(left.type)} and {type_name(right.type)} is not native",
                node,
            )
        if isinstance(result, t.AnyType):
            left = self.fitted(left, ANY, node)
            right = self.fitted(right, ANY, node)
        return ir.Binary(op, left, right, result, self.span(node))

    def or_none(self, value: ir.Expr, node: ast.expr) -> ir.Expr:
        """What may be None, which Python finds out when it is there."""
        may_be = isinstance(value.type, t.OptionalType) and fit.fits_any(value.type)
        return self.fitted(value, ANY, node) if may_be else value

    def _may_be_none(self, *values: ir.Expr) -> bool:
        """Whether one of these may be None, and all can be looked at when the program runs."""
        return any(isinstance(value.type, t.OptionalType) for value in values) and all(
            fit.fits_any(value.type) for value in values
        )

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
        if op == "or" and self.is_full(node.values[0]):
            return self.expr(node.values[0], want)
        result = self.expr(node.values[-1], want)
        for earlier in reversed(node.values[:-1]):
            left = self.expr(earlier, want)
            span = Span(*_between(left.span, result.span))
            if fit.is_of_langchain(left.type) and isinstance(left.type, t.ClassType):
                if not self.certain(earlier):
                    raise self.refuse("LF302", "this choice between values is not native", node)
                result = left if op == "or" else result
                continue
            inner = left.type.item if isinstance(left.type, t.OptionalType) else left.type
            if fit.is_of_langchain(inner) and not t.is_always_true(inner):
                raise self.refuse("LF302", "this choice between values is not native", node)
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
            if isinstance(right_node, ast.Constant) and isinstance(right_node.value, bool):
                return self._is_bool(isinstance(op, ast.Is), left_node, right_node.value, node)
            if not (isinstance(right_node, ast.Constant) and right_node.value is None):
                return self._is_member(isinstance(op, ast.Is), left_node, right_node, node)
            left = self.expr(left_node)
            if isinstance(left, ir.Narrow) and isinstance(left.value.type, t.OptionalType):
                left = left.value
            if isinstance(left, ir.Name | ir.Global) and fit.is_of_langchain(left.type):
                return ir.BoolLit(isinstance(op, ast.IsNot), BOOL, span)
            if isinstance(left.type, t.NoneType):
                raise self.refuse("LF307", f"{type_name(left.type)} compared with None", node)
            if not isinstance(left.type, t.OptionalType | t.AnyType):
                # it is evaluated all the same, and what is of that type is never None
                left = ir.Convert(left, t.OptionalType(left.type), left.span)
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

    def _is_member(
        self, wanted: bool, left_node: ast.expr, right_node: ast.expr, node: ast.Compare
    ) -> ir.Expr:
        """`x is C.A` of a member of an enum, of which there is one."""
        span, found = self.span(node), self.standing_for(right_node)
        if not isinstance(found, Receiver) or found.member is None:
            raise self.refuse("LF302", "`is` between objects is not native", node)
        given = (self.expect(left_node, ANY), self.expect(right_node, ANY))
        same = ir.Call("enums.is_member", given, (), BOOL, span)
        return same if wanted else ir.Unary("not", same, BOOL, span)

    def _is_bool(
        self, wanted: bool, left_node: ast.expr, right: bool, node: ast.Compare
    ) -> ir.Expr:
        """`x is True` and the like."""
        span, left = self.span(node), self.expr(left_node)
        literal = ir.BoolLit(right, BOOL, span)
        if isinstance(left.type, t.BoolType):
            return left if wanted == right else ir.Unary("not", left, BOOL, span)
        if not fit.fits_any(left.type):
            raise self.refuse("LF302", "`is` between objects is not native", node)
        given = (self.fitted(left, ANY, node), literal)
        same = ir.Call("builtins.is_bool", given, (), BOOL, span)
        return same if wanted else ir.Unary("not", same, BOOL, span)

    def _membership(
        self, op: ir.CompareOp, left: ir.Expr, right_node: ast.expr, node: ast.Compare
    ) -> ir.Expr:
        span = self.span(node)
        right = self.or_none(self.passing(self.tuple_of_module(right_node) or right_node), node)
        kind = right.type
        if kind == CONFIGURABLE:
            asked = self.configured_key(node.left)
            given: ir.Expr = ir.MethodCall(right, "has", (asked,), (), BOOL, span)
            return given if op == "in" else ir.Unary("not", given, BOOL, span)
        if isinstance(kind, t.RecordType) and self.records[kind.record].kind == "typed_dict":
            known = {field.name for field in self.records[kind.record].fields}
            if not isinstance(left, ir.StrLit) or left.value not in known:
                whole = self.as_dict(right, node)
                assert whole is not None
                return ir.Compare(op, self.fitted(left, STR, node), whole, BOOL, span)
            has: ir.Expr = ir.HasField(right, left.value, BOOL, span)
            return has if op == "in" else ir.Unary("not", has, BOOL, span)
        if (
            isinstance(kind, t.TupleType)
            and len(set(kind.items)) == 1
            and isinstance(right, ir.TupleLit)
        ):
            right = ir.ListLit(right.items, t.ListType(kind.items[0]), right.span)
            kind = right.type
        if isinstance(left.type, t.AnyType) and isinstance(right, _LITERALS):
            # what is of another type is no item of it, which is no error
            right = self.fitted(right, ANY, right_node)
            kind = right.type
        wanted = STR if isinstance(kind, t.StrType) else item_type(kind)
        if wanted is None:
            raise self.refuse("LF302", f"`in` on {type_name(kind)} is not native", node)
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
            is_ordered(left.type) or (op in ("==", "!=") and isinstance(left.type, t.ClassType))
        ):
            return left, right
        is_any = isinstance(left.type, t.AnyType) or isinstance(right.type, t.AnyType)
        if is_any or self._may_be_none(left, right):
            return self.fitted(left, ANY, node), self.fitted(right, ANY, node)
        raise self.refuse(
            "LF307",
            f"`{op}` between {type_name(left.type)} and {type_name(right.type)} is not native",
            node,
        )

    def _conditional(self, node: ast.IfExp, want: t.Type | None) -> ir.Expr:
        sure = self.certain(node.test)
        if sure is not None:
            return self.expr(node.body if sure else node.orelse, want)
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


def _binary_type(op: str, left: ir.Expr, right: ir.Expr) -> t.Type | None:
    match left.type, right.type:
        case t.IntType(), t.IntType():
            if op == "/":
                return FLOAT
            if op == "**" and not (isinstance(right, ir.IntLit) and int(right.digits) >= 0):
                # a fraction where the exponent is negative
                return ANY
            return INT
        case ((t.FloatType() | t.IntType()), (t.FloatType() | t.IntType())):
            if op == "**":
                return FLOAT if isinstance(right, ir.IntLit) else ANY
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
        case t.ClassType(name="pathlib.Path"), (t.StrType() | t.ClassType(name="pathlib.Path")):
            return left.type if op == "/" else None
        case t.ClassType(name=a), t.ClassType(name="datetime.timedelta") if a in _DAYS:
            return left.type if op in ("+", "-") else None
        case t.ClassType(name=a), t.ClassType(name=b) if a == b and a in _DAYS:
            return _DELTA if op == "-" else None
        case t.ClassType(name="datetime.timedelta"), t.ClassType(name="datetime.timedelta"):
            return _DELTA if op in ("+", "-") else None
        case t.ClassType(name="datetime.timedelta"), t.IntType():
            return _DELTA if op == "*" else None
        case (t.AnyType(), _) | (_, t.AnyType()):
            return ANY if op in ("+", "-", "*", "/", "//", "%", "**") else None
    return None


def _logical_op(node: ast.BoolOp) -> Literal["and", "or"]:
    return "and" if isinstance(node.op, ast.And) else "or"


def _between(start: Span, end: Span) -> tuple[str, int, int, int, int]:
    return start.file, start.line, start.column, end.end_line, end.end_column
