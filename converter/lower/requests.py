"""What is asked of the lowering, and what it answers."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from langferry.diagnostics import Span
from langferry.model.constants import Constant
from langferry.model.ir import FunctionBody, GlobalValue, Shape
from langferry.model.program import Reason
from langferry.model.types import Type

RunPart = Literal["config", "writer", "store", "runtime", "tool"]
"""The run's config, its stream writer, its store, the object that has these and more, or the one that tools are given."""


Filled = frozenset[tuple[str, RunPart]]
"""Parameters that are given a part of the run."""


class Closure(msgspec.Struct, frozen=True, eq=False):
    """A function of the program: its `def` at `line`, `column` of `path`.

    `names` says what names of the functions around it stand for, as far as that is known. One that is `called`
    something is the function itself, not what decorators of the program make of it.
    """

    path: str
    line: int
    column: int
    names: "Mapping[str, Captured]"
    called: str | None = None


class Written(msgspec.Struct, frozen=True, eq=False):
    """What an expression of the program gave when `names` were what its names stood for.

    The expression goes from `line`, `column` to `end_line`, `end_column`, as in `ast`. `calls` are those
    that gave it on, if it stands in a function, the innermost first.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    names: "Mapping[str, Captured]"
    calls: "tuple[Written, ...]" = ()


class MadeField(msgspec.Struct, frozen=True):
    """A field of a class: its JSON schema, its default if there is one, and whether it is only named."""

    name: str
    schema: str
    default: Constant | None
    by_name: bool


class Making(msgspec.Struct, frozen=True):
    """How objects of a class are made of their fields, which nothing else has a say in.

    A dataclass takes the values as they are, a pydantic model makes of them what their schemas say.
    """

    name: str
    kind: Literal["dataclass", "pydantic"]
    fields: tuple[MadeField, ...]
    after: tuple[str, int, int] | None = None
    """Where the method stands that goes on with a new object, if there is one: its file, line and column."""

    @property
    def by_place(self) -> tuple[str, ...]:
        """The fields that may be given without their names."""
        return tuple(x.name for x in self.fields if self.kind == "dataclass" and not x.by_name)


class Enumeration(msgspec.Struct, frozen=True):
    """An enum of the program, and the values of its members by name.

    Members of one that is "text" are texts as well, those of one that is "shown" are shown as such, too.
    """

    name: str
    kind: Literal["plain", "text", "shown"]
    members: tuple[tuple[str, str | int], ...]


class Receiver(msgspec.Struct, frozen=True, eq=False):
    """An object of one of the program's classes, made while the graph was built.

    `attributes` gives the values of those that nothing sets later; `properties` are methods that are
    called when they are named. A class itself is `defined` on a line of a file, and says in `making`
    how its objects are made, where that is known; an enum has an `enumeration`, and so has its `member`.
    One that is a `tool` by its class alone says where that is defined.
    """

    class_name: str
    methods: Mapping[str, Closure]
    properties: Mapping[str, Closure]
    attributes: "Mapping[str, Captured]"
    defined: tuple[str, int] | None = None
    making: Making | None = None
    enumeration: Enumeration | None = None
    member: str | None = None
    tool: tuple[str, int] | None = None


class Settings(msgspec.Struct, frozen=True, eq=False):
    """An object of settings: `spec` is its class as JSON, as the runtime reads it.

    `kinds` are the types of the fields that can be read, by their paths; `variables` names what is read
    of the environment.
    """

    path: str
    class_name: str
    span: Span
    spec: str
    kinds: Mapping[str, Type]
    variables: tuple[str, ...]


class Setting(msgspec.Struct, frozen=True, eq=False):
    """A field of an object of settings."""

    settings: Settings
    field: str


class Given(msgspec.Struct, frozen=True):
    """An argument of the program's entry: `kind` is "model", or the name of a plain type."""

    name: str
    kind: str


class ToolAt(msgspec.Struct, frozen=True):
    """The tool that a function of the program is: its `def` at `line`, `column` of `path`.

    One that is defined within a function is a `closure`.
    """

    path: str
    line: int
    column: int
    closure: Closure | None = None


class Items(msgspec.Struct, frozen=True):
    """A list of objects."""

    items: "tuple[Captured, ...]"


class Made(msgspec.Struct, frozen=True):
    """What a class of a library, or a method of `receiver`, makes of keyword arguments."""

    function: str
    receiver: "Captured | None"
    keywords: "tuple[tuple[str, Captured], ...]"


class AgentTools(msgspec.Struct, frozen=True):
    """The tools of a prebuilt agent, None where they are not known; `ending` are those that end a run."""

    tools: "Captured | None"
    ending: tuple[str, ...]


class NodeTools(msgspec.Struct, frozen=True):
    """The tools that a node of a library runs, None for one that is not known, and for all of them."""

    tools: "tuple[Captured | None, ...] | None"


class AgentModel(msgspec.Struct, frozen=True):
    """The model of a prebuilt agent with its tools bound to it.

    With `may_be_bound` a model to which these very tools are bound already stays as it is.
    """

    model: "Captured"
    tools: AgentTools | None
    may_be_bound: bool


class AgentPrompt(msgspec.Struct, frozen=True):
    """The prompt of a prebuilt agent as a list: of what is a text, or a message of the system."""

    prompt: "Captured"


