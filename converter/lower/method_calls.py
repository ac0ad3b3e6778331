"""Calls of methods."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.builtin_calls import is_none
from langferry.converter.lower.dumped_objects import DUMPING, DumpedObjects
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.pattern_groups import groups_always_found
from langferry.converter.lower.signatures import (
    ANY,
    BOOL,
    CLASS_METHODS,
    DICT_METHODS,
    INT,
    LIST_METHODS,
    SET_METHODS,
    STR,
    STR_METHODS,
    Signature,
)
from langferry.converter.lower.time_formats import unknown_directive
from langferry.converter.module_scope import own_nodes
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.mutators import MUTATORS


def is_simple(node: ast.expr) -> bool:
    """Whether it makes no difference when it is evaluated."""
    return isinstance(node, ast.Constant | ast.Name)


def _may_be_either(default: ir.Expr, written: ast.expr) -> bool:
    """Whether this default can stand for a value of another type, as what nothing is known of.

    The type checker takes a bool for a number.
    """
    return isinstance(written, ast.Constant) and not isinstance(default.type, t.BoolType)


def _nothing(span: Span) -> ir.Expr:
    return ir.NoneLit(t.AnyType(), span)


_OF_DICTS = frozenset({"get", "items", "keys", "values"})
"""Methods that a program may ask an object for as if it were a dict."""


class MethodCalls(DumpedObjects):
    """Lowers methods of builtin and library classes."""

    def _method(self, node: ast.Call, func: ast.Attribute, want: t.Type | None) -> ir.Expr:
        if self.is_config(func.value) and func.attr == "get" and node.args:
            return self.lacking(node) or self.configurable(node.args[0], node)
        digest = self.digest(node)
        if digest is not None:
            return digest
        receiver, name = self.expr(func.value), func.attr
        if isinstance(receiver.type, t.OptionalType):
            receiver = self.present(receiver, name)
        if name in _OF_DICTS and self.is_given_object(receiver, name):
            asked = (self.class_name(receiver), ir.StrLit(name, STR, receiver.span))
            return ir.Call("objects.missing", asked, (), ANY, self.span(node))
        is_asked = name == "get" and node.args and not self._known_key(node.args[0])
        if is_asked or name in ("copy", "items", "keys", "values"):
            receiver = self.as_dict(receiver, node) or receiver
        kind = receiver.type
        if name in DUMPING and isinstance(kind, t.AnyType):
            return self.dumped(receiver, node)
        if name in MUTATORS and isinstance(kind, t.ListType | t.DictType | t.SetType):
            raise self.refuse(
                "LF302", f"the result of changing `{ast.unparse(func.value)}` is used", node
            )
        lowered = self.method_of_value(receiver, node)
        if lowered is None:
            lowered = self.method(receiver, name, node, want)
        if lowered is None:
            raise self.refuse("LF303", f"method `{name}` of {type_name(kind)} is not native", node)
        return lowered

    def method_of_value(self, value: ir.Expr, node: ast.Call) -> ir.Expr | None:
        """`value.name(...)` of a method of a class of the program; None where that is not known."""
        raise NotImplementedError

    def method(
        self, receiver: ir.Expr, name: str, node: ast.Call, want: t.Type | None
    ) -> ir.Expr | None:
        """A method call on a lowered receiver; None when it is not native."""
        span, kind = self.span(node), receiver.type
        special = self._special_method(receiver, name, node)
        if special is not None:
            return special
        if name in ("split", "rsplit") and isinstance(kind, t.StrType) and node.keywords:
            return self.method(receiver, name, self._split_in_order(node), want)
        open_types: dict[str, t.Type] = {}
        signature: Signature | None = None
        match kind:
            case t.StrType():
                signature = STR_METHODS.get(name)
            case t.ListType(item=item):
                open_types, signature = {"T": item}, LIST_METHODS.get(name)
            case t.SetType(item=item):
                open_types, signature = {"T": item}, SET_METHODS.get(name)
            case t.DictType(key=key, value=value):
                open_types, signature = {"K": key, "V": value}, DICT_METHODS.get(name)
            case t.ClassType(name=class_name):
                signature = CLASS_METHODS.get(class_name, {}).get(name)
        if signature is None:
            return None
        args = self._arguments(node, signature, open_types, name)
        match name, args:
            case "strftime", (ir.StrLit(value=text),) if unknown := unknown_directive(text):
                raise self.refuse(
                    "LF303", f"the directive {unknown} of `strftime` is not native", node
                )
        result = signature.types(open_types)[1]
        return ir.MethodCall(receiver, name, args, (), result, span)

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        span, args = self.span(node), node.args
        kind = receiver.type
        if isinstance(kind, t.RecordType) and self.records[kind.record].kind != "typed_dict":
            return None
        match receiver.type, name:
            case t.ClassType(name="langgraph.configurable"), "get" if 1 <= len(args) <= 2:
                given = (self.configured_key(args[0]), *(self.expect(x, ANY) for x in args[1:]))
                return ir.MethodCall(receiver, "get", given, (), ANY, span)
            case t.ClassType(name="pathlib.Path"), _:
                return self.path_method(receiver, name, node)
            case t.RecordType(record=record), "get" if 1 <= len(args) <= 2 and not node.keywords:
                return self._record_get(receiver, record, node)
            case t.AnyType(), "get" if 1 <= len(args) <= 2 and not node.keywords:
                given = tuple(self.expect(arg, ANY) for arg in args)
                return ir.MethodCall(receiver, "get", given, (), ANY, span)
            case t.AnyType(), "model_copy" if [x.arg for x in node.keywords] == ["update"]:
                if args:
                    return None
                update = self.expect(node.keywords[0].value, ANY)
                return ir.Call("messages.copied", (receiver, update), (), ANY, span)
            case t.AnyType(), _ if not node.keywords and name not in MUTATORS:
                given = tuple(self.expect(arg, ANY) for arg in args)
                return ir.MethodCall(receiver, name, given, (), ANY, span)
            case t.DictType(key=key, value=value), "get" if len(args) == 2 and not node.keywords:
                return self._dict_get(receiver, key, value, node)
            case t.StrType(), "format":
                return self.format_call(receiver, node)
            case t.StrType(), "join" if len(args) == 1:
                items, item = self.iterated(args[0])
                if isinstance(item, t.AnyType):
                    return self._join_any(receiver, items, node)
                if not isinstance(item, t.StrType):
                    raise self.refuse("LF307", f"joining {type_name(item)}", node)
                return ir.MethodCall(receiver, "join", (items,), (), STR, span)
            case t.BytesType(), "join" if len(args) == 1 and not node.keywords:
                joined = self.expect(args[0], t.ListType(t.BytesType()))
                return ir.Call("bytes.join", (receiver, joined), (), kind, span)
            case t.StrType(), "split" | "rsplit" if len(args) == 2 and is_none(args[0]):
                count = self.expect(args[1], INT)
                return ir.MethodCall(receiver, f"{name}_words", (count,), (), t.ListType(STR), span)
            case t.StrType(), "startswith" | "endswith" if len(args) == 1:
                if isinstance(args[0], ast.Tuple):
                    given = tuple(self.expect(item, STR) for item in args[0].elts)
                    return ir.MethodCall(receiver, f"{name}_any", given, (), BOOL, span)
            case t.ClassType(name="re.Match"), "group" if len(args) <= 1:
                group = self.expr(args[0]) if args else ir.IntLit("0", INT, span)
                if not isinstance(group.type, t.IntType | t.StrType):
                    raise self.refuse("LF303", "this form of `group` is not native", node)
                whole = isinstance(group, ir.IntLit) and group.digits == "0"
                if whole:
                    return ir.MethodCall(receiver, "group0", (), (), STR, span)
                result: t.Type = t.OptionalType(STR)
                found_group = ir.MethodCall(receiver, "group", (group,), (), result, span)
                if self._always_found(node.func, group):
                    return ir.Narrow(found_group, STR, span)
                return found_group
            case t.ClassType(name="re.Pattern"), "findall" if len(args) == 1:
                given = (self.expect(args[0], STR),)
                found = self._found(node)
                called = "findall" if found == t.ListType(STR) else "findall_any"
                return ir.MethodCall(receiver, called, given, (), found, span)
        return None

    def _always_found(self, func: ast.expr, group: ir.Expr) -> bool:
        """Whether a group is a part of whatever its pattern matches."""
        match func, group:
            case ast.Attribute(value=ast.Name(id=name)), ir.IntLit() | ir.StrLit():
                values = self.matched(name)
            case _:
                return False
        if len(values) != 1 or len(self.bound.get(name, ())) != 1:
            return False
        (value,) = values
        if not isinstance(value, ast.Call) or len(value.args) < 2:
            return False
        called = self.resolve(value.func) or ""
        flags = [*value.args[2:], *(item.value for item in value.keywords)]
        told = [
            self.resolve(x) for item in flags for x in ast.walk(item) if isinstance(x, ast.expr)
        ]
        if called not in ("re.search", "re.match", "re.fullmatch") or (
            {"re.X", "re.VERBOSE"} & set(told)
        ):
            return False
        pattern = self._pattern_text(value)
        key = group.value if isinstance(group, ir.StrLit) else int(group.digits)
        return pattern is not None and key in groups_always_found(pattern)

    def matched(self, name: str) -> list[ast.expr]:
        """What assignments give a local."""
        if self.function is None:
            return []
        return [
            part.value
            for part in own_nodes(self.function)
            if isinstance(part, ast.Assign) and part.targets == self.bound.get(name)
        ]

    def made_by(self, node: ast.expr) -> ast.Call | None:
        """The call that makes what this is, here or where its name is given to it; None where that is not certain."""
        made = [node]
        match node:
            case ast.Name(id=name) if name in self.around or any(name in x for x in self.inner):
                return None
            case ast.Name(id=name) if name in self.bound:
                made = self.matched(name)
            case ast.Name(id=name) if name not in self.scope.global_names:
                statements = [x for x in self.scope.tree.body if isinstance(x, ast.Assign)]
                bound = self.scope.bindings.get(name)
                made = [x.value for x in statements if x.targets == bound]
        match made:
            case [ast.Call() as call]:
                return call
        return None

    def _split_in_order(self, node: ast.Call) -> ast.Call:
        """`text.split(sep=..., maxsplit=...)` with its arguments by position."""
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        separator = node.args[0] if node.args else named.pop("sep", None)
        limit = named.pop("maxsplit", None)
        if named or len(node.args) > 1 or (separator is not None and not is_simple(separator)):
            raise self.refuse("LF303", "this form of `split` is not native", node)
        nothing = ast.copy_location(ast.Constant(None), node)
        args = [separator or nothing, *([] if limit is None else [limit])]
        if limit is None and separator is None:
            args = []
        return ast.copy_location(ast.Call(node.func, args, []), node)

    def _join_any(self, receiver: ir.Expr, items: ir.Expr, node: ast.Call) -> ir.Expr:
        """Joining what may be no text, which raises a TypeError then."""
        span = self.span(node)
        if not isinstance(items.type, t.ListType | t.AnyType):
            raise self.refuse("LF307", f"joining {type_name(items.type)}", node)
        if isinstance(items.type, t.ListType):
            made = ir.Call("builtins.list", (items,), (), t.ListType(ANY), span)
            items = ir.Convert(made, ANY, span)
        text = ir.Convert(receiver, ANY, span)
        return ir.Narrow(ir.MethodCall(text, "join", (items,), (), ANY, span), STR, span)

    def _record_get(self, receiver: ir.Expr, record: str, node: ast.Call) -> ir.Expr:
        span, key = self.span(node), node.args[0]
        known = self.expr(key)
        text = known.value if isinstance(known, ir.StrLit) else self._constant_text(known)
        if text is None:
            raise self.refuse("LF302", "a computed key of a record is not native", node)
        if self.surely_lacks(receiver, record, text):
            return self.expr(node.args[1]) if len(node.args) > 1 else _nothing(span)
        kind = self.field(record, text, node)
        if len(node.args) == 1 or is_none(node.args[1]):
            result = kind if isinstance(kind, t.OptionalType | t.AnyType) else t.OptionalType(kind)
            nothing: ir.Expr = ir.NoneLit(t.NoneType(), span)
            return ir.FieldOr(receiver, text, nothing, result, span)
        default = self.expr(node.args[1], kind)
        certain = fit.convert(default, kind)
        if certain is not None and not isinstance(certain, ir.Narrow):
            return ir.FieldOr(receiver, text, certain, kind, span)
        if not _may_be_either(default, node.args[1]) or not isinstance(receiver, ir.Name):
            raise self.refuse("LF307", f"the default of `{text}` has another type", node)
        read = self.fitted(ir.Field(receiver, text, kind, span), ANY, node)
        has = ir.HasField(receiver, text, BOOL, span)
        return ir.Conditional(has, read, self.fitted(default, ANY, node), ANY, span)

    def _known_key(self, node: ast.expr) -> bool:
        """Whether it is a text that is known before the program runs."""
        known = self.expr(node)
        return isinstance(known, ir.StrLit) or self._constant_text(known) is not None

    def _constant_text(self, value: ir.Expr) -> str | None:
        if isinstance(value, ir.Name):
            constant = self.constants.get(value.name)
            if isinstance(constant, ir.StrLit):
                return constant.value
        return None

    def _dict_get(self, receiver: ir.Expr, key: t.Type, value: t.Type, node: ast.Call) -> ir.Expr:
        span = self.span(node)
        wanted = self.expect(node.args[0], key)
        if is_none(node.args[1]):
            result = (
                value if isinstance(value, t.OptionalType | t.AnyType) else t.OptionalType(value)
            )
            return ir.MethodCall(receiver, "get", (wanted,), (), result, span)
        default = self.expr(node.args[1], value)
        joined = fit.join(value, default.type)
        if joined == value:
            default = self.fitted(default, value, node)
            return ir.MethodCall(receiver, "get", (wanted, default), (), value, span)
        whole = fit.convert(receiver, ANY)
        if whole is None or not _may_be_either(default, node.args[1]):
            raise self.refuse(
                "LF307", f"a default of {type_name(default.type)} for {type_name(value)}", node
            )
        given = (self.fitted(wanted, ANY, node), self.fitted(default, ANY, node))
        return ir.MethodCall(whole, "get", given, (), ANY, span)
