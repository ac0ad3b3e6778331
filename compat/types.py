"""Stands in for `langgraph.types`."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from langchain_core.messages.tool import ToolOutputMixin
from langgraph.checkpoint.base import BaseCheckpointSaver

from langferry.compat.missing import refuse
from langferry.graph import types as own
from langferry.graph.errors import Unsupported
from langferry.graph.interrupts import ask
from langferry.graph.runtime import StreamWriter

__all__ = (
    "All",
    "CachePolicy",
    "Checkpointer",
    "Command",
    "Durability",
    "Interrupt",
    "Overwrite",
    "PregelTask",
    "RetryPolicy",
    "Send",
    "StateSnapshot",
    "StateUpdate",
    "StreamMode",
    "StreamWriter",
    "TimeoutPolicy",
    "interrupt",
)

_POLICIES = "handle it in the node"
__getattr__ = refuse(
    __name__,
    {
        "TracePolicy": _POLICIES,
        "omit_payload": _POLICIES,
        "GraphOutput": "use version='v1' streams",
        "StreamPart": "use version='v1' streams",
        "PregelExecutableTask": "tasks are inside the engine",
        "ensure_valid_checkpointer": "pass the saver to compile()",
    },
)

N = TypeVar("N")
All = Literal["*"]
Checkpointer = bool | BaseCheckpointSaver[Any] | None
Durability = Literal["sync", "async", "exit"]
StreamMode = Literal[
    "values", "updates", "checkpoints", "tasks", "debug", "messages", "custom", "tools"
]
PregelTask = own.Task
StateSnapshot = own.StateSnapshot


class Send(own.Send):
    """A task for a node in the next step, with its own input."""

    __slots__ = ()

    def __init__(self, /, node: str, arg: Any, *, timeout: Any = None) -> None:
        if timeout is not None:
            raise Unsupported("LF402", "Send(timeout=...) is not supported yet")
        super().__init__(node, arg)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Command(own.Command[N], Generic[N], ToolOutputMixin):
    """An update together with where to go next, or an answer to an interrupt."""


@dataclasses.dataclass(init=False, slots=True)
class Interrupt(own.Interrupt):
    """A question a node asked, and the id by which it can be answered."""

    @classmethod
    def from_ns(cls, value: Any, ns: str, *, response_schema: Any = None) -> "Interrupt":
        """An interrupt of the first question of a namespace."""
        from xxhash import xxh3_128_hexdigest

        return cls(value, xxh3_128_hexdigest(ns.encode()), response_schema=response_schema)


@dataclasses.dataclass(slots=True)
class Overwrite(own.Overwrite):
    """A value that replaces what a reducer channel holds."""


# savers store these by class, and threads must stay readable for LangGraph
for _stored in (Send, Command, Interrupt, Overwrite):
    _stored.__module__ = "langgraph.types"


class StateUpdate(NamedTuple):
    """An update of a thread from outside."""

    values: dict[str, Any] | None
    as_node: str | None = None
    task_id: str | None = None


class RetryPolicy(NamedTuple):
    """When to run a node again. Nodes refuse it so far."""

    initial_interval: float = 0.5
    backoff_factor: float = 2.0
    max_interval: float = 128.0
    max_attempts: int = 3
    jitter: bool = True
    retry_on: type[Exception] | Sequence[type[Exception]] | Callable[[Exception], bool] = Exception


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class TimeoutPolicy:
    """How long a node may take. Nodes refuse it so far."""

    run_timeout: Any = None
    idle_timeout: Any = None
    refresh_on: Literal["auto", "heartbeat"] = "auto"


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class CachePolicy:
    """How long a node's result stays good. Nodes refuse it so far."""

    key_func: Callable[..., str | bytes] | None = None
    ttl: int | None = None


def interrupt(value: Any, *, response_schema: Any = None) -> Any:
    """Stop here until the run is resumed, then return the answer.

    Raises:
        GraphInterrupt: When there is no answer yet. Let it pass.
    """
    return ask(Interrupt, value, response_schema)
