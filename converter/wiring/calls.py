"""Calls: of the program's functions, of builtins and library names, of methods of known data."""

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from langferry.converter.wiring import environment, instances, names, operations
from langferry.converter.wiring.arguments import ARGUMENT
from langferry.converter.wiring.graphs import Builder, Compiled, Whole
from langferry.converter.wiring.library import (
    HOOKS,
    MAKING_CLASSES,
    MAKING_METHODS,
    NO_EFFECT,
    RUNNABLE_MAKERS,
    RUNNABLES,
    TRANSPARENT,
    UNKNOWABLE,
    WRAPPERS,
)
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    FieldInfoValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    Making,
    MiddlewareValue,
    PartialValue,
    RunnableValue,
    SaverValue,
    Scope,
    SetValue,
    StoreValue,
    Subscripted,
    SuperValue,
    TupleValue,
    UnionValue,
    Unknown,
    Value,
    is_plain,
    plain,
    wrap,
)

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter


FIELD_WORDS = frozenset(
    {"description", "title", "examples", "metadata", "repr", "compare", "hash", "deprecated"}
)
"""Keywords of `field(...)` and `Field(...)` that change nothing about what a field may hold."""


PLAIN_TYPES = frozenset(
    [
        *("builtins.str", "builtins.int", "builtins.float", "builtins.bool", "Any", "Optional"),
        *("builtins.list", "builtins.dict", "List", "Dict", "Union"),
    ]
)
"""What fields of forms that models fill in may be of."""


def call(
    run: "Interpreter",
    function: Value,
    args: list[Value],
    keywords: dict[str, Value],
    node: ast.AST,
    scope: Scope,
) -> Value:
    """The result of `function(*args, **keywords)`.

    Raises:
        Failure: LF107 when the budget is used up.
    """
    return _Call(run, args, keywords, node, scope).of(function)


