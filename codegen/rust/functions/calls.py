"""Calls of functions and methods."""

import re
from collections.abc import Sequence

import msgspec

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions import library
from langferry.codegen.rust.functions.code import Code
from langferry.codegen.rust.functions.langchain import MESSAGES, LangChain
from langferry.codegen.rust.functions.values import is_dynamic_key, receiver_text, untold
from langferry.codegen.rust.literals import string
from langferry.model import ir
from langferry.model import types as t
from langferry.model.mutators import MUTATORS

_SLOT = re.compile(r"\{(self|\d)(?:!([vnpbkl]))?\}")


class Calls(LangChain):
    """Writes calls."""

    def filled(
        self, template: str, args: Sequence[ir.Expr], receiver: ir.Expr | None = None
    ) -> Code:
        """A template of `library` with its arguments, evaluated in their order."""

        def argument(match: re.Match[str]) -> str:
            node = receiver if match[1] == "self" else args[int(match[1])]
            assert node is not None
            match match[2]:
                case "v":
                    return self.typed(node)
                case "n":
                    return self.number(node)
                case "p":
                    return self.receiver(node)
                case "b":
                    return self.borrowed_or_value(node)
                case "k":
                    return self.key(node) if is_dynamic_key(node) else self.typed(node)
                case "l":
                    return self.looked_up(node)
            return self.borrowed(node)

        text = _SLOT.sub(argument, template)
        if "?" in template:
            self.tries += 1
        if template.startswith("{self} "):
            return Code(text, "value", c.BIT_OR)
        return Code(text, "value", c.UNARY if template.startswith("!") else c.ATOM)

    def _methodcall(self, node: ir.MethodCall) -> Code:
        kind, count = node.receiver.type, len(node.args)
        match kind, node.method:
            case t.StrType(), "join":
                items = self.iterated(node.args[0]).text
                return Code(f"str_::join({self.borrowed(node.receiver)}, {items})", "value")
            case t.StrType(), "startswith_any" | "endswith_any":
                inner = ", ".join(self.emit(arg).text for arg in node.args)
                return Code(
                    f"str_::{node.method}({self.borrowed(node.receiver)}, &[{inner}])", "value"
                )
            case t.StrType(), _:
                return self.filled(
                    library.STR_METHODS[node.method, count], node.args, node.receiver
                )
            case t.DictType(), "get":
                return self._dict_get(node, kind)
            case t.DictType(), "keys" | "values" | "items":
                return Code(f"{self.owned_items(node).iterator()}.collect::<Vec<_>>()", "value")
            case t.DictType(), _:
                return self.filled(
                    library.DICT_METHODS[node.method, count], node.args, node.receiver
                )
            case t.ListType(), "sort":
                return self._sort(node)
            case t.ListType(), _:
                return self.filled(
                    library.LIST_METHODS[node.method, count], node.args, node.receiver
                )
            case t.SetType(), _:
                return self.filled(
                    library.SET_METHODS[node.method, count], node.args, node.receiver
                )
            case t.AnyType(), _:
                given = f"{string(node.method)}, {self._slice_of(node.args)}"
                called = "call_mut" if node.method in MUTATORS else "call"
                return self.attempt(f"{self.receiver(node.receiver)}.{called}({given})")
            case t.ClassType(name="re.Match"), "group0":
                self.tries += 1
                return Code(
                    f"{self.receiver(node.receiver)}.group(0)?.unwrap_or_default()", "value"
                )
            case t.ClassType(name="re.Match"), "group":
                key = node.args[0]
                shown = self.borrowed(key) if isinstance(key.type, t.StrType) else self.number(key)
                return self.attempt(f"{self.receiver(node.receiver)}.group({shown})")
            case t.ClassType(name="pydantic_settings.Settings"), "field":
                made = f"{self.receiver(node.receiver)}.field::<{self.file.type(node.type)}>"
                return self.attempt(f"{made}({self.emit(node.args[0]).text})")
            case t.ClassType(name=name), _ if name.startswith("langchain."):
                return self.model_method(node)
            case t.ClassType(name="tavily.TavilyClient"), _:
                return self.asked_of_client(node)
            case t.ClassType(name=name), _:
                return self.filled(
                    library.CLASS_METHODS[name, node.method, count], node.args, node.receiver
                )
        raise AssertionError(f"no method {node.method} of {kind}")

    def _slice_of(self, nodes: Sequence[ir.Expr]) -> str:
        """Values as a slice of them; a single one is not copied for it."""
        if len(nodes) == 1:
            made = self.emit(nodes[0])
            if made.form == "ref":
                return f"std::slice::from_ref({made.text})"
            return f"&[{self.as_owned(made, nodes[0].type)}]"
        return f"&[{', '.join(self.owned(node) for node in nodes)}]"

    def _dict_get(self, node: ir.MethodCall, kind: t.DictType) -> Code:
        base = self.emit(node.receiver)
        found = f"{receiver_text(base)}.get({self.looked_up(node.args[0])})"
        if len(node.args) == 1:
            if isinstance(kind.value, t.OptionalType):
                found = f"{found}.and_then(Option::as_ref)"
            elif isinstance(kind.value, t.AnyType):
                return Code(f"{found}.cloned().unwrap_or_default()", "value")
            made = Code(found, "optref")
            return made if base.form != "value" else Code(self.as_owned(made, node.type), "value")
        copied = "copied" if isinstance(kind.value, t.BoolType) else "cloned"
        return Code(f"{found}.{copied}().{self._default(node.args[1])}", "value")

    def _sort(self, node: ir.MethodCall) -> Code:
        options = dict(node.keywords)
        reverse = self.truth(options["reverse"]).text if "reverse" in options else "false"
        receiver = self.receiver(node.receiver)
        if "key" in options:
            key = self.key_function(options["key"])
            return self.attempt(f"list::sort_by_key(&mut {receiver}, {key}, {reverse})")
        return self.attempt(f"list::sort(&mut {receiver}, {reverse})")

    def key_function(self, node: ir.Expr) -> str:
        """A closure `|item: &T| -> Result<K, Exception>`."""
        assert isinstance(node, ir.Lambda)
        ((name, kind),) = node.params
        with self.locals.inner({name: "ref"}):
            body = self.ok(node.body)
            shown = self.locals.text(name)
        return f"|{shown}: &{self.file.type(kind)}| {body}"

    def _functioncall(self, node: ir.FunctionCall) -> Code:
        name = self.file.function(node.function, "helper")
        args = [self._passed(arg) for arg in node.args]
        if self.file.layout.uses_run(node.function):
            args.append(self.locals.context())
        return self.attempt(f"{name}({', '.join(args)})")

    def _passed(self, node: ir.Expr) -> str:
        """An argument as helpers take it: by reference, but for what is copied anyway."""
        if isinstance(node.type, t.BoolType | t.NoneType):
            return self.owned(node)
        made = self.emit(node)
        if isinstance(node, ir.Global) and made.form == "place":
            return f"&{receiver_text(made)}"
        return self.as_ref(msgspec.structs.replace(made, text=untold(made.text)), node.type)

    def _call(self, node: ir.Call) -> Code:
        special = getattr(self, f"_call_{node.function.rpartition('.')[2]}", None)
        if node.function.startswith("builtins.") and special is not None:
            made: Code = special(node)
            return made
        if node.function.startswith(("langchain.", MESSAGES)):
            return self.of_langchain(node)
        match node.function:
            case "re.flags":
                names = [f"re::{a.value}" for a in node.args if isinstance(a, ir.StrLit)]
                return Code(" | ".join(names), "value", c.BIT_OR)
            case "datetime.timedelta":
                return self._timedelta(node)
            case "datetime.datetime":
                given = [self.number(arg) for arg in node.args]
                given += ["0"] * (7 - len(given))
                return self.attempt(f"DateTime::new({', '.join(given)})")
            case "random.choice":
                return self._random_choice(node)
            case "math.prod":
                return Code(f"math::prod({self.owned_items(node.args[0]).text})", "value")
            case "collections.Counter":
                return Code(f"Counter::of({self.owned_items(node.args[0]).text})", "value")
            case "bytes.literal":
                (text,) = node.args
                assert isinstance(text, ir.StrLit)
                shown = "".join(f"\\x{byte:02x}" for byte in text.value.encode("latin-1"))
                return Code(f'Bytes::from(&b"{shown}"[..])', "value")
            case "builtins.quietly":
                return self.attempt(f"quietly(|| {self.ok(node.args[0])})")
            case "os.path.join":
                given_paths = ", ".join(map(self.borrowed, node.args))
                return Code(f"os::path::join(&[{given_paths}])", "value")
            case "files.read" | "files.read_path":
                place, told = node.args
                assert isinstance(told, ir.StrLit)
                errors = f"files::Errors::{told.value.capitalize()}"
                if node.function == "files.read":
                    return self.attempt(f"files::open_read({self.borrowed(place)}, {errors})")
                return self.attempt(f"{self.receiver(place)}.read_text({errors})")
            case "files.dump":
                return self._dumped_into(node)
            case "asyncio.gather":
                each = self.key_function(node.args[1])
                return self.attempt(f"asyncio::gather({self.owned(node.args[0])}, {each})")
            case "arguments.given":
                read = f"langferry::arguments::given::<{self.file.type(node.type)}>"
                return self.attempt(f"{read}({self.borrowed(node.args[0])})")
            case "langgraph.configurable":
                return Code(f"{self.locals.context()}.config().all_configurable()", "ref")
            case "langgraph.store":
                return Code(f"{self.locals.context()}.store()", "value")
            case "stores.made":
                return self._store_made(node)
            case "langgraph.write":
                return Code(
                    f"{self.locals.context()}.write({self.borrowed(node.args[0])})", "value"
                )
            case "langgraph.state":
                return self.attempt(f"{self.locals.context()}.state()")
            case "langgraph.tool_state":
                shown = f"{self.locals.context()}.tool_state()?"
                self.tries += 1
                as_dict = f"{shown}.to::<{self.file.type(node.type)}>()"
                return self.attempt(f"{as_dict}.map_err(Exception::unsupported)")
            case "langgraph.call_id":
                return Code(f"{self.locals.context()}.tool_call_id()", "value")
            case "commands.made":
                graph, update, *rest = map(self.owned, node.args)
                # what LangGraph's own class has where nothing is said
                goto = rest[0] if rest else "Value::Tuple(Vec::new())"
                return Code(f"langferry::command({graph}, {update}, {goto})", "value")
            case "commands.sent":
                target, arg = map(self.owned, node.args)
                return Code(f"langferry::sent({target}, {arg})", "value")
            case "langgraph.remaining_steps":
                return Code(f"Int::from({self.locals.context()}.remaining_steps())", "value")
            case "langgraph.with_remaining_steps":
                state = self.owned(node.args[0])
                return self.attempt(f"{self.locals.context()}.with_remaining_steps({state})")
            case "langgraph.coroutine":
                return Code(f"langferry::coroutine_text({self.borrowed(node.args[0])})", "value")
            case "langgraph.invoke":
                return self._run_graph(node)
            case function if function == "requests.request" or function in library.WEB_OBJECTS:
                return self.asked_of_web(node)
            case "json.dumps" if node.keywords:
                return self._dumps_with(node)
            case "messages.filter":
                return self.filtered_messages(node)
            case "rich.print":
                return self._rich_print(node)
            case "str.format":
                return self._format_template(node)
            case "objects.present":
                return self._present(node)
            case "builtins.tuple_items":
                return self._tuple_items(node.args[0])
            case "objects.valid":
                return self._valid(node)
            case "objects.augmented":
                joined = self.emit(node.args[1]).text.removesuffix("?")
                return self.attempt(f"ops::augmented({self.emit(node.args[0]).text}, {joined})")
        return self.filled(library.FUNCTIONS[node.function, len(node.args)], node.args)

    def _valid(self, node: ir.Call) -> Code:
        """A value that a validator does not refuse."""
        *names, made = (self.emit(arg).text for arg in node.args)
        checked = ", ".join([made.removesuffix("?"), *names])
        return self.attempt(f"langferry::objects::valid({checked})")

    def _tuple_items(self, node: ir.Expr) -> Code:
        """The items of a tuple, which are of one type, in a `Vec`."""
        assert isinstance(node.type, t.TupleType)
        names = [self.locals.fresh("item") for _ in node.type.items]
        pattern = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
        text = f"{{ let {pattern} = {self.owned(node)}; vec![{', '.join(names)}] }}"
        return Code(text, "value", c.LOOSE)

    def _store_made(self, node: ir.Call) -> Code:
        """A store that holds the values, by namespaces and keys, that stand three by three."""
        parts = list(map(self.owned, node.args))
        items = [f"({', '.join(parts[at : at + 3])})" for at in range(0, len(parts), 3)]
        if not items:
            return Code("langferry::MemoryStore::new()", "value")
        return Code(f"langferry::MemoryStore::holding([{', '.join(items)}])", "value")

    def _run_graph(self, node: ir.Call) -> Code:
        id_, given, *limit = node.args
        assert isinstance(id_, ir.StrLit)
        most = f"Some({limit[0].digits})" if limit and isinstance(limit[0], ir.IntLit) else "None"
        graph = self.file.called_graph(id_.value)
        run = f"{self.locals.context()}.invoke(&{graph}, {self.owned(given)}, {most})"
        return self.attempt(run)

    def _rich_print(self, node: ir.Call) -> Code:
        shown = []
        for arg in node.args:
            assert isinstance(arg, ir.Call)
            kind = arg.function.removeprefix("rich.").capitalize()
            shown.append(f"rich::Shown::{kind}({self.owned(arg.args[0])})")
        separator, end = (self.emit(value).text for _, value in node.keywords)
        return self.attempt(f"rich::print(&[{', '.join(shown)}], {separator}, {end})")

    def _present(self, node: ir.Call) -> Code:
        """What an optional value holds, or the error of asking None for an attribute."""
        made = self.emit(node.args[0])
        held = receiver_text(made) + (".as_ref()" if made.form in ("place", "ref") else "")
        lacks = f"langferry::objects::lacks({self.emit(node.args[1]).text})"
        text = self.attempt(f"{held}.ok_or_else(|| {lacks})").text
        return Code(text, "value" if made.form == "value" else "ref")

    def _dumps_with(self, node: ir.Call) -> Code:
        given = self.borrowed_or_value(node.args[0])
        return self.attempt(f"json::dumps_with({given}, &{self._dump_options(node)})")

    def _dumped_into(self, node: ir.Call) -> Code:
        file, value = node.args
        given = self.borrowed_or_value(value)
        return self.attempt(f"{self.receiver(file)}.dump({given}, &{self._dump_options(node)})")

    def _dump_options(self, node: ir.Call) -> str:
        if not node.keywords:
            return "json::Dumps::default()"
        options = []
        for name, value in node.keywords:
            if name == "default":
                options.append("default: Some(langferry::objects::str_of)")
                continue
            shown = self.literal(value) or self.owned(value)
            options.append(f"{name}: Some({shown})" if name == "indent" else f"{name}: {shown}")
        options.append("..json::Dumps::default()")
        return f"json::Dumps {{ {', '.join(options)} }}"

    def _format_template(self, node: ir.Call) -> Code:
        template = self.borrowed(node.args[0])
        given = ", ".join(self.owned(arg) for arg in node.args[1:])
        named = ", ".join(f"({string(n)}, {self.owned(value)})" for n, value in node.keywords)
        return self.attempt(f"format_template({template}, &[{given}], &[{named}])")

    def _random_choice(self, node: ir.Call) -> Code:
        value = node.args[0]
        if isinstance(value.type, t.StrType):
            return self.attempt(f"random::choice(&str_::chars({self.borrowed(value)}))")
        return self.attempt(f"random::choice({self.borrowed(value)})")

    def _timedelta(self, node: ir.Call) -> Code:
        if [name for name, _ in node.keywords] == ["days"]:
            days = node.keywords[0][1]
            inner = days.value if isinstance(days, ir.Convert) else days
            if isinstance(inner.type, t.IntType):
                return self.attempt(f"TimeDelta::days({self.number(inner)})")
        parts = [f"{name}: {self.owned(value)}" for name, value in node.keywords]
        parts.append("..DeltaParts::default()")
        return self.attempt(f"TimeDelta::new(DeltaParts {{ {', '.join(parts)} }})")

    def _call_isinstance(self, node: ir.Call) -> Code:
        names = [name.value for name in node.args[1:] if isinstance(name, ir.StrLit)]
        tests = [self._is_instance(node.args[0], name) for name in names]
        return Code(" || ".join(tests), "value", c.OR if len(tests) > 1 else c.ATOM)

    def _is_instance(self, value: ir.Expr, class_: str) -> str:
        """Whether a value is of a class: a builtin one, or as `object:` and `library:` name it."""
        if class_.startswith(MESSAGES):
            return self.is_message(value, class_)
        of, _, name = class_.rpartition(":")
        match of:
            case "object":
                return f"langferry::objects::is_one({self.borrowed(value)}, {string(name)})"
            case "library":
                self.tries += 1
                asked = f"{self.borrowed(value)}, {string(name)}"
                return f"langferry::objects::is_of_library({asked})?"
        return f"{self.receiver(value)}.is_instance({string(class_)})"

    def _call_hasattr(self, node: ir.Call) -> Code:
        value, name = map(self.borrowed, node.args)
        return self.attempt(f"langferry::objects::has_attr({value}, {name})")

    def _call_getattr(self, node: ir.Call) -> Code:
        value, name = map(self.borrowed, node.args[:2])
        default = self.into_value(node.args[2])
        return self.attempt(f"langferry::objects::attr_or({value}, {name}, {default})")

    def _call_str(self, node: ir.Call) -> Code:
        return Code(self.shown(node.args[0], "str_of"), "value")

    def _call_repr(self, node: ir.Call) -> Code:
        return Code(self.shown(node.args[0], "repr"), "value")

    def _call_len(self, node: ir.Call) -> Code:
        if isinstance(node.args[0].type, t.AnyType):
            return self.attempt(f"{self.receiver(node.args[0])}.len()")
        return Code(f"len({self.borrowed(node.args[0])})", "value")

    def _call_list(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner, ir.Name | ir.Field | ir.Global | ir.Item) and isinstance(
            inner.type, t.ListType
        ):
            return self.own(inner)
        return Code(self.collected(inner, "Vec<_>"), "value")

    def _call_set(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner.type, t.SetType):
            return self.own(inner)
        return Code(self.collected(inner, "Set<_>"), "value")

    def _call_dict(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if isinstance(inner.type, t.DictType):
            return self.own(inner)
        if isinstance(inner.type, t.AnyType):
            return self.attempt(f"{self.receiver(inner)}.dict()")
        return Code(self.collected(inner, "Dict<_, _>"), "value")

    def collected(self, node: ir.Expr, into: str) -> str:
        """Everything `node` yields, copied into a new container."""
        items = self.owned_items(node)
        whole = items.kind == "container" and items.items == "value"
        if whole and into == "Vec<_>" and isinstance(node.type, t.ListType):
            return items.text
        return f"{items.iterator()}.collect::<{into}>()"

    def _call_enumerate(self, node: ir.Call) -> Code:
        return Code(self.collected(node, "Vec<_>"), "value")

    _call_zip = _call_range = _call_reversed = _call_enumerate

    def _call_sum(self, node: ir.Call) -> Code:
        inner = node.args[0]
        if (
            isinstance(inner, ir.Comprehension)
            and isinstance(inner.element, ir.IntLit)
            and inner.element.digits == "1"
            and len(inner.clauses) == 1
            and inner.clauses[0].conditions
        ):
            counted = self.counted(inner)
            if counted is not None:
                return counted
        if isinstance(inner, ir.Comprehension) and isinstance(node.type, t.AnyType):
            return self.summed(inner)
        return self.attempt(f"sum({self.owned_items(inner).text})")

    def _call_next(self, node: ir.Call) -> Code:
        found, default = node.args
        assert isinstance(found, ir.Comprehension)
        first = self.first_of(found)
        if isinstance(default, ir.NoneLit):
            dynamic = isinstance(node.type, t.AnyType)
            return (
                Code(f"{first}.unwrap_or_default()", "value") if dynamic else Code(first, "value")
            )
        return Code(f"{first}.{self._default(default)}", "value")

    def _call_unpack(self, node: ir.Call) -> Code:
        assert isinstance(node.type, t.TupleType)
        value, count = node.args[0], len(node.type.items)
        if isinstance(value.type, t.AnyType):
            items = self.attempt(f"{self.receiver(value)}.unpacked()").text
        elif isinstance(value.type, t.StrType):
            items = f"str_::chars({self.borrowed(value)})"
        else:
            items = self.owned(value)
        return self.attempt(f"unpack_{count}({items})")

    def _call_any(self, node: ir.Call) -> Code:
        return self._quantified(node, "any")

    def _call_all(self, node: ir.Call) -> Code:
        return self._quantified(node, "all")

    def _quantified(self, node: ir.Call, name: str) -> Code:
        inner = node.args[0]
        if isinstance(inner, ir.Comprehension) and inner.kind == "generator":
            return self.quantified(inner, name)
        return Code(f"{name}({self.iterated(inner).text})", "value")

    def _call_min(self, node: ir.Call) -> Code:
        return self._extreme(node, "min")

    def _call_max(self, node: ir.Call) -> Code:
        return self._extreme(node, "max")

    def _extreme(self, node: ir.Call, name: str) -> Code:
        options = dict(node.keywords)
        if len(node.args) == 1:
            items = self.owned_items(node.args[0]).text
        else:
            items = f"[{', '.join(self.owned(arg) for arg in node.args)}]"
        called, given = name, [items]
        if "key" in options:
            called += "_by_key"
            given.append(self.key_function(options["key"]))
        if "default" in options:
            called += "_or"
            given.append(self.owned(options["default"]))
        return self.attempt(f"{called}({', '.join(given)})")

    def _call_sorted(self, node: ir.Call) -> Code:
        options = dict(node.keywords)
        items = self.owned_items(node.args[0]).text
        reverse = self.truth(options["reverse"]).text if "reverse" in options else "false"
        if "key" in options:
            key = self.key_function(options["key"])
            return self.attempt(f"sorted_by_key({items}, {key}, {reverse})")
        return self.attempt(f"sorted({items}, {reverse})")

    def _interrupt(self, node: ir.Interrupt) -> Code:
        question = self.owned(node.value)
        return self.attempt(f"{self.locals.context()}.interrupt({question})")

    def _send(self, node: ir.Send) -> Code:
        target = self.emit(node.node)
        name = target.text if target.form == "str" else self.as_owned(target, node.node.type)
        return Code(f"Send::new({name}, {self.owned(node.argument)})", "value")

    def counted(self, node: ir.Comprehension) -> Code | None:
        """How many items a comprehension has, if that can be said without making them."""
        raise NotImplementedError

    def quantified(self, node: ir.Comprehension, name: str) -> Code:
        """`any` or `all` of a comprehension's conditions."""
        raise NotImplementedError

    def summed(self, node: ir.Comprehension) -> Code:
        """The sum of a comprehension's items, each added before the next is made."""
        raise NotImplementedError

    def first_of(self, node: ir.Comprehension) -> str:
        """The first item of a generator, as an `Option`."""
        raise NotImplementedError
