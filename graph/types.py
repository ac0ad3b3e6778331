"""The values a program exchanges with its graph: Send, Command, Interrupt, Overwrite."""

import dataclasses
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar

from langferry.graph.fields import annotated_keys, as_tuples

N = TypeVar("N", bound=Hashable)

StreamMode = Literal["values", "updates", "tasks", "debug", "custom"]


class Send:
    """A task for `node` in the next step, with its own input `arg`."""

    __slots__ = ("arg", "node", "timeout")

    node: str
    arg: Any
    timeout: Any

    def __init__(self, /, node: str, arg: Any, *, timeout: Any = None) -> None:
        self.node = node
        self.arg = arg
        self.timeout = timeout

    def __hash__(self) -> int:
        return hash((self.node, self.arg, self.timeout))

    def __repr__(self) -> str:
        if self.timeout is None:
            return f"Send(node={self.node!r}, arg={self.arg!r})"
        return f"Send(node={self.node!r}, arg={self.arg!r}, timeout={self.timeout!r})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Send)
            and self.node == other.node
            and self.arg == other.arg
            and self.timeout == other.timeout
        )


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Command(Generic[N]):
    """An update of the state together with where to go next, or an answer to an interrupt."""

    graph: str | None = None
    update: Any | None = None
    resume: dict[str, Any] | Any | None = None
    goto: Send | Sequence[Send | N] | N = ()

    PARENT: ClassVar[Literal["__parent__"]] = "__parent__"

    def __repr__(self) -> str:
        given = (f"{k}={v!r}" for k, v in dataclasses.asdict(self).items() if v)
        return f"Command({', '.join(given)})"

    def _update_as_tuples(self) -> Sequence[tuple[str, Any]]:
        update = self.update
        if isinstance(update, dict):
            return list(update.items())
        if isinstance(update, list | tuple) and all(
            isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)
            for item in update
        ):
            return update
        if keys := annotated_keys(type(update)):
            return as_tuples(update, keys)
        return [] if update is None else [("__root__", update)]


DEFAULT_INTERRUPT_ID: Final = "placeholder-id"


@dataclasses.dataclass(init=False, slots=True)
class Interrupt:
    """A question a node asked: its value, and the id by which it can be answered."""

    value: Any
    id: str
    response_schema: Any = None

    def __init__(
        self, value: Any, id: str = DEFAULT_INTERRUPT_ID, *, response_schema: Any = None
    ) -> None:
        self.value = value
        self.id = id
        self.response_schema = response_schema


@dataclasses.dataclass(slots=True)
class Overwrite:
    """A value that replaces what a reducer channel holds instead of being folded in."""

    value: Any
    type: Literal["__overwrite__"] = "__overwrite__"


class Task(NamedTuple):
    """A task of a state snapshot."""

    id: str
    name: str
    path: tuple[Any, ...]
    error: Any | None = None
    interrupts: tuple[Any, ...] = ()
    state: Any | None = None
    result: Any | None = None


class StateUpdate(NamedTuple):
    """An update of a thread from outside."""

    values: Any
    as_node: str | None = None
    task_id: str | None = None


class StateSnapshot(NamedTuple):
    """The state of a thread between two steps."""

    values: Any
    next: tuple[str, ...]
    config: dict[str, Any]
    metadata: dict[str, Any] | None
    created_at: str | None
    parent_config: dict[str, Any] | None
    tasks: tuple[Task, ...]
    interrupts: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class GraphOutput:
    """What a run came to: the output keys of the state, and the questions it stopped at."""

    value: Any
    interrupts: tuple[Any, ...] = ()