class _Call:
    def __init__(
        self,
        run: "Interpreter",
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        scope: Scope,
    ) -> None:
        self.run = run
        self.args = args
        self.keywords = keywords
        self.node = node
        self.scope = scope

    def of(self, function: Value) -> Value:
        match function:
            case FunctionValue() if function.unknown is None:
                where = self.scope.module.span(self.node)
                return self.run.call(function, self.args, self.keywords, where)
            case PartialValue() if function.unknown is None:
                args = [*function.args, *self.args]
                keywords = function.keywords | self.keywords
                return call(self.run, function.function, args, keywords, self.node, self.scope)
            case BoundMethod():
                return self._method(function.receiver, function.name)
            case LibraryValue(name):
                return self._library(name)
            case ClassValue():
                where = self.scope.module.span(self.node)
                return instances.create(self.run, function, self.args, self.keywords, where)
            case InstanceValue():
                called = instances.method(function.cls, "__call__")
                if called is not None:
                    where = self.scope.module.span(self.node)
                    return self.run.call(called, [function, *self.args], self.keywords, where)
            case Unknown():
                if isinstance(self.node, ast.Call) and isinstance(self.node.func, ast.Attribute):
                    why = self._unknown(f"a method {self.node.func.attr!r} is called")
                    self.run.method_maybe_called(self.node.func.attr, why)
                replaced = None if function.member is None else self._replaced(*function.member)
                if replaced is not None:
                    return replaced
                made = None if function.member is None else self._made_by(*function.member)
                if made is not None:
                    return Unknown(function.reason, self.scope.module.span(self.node), made=made)
                if self._is_method("bind_tools"):
                    # a model that is told of tools leaves them as they are
                    return self._unknown(function.reason)
                return self._opaque(function.reason)
        return self._opaque("what it calls is not known")

    def _replaced(self, owner: Unknown, method: str) -> Value | None:
        """What `pattern.sub(by, text)` gives for a pattern that is known."""
        match owner.made, method, self.args:
            case ("re.compile", None, {"pattern": Const(str(pattern)), **rest}), "sub", [
                Const(str(by)),
                Const(str(text)),
            ] if not rest and not self.keywords:
                return self._plain(lambda: operations.replaced(pattern, by, text))
        return None

    def _is_method(self, name: str) -> bool:
        """Whether it is a method of this name that is called."""
        called = self.node.func if isinstance(self.node, ast.Call) else None
        return isinstance(called, ast.Attribute) and called.attr == name

    def _made(self, name: str) -> Making | None:
        """What a class makes, where it is one whose instances are known."""
        parameters = MAKING_CLASSES.get(name)
        if parameters is None or len(self.args) > len(parameters):
            return None
        given = dict(zip(parameters, self.args, strict=False))
        return None if given.keys() & self.keywords else (name, None, given | self.keywords)

    def _made_by(self, owner: Unknown, method: str) -> Making | None:
        """What a method makes of an object that is known, where all it is given is."""
        parameters = MAKING_METHODS.get(method)
        if parameters is None or len(self.args) > len(parameters):
            return None
        given = dict(zip(parameters, self.args, strict=False))
        if given.keys() & self.keywords:
            return None
        if method == "with_structured_output" and not self._is_plain_form(given.get("schema")):
            return None
        return method, owner, given | self.keywords

    def _is_plain_form(self, form: Value | None) -> bool:
        """Whether models can be told what the class is: one of pydantic's, with fields of plain data."""
        from langferry.converter.wiring.schemas import class_hints

        if not isinstance(form, ClassValue) or form.kind != "pydantic" or self.keywords:
            return False
        hints = class_hints(self.run, form)
        return not isinstance(hints, Unknown) and all(
            self._is_plain_annotation(x.value, form) for x in hints
        )

    def _is_plain_annotation(self, annotation: Value, form: ClassValue) -> bool:
        match annotation:
            case LibraryValue(name):
                return name in PLAIN_TYPES
            case UnionValue(members):
                return all(self._is_plain_annotation(x, form) for x in members)
            case Subscripted(LibraryValue("Literal"), items):
                return all(isinstance(x, Const) for x in items)
            case Subscripted(LibraryValue("Annotated"), [item, *_]):
                return self._is_plain_annotation(item, form)
            case Subscripted(LibraryValue(name), items) if name in PLAIN_TYPES:
                return all(self._is_plain_annotation(x, form) for x in items)
            case ClassValue(kind="pydantic") if annotation is not form:
                return self._is_plain_form(annotation)
            case Const(None):
                return True
        return False

    def _opaque(self, reason: str) -> Unknown:
        """The result of a call that is not evaluated: whatever it was given may have changed."""
        from langferry.converter.wiring.interpreter import taint

        where = self.scope.module.span(self.node)
        why = Unknown(f"something that is not evaluated may have changed it: {reason}", where)
        for value in (*self.args, *self.keywords.values()):
            taint(value, why)
            if isinstance(value, FunctionValue):
                self.run.maybe_called_by_library(value, why)
        return Unknown(reason, where)

    def _data(self) -> bool:
        return all(is_plain(value) for value in (*self.args, *self.keywords.values()))

    def _plain(self, make: Callable[[], object]) -> Value:
        try:
            return wrap(make())
        except operations.TooCostly:
            return self._unknown("the value could be very large")
        # whatever Python raises here the program itself would raise
        except Exception as error:
            return self._unknown(f"it raises {type(error).__name__}")

    def _unknown(self, reason: str) -> Unknown:
        return Unknown(reason, self.scope.module.span(self.node))

    def _library(self, name: str) -> Value:
        from langferry.converter.wiring import builder, prebuilt, supervisors
        from langferry.converter.wiring.schemas import typed_dict

        short = name.removeprefix("builtins.")
        match short:
            case "StateGraph":
                return builder.create(self.run, self.args, self.keywords, self.node, self.scope)
            case "MessageGraph" if not self.args and not self.keywords:
                messages = builder.messages_alone()
                return builder.create(self.run, [messages], {}, self.node, self.scope)
            case "create_react_agent" | "create_agent":
                return prebuilt.create_agent(
                    self.run, short, self.args, self.keywords, self.node, self.scope
                )
            case "hook_config" if not self.args:
                where = self.scope.module.span(self.node)
                return PartialValue(LibraryValue("hook_config()"), [], self.keywords, where)
            case "hook_config()":
                return self._with_jumps()
            case _ if short in {"dynamic_prompt", *HOOKS, *WRAPPERS}:
                return self._middleware(short)
            case "entrypoint":
                # with options it gives the decorator
                where = self.scope.module.span(self.node)
                options = {x: y for x, y in self.keywords.items() if x == "checkpointer"}
                return PartialValue(LibraryValue("entrypoint()"), [], options, where)
            case "entrypoint()" if len(self.args) == 1:
                return self._entrypoint(self.args[0])
            case "TypedDict" if len(self.args) == 2:
                return typed_dict(self.args, self.keywords, self.node, self.scope)
            case "field" | "Field":
                return self._field_info()
            case "pydantic.ConfigDict" | "pydantic_settings.SettingsConfigDict" if not self.args:
                return self._builtin("dict")
            case "create_deep_agent":
                return prebuilt.whole_agent(
                    self.run, short, self.keywords, self.node, self.scope, is_compiled=True
                )
            case "create_swarm":
                return prebuilt.create_swarm(
                    self.run, self.args, self.keywords, self.node, self.scope
                )
            case "create_supervisor":
                return supervisors.create_supervisor(
                    self.run, self.args, self.keywords, self.node, self.scope
                )
            case "tenacity.retry" if not self.args:
                # with options it gives the decorator
                return LibraryValue(short)
            case _ if short in TRANSPARENT:
                # with options it gives the decorator
                return LibraryValue(short)
            case "dataclass" | "pydantic_dataclass" if not self.args:
                # with options it gives the decorator
                return LibraryValue(short)
            case "InMemorySaver":
                if self.args or self.keywords:
                    return self._unknown("a saver with options is not evaluated")
                return SaverValue("memory")
            case "InMemoryStore":
                index = self.keywords.get("index", Const(None))
                searches = not isinstance(index, Const) or index.value is not None
                if self.args or self.keywords.keys() - {"index"} or searches:
                    return self._unknown("a store that searches by meaning is not evaluated")
                return StoreValue(self.scope.module.span(self.node))
            case "partial" if self.args:
                where = self.scope.module.span(self.node)
                return PartialValue(self.args[0], self.args[1:], self.keywords, where)
            case "functools.wraps" if len(self.args) == 1 and not self.keywords:
                where = self.scope.module.span(self.node)
                return PartialValue(LibraryValue("functools.wraps()"), self.args, {}, where)
            case "functools.wraps()":
                return self._wrapping()
            case "RunnableCallable":
                return self._runnable()
            case "RunnableLambda" | "chain":
                return self._runnable_lambda()
            case "asyncio.iscoroutinefunction" | "inspect.iscoroutinefunction":
                match self.args:
                    case [FunctionValue(unknown=None) as function]:
                        # of what asyncio and inspect tell apart there is nothing in the programs that are read
                        return Const(function.is_async and not names.yields(function.node))
            case "cast" if len(self.args) == 2:
                return self.args[1]
            case "print":
                return Const(None)
            case "re.sub" if len(self.args) == 3 and not self.keywords and self._data():
                pattern, by, text = map(plain, self.args)
                if all(isinstance(x, str) for x in (pattern, by, text)):
                    return self._plain(lambda: operations.replaced(pattern, by, text))
            case "langferry.argument":
                name = plain(self.args[0]) if self._data() and self.args else "?"
                found = self._unknown(f"the argument {name!r} is given when the program runs")
                assert isinstance(found, Unknown)
                found.made = (ARGUMENT, None, {"name": Const(name), "kind": Const(None)})
                return found
        environment.note_call(self.run, name, self.args, self.keywords, self.node, self.scope)
        if not name.startswith("builtins."):
            made = self._made(name)
            if made is not None:
                where = self.scope.module.span(self.node)
                return Unknown(f"what {name} returns is not known", where, made=made)
            if name in NO_EFFECT:
                return self._unknown(f"what {name} returns is not known")
            return self._opaque(f"what {name} returns is not known")
        if short in UNKNOWABLE:
            # what a tool executes, which a library was given, is no part of the wiring
            if not self.run.guessing:
                self.run.broken = self.run.broken or self._unknown(
                    f"after a call of {short!r} nothing about the program is certain"
                )
            return self._unknown(f"{short!r} is never run")
        return self._builtin(short)

    def _entrypoint(self, function: Value) -> Value:
        """The graph that the functional API makes of a function."""
        from langferry.converter.wiring import builder, whole

        inner = function.wraps if isinstance(function, Unknown) else function
        name = inner.name if isinstance(inner, FunctionValue) else "graph"
        why = self._unknown("it is written in the functional API")
        found = whole.whole(self.run, Whole(why, name), self.scope.module)
        return builder.register(self.run, builder.finish(found.builder, self.keywords, found.span))

    def _with_jumps(self) -> Value:
        """A hook that says where it may go on."""
        jumps = self.keywords.get("can_jump_to", Const(None))
        match self.args:
            case [FunctionValue() as hook] if is_plain(jumps):
                hook.jumps = tuple(plain(jumps) or ()) or hook.jumps
                return hook
        return self._opaque("where a hook may go on is not known")

    def _middleware(self, hook: str) -> Value:
        """What a decorator makes of a function: middleware, or with options alone the decorator."""
        match self.args:
            case []:
                where = self.scope.module.span(self.node)
                return PartialValue(LibraryValue(hook), [], self.keywords, where)
            case [FunctionValue() as function] if function.unknown is None:
                return MiddlewareValue(hook, function, self.keywords)
        return self._opaque(f"what {hook} makes is not known")

    def _wrapping(self) -> Value:
        """What `functools.wraps(function)` makes of another: the same, by the first one's name."""
        match self.args:
            case [
                FunctionValue(unknown=None) as wrapped,
                FunctionValue(unknown=None) as wrapper,
            ] if wrapped.signature is not wrapper:
                wrapper.wrapped = wrapped
                return wrapper
        return self._opaque("what functools.wraps makes is not known")

    def _field_info(self) -> Value:
        default = self.keywords.get("default", self.args[0] if self.args else None)
        if default is not None and is_plain(default) and plain(default) is Ellipsis:
            default = None
        factory = self.keywords.get("default_factory")
        if default is None and isinstance(factory, LibraryValue | FunctionValue | ClassValue):
            default = call(self.run, factory, [], {}, self.node, self.scope)
            if isinstance(default, ListValue | DictValue | SetValue) and not _writes_out(factory):
                # a model does not copy its defaults
                where = self.scope.module.span(self.node)
                default = Unknown("something else may hold what a factory gives", where)
        checks = bool(self.keywords.keys() - {"default", "default_factory", *FIELD_WORDS})
        has_default = default is not None or factory is not None
        return FieldInfoValue(default, has_default, checks, self.keywords)

    def _runnable(self) -> Value:
        given = dict(zip(("function", "coroutine"), self.args, strict=False))
        for keyword, name in (("func", "function"), ("afunc", "coroutine")):
            if keyword in self.keywords:
                given[name] = self.keywords[keyword]
        if self.keywords.keys() - {"func", "afunc", "name", "trace", "tags"}:
            return self._unknown("this RunnableCallable is not evaluated")

        def given_function(name: str) -> Value | None:
            value = given.get(name, Const(None))
            return None if isinstance(value, Const) and value.value is None else value

        first, second = given_function("function"), given_function("coroutine")
        label = self.keywords.get("name", Const(None))
        if not isinstance(label, Const) or (first is None and second is None):
            return self._unknown("this RunnableCallable is not evaluated")
        text = label.value if isinstance(label.value, str) else None
        if text is None:
            source = first if first is not None else second
            if isinstance(source, FunctionValue) and source.name != "<lambda>":
                text = source.name
        return RunnableValue(first, second, text, self.scope.module.span(self.node))

    def _runnable_lambda(self) -> Value:
        """LangChain's Runnable of one function, which is given a run's config by that name and nothing else."""
        match self.args:
            case [FunctionValue() as function] if function.unknown is None and not self.keywords:
                if all(item.arg == "config" for item in names.parameters(function.node)[1:]):
                    name = "RunnableLambda" if function.name == "<lambda>" else function.name
                    where = self.scope.module.span(self.node)
                    return RunnableValue(function, None, name, where, is_lambda=True)
        return self._opaque("what RunnableLambda returns is not known")

    def _builtin(self, name: str) -> Value:
        from langferry.converter.wiring.expressions import iterate, truth

        args = self.args
        match name, args:
            case "range", _ if self._data() and not self.keywords:
                return self._plain(lambda: range(*(plain(value) for value in args)))
            case (("list" | "tuple" | "reversed" | "iter"), [source]) if not self.keywords:
                items = iterate(source)
                if items is not None:
                    items = list(reversed(items)) if name == "reversed" else list(items)
                    return TupleValue(items) if name == "tuple" else ListValue(items)
            case (("list" | "tuple" | "dict" | "set" | "frozenset"), []):
                if name == "dict":
                    given: dict[object, Value] = {}
                    given.update(self.keywords)
                    return DictValue(given)
                if name in {"set", "frozenset"}:
                    return SetValue(set(), frozen=name == "frozenset")
                return ListValue([]) if name == "list" else TupleValue([])
            case "dict", [DictValue(pairs, None)]:
                merged: dict[object, Value] = dict(pairs)
                merged.update(self.keywords)
                return DictValue(merged)
            case (("set" | "frozenset"), [source]):
                items = iterate(source)
                if items is not None and all(is_plain(item) for item in items):
                    found = [plain(item) for item in items]
                    return self._plain(lambda: frozenset(found) if name[0] == "f" else set(found))
                if isinstance(source, SetValue) and source.unknown is None:
                    return SetValue(set(source.items), name == "frozenset")
            case "enumerate", [source, *rest]:
                items = iterate(source)
                start = rest[0] if rest else self.keywords.get("start", Const(0))
                if items is not None and isinstance(start, Const) and isinstance(start.value, int):
                    counted = enumerate(items, start.value)
                    return ListValue([TupleValue([Const(i), item]) for i, item in counted])
            case "zip", _ if not self.keywords:
                columns = [iterate(source) for source in args]
                if None not in columns:
                    rows = zip(*(column for column in columns if column is not None), strict=False)
                    return ListValue([TupleValue(list(row)) for row in rows])
            case "sorted", [SetValue(found, _, None)]:
                return self._sorted(list(found))
            case "sorted", [source]:
                items = iterate(source)
                if items is not None and all(is_plain(item) for item in items):
                    return self._sorted([plain(item) for item in items])
            case "len", [ListValue(items, None) | TupleValue(items) | DictValue(items, None)]:
                return Const(len(items))
            case "bool", [source]:
                decided = truth(source)
                if decided is not None:
                    return Const(decided)
            case "hasattr", [InstanceValue() as owner, Const(str(attribute))] if (
                instances.surely_has(owner, attribute)
            ):
                return Const(True)
            case "callable", [FunctionValue(unknown=None)]:
                return Const(True)
            case "map", [function, source]:
                items = iterate(source)
                if items is not None:
                    results = [
                        call(self.run, function, [item], {}, self.node, self.scope)
                        for item in list(items)
                    ]
                    return ListValue(results)
            case "setattr", [owner, Const(str(attribute)), value]:
                from langferry.converter.wiring.statements import set_attribute

                set_attribute(self.run, owner, attribute, value, self.node, self.scope)
                return Const(None)
            case (("setattr" | "delattr"), _):
                self.run.broken = self.run.broken or self._unknown(
                    "which attribute is set here is not known"
                )
            case "getattr", [owner, Const(str(attribute)), *_]:
                from langferry.converter.wiring.expressions import attribute as get

                return get(self.run, owner, attribute, self.node, self.scope)
            case "isinstance", [Unknown(made=(maker, _, _)), LibraryValue(cls)]:
                if cls in RUNNABLES and maker in RUNNABLE_MAKERS:
                    return Const(True)
            case "super", []:
                return instances.super_value(self.run, self.node, self.scope)
        # what a set's order decides is not known
        ordered = name == "len" or not any(isinstance(value, SetValue) for value in args)
        if name in operations.BUILTINS and self._data() and ordered:
            return self._plain(
                lambda: operations.builtin(
                    name,
                    [plain(value) for value in args],
                    {key: plain(value) for key, value in self.keywords.items()},
                )
            )
        if name in NO_EFFECT:
            return self._unknown(f"what {name!r} returns here is not known")
        return self._opaque(f"what {name!r} returns here is not known")

    def _own_method(self, receiver: InstanceValue | SuperValue, name: str) -> Value:
        found = instances.bound(receiver, name)
        if found is None:
            return self._opaque(f"what the method {name!r} returns is not known")
        function, first = found
        where = self.scope.module.span(self.node)
        return self.run.call(function, [*first, *self.args], self.keywords, where)

    def _sorted(self, items: list[Any]) -> Value:
        reverse = self.keywords.get("reverse", Const(False))
        if self.keywords.keys() - {"reverse"} or not isinstance(reverse, Const):
            return self._unknown("what the sort key gives is not evaluated")
        return self._plain(lambda: sorted(items, reverse=bool(reverse.value)))

    def _only_names(self) -> bool:
        """Whether a config says only what those who watch runs are told of them."""
        said = {key: value for key, value in self.keywords.items() if key != "config"}
        for config in [
            *self.args,
            *([self.keywords["config"]] if "config" in self.keywords else []),
        ]:
            match config:
                case DictValue(items, None) if all(isinstance(key, str) for key in items):
                    said |= {str(key): value for key, value in items.items()}
                case _:
                    return False
        tags = said.get("tags", Const(None))
        # there are tags that keep messages out of streams
        silent = not is_plain(tags) or any("nostream" in str(x) for x in plain(tags) or ())
        return said.keys() <= {"tags", "metadata", "run_name"} and not silent

    def _method(self, receiver: Value, name: str) -> Value:
        from langferry.converter.wiring import builder
        from langferry.converter.wiring.methods import list_or_dict_method
        from langferry.converter.wiring.stores import store_method

        match receiver:
            case InstanceValue() | SuperValue():
                return self._own_method(receiver, name)
            case Builder():
                return builder.method(
                    self.run, receiver, name, self.args, self.keywords, self.node, self.scope
                )
            case Compiled():
                if name == "with_config" and self._only_names():
                    return receiver
                if name in {"with_config", "copy"}:
                    return self._unknown(f"what a graph's {name!r} returns is not carried over yet")
                return self._unknown(f"what a graph's {name!r} returns is not known")
            case Const(str(text)) if name in operations.STR_METHODS and self._data():
                if not any(isinstance(value, SetValue) for value in self.args):
                    return self._plain(
                        lambda: operations.str_method(
                            text,
                            name,
                            [plain(value) for value in self.args],
                            {key: plain(value) for key, value in self.keywords.items()},
                        )
                    )
            case StoreValue():
                return store_method(
                    self.run, receiver, name, self.args, self.keywords, self.node, self.scope
                )
            case ListValue() | DictValue() | SetValue():
                return list_or_dict_method(
                    self.run, receiver, name, self.args, self.keywords, self.node, self.scope
                )
        return self._opaque(f"what the method {name!r} returns is not known")


def _writes_out(factory: LibraryValue | FunctionValue | ClassValue) -> bool:
    """Whether each container that a factory gives is new."""
    if not isinstance(factory, FunctionValue):
        return True
    match factory.node.body:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name)):
            bound = factory.module.scope.bindings.get(name, [])
            is_builtin = not bound and name in ("dict", "list", "set")
            return is_builtin or any(isinstance(x, ast.ClassDef) for x in bound)
    return False
