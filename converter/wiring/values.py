"""The values the wiring interpreter knows: data, functions, classes, graphs, and the unknown."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from langferry.converter.project import SourceModule
from langferry.converter.wiring.graphs import Builder, Compiled
from langferry.diagnostics import Span


@dataclass(eq=False, slots=True)
class Unknown:
    """A value that only a run would tell; `reason` says why, `span` where it came from.

    `undefined` is the name, when looking it up would raise `NameError`.
    """

    reason: str
    span: Span
    undefined: str | None = None
    wraps: "FunctionValue | None" = None
    """The function that a decorator made this of."""
    made: "Making | None" = None
    member: "tuple[Unknown, str] | None" = None
    """Whose attribute of what name it is, where `made` is known of the owner."""
    written: "Written | None" = None
    """The expression that gives it, where nothing else may have given it."""
    passed: int | None = None
    """When a function went on behind a condition that is not known, as doubt of what follows.

    Whatever was made later than that is what the text says, wherever anything comes to it.
    """
    setting: "tuple[InstanceValue, str] | None" = None
    """The object of settings it is read from, and the path of the field in it."""
    steps: "tuple[Value, ...] | None" = None
    """What `|` put together, where it may be a chain."""

    def other(self) -> "Unknown":
        """Another value, not known for the same reason."""
        return Unknown(self.reason, self.span, self.undefined)


@dataclass(eq=False, slots=True)
class Written:
    """An expression, with what the names in it stood for when it was evaluated."""

    node: ast.expr
    module: SourceModule
    names: "dict[str, Value]"
    is_in_function: bool = False
    calls: "tuple[Written, ...]" = ()
    """The calls that gave it on, the innermost first, where a function made it."""


Making = tuple[str, "Unknown | None", dict[str, "Value"]]
"""The class or method of a library that made something, the method's receiver, and what it was given."""


@dataclass(eq=False, slots=True)
class Deferred:
    """An annotation that Python keeps as text until someone asks for it."""

    node: ast.expr


@dataclass(eq=False, slots=True)
class Const:
    """A number, string, bytes, `None`, or `...` (held as Python's own `Ellipsis`)."""

    value: object


@dataclass(eq=False, slots=True)
class ListValue:
    """A list; `unknown` is set once something unknowable may have changed it."""

    items: "list[Value]"
    unknown: Unknown | None = None


@dataclass(eq=False, slots=True)
class TupleValue:
    """A tuple."""

    items: "list[Value]"


@dataclass(eq=False, slots=True)
class SetValue:
    """A set or frozenset of plain data."""

    items: set[object]
    frozen: bool = False
    unknown: Unknown | None = None


@dataclass(eq=False, slots=True)
class DictValue:
    """A dict with plain keys."""

    items: "dict[object, Value]"
    unknown: Unknown | None = None
    perhaps: "frozenset[object] | None" = None
    """The keys that may have been set, where that is all that is not known of it."""


