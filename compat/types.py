"""Stands in for `langgraph.types`."""

import dataclasses
import warnings
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple

from typing_extensions import TypeVar
from xxhash import xxh3_128_hexdigest

from langferry.compat import later
from langferry.compat._internal._constants import INTERRUPT, NS_SEP
from langferry.compat.late_bases import ToolOutputMixin
from langferry.compat.parts import (
    CheckpointPayload,
    CheckpointStreamPart,
    CheckpointTask,
    CustomStreamPart,
    DebugPayload,
    DebugStreamPart,
    MessagesStreamPart,
    StreamPart,
    TaskPayload,
    TaskResultPayload,
    TasksStreamPart,
    UpdatesStreamPart,
    ValuesStreamPart,
)
from langferry.compat.policies import (
    CachePolicy,
    RetryPolicy,
    TimeoutPolicy,
    TracePolicy,
    default_retry_on,
    omit_payload,
)
from langferry.compat.warnings import LangGraphDeprecatedSinceV10, LangGraphDeprecatedSinceV11
from langferry.graph import types as own
from langferry.graph.interrupts import ask
from langferry.graph.runtime import StreamWriter

__all__ = (
    "All",
    "CacheKey",
    "CachePolicy",
    "CheckpointPayload",
    "CheckpointStreamPart",
    "CheckpointTask",
    "Checkpointer",
    "Command",
    "CustomStreamPart",
    "DebugPayload",
    "DebugStreamPart",
    "Durability",
    "GraphOutput",
    "Interrupt",
    "MessagesStreamPart",
    "Overwrite",
    "PregelExecutableTask",
    "PregelTask",
    "RetryPolicy",
    "Send",
    "StateSnapshot",
    "StateUpdate",
    "StreamMode",
    "StreamPart",
    "StreamWriter",
    "TaskPayload",
    "TaskResultPayload",
    "TasksStreamPart",
    "TimeoutPolicy",
    "TracePolicy",
    "UpdatesStreamPart",
    "ValuesStreamPart",
    "default_retry_on",
    "ensure_valid_checkpointer",
    "interrupt",
    "omit_payload",
)

N = TypeVar("N")
OutputT = TypeVar("OutputT")
ResponseT = TypeVar("ResponseT", default=Any)
All = Literal["*"]
Durability = Literal["sync", "async", "exit"]
StreamMode = Literal[
    "values", "updates", "checkpoints", "tasks", "debug", "messages", "custom", "tools"
]
PregelTask = own.Task
StateSnapshot = own.StateSnapshot
StateUpdate = own.StateUpdate

if TYPE_CHECKING:
    Checkpointer = bool | later.BaseCheckpointSaver[Any] | None
else:

    def __getattr__(name: str) -> Any:
        if name == "Checkpointer":
            return bool | later.BaseCheckpointSaver[Any] | None
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Send(own.Send):
    """A task for a node in the next step, with its own input."""

    __slots__ = ()

    def __init__(self, /, node: str, arg: Any, *, timeout: Any = None) -> None:
        super().__init__(node, arg, timeout=TimeoutPolicy.coerce(timeout))


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Command(own.Command[N], Generic[N], ToolOutputMixin):
    """An update together with where to go next, or an answer to an interrupt."""


_UNSET: Final = object()


