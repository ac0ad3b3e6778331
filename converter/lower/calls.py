"""Calls: builtins, methods, library functions, helpers of the program, LangGraph's own."""

import ast
import re
from collections.abc import Mapping

from langferry.converter.lower import convert as fit
from langferry.converter.lower.expressions import Expressions, _item_type, _name, _ordered
from langferry.converter.lower.scope import ModuleScope
from langferry.converter.lower.sharing import MUTATORS
from langferry.converter.lower.signatures import (
    ANY,
    BOOL,
    CLASS_METHODS,
    DICT_METHODS,
    FLOAT,
    FUNCTIONS,
    INT,
    LIST_METHODS,
    RE_FLAG_ALIASES,
    RE_FLAGS,
    SEND,
    SET_METHODS,
    STR,
    STR_METHODS,
    Signature,
)
from langferry.model import ir
from langferry.model import types as t

_DELTA_PARTS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


class Calls(Expressions):
    """Lowers the calls of one function."""

    def call(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if any(isinstance(item, ast.Starred) for item in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            raise self.refuse("LF302", "`*` and `**` in calls are not native", node)
        defined = self.definition(node.func)
        if defined is not None:
            return self._program_call(node, *defined)
        qualified = self.resolve(node.func)
        if qualified is None:
            if isinstance(node.func, ast.Attribute):
                return self._method(node, node.func, want)
            raise self.refuse("LF303", f"calling `{ast.unparse(node.func)}` is not native", node)
        if qualified.startswith("builtins."):
            builtin = getattr(self, f"_builtin_{qualified.removeprefix('builtins.')}", None)
            if builtin is not None:
                result: ir.Expr = builtin(node, want)
                return result
        if qualified in ("langgraph.types.interrupt",):
            if self.request is None or self.request.form != "node" or len(node.args) != 1:
                raise self.refuse("LF302", "`interrupt` outside of a node is not native", node)
            question = self.expr(node.args[0])
            if not fit.fits_any(question.type):
                raise self.refuse("LF302", f"interrupting with {_name(question.type)}", node)
            return ir.Interrupt(question, ANY, self.span(node))
        if qualified in ("langgraph.types.Send", "langgraph.constants.Send"):
            return self._send(node)
        if qualified == "datetime.timedelta":
            return self._timedelta(node)
        if qualified in ("re.findall", "re.sub", "re.split"):
            return self._re_function(node, qualified)
        if qualified == "random.choice":
            return self._random_choice(node)
        signature = FUNCTIONS.get(qualified)
        if signature is None:
            raise self.refuse("LF303", f"`{qualified}` is not native", node)
        args = self._arguments(node, signature, {}, qualified)
        return ir.Call(qualified, args, (), signature.types({})[1], self.span(node))

    def _arguments(
        self,
        node: ast.Call,
        signature: Signature,
        open_types: Mapping[str, t.Type],
        called: str,
    ) -> tuple[ir.Expr, ...]:
        types, _ = signature.types(open_types)
        if node.keywords or not signature.required <= len(node.args) <= len(types):
            raise self.refuse("LF303", f"this form of `{called}` is not native", node)
        if called.startswith("re."):
            return tuple(
                self._flags(arg) if kind == INT else self.expect(arg, kind)
                for arg, kind in zip(node.args, types, strict=False)
            )
        return tuple(self.expect(arg, kind) for arg, kind in zip(node.args, types, strict=False))

    def _flags(self, node: ast.expr) -> ir.Expr:
        """Flags of `re` as one call of `re.flags` with their names."""
        names: list[str] = []

        def collect(part: ast.expr) -> None:
            if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr):
                collect(part.left)
                collect(part.right)
                return
            name = (self.resolve(part) or "").removeprefix("re.")
            name = RE_FLAG_ALIASES.get(name, name)
            if name not in RE_FLAGS:
                raise self.refuse("LF303", "these flags are not native", node)
            names.append(name)

        collect(node)
        span = self.span(node)
        return ir.Call("re.flags", tuple(ir.StrLit(n, STR, span) for n in names), (), INT, span)

    # --- the program's own

    def _program_call(self, node: ast.Call, scope: ModuleScope, definition: ast.AST) -> ir.Expr:
        span = self.span(node)
        if isinstance(definition, ast.ClassDef):
            return self._construct(node, definition)
        if not isinstance(definition, ast.FunctionDef):
            raise self.refuse("LF303", "this call is not native", node)
        identifier, parameters, returns = self.meaning.helper(scope, definition, span)
        given: dict[str, ast.expr] = {}
        if len(node.args) > len(parameters):
            raise self.refuse("LF309", f"too many arguments for `{definition.name}`", node)
        for arg, (name, _, _) in zip(node.args, parameters, strict=False):
            given[name] = arg
        for keyword in node.keywords:
            if keyword.arg is None or keyword.arg in given:
                raise self.refuse("LF309", f"an argument of `{definition.name}` stands twice", node)
            given[keyword.arg] = keyword.value
        in_order = [name for name, _, _ in parameters if name in given]
        if [keyword.arg for keyword in node.keywords] != in_order[len(node.args) :]:
            raise self.refuse("LF309", f"arguments of `{definition.name}` out of order", node)
        args: list[ir.Expr] = []
        for name, kind, default in parameters:
            value = given.get(name, default)
            if value is None:
                raise self.refuse("LF309", f"`{definition.name}` is called without `{name}`", node)
            if name not in given and not isinstance(value, ast.Constant):
                raise self.refuse("LF309", f"the default of `{name}` is not a constant", node)
            if name in given:
                args.append(self.expect(value, kind))
            else:
                args.append(self.default(value, kind, node))
        if isinstance(returns, t.NoneType):
            raise self.refuse("LF302", f"`{definition.name}` is called only for its effects", node)
        return ir.FunctionCall(identifier, tuple(args), returns, span)

    def default(self, value: ast.expr, kind: t.Type, node: ast.expr) -> ir.Expr:
        """A parameter's constant default, as if it stood at the call."""
        assert isinstance(value, ast.Constant)
        return self.fitted(
            self.expr(ast.copy_location(ast.Constant(value.value), node)), kind, node
        )

    def _construct(self, node: ast.Call, definition: ast.ClassDef) -> ir.Expr:
        kind = self.checked_type(node)
        if not isinstance(kind, t.RecordType) or node.args:
            raise self.refuse("LF303", f"making a `{definition.name}` is not native", node)
        record = self.records[kind.record]
        if record.kind != "typed_dict":
            raise self.refuse("LF303", f"making a `{definition.name}` is not native", node)
        pairs = [(ast.Constant(k.arg), k.value) for k in node.keywords]
        literal = ast.Dict(
            keys=[ast.copy_location(key, node) for key, _ in pairs],
            values=[value for _, value in pairs],
        )
        return self.record(ast.copy_location(literal, node), kind)

    def _send(self, node: ast.Call) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `Send` is not native", node)
        target = self.expect(node.args[0], STR)
        record = None
        if isinstance(target, ir.StrLit) and self.request is not None:
            record = self.request.inputs.get(target.value)
        want = t.RecordType(record) if record is not None else None
        fields = (
            {field.name for field in self.records[record].fields} if record is not None else set()
        )
        shaped = isinstance(node.args[1], ast.Dict) and all(
            isinstance(key, ast.Constant) and key.value in fields for key in node.args[1].keys
        )
        argument = self.expr(node.args[1], want if shaped else None)
        if not isinstance(argument.type, t.RecordType):
            argument = self.fitted(argument, ANY, node.args[1])
        return ir.Send(target, argument, SEND, self.span(node))

    # --- methods

    def _method(self, node: ast.Call, func: ast.Attribute, want: t.Type | None) -> ir.Expr:
        receiver, name = self.expr(func.value), func.attr
        kind = receiver.type
        if name in MUTATORS and isinstance(kind, t.ListType | t.DictType | t.SetType):
            raise self.refuse(
                "LF302", f"the result of changing `{ast.unparse(func.value)}` is used", node
            )
        lowered = self.method(receiver, name, node, want)
        if lowered is None:
            raise self.refuse("LF303", f"method `{name}` of {_name(kind)} is not native", node)
        return lowered

    def method(
        self, receiver: ir.Expr, name: str, node: ast.Call, want: t.Type | None
    ) -> ir.Expr | None:
        """A method call on a lowered receiver; None when it is not native."""
        span, kind = self.span(node), receiver.type
        special = self._special_method(receiver, name, node)
        if special is not None:
            return special
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
        result = signature.types(open_types)[1]
        return ir.MethodCall(receiver, name, args, (), result, span)

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        span, args = self.span(node), node.args
        match receiver.type, name:
            case t.RecordType(record=record), "get" if 1 <= len(args) <= 2 and not node.keywords:
                return self._record_get(receiver, record, node)
            case t.AnyType(), "get" if 1 <= len(args) <= 2 and not node.keywords:
                given = tuple(self.expect(arg, ANY) for arg in args)
                return ir.MethodCall(receiver, "get", given, (), ANY, span)
            case t.AnyType(), _ if not node.keywords and name not in MUTATORS:
                given = tuple(self.expect(arg, ANY) for arg in args)
                return ir.MethodCall(receiver, name, given, (), ANY, span)
            case t.DictType(key=key, value=value), "get" if len(args) == 2 and not node.keywords:
                return self._dict_get(receiver, key, value, node)
            case t.StrType(), "join" if len(args) == 1:
                items, item = self.iterated(args[0])
                if not isinstance(item, t.StrType):
                    raise self.refuse("LF307", f"joining {_name(item)}", node)
                return ir.MethodCall(receiver, "join", (items,), (), STR, span)
            case t.StrType(), "split" | "rsplit" if len(args) == 2 and _is_none(args[0]):
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
                called: ir.Expr = ir.MethodCall(receiver, "group", (group,), (), result, span)
                return called
            case t.ClassType(name="re.Pattern"), "findall" if len(args) == 1:
                given = (self.expect(args[0], STR),)
                return ir.MethodCall(receiver, "findall", given, (), self._found(node), span)
        return None

    def _found(self, node: ast.Call) -> t.Type:
        """`findall` gives strings when the pattern has at most one group."""
        pattern = self._pattern_text(node)
        if pattern is None or _groups(pattern) > 1:
            raise self.refuse("LF302", "`findall` with a pattern not known to give strings", node)
        return t.ListType(STR)

    def _pattern_text(self, node: ast.Call) -> str | None:
        func = node.func
        if isinstance(func, ast.Attribute) and self.resolve(func) is None:
            value = self.expr(func.value)
            source = self.meaning_of_global(value)
            if isinstance(source, ir.Call) and source.function == "re.compile":
                value = source.args[0]
        else:
            value = self.expr(node.args[0])
        source = self.meaning_of_global(value)
        value = source if source is not None else value
        return value.value if isinstance(value, ir.StrLit) else None

    def meaning_of_global(self, value: ir.Expr) -> ir.Expr | None:
        """The initial value of a global."""
        if not isinstance(value, ir.Global):
            return None
        return self.meaning.globals[value.id].value

    def _record_get(self, receiver: ir.Expr, record: str, node: ast.Call) -> ir.Expr:
        span, key = self.span(node), node.args[0]
        known = self.expr(key)
        text = known.value if isinstance(known, ir.StrLit) else self._constant_text(known)
        if text is None:
            raise self.refuse("LF302", "a computed key of a record is not native", node)
        kind = self.field(record, text, node)
        if len(node.args) == 1 or _is_none(node.args[1]):
            result = kind if isinstance(kind, t.OptionalType | t.AnyType) else t.OptionalType(kind)
            nothing: ir.Expr = ir.NoneLit(t.NoneType(), span)
            return ir.FieldOr(receiver, text, nothing, result, span)
        default = self.expr(node.args[1], kind)
        joined = fit.join(kind, default.type)
        if joined != kind:
            raise self.refuse("LF307", f"the default of `{text}` has another type", node)
        return ir.FieldOr(receiver, text, self.fitted(default, kind, node), kind, span)

    def _constant_text(self, value: ir.Expr) -> str | None:
        if isinstance(value, ir.Name):
            constant = self.constants.get(value.name)
            if isinstance(constant, ir.StrLit):
                return constant.value
        return None

    def _dict_get(self, receiver: ir.Expr, key: t.Type, value: t.Type, node: ast.Call) -> ir.Expr:
        span = self.span(node)
        wanted = self.expect(node.args[0], key)
        if _is_none(node.args[1]):
            result = (
                value if isinstance(value, t.OptionalType | t.AnyType) else t.OptionalType(value)
            )
            return ir.MethodCall(receiver, "get", (wanted,), (), result, span)
        default = self.expr(node.args[1], value)
        joined = fit.join(value, default.type)
        if joined == value:
            default = self.fitted(default, value, node)
            return ir.MethodCall(receiver, "get", (wanted, default), (), value, span)
        raise self.refuse("LF307", f"a default of {_name(default.type)} for {_name(value)}", node)

    # --- builtins

    def _one(self, node: ast.Call) -> ast.expr:
        if len(node.args) != 1 or node.keywords:
            raise self.refuse(
                "LF303", f"this form of `{ast.unparse(node.func)}` is not native", node
            )
        return node.args[0]

    def _builtin(
        self, node: ast.Call, name: str, args: tuple[ir.Expr, ...], kind: t.Type
    ) -> ir.Expr:
        return ir.Call(f"builtins.{name}", args, (), kind, self.span(node))

    def _builtin_len(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        if not isinstance(
            value.type, t.StrType | t.ListType | t.DictType | t.SetType | t.AnyType
        ) or (isinstance(value, ir.Comprehension) and value.kind == "generator"):
            raise self.refuse("LF303", f"`len` of {_name(value.type)} is not native", node)
        return self._builtin(node, "len", (value,), INT)

    def _builtin_str(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not node.args and not node.keywords:
            return ir.StrLit("", STR, self.span(node))
        value = self.expr(self._one(node))
        self._check_text(value.type, node)
        return self._builtin(node, "str", (value,), STR)

    def _builtin_repr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        self._check_text(value.type, node)
        return self._builtin(node, "repr", (value,), STR)

    def _check_text(self, shown: t.Type, node: ast.expr) -> None:
        if shown == t.ClassType("Exception"):
            return
        self._check_shown(shown, node)

    def _builtin_int(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) == 2 and not node.keywords:
            args = (self.expect(node.args[0], STR), self.expect(node.args[1], INT))
            return self._builtin(node, "int_base", args, INT)
        value = self.expr(self._one(node))
        if not isinstance(value.type, t.StrType | t.IntType | t.FloatType | t.BoolType | t.AnyType):
            raise self.refuse("LF303", f"`int` of {_name(value.type)} is not native", node)
        return self._builtin(node, "int", (value,), INT)

    def _builtin_float(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        if not isinstance(value.type, t.StrType | t.IntType | t.FloatType | t.BoolType | t.AnyType):
            raise self.refuse("LF303", f"`float` of {_name(value.type)} is not native", node)
        return self._builtin(node, "float", (value,), FLOAT)

    def _builtin_bool(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self.condition(self._one(node))

    def _builtin_abs(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        if not isinstance(value.type, t.IntType | t.FloatType):
            raise self.refuse("LF303", f"`abs` of {_name(value.type)} is not native", node)
        return self._builtin(node, "abs", (value,), value.type)

    def _builtin_round(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.args) <= 2 or node.keywords:
            raise self.refuse("LF303", "this form of `round` is not native", node)
        value = self.expr(node.args[0])
        if not isinstance(value.type, t.IntType | t.FloatType):
            raise self.refuse("LF303", f"`round` of {_name(value.type)} is not native", node)
        if len(node.args) == 1 or _is_none(node.args[1]):
            return self._builtin(node, "round", (value,), INT)
        digits = self.expect(node.args[1], INT)
        return self._builtin(node, "round", (value, digits), value.type)

    def _builtin_list(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not node.args and not node.keywords:
            return self.expr(ast.copy_location(ast.List([], ast.Load()), node), want)
        items, item = self.iterated(self._one(node))
        return self._builtin(node, "list", (items,), t.ListType(item))

    def _builtin_set(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not node.args and not node.keywords:
            kind = want if isinstance(want, t.SetType) else self.checked_type(node)
            if not isinstance(kind, t.SetType):
                raise self.refuse("LF307", "a set of unknown items", node)
            return ir.SetLit((), kind, self.span(node))
        value = self.expr(self._one(node))
        if isinstance(value.type, t.SetType):
            return self._builtin(node, "set", (value,), value.type)
        items, item = self.iterated(node.args[0])
        return self._builtin(node, "set", (items,), t.SetType(item))

    def _builtin_dict(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not node.args:
            literal = ast.Dict(
                keys=[ast.copy_location(ast.Constant(k.arg), node) for k in node.keywords],
                values=[k.value for k in node.keywords],
            )
            kind = self.checked_type(node)
            shape = want if isinstance(want, t.DictType | t.RecordType) else kind
            return self.expr(
                ast.copy_location(literal, node), shape if isinstance(shape, t.DictType) else want
            )
        value = self.expr(self._one(node))
        if isinstance(value.type, t.DictType):
            return self._builtin(node, "dict", (value,), value.type)
        match value.type:
            case t.ListType(item=t.TupleType(items=(key, item))):
                return self._builtin(node, "dict", (value,), t.DictType(key, item))
        raise self.refuse("LF303", f"`dict` of {_name(value.type)} is not native", node)

    def _builtin_enumerate(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        start: ir.Expr | None = None
        if len(node.args) == 2 and not node.keywords:
            start = self.expect(node.args[1], INT)
        elif len(node.args) == 1 and [k.arg for k in node.keywords] == ["start"]:
            start = self.expect(node.keywords[0].value, INT)
        elif len(node.args) != 1 or node.keywords:
            raise self.refuse("LF303", "this form of `enumerate` is not native", node)
        items, item = self.iterated(node.args[0])
        args = (items,) if start is None else (items, start)
        return self._builtin(node, "enumerate", args, t.ListType(t.TupleType((INT, item))))

    def _builtin_zip(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `zip` is not native", node)
        (left, a), (right, b) = self.iterated(node.args[0]), self.iterated(node.args[1])
        return self._builtin(node, "zip", (left, right), t.ListType(t.TupleType((a, b))))

    def _builtin_reversed(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        items, item = self.iterated(self._one(node))
        if not isinstance(items.type, t.ListType | t.StrType):
            raise self.refuse("LF303", f"`reversed` of {_name(items.type)} is not native", node)
        return self._builtin(node, "reversed", (items,), t.ListType(item))

    def _builtin_range(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.args) <= 3 or node.keywords:
            raise self.refuse("LF303", "this form of `range` is not native", node)
        args = tuple(self.expect(arg, INT) for arg in node.args)
        return self._builtin(node, "range", args, t.ListType(INT))

    def _builtin_sum(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        items, item = self.iterated(self._one(node))
        if not isinstance(item, t.IntType | t.FloatType):
            raise self.refuse("LF303", f"`sum` of {_name(item)} is not native", node)
        return self._builtin(node, "sum", (items,), item)

    def _builtin_any(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._quantified(node, "any")

    def _builtin_all(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._quantified(node, "all")

    def _quantified(self, node: ast.Call, name: str) -> ir.Expr:
        given = self._one(node)
        if isinstance(given, ast.GeneratorExp):
            # only the truth of each item matters, and looking stops at the first that decides
            clauses_of = self._comprehension(given, None)
            assert isinstance(clauses_of, ir.Comprehension)
            element = clauses_of.element
            if not isinstance(element.type, t.BoolType):
                element = ir.Truth(element, BOOL, element.span)
            inner = ir.Comprehension(
                "generator", None, element, clauses_of.clauses, t.ListType(BOOL), clauses_of.span
            )
            return self._builtin(node, name, (inner,), BOOL)
        items, _ = self.iterated(given)
        return self._builtin(node, name, (items,), BOOL)

    def _builtin_min(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._extreme(node, "min")

    def _builtin_max(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._extreme(node, "max")

    def _extreme(self, node: ast.Call, name: str) -> ir.Expr:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if options.keys() - {"key", "default"} or not node.args:
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        keywords: list[tuple[str, ir.Expr]] = []
        if len(node.args) > 1:
            values = [self.expr(arg) for arg in node.args]
            item = self.common(values, node)
            # of equal numbers the first is given back, so an int among floats stays one
            items: tuple[ir.Expr, ...] = tuple(
                self.fitted(value, item, arg) for value, arg in zip(values, node.args, strict=True)
            )
        else:
            iterable, item = self.iterated(node.args[0])
            items = (iterable,)
        if "key" in options:
            keywords.append(("key", self._key(options["key"], item)))
        elif not _ordered(item):
            raise self.refuse("LF303", f"`{name}` of {_name(item)} is not native", node)
        if "default" in options:
            default = self.expr(options["default"], item)
            joined = fit.join(item, default.type)
            if joined != item:
                raise self.refuse("LF307", "a default of another type", node)
            keywords.append(("default", self.fitted(default, item, node)))
        return ir.Call(f"builtins.{name}", items, tuple(keywords), item, self.span(node))

    def _builtin_sorted(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if options.keys() - {"key", "reverse"} or len(node.args) != 1:
            raise self.refuse("LF303", "this form of `sorted` is not native", node)
        value = self.expr(node.args[0])
        if isinstance(value.type, t.SetType):
            # equal keys would come in the set's order
            if "key" in options:
                raise self.refuse("LF311", "sorting a set by a key leaves ties in its order", node)
            items, item = value, value.type.item
        else:
            items, item = self.iterated(node.args[0])
        keywords = self.sort_options(options, item, node)
        return ir.Call("builtins.sorted", (items,), keywords, t.ListType(item), self.span(node))

    def sort_options(
        self, options: Mapping[str | None, ast.expr], item: t.Type, node: ast.expr
    ) -> tuple[tuple[str, ir.Expr], ...]:
        """`key` and `reverse` of `sorted` and `list.sort`."""
        keywords: list[tuple[str, ir.Expr]] = []
        if "key" in options and not _is_none(options["key"]):
            keywords.append(("key", self._key(options["key"], item)))
        elif not _ordered(item):
            raise self.refuse("LF303", f"sorting {_name(item)} is not native", node)
        if "reverse" in options:
            keywords.append(("reverse", self.condition(options["reverse"])))
        return tuple(keywords)

    def _key(self, node: ast.expr, item: t.Type) -> ir.Expr:
        span = self.span(node)
        if isinstance(node, ast.Lambda):
            parameters = node.args.args
            if len(parameters) != 1 or node.args.defaults or node.args.vararg:
                raise self.refuse("LF303", "this key function is not native", node)
            name = parameters[0].arg
            with self.names({name: item}):
                body = self.expr(node.body)
        else:
            name = "item"
            call = ast.Call(node, [ast.Name(name, ast.Load())], [])
            ast.copy_location(call, node)
            ast.copy_location(call.args[0], node)
            with self.names({name: item}):
                body = self.expr(call)
        if not _ordered(body.type):
            raise self.refuse("LF303", f"ordering by {_name(body.type)} is not native", node)
        return ir.Lambda(((name, item),), body, t.CallableType((item,), body.type), span)

    def _builtin_isinstance(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `isinstance` is not native", node)
        value = self.expr(node.args[0])
        while isinstance(value, ir.Narrow):
            value = value.value
        classes = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        names: list[ir.Expr] = []
        for item in classes:
            name = (self.resolve(item) or "").removeprefix("builtins.")
            if name not in ("str", "int", "float", "bool", "list", "dict", "set", "tuple"):
                raise self.refuse("LF303", "this class in `isinstance` is not native", node)
            names.append(ir.StrLit(name, STR, self.span(item)))
        if not isinstance(value.type, t.AnyType):
            raise self.refuse("LF307", f"`isinstance` of {_name(value.type)}", node)
        return self._builtin(node, "isinstance", (value, *names), BOOL)

    # --- libraries

    def _timedelta(self, node: ast.Call) -> ir.Expr:
        if len(node.args) > 1:
            raise self.refuse("LF303", "this form of `timedelta` is not native", node)
        keywords = [("days", self.expect(arg, FLOAT)) for arg in node.args]
        for keyword in node.keywords:
            if keyword.arg not in _DELTA_PARTS:
                raise self.refuse("LF303", "this form of `timedelta` is not native", node)
            keywords.append((keyword.arg, self.expect(keyword.value, FLOAT)))
        kind = t.ClassType("datetime.timedelta")
        return ir.Call("datetime.timedelta", (), tuple(keywords), kind, self.span(node))

    def _re_function(self, node: ast.Call, qualified: str) -> ir.Expr:
        given = {"re.findall": 2, "re.sub": 3, "re.split": 2}[qualified]
        flags = [k for k in node.keywords if k.arg == "flags"]
        if len(flags) != len(node.keywords) or not given <= len(node.args) <= given + (
            qualified == "re.findall"
        ):
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        args = [self.expect(arg, STR) for arg in node.args[:given]]
        flag_node = flags[0].value if flags else None
        if len(node.args) > given:
            flag_node = node.args[given]
        if flag_node is not None:
            args.append(self._flags(flag_node))
        result: t.Type = STR
        if qualified == "re.split":
            result = t.ListType(t.OptionalType(STR))
        elif qualified == "re.findall":
            result = self._found(node)
        return ir.Call(qualified, tuple(args), (), result, self.span(node))

    def _random_choice(self, node: ast.Call) -> ir.Expr:
        value = self.expr(self._one(node))
        item: t.Type | None = STR if isinstance(value.type, t.StrType) else None
        if isinstance(value.type, t.ListType):
            item = _item_type(value.type)
        if item is None:
            raise self.refuse(
                "LF303", f"`random.choice` of {_name(value.type)} is not native", node
            )
        return ir.Call("random.choice", (value,), (), item, self.span(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _groups(pattern: str) -> int:
    try:
        return re.compile(pattern).groups
    except re.error:
        return 99