@dataclass(eq=False, slots=True)
class Scope:
    """The names of a module, a class body or one call of a function."""

    module: SourceModule
    kind: str
    qualified: str
    parent: "Scope | None"
    names: "dict[str, Value]" = field(default_factory=dict)
    global_names: frozenset[str] = frozenset()
    nonlocal_names: frozenset[str] = frozenset()
    made_at: int = 0
    """When it was made, of the interpreter's calls and conditions."""
    bound_at: dict[str, int] = field(default_factory=dict)
    """When names were first bound in it."""

    @property
    def top(self) -> "Scope":
        """The module's own scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def enclosing(self) -> "Iterator[Scope]":
        """The function scopes around, innermost first, this one included."""
        scope: Scope | None = self
        while scope is not None:
            if scope.kind == "function":
                yield scope
            scope = scope.parent


@dataclass(eq=False, slots=True)
class FunctionValue:
    """A `def` or `lambda` with the scope it closes over."""

    node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"
    module: SourceModule
    scope: Scope
    qualified: str
    defaults: "dict[str, Value]"
    hints: "dict[str, Value | Deferred]"
    """Annotations by parameter name and `return`."""
    unknown: Unknown | None = None
    binding: str = "method"
    """How an attribute access on an instance gives it: "method", "static", "class" or "property"."""
    is_kept: bool = False
    """Whether an object keeps what this property gives once (`functools.cached_property`)."""
    is_retried: bool = False
    """Whether tenacity calls it again where it raises."""
    jumps: tuple[str, ...] = ()
    """Where a hook of an agent says it may go on (`hook_config(can_jump_to=...)`)."""
    wrapped: "FunctionValue | None" = None
    """The function that it says to be (`functools.wraps`)."""

    @property
    def signature(self) -> "FunctionValue":
        """The function whose parameters and annotations Python tells of it."""
        return self if self.wrapped is None else self.wrapped.signature

    @property
    def name(self) -> str:
        """`__name__`."""
        if self.wrapped is not None:
            return self.wrapped.name
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name

    @property
    def is_async(self) -> bool:
        """Whether it is an `async def`."""
        return isinstance(self.node, ast.AsyncFunctionDef)

    @property
    def span(self) -> Span:
        """The whole definition."""
        return self.module.span(self.node)


@dataclass(eq=False, slots=True)
class FieldValue:
    """One annotated name of a class body."""

    name: str
    annotation: "Value | Deferred"
    default: "Value | None"
    doc: str | None
    span: Span


@dataclass(eq=False, slots=True)
class FieldInfoValue:
    """`field(...)` of dataclasses or pydantic's `Field(...)`; `default` is None where none is known."""

    default: "Value | None"
    has_default: bool
    checks: bool = False
    """Whether more is said than a default and words about it: what a value may be, or its name."""
    options: "dict[str, Value]" = field(default_factory=dict)
    """All that is said by keywords."""


@dataclass(eq=False, slots=True)
class ClassValue:
    """A class. `kind` is "typed_dict", "dataclass", "pydantic", "settings", "enum" or "plain"."""

    name: str
    qualified: str
    module: SourceModule
    kind: str
    bases: "list[Value]"
    own_fields: list[FieldValue]
    scope: Scope
    doc: str | None
    span: Span
    total: bool = True
    unknown: Unknown | None = None
    has_rules: bool = False
    """Whether a dataclass's decorator says how its objects are made or that they never change."""
    options: "dict[str, object]" = field(default_factory=dict)
    """What a dataclass's decorator says in constants."""


@dataclass(eq=False, slots=True)
class InstanceValue:
    """An instance of one of the program's classes, with the attributes set so far."""

    cls: ClassValue
    names: "dict[str, Value]" = field(default_factory=dict)
    is_given: bool = False
    """Whether it was made with arguments that only a library's class looks at."""


@dataclass(eq=False, slots=True)
class SuperValue:
    """`super()` in a method of `cls`."""

    cls: ClassValue
    receiver: "Value"


@dataclass(eq=False, slots=True)
class PartialValue:
    """`functools.partial(function, *args, **keywords)`."""

    function: "Value"
    args: "list[Value]"
    keywords: "dict[str, Value]"
    span: Span
    unknown: Unknown | None = None


@dataclass(eq=False, slots=True)
class RunnableValue:
    """LangGraph's `RunnableCallable(func, afunc)`, or LangChain's `RunnableLambda(func)`."""

    function: "Value | None"
    coroutine: "Value | None"
    name: str | None
    span: Span
    is_lambda: bool = False


@dataclass(eq=False, slots=True)
class PartValue:
    """A router that a library makes: `name` says which, `constants` what it was made with."""

    name: str
    constants: dict[str, object]
    of: str
    """What it is a part of."""
    span: Span
    objects: "dict[str, Value]" = field(default_factory=dict)
    """The objects of libraries it was made with."""


@dataclass(eq=False, slots=True)
class AgentModelValue:
    """The model of a prebuilt agent, to which its tools are bound; `ending` names those that end a run."""

    model: "Value"
    tools: "Value | None"
    ending: list[str]
    may_be_bound: bool
    """Whether a model to which these very tools are bound already is left as it is."""


@dataclass(eq=False, slots=True)
class AgentPromptValue:
    """The prompt of a prebuilt agent: a text, a message of the system, or a function of the state."""

    prompt: "Value"


@dataclass(eq=False, slots=True)
class AgentFormValue:
    """The model of a prebuilt agent, without its tools, whose answers are of a form: a class or a schema."""

    model: "Value"
    form: "Value"