@dataclasses.dataclass(init=False, slots=True)
class Interrupt(own.Interrupt, Generic[ResponseT]):
    """A question a node asked, and the id by which it can be answered."""

    def __init__(
        self,
        value: Any,
        id: str = own.DEFAULT_INTERRUPT_ID,
        *,
        response_schema: type[ResponseT] | dict[str, Any] | None = None,
        **deprecated_kwargs: Any,
    ) -> None:
        if deprecated_kwargs and id == own.DEFAULT_INTERRUPT_ID:
            namespace = deprecated_kwargs.get("ns")
            if isinstance(namespace, Sequence):
                id = xxh3_128_hexdigest(NS_SEP.join(namespace).encode())
        self.value = value
        self.id = id
        self.response_schema = response_schema

    def _asdict(self) -> dict[str, Any]:
        """Its fields. The serialiser of savers asks for them so, long before it looks for a dataclass."""
        return {"value": self.value, "id": self.id, "response_schema": self.response_schema}

    @classmethod
    def from_ns(
        cls,
        value: Any,
        ns: str,
        *,
        response_schema: type[ResponseT] | dict[str, Any] | None = None,
    ) -> "Interrupt[ResponseT]":
        """An interrupt of the first question of a namespace."""
        return cls(value, xxh3_128_hexdigest(ns.encode()), response_schema=response_schema)

    @property
    def interrupt_id(self) -> str:
        """The id by its old name."""
        warnings.warn(
            "`interrupt_id` is deprecated. Use `id` instead.",
            LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        return self.id


@dataclasses.dataclass(slots=True)
class Overwrite(own.Overwrite):
    """A value that replaces what a reducer channel holds."""


# savers store these by class, and threads must stay readable for LangGraph
for _stored in (Send, Command, Interrupt, Overwrite, TimeoutPolicy):
    _stored.__module__ = "langgraph.types"


@dataclasses.dataclass(frozen=True)
class GraphOutput(Generic[OutputT]):
    """What `invoke(version="v2")` returns: the output, and the questions left open."""

    value: OutputT
    interrupts: tuple[Interrupt[Any], ...] = ()

    def __getitem__(self, key: str) -> Any:
        """A key of the output, as if it were the dict that `version="v1"` returns."""
        _warn_of_dict_access("`result[key]`")
        if key == INTERRUPT:
            return self.interrupts
        if isinstance(self.value, dict):
            return self.value[key]
        found = getattr(self.value, key, _UNSET)
        if found is _UNSET:
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        _warn_of_dict_access("`key in result`")
        if key == INTERRUPT:
            return bool(self.interrupts)
        if isinstance(self.value, dict):
            return key in self.value
        return isinstance(key, str) and hasattr(self.value, key)


def _warn_of_dict_access(how: str) -> None:
    warnings.warn(
        f"Accessing GraphOutput via {how} is deprecated. "
        "Use `result.value` to access the output value directly, "
        "or `result.interrupts` for interrupts.",
        LangGraphDeprecatedSinceV11,
        stacklevel=3,
    )


class CacheKey(NamedTuple):
    """Where a node's cached writes are kept."""

    ns: tuple[str, ...]
    key: str
    ttl: int | None


@dataclasses.dataclass(frozen=True, slots=True, weakref_slot=True)
class PregelExecutableTask:
    """A task with all it takes to run it, as tools that look into LangGraph know it."""

    name: str
    input: Any
    proc: Any
    writes: deque[tuple[str, Any]]
    config: Any
    triggers: Sequence[str]
    retry_policy: Sequence[RetryPolicy]
    cache_key: CacheKey | None
    id: str
    path: tuple[Any, ...]
    writers: Sequence[Any] = ()
    subgraphs: Sequence[Any] = ()
    timeout: TimeoutPolicy | None = None


def ensure_valid_checkpointer(
    checkpointer: "bool | later.BaseCheckpointSaver[Any] | None",
) -> "bool | later.BaseCheckpointSaver[Any] | None":
    """Give back what can be a checkpointer.

    Raises:
        TypeError: For anything else.
    """
    if (
        checkpointer is None
        or isinstance(checkpointer, bool)
        or later.is_a(checkpointer, "BaseCheckpointSaver")
        or checkpointer in (0, 1)  # type: ignore[comparison-overlap]
    ):
        return checkpointer
    raise TypeError(
        "Invalid checkpointer provided. Expected an instance of "
        "`BaseCheckpointSaver`, `True`, `False`, or `None`. "
        f"Received {type(checkpointer).__name__}. "
        "Pass a proper saver (e.g., InMemorySaver, AsyncPostgresSaver)."
    )


def interrupt(value: Any, *, response_schema: Any = None) -> Any:
    """Stop here until the run is resumed, then return the answer.

    Raises:
        GraphInterrupt: When there is no answer yet. Let it pass.
    """
    return ask(Interrupt, value, response_schema)