class AgentForm(msgspec.Struct, frozen=True):
    """The model of a prebuilt agent, without what is bound to it, whose answers are of a form."""

    model: "Captured"
    form: "Captured"


class GraphAt(msgspec.Struct, frozen=True):
    """A compiled graph that a node may run, by its id. `messages` names its channels with `add_messages`."""

    id: str
    messages: tuple[str, ...]


class StoreAt(msgspec.Struct, frozen=True, eq=False):
    """A store that the program makes, with the namespaces, keys and values put in before the graph runs.

    It is none of native code where it `stays` in Python for a reason.
    """

    name: str
    items: tuple[tuple[Constant, Constant, Constant], ...]
    stays: Reason | None
    span: Span


Object = Given | ToolAt | Items | Made | AgentModel | AgentPrompt | AgentForm | NodeTools | Constant
"""An object the wiring knows how to make anew."""

Captured = Object | Closure | Written | Receiver | Setting | GraphAt | StoreAt
"""What a name of an outer scope stands for when the graph runs."""


class FieldCheck(msgspec.Struct, frozen=True):
    """A function of the program that is given a class and the value of a `field`, which it gives back or refuses."""

    field: str
    path: str
    line: int
    column: int


class Request(msgspec.Struct, frozen=True):
    """A function the graph calls: the `def` or `lambda` at `line`, `column` of `path`.

    `line` and `column` are where `def`, `async` or `lambda` stands (decorators do not count).
    `parameters` gives the types LangGraph passes, by name, in order; `constants` the values of
    captured names and of parameters bound by `partial`. `state` is the id of the record of the
    graph's channels, which updates are written to; `inputs` maps node names to the ids of their
    input records, for `Send`. A method has the object it is called on as `receiver`, which stands
    in none of `parameters`; nor does `config`, where LangGraph gives the run's config, nor what is `filled`
    with other parts of the run.

    `shapes` says what the values of the state's fields must be for an object to be made of them, `checks` what
    looks at them then.

    `library` names the function of `lower.library` that stands for a library's own; it has no place in
    the program but `span`, where the program asks for it. `captured` says what names of functions around
    it stand for, and parameters that are bound to what is no constant.
    """

    id: str
    path: str
    line: int
    column: int
    form: Literal["node", "router", "reducer"]
    parameters: Mapping[str, Type]
    constants: Mapping[str, Constant]
    state: str | None
    inputs: Mapping[str, str]
    receiver: Receiver | None = None
    has_config: bool = False
    filled: Mapping[str, RunPart] = msgspec.field(default_factory=dict)
    shapes: tuple[tuple[str, Shape], ...] = ()
    checks: tuple[FieldCheck, ...] = ()
    library: str | None = None
    span: Span | None = None
    captured: Mapping[str, Captured] = msgspec.field(default_factory=dict)
    has_fields_only: bool = False
    """Whether the state it is given has no other keys than its record has fields."""
    is_retried: bool = False
    """Whether tenacity calls it again where it raises."""


class Lowered(msgspec.Struct, frozen=True):
    """The answer: a body, or the reasons why there is none. `helpers` and `globals` are ids."""

    body: FunctionBody | None
    reasons: tuple[Reason, ...]
    helpers: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()


class Helper(msgspec.Struct, frozen=True):
    """A function of the program that native functions call."""

    id: str
    name: str
    qualified_name: str
    parameters: tuple[tuple[str, Type], ...]
    returns: Type
    doc: str | None
    span: Span
    body: FunctionBody


class StayingTool(msgspec.Struct, frozen=True):
    """A tool whose function stays Python; `tool` is the id of the global that holds it.

    `request` is a part of the agent that has the tool, where no name of a module stands for it.
    """

    id: str
    tool: str
    name: str
    at: ToolAt
    request: str | None
    reason: Reason


class ToldTools(msgspec.Struct, frozen=True):
    """Tools of which only Python can tell a model: those of the agent in which `request` is a part.

    `told` is the id of the global that holds what is told, `ending` names the tools that end a run.
    """

    id: str
    told: str
    request: str | tuple[str, str]
    """A part of the agent whose tools they are, or else a file and an expression in its module."""
    ending: tuple[str, ...]
    reason: Reason


class HeldTools(msgspec.Struct, frozen=True):
    """Tools that only Python knows, of the node that `request` is, which has `count` of them in all.

    `count` is None where that is not known.
    """

    id: str
    request: str
    count: int | None
    reason: Reason


class LoweredProgram(msgspec.Struct, frozen=True):
    """All answers by request id, with the helpers and globals that native bodies reach.

    `enums` are globals, too: native bodies need them even if they name none, as values from elsewhere may be members.
    """

    functions: Mapping[str, Lowered]
    helpers: tuple[Helper, ...]
    globals: tuple[GlobalValue, ...]
    tools: tuple[StayingTool, ...] = ()
    told: tuple[ToldTools, ...] = ()
    held: tuple[HeldTools, ...] = ()
    enums: frozenset[str] = frozenset()
    stores: Mapping[StoreAt, str] = msgspec.field(default_factory=dict)
    """The ids of the globals that hold the stores of graphs."""
