"""Calls of library functions."""

import ast
import re
import textwrap
from collections.abc import Mapping

from langferry.converter.lower import convert as fit
from langferry.converter.lower.builtin_calls import typeless
from langferry.converter.lower.colors import Colors
from langferry.converter.lower.expressions import item_type, type_name
from langferry.converter.lower.signatures import (
    ANY,
    CLASS_METHODS,
    COUNTER,
    FLOAT,
    INT,
    NONE,
    PATTERN,
    RE_FLAG_ALIASES,
    RE_FLAGS,
    STR,
    Signature,
)
from langferry.converter.lower.time_formats import unknown_directive
from langferry.model import ir
from langferry.model import types as t

COPIES = frozenset({"copy.copy", "copy.deepcopy"})
COPYING_METHODS = frozenset(
    [
        *("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"),
        *("__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__"),
    ]
)
"""By which a class says what a copy of its objects is."""

_DELTA_PARTS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")


class LibraryCalls(Colors):
    """Lowers calls of `re`, `datetime`, `random` and the like."""

    def library_call(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A call of a function that has a form of its own; None for any other."""
        span = self.span(node)
        compiled = self._of_compiled(node, qualified)
        if compiled is not None:
            return compiled
        match qualified:
            case "datetime.timedelta":
                return self._timedelta(node)
            case "re.findall" | "re.sub" | "re.split":
                return self._re_function(node, qualified)
            case "collections.Counter":
                return self._counter(node)
            case "urllib.parse.quote" | "urllib.parse.quote_plus" if len(node.args) == 1 and [
                item.arg for item in node.keywords
            ] == ["safe"]:
                given = [node.args[0], node.keywords[0].value]
                return self.call(ast.copy_location(ast.Call(node.func, given, []), node), None)
            case "math.prod":
                return self._product(node)
            case "random.choice":
                return self._random_choice(node)
            case "datetime.datetime.now" if node.args or node.keywords:
                return self._now(node)
            case "dataclasses.asdict":
                return self.dataclass_as_dict(node)
            case "json.dumps" if node.keywords:
                return self._dumps(node)
            case "os.getenv" | "os.environ.get":
                return self._getenv(node)
            case "asyncio.sleep" if (
                len(node.args) == 1 and not node.keywords and self.is_awaited(node)
            ):
                return ir.Call("time.sleep", (self.expect(node.args[0], FLOAT),), (), NONE, span)
            case "asyncio.to_thread" if node.args and self.is_awaited(node):
                called = ast.Call(node.args[0], node.args[1:], node.keywords)
                return self.call(ast.copy_location(called, node), None)
            case "termcolor.colored":
                return self.colored(node)
            case "termcolor.cprint":
                return self.cprint(node)
            case "time.strftime" if len(node.args) == 1 and not node.keywords:
                return self._local_time(node)
            case "traceback.print_exc":
                return self.exception_print(node)
            case "rich.print":
                return self.rich_print(node)
            case "copy.copy" | "copy.deepcopy" if len(node.args) == 1 and not node.keywords:
                return self._copied(node, qualified)
            case "textwrap.dedent" if len(node.args) == 1 and not node.keywords:
                return self._dedented(node)
            case "typing.cast" if len(node.args) == 2 and not node.keywords:
                return self.expr(node.args[1])
        return None

    def _copied(self, node: ast.Call, qualified: str) -> ir.Expr:
        """A copy of data: a value natively, unless a class of the program says how it is copied."""
        value = self.expr(node.args[0])
        if not fit.fits_any(value.type) or COPYING_METHODS & set(self.meaning.members):
            kind = type_name(value.type)
            raise self.refuse("LF303", f"`{qualified}` of {kind} is not native", node)
        return ir.Call("copy.copy", (value,), (), value.type, self.span(node))

    def _dedented(self, node: ast.Call) -> ir.Expr:
        """`textwrap.dedent` of a text that is written out."""
        text = self.expr(node.args[0])
        if not isinstance(text, ir.StrLit):
            raise self.refuse(
                "LF303", "`textwrap.dedent` of a text that is made is not native", node
            )
        return ir.StrLit(textwrap.dedent(text.value), STR, self.span(node))

    def _of_compiled(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """`re.findall(pattern, text)` of what was compiled before: the pattern's own method."""
        module, _, name = qualified.rpartition(".")
        known = ("findall", *CLASS_METHODS["re.Pattern"])
        if module != "re" or name not in known or node.keywords:
            return None
        if not node.args or isinstance(node.args[0], ast.Starred):
            return None
        pattern = self.expr(node.args[0])
        if pattern.type != PATTERN:
            return None
        func = typeless(ast.Attribute(node.args[0], name, ast.Load()), node)
        called = typeless(ast.Call(func, node.args[1:], []), node)
        return self.method(pattern, name, called, None)

    def method(
        self, receiver: ir.Expr, name: str, node: ast.Call, want: t.Type | None
    ) -> ir.Expr | None:
        """A method call on a lowered receiver; None when it is not native."""
        raise NotImplementedError

    def _now(self, node: ast.Call) -> ir.Expr:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        zone = self.resolve(given[0])
        if len(given) != 1 or zone not in ("datetime.timezone.utc", "datetime.UTC"):
            raise self.refuse("LF303", "this form of `datetime.now` is not native", node)
        kind = t.ClassType("datetime.datetime")
        return ir.Call("datetime.datetime.now_utc", (), (), kind, self.span(node))

    def _local_time(self, node: ast.Call) -> ir.Expr:
        """`time.strftime(format)`: the time of the place, whose zone has a name here alone."""
        span, text = self.span(node), self.expr(node.args[0])
        if not isinstance(text, ir.StrLit) or "%f" in text.value:
            raise self.refuse("LF303", "this form of `time.strftime` is not native", node)
        unknown = unknown_directive(text.value)
        if unknown:
            raise self.refuse("LF303", f"the directive {unknown} is not native", node)
        if "%Z" in text.value or "%z" in text.value:
            return ir.Call("time.strftime", (text,), (), STR, span)
        now = ir.Call("datetime.datetime.now", (), (), t.ClassType("datetime.datetime"), span)
        return ir.MethodCall(now, "strftime", (text,), (), STR, span)

    def _dumps(self, node: ast.Call) -> ir.Expr:
        """`json.dumps` with options that are written out."""
        options = self.dump_options(node)
        if len(node.args) != 1:
            raise self.refuse("LF303", "this form of `json.dumps` is not native", node)
        given = self.expect(node.args[0], ANY)
        return ir.Call("json.dumps", (given,), options, STR, self.span(node))

    def dump_options(self, node: ast.Call) -> tuple[tuple[str, ir.Expr], ...]:
        """The options of `json.dumps` and `json.dump`."""
        options: list[tuple[str, ir.Expr]] = []
        for keyword in node.keywords:
            if keyword.arg == "default" and self.resolve(keyword.value) == "builtins.str":
                options.append(("default", ir.StrLit("str", STR, self.span(keyword.value))))
                continue
            value = self.expr(keyword.value)
            match keyword.arg, value:
                case "indent", ir.IntLit(digits=digits) if not digits.startswith("-"):
                    options.append(("indent", value))
                case "indent", ir.NoneLit():
                    pass
                case ("ensure_ascii" | "sort_keys") as name, ir.BoolLit():
                    options.append((name, value))
                case _:
                    called = ast.unparse(node.func)
                    raise self.refuse("LF303", f"this form of `{called}` is not native", node)
        return tuple(options)

    def _getenv(self, node: ast.Call) -> ir.Expr:
        """`os.getenv(name, default)`."""
        if not 1 <= len(node.args) <= 2 or node.keywords:
            raise self.refuse(
                "LF303", f"this form of `{ast.unparse(node.func)}` is not native", node
            )
        name, span = self.expect(node.args[0], STR), self.span(node)
        self._check_environment(node.args[0], node)
        default = self.expr(node.args[1]) if len(node.args) == 2 else None
        if default is None or isinstance(default, ir.NoneLit):
            return ir.Call("os.getenv", (name,), (), t.OptionalType(STR), span)
        if isinstance(default.type, t.StrType):
            return ir.Call("os.getenv", (name, default), (), STR, span)
        default = self.fitted(default, ANY, node)
        return ir.Call("os.getenv_or", (name, default), (), ANY, span)

    def environ_item(self, node: ast.Subscript) -> ir.Expr:
        """`os.environ[name]`."""
        args = (self.expect(node.slice, STR),)
        self._check_environment(node.slice, node)
        return ir.Call("os.environ", args, (), STR, self.span(node))

    def _check_environment(self, name: ast.expr, node: ast.expr) -> None:
        unsure, known = self.meaning.unsure, self.known_texts(name)
        if unsure is None or any(known is None or item in known for item in unsure):
            raise self.refuse("LF303", "the program changes its environment", node)

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

    def _found(self, node: ast.Call) -> t.Type:
        """`findall` gives strings when the pattern has at most one group, else tuples of them."""
        pattern = self._pattern_text(node)
        return t.ListType(ANY if pattern is None or _groups(pattern) > 1 else STR)

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
            qualified = qualified if result == t.ListType(STR) else "re.findall_any"
        return ir.Call(qualified, tuple(args), (), result, self.span(node))

    def _counter(self, node: ast.Call) -> ir.Expr:
        """`Counter(texts)`; of a dict it would be given the counts."""
        items, item = self.iterated(self._one(node))
        if isinstance(items.type, t.DictType | t.AnyType) or not isinstance(item, t.StrType):
            raise self.refuse("LF303", f"a counter of {type_name(item)} is not native", node)
        return ir.Call("collections.Counter", (items,), (), COUNTER, self.span(node))

    def _product(self, node: ast.Call) -> ir.Expr:
        """`math.prod` of integers; that of floats is an int where there are none."""
        items, item = self.iterated(self._one(node))
        if not isinstance(item, t.IntType):
            raise self.refuse("LF303", f"`math.prod` of {type_name(item)} is not native", node)
        return ir.Call("math.prod", (items,), (), INT, self.span(node))

    def _random_choice(self, node: ast.Call) -> ir.Expr:
        value = self.expr(self._one(node))
        item: t.Type | None = STR if isinstance(value.type, t.StrType) else None
        if isinstance(value.type, t.ListType):
            item = item_type(value.type)
        if item is None:
            raise self.refuse(
                "LF303", f"`random.choice` of {type_name(value.type)} is not native", node
            )
        return ir.Call("random.choice", (value,), (), item, self.span(node))


def _groups(pattern: str) -> int:
    try:
        return re.compile(pattern).groups
    except re.error:
        return 99
