"""Stands in for `langgraph.runtime`."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic

from langferry.compat import later
from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat.typing import ContextT
from langferry.graph.runtime import StreamWriter, no_writer

if TYPE_CHECKING:
    BaseStore = later.BaseStore
    BaseUser = later.BaseUser
else:
    __getattr__ = later.reexported(__name__, "BaseStore", "BaseUser")

__all__ = ("BaseUser", "ExecutionInfo", "RunControl", "Runtime", "ServerInfo", "get_runtime")


@dataclasses.dataclass(frozen=True, slots=True)
class ExecutionInfo:
    """Which execution of a node this is."""

    checkpoint_id: str
    checkpoint_ns: str
    task_id: str
    thread_id: str | None = None
    run_id: str | None = None
    node_attempt: int = 1
    node_first_attempt_time: float | None = None

    def patch(self, **overrides: Any) -> "ExecutionInfo":
        """A copy with some fields replaced."""
        return dataclasses.replace(self, **overrides)


@dataclasses.dataclass(frozen=True, slots=True)
class ServerInfo:
    """Which deployment this is, on LangGraph's server."""

    assistant_id: str
    graph_id: str
    user: "later.BaseUser | None" = None


class RunControl:
    """Asks one run to stop before its next step, from any thread."""

    __slots__ = ("_drain_reason",)

    def __init__(self) -> None:
        self._drain_reason: str | None = None

    def request_drain(self, reason: str = "shutdown") -> None:
        """Let the run stop once the step it is in has ended."""
        self._drain_reason = reason

    @property
    def drain_requested(self) -> bool:
        """Whether the run is to stop."""
        return self._drain_reason is not None

    @property
    def drain_reason(self) -> str | None:
        """Why the run is to stop."""
        return self._drain_reason


def _no_op_stream_writer(_: Any) -> None: ...


def _no_op_heartbeat() -> None: ...


@dataclasses.dataclass(kw_only=True, slots=True, frozen=True)
class Runtime(Generic[ContextT]):
    """The run's context object and services."""

    context: ContextT = dataclasses.field(default=None)  # type: ignore[assignment]
    store: "later.BaseStore | None" = dataclasses.field(default=None)
    stream_writer: StreamWriter = dataclasses.field(default=no_writer)
    heartbeat: Callable[[], None] = dataclasses.field(default=_no_op_heartbeat)
    previous: Any = dataclasses.field(default=None)
    execution_info: ExecutionInfo | None = dataclasses.field(default=None)
    server_info: ServerInfo | None = dataclasses.field(default=None)
    control: RunControl | None = dataclasses.field(default=None)

    def merge(self, other: "Runtime[ContextT]") -> "Runtime[ContextT]":
        """The other runtime, filled up with what only this one has."""
        writes = other.stream_writer not in (no_writer, _no_op_stream_writer)
        beats = other.heartbeat is not _no_op_heartbeat
        return Runtime(
            context=other.context or self.context,
            store=other.store or self.store,
            stream_writer=other.stream_writer if writes else self.stream_writer,
            heartbeat=other.heartbeat if beats else self.heartbeat,
            previous=self.previous if other.previous is None else other.previous,
            execution_info=other.execution_info or self.execution_info,
            server_info=other.server_info or self.server_info,
            control=other.control or self.control,
        )

    def override(self, **overrides: Any) -> "Runtime[ContextT]":
        """A copy with some fields replaced."""
        return dataclasses.replace(self, **overrides)

    def patch_execution_info(self, **overrides: Any) -> "Runtime[ContextT]":
        """A copy with some fields of the execution replaced.

        Raises:
            RuntimeError: If it is not known which execution this is.
        """
        if self.execution_info is None:
            raise RuntimeError("Cannot patch execution_info before it has been set")
        return self.override(execution_info=self.execution_info.patch(**overrides))

    @property
    def drain_requested(self) -> bool:
        """Whether the run was asked to stop."""
        return self.control is not None and self.control.drain_requested

    @property
    def drain_reason(self) -> str | None:
        """Why the run was asked to stop."""
        return None if self.control is None else self.control.drain_reason


DEFAULT_RUNTIME: Runtime[Any] = Runtime()


def get_runtime(context_schema: type[ContextT] | None = None) -> Runtime[ContextT]:
    """The runtime of the node that runs in this context."""
    from langferry.compat.config import get_config

    runtime: Any = get_config()[CONF].get(CONFIG_KEY_RUNTIME)
    return runtime
