"""Stands in for `langgraph.runtime`."""

import dataclasses
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from langferry.compat.missing import refuse
from langferry.graph.runtime import StreamWriter, no_writer

__all__ = ("ExecutionInfo", "Runtime", "get_runtime")

__getattr__ = refuse(
    __name__,
    {
        "RunControl": "runs cannot be drained",
        "ServerInfo": "there is no server",
        "BaseUser": "there is no server",
    },
)

ContextT = TypeVar("ContextT")


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


def _no_heartbeat() -> None: ...


@dataclasses.dataclass(kw_only=True, slots=True, frozen=True)
class Runtime(Generic[ContextT]):
    """The run's context object and services."""

    context: ContextT = None  # type: ignore[assignment]
    store: Any = None
    stream_writer: StreamWriter = no_writer
    heartbeat: Callable[[], None] = _no_heartbeat
    previous: Any = None
    execution_info: ExecutionInfo | None = None
    server_info: Any = None
    control: Any = None

    def override(self, **overrides: Any) -> "Runtime[ContextT]":
        """A copy with some fields replaced."""
        return dataclasses.replace(self, **overrides)


def get_runtime(context_schema: type[ContextT] | None = None) -> Runtime[ContextT]:
    """The runtime of the node that runs in this context."""
    from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
    from langferry.compat.config import get_config

    runtime: Runtime[ContextT] = get_config()[CONF][CONFIG_KEY_RUNTIME]
    return runtime
