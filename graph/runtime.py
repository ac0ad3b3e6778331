"""What a node can learn about the run it belongs to."""

import contextvars
import dataclasses
from collections.abc import Callable
from typing import Any, Final, Generic, Self, TypedDict, TypeVar

from langferry.graph.config import RUNTIME
from langferry.graph.constants import NS_SEP

ContextT = TypeVar("ContextT")

StreamWriter = Callable[[Any], None]


class RunnableConfig(TypedDict, total=False):
    """The second argument of a run."""

    tags: list[str]
    metadata: dict[str, Any]
    callbacks: Any
    run_name: str
    max_concurrency: int | None
    recursion_limit: int
    configurable: dict[str, Any]
    run_id: Any


def no_writer(_: Any) -> None:
    """The stream writer of a run whose caller did not ask for custom chunks."""


def no_heartbeat() -> None:
    """The heartbeat of a node whose idle time is not limited."""


def write_custom(sink: Any, chunk: Any) -> None:
    """Tell the caller of a run a chunk of the running node's own."""
    namespace = current.get().engine.namespace
    sink.put((tuple(namespace.split(NS_SEP)[:-1]), "custom", chunk))


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Runtime(Generic[ContextT]):
    """The run's context object and services."""

    context: ContextT = None  # type: ignore[assignment]
    store: Any = None
    stream_writer: StreamWriter = no_writer
    heartbeat: Callable[[], None] = no_heartbeat
    previous: Any = None
    control: Any = None


class TaskScope:
    """One execution of a node: what `interrupt` and injected arguments need.

    The engine makes the task; this is the face of it that Python code sees.
    """

    __slots__ = ("_config", "called_with", "engine", "on_thread", "run")

    def __init__(self, run: Any, engine: Any) -> None:
        self.run = run
        self.engine = engine
        self._config: dict[str, Any] | None = None
        self.called_with: dict[str, Any] | None = None
        """The config of the task that has called this one, if one has."""
        self.on_thread = False

    @property
    def name(self) -> str:
        """The node's name."""
        name: str = self.engine.name
        return name

    @property
    def attempt(self) -> int:
        """Which attempt at the node this is, from 1."""
        attempt: int = self.engine.attempt
        return attempt

    def enter(self) -> None:
        """Make this the task of the current context, which must be the node's own."""
        current.set(self)

    def retry(self) -> None:
        """Start the task over: it asks its questions from the first again."""
        self.engine.restart()
        self._config = self.run.retried_config(self.config, self.attempt)

    def within(self, attempt: Any) -> Self:
        """The task as one attempt that may take only so long sees it."""
        inner = type(self)(self.run, self.engine)
        inner._config = self.run.config_within(attempt, self.config)
        return inner

    @property
    def config(self) -> dict[str, Any]:
        """The config as this task sees it."""
        if self._config is None:
            self._config = self._own_config()
        return self._config

    def _own_config(self) -> dict[str, Any]:
        around = self.called_with
        config: dict[str, Any] = (
            self.run.task_config(self.engine)
            if around is None
            else self.run.called_config(self.engine, around)
        )
        if self.attempt > 1:
            config = self.run.retried_config(config, self.attempt)
        return config

    def finish(self, ok: bool, result: Any, *, cached: bool = False) -> Any:
        """End a task that was called: what it returned or raised, for what a saver is to store."""
        return self.engine.finish(ok, result, cached=cached)

    @property
    def runtime(self) -> Any:
        """The runtime of the run."""
        if self._config is None:
            return self.run.runtime
        return self._config["configurable"][RUNTIME]


current: Final[contextvars.ContextVar[TaskScope]] = contextvars.ContextVar("langferry_task")
"""The task whose node is running in this context."""