@dataclass(eq=False, slots=True)
class StepValue:
    """A step of a chain that is a node: a function, or an object that is invoked."""

    step: "Value"


@dataclass(eq=False, slots=True)
class NodeToolsValue:
    """The tools that a node of a library runs."""

    tools: "Value"


@dataclass(eq=False, slots=True)
class MiddlewareValue:
    """What one of LangChain's decorators makes of a function: middleware with one hook."""

    hook: str
    function: FunctionValue
    options: "dict[str, Value]"


@dataclass(eq=False, slots=True)
class SaverValue:
    """A checkpointer; `kind` is "memory"."""

    kind: str


@dataclass(eq=False, slots=True)
class StoreValue:
    """An `InMemoryStore` without an index, and what is put into it: values by namespace and key.

    One that is only asked for has None, and for its key as well.
    """

    span: Span
    items: "dict[tuple[tuple[str, ...], str | None], DictValue | None]" = field(
        default_factory=dict
    )
    unknown: Unknown | None = None


@dataclass(eq=False, slots=True)
class LibraryValue:
    """Something imported from outside the program, by its dotted name."""

    name: str


@dataclass(eq=False, slots=True)
class ModuleValue:
    """A module of the program."""

    scope: Scope


@dataclass(eq=False, slots=True)
class Subscripted:
    """`base[arguments]` of a library name or class: a type expression."""

    base: "Value"
    arguments: "list[Value]"


@dataclass(eq=False, slots=True)
class UnionValue:
    """`X | Y`; `typing` is whether Python makes a `typing.Union` of it."""

    members: "list[Value]"
    typing: bool


@dataclass(eq=False, slots=True)
class BoundMethod:
    """`receiver.name`, not called yet."""

    receiver: "Value"
    name: str


@dataclass(eq=False, slots=True)
class RangeValue:
    """`range(...)`."""

    value: range


Value = (
    Unknown
    | Const
    | ListValue
    | TupleValue
    | SetValue
    | DictValue
    | FunctionValue
    | ClassValue
    | FieldInfoValue
    | InstanceValue
    | SuperValue
    | PartialValue
    | RunnableValue
    | PartValue
    | AgentModelValue
    | AgentPromptValue
    | AgentFormValue
    | StepValue
    | NodeToolsValue
    | MiddlewareValue
    | SaverValue
    | StoreValue
    | LibraryValue
    | ModuleValue
    | Subscripted
    | UnionValue
    | BoundMethod
    | RangeValue
    | Builder
    | Compiled
)


def is_plain(value: object) -> bool:
    """Whether `plain` would succeed."""
    try:
        plain(value)
    except ValueError:
        return False
    return True


def plain(value: object) -> Any:
    """The Python object of plain data.

    Raises:
        ValueError: the value is not plain data, or too much of it.
    """
    return _Plain().of(value)


class _Plain:
    """Counts what it makes: shared lists can stand for exponentially many items."""

    def __init__(self) -> None:
        self._left = 1_000_000

    def of(self, value: object) -> object:
        self._left -= 1
        if self._left < 0:
            raise ValueError("too much data")
        match value:
            case Const(found) | RangeValue(found):
                return found
            case ListValue(items, None):
                return [self.of(item) for item in items]
            case TupleValue(items):
                return tuple(self.of(item) for item in items)
            case SetValue(items, frozen, None):
                return frozenset(items) if frozen else set(items)
            case DictValue(items, None):
                return {key: self.of(item) for key, item in items.items()}
        raise ValueError(f"{type(value).__name__} is not plain data")


def wrap(found: object) -> "Value":
    """The value of a Python object of plain data.

    Raises:
        ValueError: `found` is not plain data.
    """
    match found:
        case None | bool() | int() | float() | complex() | str() | bytes():
            return Const(found)
        case list():
            return ListValue([wrap(item) for item in found])
        case tuple():
            return TupleValue([wrap(item) for item in found])
        case set():
            return SetValue(set(found))
        case frozenset():
            return SetValue(set(found), frozen=True)
        case dict():
            return DictValue({key: wrap(item) for key, item in found.items()})
        case range():
            return RangeValue(found)
    if found is Ellipsis:
        return Const(found)
    raise ValueError(f"{type(found).__name__} is not plain data")
