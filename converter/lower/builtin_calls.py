"""Calls of Python's builtins."""

import ast
from collections.abc import Mapping
from typing import TypeVar

from langferry.converter.lower import convert as fit
from langferry.converter.lower.class_lines import holds_fields
from langferry.converter.lower.expressions import is_made_on_the_way
from langferry.converter.lower.literals import is_hashable, is_ordered
from langferry.converter.lower.message_classes import DOCUMENT, DOCUMENTS, message_class
from langferry.converter.lower.names import type_name
from langferry.converter.lower.own_classes import OwnClasses
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.signatures import (
    ANY,
    BOOL,
    COUNTER,
    EXCEPTION,
    FLOAT,
    INT,
    RANGE,
    STR,
)
from langferry.model import ir
from langferry.model import types as t


class BuiltinCalls(OwnClasses):
    """Lowers calls of builtins."""

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
        value = self.or_none(self.passing(self._one(node)), node)
        iterator = isinstance(value, ir.Call) and value.function in (
            "builtins.enumerate",
            "builtins.zip",
            "builtins.reversed",
        )
        if value.type in (RANGE, COUNTER):
            return self._builtin(node, "len", (value,), INT)
        if (
            iterator
            or not isinstance(
                value.type, t.StrType | t.ListType | t.DictType | t.SetType | t.AnyType
            )
            or (isinstance(value, ir.Comprehension) and value.kind == "generator")
        ):
            raise self.refuse("LF303", f"`len` of {type_name(value.type)} is not native", node)
        return self._builtin(node, "len", (value,), INT)

    def _builtin_str(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not node.args and not node.keywords:
            return ir.StrLit("", STR, self.span(node))
        given = self._one(node)
        if isinstance(given, ast.Call) and self.resolve(given.func) == "uuid.uuid4":
            return ir.Call("uuid.uuid4", (), (), STR, self.span(node))
        value = self.class_shown(given) or self.as_shown(self.expr(given))
        self._check_text(value.type, node)
        return self._builtin(node, "str", (value,), STR)

    def _builtin_repr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.as_shown(self.expr(self._one(node)))
        self._check_text(value.type, node)
        return self._builtin(node, "repr", (value,), STR)

    def _check_text(self, shown: t.Type, node: ast.expr) -> None:
        if shown == EXCEPTION:
            return
        self._check_shown(shown, node)

    def _builtin_int(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) == 2 and not node.keywords:
            args = (self.expect(node.args[0], STR), self.expect(node.args[1], INT))
            return self._builtin(node, "int_base", args, INT)
        value = self.or_none(self.expr(self._one(node)), node)
        if not isinstance(value.type, t.StrType | t.IntType | t.FloatType | t.BoolType | t.AnyType):
            raise self.refuse("LF303", f"`int` of {type_name(value.type)} is not native", node)
        return self._builtin(node, "int", (value,), INT)

    def _builtin_float(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.or_none(self.expr(self._one(node)), node)
        if not isinstance(value.type, t.StrType | t.IntType | t.FloatType | t.BoolType | t.AnyType):
            raise self.refuse("LF303", f"`float` of {type_name(value.type)} is not native", node)
        return self._builtin(node, "float", (value,), FLOAT)

    def _builtin_bool(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self.condition(self._one(node))

    def _builtin_abs(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        if not isinstance(value.type, t.IntType | t.FloatType):
            raise self.refuse("LF303", f"`abs` of {type_name(value.type)} is not native", node)
        return self._builtin(node, "abs", (value,), value.type)

    def _builtin_hash(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        value = self.expr(self._one(node))
        if not isinstance(value.type, t.StrType | t.IntType | t.BoolType):
            raise self.refuse("LF303", f"`hash` of {type_name(value.type)} is not native", node)
        return self._builtin(node, "hash", (value,), INT)

    def _builtin_divmod(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `divmod` is not native", node)
        values = [self.expr(item) for item in node.args]
        kinds = {type(value.type) for value in values}
        if not kinds <= {t.IntType, t.FloatType}:
            raise self.refuse("LF303", "`divmod` of other values is not native", node)
        kind = FLOAT if t.FloatType in kinds else INT
        args = tuple(self.fitted(x, kind, at) for x, at in zip(values, node.args, strict=True))
        name = "divmod" if kind == INT else "divmod_floats"
        return self._builtin(node, name, args, t.TupleType((kind, kind)))

    def _builtin_round(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.args) <= 2 or node.keywords:
            raise self.refuse("LF303", "this form of `round` is not native", node)
        value = self.expr(node.args[0])
        if not isinstance(value.type, t.IntType | t.FloatType | t.AnyType):
            raise self.refuse("LF303", f"`round` of {type_name(value.type)} is not native", node)
        if len(node.args) == 1 or is_none(node.args[1]):
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
        with self.whatever_the_order(self._one(node)):
            value = self.passing(node.args[0])
        if isinstance(value.type, t.SetType):
            return self._builtin(node, "set", (value,), value.type)
        with self.whatever_the_order(node.args[0]):
            items, item = self.iterated(node.args[0])
        if isinstance(item, t.AnyType):
            # as `{x for x in xs}`, which asks of each whether it can be in a set
            (read,), clauses = _each(node, "item")
            with self.whatever_the_order(node.args[0]):
                return self.expr(typeless(ast.SetComp(read, clauses), node))
        if not is_hashable(item):
            raise self.refuse("LF302", f"a set of {type_name(item)} is not native", node)
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
        value = self.passing(self._one(node))
        whole = self.as_dict(value, node)
        if whole is not None:
            return whole
        if isinstance(value.type, t.DictType):
            return self._builtin(node, "dict", (value,), value.type)
        match value.type:
            case t.AnyType():
                return self._builtin(node, "dict", (value,), t.DictType(ANY, ANY))
            case t.ListType(item=t.TupleType(items=(t.AnyType(), _))):
                # as `{k: v for k, v in xs}`, which asks of each whether it can be a key
                (left, right), clauses = _each(node, "key", "value")
                return self.expr(typeless(ast.DictComp(left, right, clauses), node))
            case t.ListType(item=t.TupleType(items=(key, item))) if is_hashable(key):
                return self._builtin(node, "dict", (value,), t.DictType(key, item))
        raise self.refuse("LF303", f"`dict` of {type_name(value.type)} is not native", node)

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
        plain = all(
            k.arg == "strict" and isinstance(k.value, ast.Constant) and k.value.value is False
            for k in node.keywords
        )
        if len(node.args) < 2 or not plain:
            raise self.refuse("LF303", "this form of `zip` is not native", node)
        zipped = [self.iterated(arg) for arg in node.args]
        if any(is_made_on_the_way(items) for items, _ in zipped):
            # the shortest ends it: what comes later is not made
            raise self.refuse("LF303", "`zip` of a generator is not native", node)
        kind = t.ListType(t.TupleType(tuple(item for _, item in zipped)))
        return self._builtin(node, "zip", tuple(items for items, _ in zipped), kind)

    def _builtin_reversed(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        items, item = self.iterated(self._one(node))
        is_dict = isinstance(items, ir.MethodCall) or isinstance(items.type, t.DictType)
        if is_dict or not isinstance(items.type, t.ListType | t.StrType | t.AnyType):
            raise self.refuse("LF303", f"`reversed` of {type_name(items.type)} is not native", node)
        return self._builtin(node, "reversed", (items,), t.ListType(item))

    def _builtin_range(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 1 <= len(node.args) <= 3 or node.keywords:
            raise self.refuse("LF303", "this form of `range` is not native", node)
        args = tuple(self.expect(arg, INT) for arg in node.args)
        return self._builtin(node, "range", args, t.ListType(INT))

    def _builtin_map(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self.passing(self._lazily(node), want)

    def _builtin_filter(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self.passing(self._lazily(node), want)

    def _lazily(self, node: ast.Call) -> ast.GeneratorExp:
        """`map(f, xs)` as `(f(x) for x in xs)`, `filter(f, xs)` as `(x for x in xs if f(x))`."""
        assert isinstance(node.func, ast.Name)
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", f"this form of `{node.func.id}` is not native", node)
        function, items = node.args
        target, result = self._applied(function, items, node)
        item, tests = result, list[ast.expr]()
        if node.func.id == "filter":
            item, tests = typeless(ast.Name(target.id, ast.Load()), node), [result]
        clause = ast.comprehension(target, items, tests, 0)
        return typeless(ast.GeneratorExp(item, [clause]), node)

    def _applied(
        self, function: ast.expr, items: ast.expr, node: ast.Call
    ) -> tuple[ast.Name, ast.expr]:
        """A name for each of `items`, and what `function` makes of it."""
        match function:
            case ast.Lambda(
                args=ast.arguments(
                    posonlyargs=[], args=[item], vararg=None, kwonlyargs=[], kwarg=None, defaults=[]
                )
            ):
                return typeless(ast.Name(item.arg, ast.Store()), node), function.body
        used = {part.id for part in ast.walk(function) if isinstance(part, ast.Name)}
        name = "item"
        while name in used:
            name += "_"
        target = typeless(ast.Name(name, ast.Store()), node)
        read = typeless(ast.Name(name, ast.Load()), node)
        if is_none(function):
            return target, read
        method = (self.resolve(function) or "").removeprefix("builtins.str.")
        if isinstance(function, ast.Attribute) and method == function.attr:
            if not isinstance(self.iterated(items)[1], t.StrType):
                raise self.refuse("LF307", "a method of `str` on what may be no text", node)
            bound = typeless(ast.Attribute(read, method, ast.Load()), node)
            return target, typeless(ast.Call(bound, [], []), node)
        return target, typeless(ast.Call(function, [read], []), node)

    def _builtin_sum(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        items, item = self.iterated(self._one(node))
        if isinstance(item, t.BoolType):
            items, item = self._counted(items, node), INT
        if not isinstance(item, t.IntType | t.FloatType | t.AnyType):
            raise self.refuse("LF303", f"`sum` of {type_name(item)} is not native", node)
        return self._builtin(node, "sum", (items,), item)

    def _counted(self, items: ir.Expr, node: ast.Call) -> ir.Expr:
        """Each true item as 1, each other as 0."""
        span, kind = self.span(node), t.ListType(INT)
        one, zero = ir.IntLit("1", INT, span), ir.IntLit("0", INT, span)
        if not isinstance(items, ir.Comprehension):
            name = ir.Name("item", BOOL, span)
            clause = ir.Clause(ir.NameTarget("item", BOOL, span), items, BOOL, ())
            number = ir.Conditional(name, one, zero, INT, span)
            return ir.Comprehension("generator", None, number, (clause,), kind, span)
        number = ir.Conditional(items.element, one, zero, INT, span)
        return ir.Comprehension("generator", None, number, items.clauses, kind, span)

    def _builtin_next(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        """`next((x for x in xs if ...), default)`: the first that is found."""
        given = node.args[0] if len(node.args) == 2 and not node.keywords else None
        if not isinstance(given, ast.GeneratorExp):
            raise self.refuse("LF303", "this form of `next` is not native", node)
        found = self._comprehension(given, None)
        assert isinstance(found, ir.Comprehension)
        kind, default = found.element.type, self.expr(node.args[1])
        if isinstance(default, ir.NoneLit) and not isinstance(kind, t.AnyType):
            if isinstance(kind, t.OptionalType | t.NoneType):
                raise self.refuse("LF307", "`next` of what may be None", node)
            kind = t.OptionalType(kind)
        default = self.fitted(default, kind, node.args[1])
        if not isinstance(default, ir.NoneLit) and not _is_plain(node.args[1]):
            # it is made whether something is found or not
            raise self.refuse("LF303", "a computed default of `next` is not native", node)
        return ir.Call("builtins.next", (found, default), (), kind, self.span(node))

    def _builtin_any(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._quantified(node, "any")

    def _builtin_all(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        return self._quantified(node, "all")

    def _quantified(self, node: ast.Call, name: str) -> ir.Expr:
        given = self._one(node)
        if isinstance(given, ast.GeneratorExp):
            # only the truth of each item matters, and looking stops at the first that decides
            with self.whatever_the_order(given):
                clauses_of = self._comprehension(given, None)
            assert isinstance(clauses_of, ir.Comprehension)
            element = clauses_of.element
            if not isinstance(element.type, t.BoolType):
                element = ir.Truth(element, BOOL, element.span)
            inner = ir.Comprehension(
                "generator", None, element, clauses_of.clauses, t.ListType(BOOL), clauses_of.span
            )
            return self._builtin(node, name, (inner,), BOOL)
        with self.whatever_the_order(given):
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
            if isinstance(node.args[0], ast.GeneratorExp) and t.may_hold_objects(item):
                # comparing may raise before the next item is made
                raise self.refuse("LF303", f"`{name}` of {type_name(item)} is not native", node)
            items = (iterable,)
        if "key" in options:
            keywords.append(("key", self._key(options["key"], item)))
        elif not is_ordered(item):
            raise self.refuse("LF303", f"`{name}` of {type_name(item)} is not native", node)
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
        given = node.args[0]
        is_whole = not isinstance(given, ast.ListComp | ast.GeneratorExp)
        value = self.passing(given) if is_whole else None
        if value is not None and isinstance(value.type, t.SetType):
            # equal keys would come in the set's order
            if "key" in options or t.may_hold_objects(value.type.item):
                raise self.refuse("LF311", "sorting this set leaves ties in its order", node)
            items, item = value, value.type.item
        else:
            items, item = self._sorted_items(node.args[0], "key" not in options)
        keywords = self.sort_options(options, item, node)
        return ir.Call("builtins.sorted", (items,), keywords, t.ListType(item), self.span(node))

    def _sorted_items(self, node: ast.expr, is_total: bool) -> tuple[ir.Expr, t.Type]:
        """What is sorted; with a key of its own equal items would stay in the order they come in."""
        if not is_total:
            return self.iterated(node)
        with self.whatever_the_order(node):
            items, item = self.iterated(node)
        if not isinstance(item, t.StrType | t.IntType) and self._is_of_set(items):
            raise self.refuse("LF311", "sorting this set leaves ties in its order", node)
        return items, item

    def _is_of_set(self, items: ir.Expr) -> bool:
        return isinstance(items, ir.Comprehension) and any(
            isinstance(clause.iterable.type, t.SetType) for clause in items.clauses
        )

    def sort_options(
        self, options: Mapping[str | None, ast.expr], item: t.Type, node: ast.expr
    ) -> tuple[tuple[str, ir.Expr], ...]:
        """`key` and `reverse` of `sorted` and `list.sort`."""
        keywords: list[tuple[str, ir.Expr]] = []
        if "key" in options and not is_none(options["key"]):
            keywords.append(("key", self._key(options["key"], item)))
        elif not is_ordered(item):
            raise self.refuse("LF303", f"sorting {type_name(item)} is not native", node)
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
        if not is_ordered(body.type):
            raise self.refuse("LF303", f"ordering by {type_name(body.type)} is not native", node)
        return ir.Lambda(((name, item),), body, t.CallableType((item,), body.type), span)

    def certain(self, node: ast.expr) -> bool | None:
        """What a condition always is: one on the run's config or a model, or `isinstance` of a known class."""
        match node:
            case ast.Call(func=ast.Name(id="isinstance") as func, args=[ast.Name() as of, _]):
                if self.resolve(func) == "builtins.isinstance" and of.id in self.locals:
                    known = self._builtin_isinstance(node, None)
                    return known.value if isinstance(known, ir.BoolLit) else None
            case ast.Name() | ast.Attribute() if self._is_true_object(node):
                return True
        return super().certain(node)

    def _is_true_object(self, node: ast.expr) -> bool:
        """Whether an expression names something of LangChain's that is never false."""
        try:
            found = self.meaning.attempt(lambda: self.expr(node))
        except Refusal:
            return False
        is_named = isinstance(found, ir.Name | ir.Global)
        return is_named and fit.is_of_langchain(found.type) and t.is_always_true(found.type)

    def _builtin_isinstance(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `isinstance` is not native", node)
        value = self.expr(node.args[0])
        while isinstance(value, ir.Narrow):
            value = value.value
        classes = node.args[1].elts if isinstance(node.args[1], ast.Tuple) else [node.args[1]]
        names: list[str] = []
        for item in classes:
            qualified = self.resolve(item)
            message = message_class(qualified)
            name = (qualified or "").removeprefix("builtins.")
            if message is not None:
                name = f"langchain_core.messages.{message}"
            elif qualified in DOCUMENTS:
                name = f"library:{DOCUMENT}"
            elif name not in _CLASSES:
                names += self._own_class(item, node)
                continue
            names.append(name)
        if not isinstance(value.type, t.AnyType):
            return self._known_instance(value, names, node)
        texts = [ir.StrLit(name, STR, self.span(node)) for name in names]
        return self._builtin(node, "isinstance", (value, *texts), BOOL)

    def _own_class(self, node: ast.expr, at: ast.expr) -> list[str]:
        """What `isinstance` asks for a class of the program: its name, and those of classes derived from it."""
        found = self.definition(node)
        if found is not None and isinstance(found[1], ast.ClassDef):
            place = found[0], found[1]
            places = (place, *self.meaning.derived(place))
            if all(holds_fields(self, x) for x in places):
                return [
                    f"object:{scope.qualified_name(definition)}" for scope, definition in places
                ]
        raise self.refuse("LF303", "this class in `isinstance` is not native", at)

    def _known_instance(self, value: ir.Expr, names: list[str], node: ast.Call) -> ir.Expr:
        """`isinstance` of a value whose class is known, or None instead of it."""
        kind, span = value.type, self.span(node)
        inner = kind.item if isinstance(kind, t.OptionalType) else kind
        plain = isinstance(value, ir.Name | ir.Field)
        if isinstance(inner, t.RecordType) and self.records[inner.record].kind == "typed_dict":
            inner = t.DictType(STR, t.AnyType())
        own = next((name for name, known in _CLASSES.items() if isinstance(inner, known)), None)
        if own is None or not plain or (isinstance(inner, t.FloatType)):
            # a value declared as a float may be an int
            raise self.refuse("LF307", f"`isinstance` of {type_name(value.type)}", node)
        found = own in names or (own == "bool" and "int" in names)
        if found and isinstance(kind, t.OptionalType):
            nothing = ir.NoneLit(t.NoneType(), span)
            return ir.Compare("is not none", value, nothing, BOOL, span)
        return ir.BoolLit(found, BOOL, span)

    def _builtin_hasattr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if len(node.args) != 2 or node.keywords:
            raise self.refuse("LF303", "this form of `hasattr` is not native", node)
        name = self._object_attribute(node)
        return ir.BoolLit(name is not None, BOOL, self.span(node))

    def _builtin_getattr(self, node: ast.Call, want: t.Type | None) -> ir.Expr:
        if not 2 <= len(node.args) <= 3 or node.keywords:
            raise self.refuse("LF303", "this form of `getattr` is not native", node)
        name = self._object_attribute(node)
        if name is None:
            raise self.refuse("LF303", "`getattr` of what is no field is not native", node)
        read = ast.Attribute(node.args[0], name, ast.Load())
        return self.expr(ast.copy_location(read, node), want)

    def _object_attribute(self, node: ast.Call) -> str | None:
        """The field that `getattr` and `hasattr` name of an object; None when it has none such."""
        value, named = self.expr(node.args[0]), node.args[1]
        known = isinstance(value.type, t.RecordType) and isinstance(value, ir.Name)
        texts = self.known_texts(named) if isinstance(named, ast.Constant | ast.Name) else None
        if not known or texts is None or len(texts) != 1:
            raise self.refuse(
                "LF303",
                f"`{ast.unparse(node.func)}` of {type_name(value.type)} is not native",
                node,
            )
        assert isinstance(value.type, t.RecordType)
        record = self.records[value.type.record]
        (name,) = texts
        if record.kind != "typed_dict" and any(f.name == name for f in record.fields):
            return name
        if record.kind == "typed_dict" and not hasattr({}, name):
            return None
        raise self.refuse("LF303", f"attribute `{name}` is not native", node)


_CLASSES: dict[str, type[t.Type]] = {
    "str": t.StrType,
    "bool": t.BoolType,
    "int": t.IntType,
    "float": t.FloatType,
    "list": t.ListType,
    "dict": t.DictType,
    "set": t.SetType,
    "tuple": t.TupleType,
}
"""The classes `isinstance` may name, with the type that has exactly their values."""


def _is_plain(node: ast.expr) -> bool:
    """Whether it makes no difference when, or whether, it is evaluated."""
    match node:
        case ast.Constant() | ast.Name() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


Node = TypeVar("Node", bound=ast.expr)


def typeless(made: Node, at: ast.expr) -> Node:
    """A node that stands where `at` begins, of which the type checker knows nothing."""
    made.lineno, made.col_offset = made.end_lineno, made.end_col_offset = at.lineno, at.col_offset
    return made


def is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _each(node: ast.Call, *names: str) -> tuple[list[ast.expr], list[ast.comprehension]]:
    """The parts of an item of a call's argument, and the clause that gives them these names."""
    read: list[ast.expr] = [typeless(ast.Name(name, ast.Load()), node) for name in names]
    bound: list[ast.expr] = [typeless(ast.Name(name, ast.Store()), node) for name in names]
    target = bound[0] if len(bound) == 1 else typeless(ast.Tuple(bound, ast.Store()), node)
    return read, [ast.comprehension(target, node.args[0], [], 0)]
