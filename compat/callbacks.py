"""Stands in for `langgraph.callbacks`: telling handlers that a graph pauses and goes on."""

import dataclasses
from collections.abc import Sequence
from typing import Any, Final, Literal, Self, TypeAlias
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler, BaseCallbackManager
from langchain_core.callbacks.manager import ahandle_event, handle_event
from langchain_core.runnables import RunnableConfig

from langferry.compat.types import Interrupt

__all__ = (
    "GraphCallbackHandler",
    "GraphInterruptEvent",
    "GraphLifecycleEvent",
    "GraphLifecycleStatus",
    "GraphResumeEvent",
    "get_async_graph_callback_manager_for_config",
    "get_sync_graph_callback_manager_for_config",
)

GraphLifecycleStatus: TypeAlias = Literal[
    "input", "pending", "done", "interrupt_before", "interrupt_after", "out_of_steps"
]


@dataclasses.dataclass(frozen=True)
class GraphInterruptEvent:
    """A run has paused, and for which questions."""

    run_id: UUID | None
    status: GraphLifecycleStatus
    checkpoint_id: str
    checkpoint_ns: tuple[str, ...]
    interrupts: tuple[Interrupt[Any], ...]


@dataclasses.dataclass(frozen=True)
class GraphResumeEvent:
    """A run goes on from a checkpoint."""

    run_id: UUID | None
    status: GraphLifecycleStatus
    checkpoint_id: str
    checkpoint_ns: tuple[str, ...]


GraphLifecycleEvent: TypeAlias = GraphInterruptEvent | GraphResumeEvent


class GraphCallbackHandler(BaseCallbackHandler):
    """Base of handlers that want to know when graphs pause and go on."""

    def on_interrupt(self, event: GraphInterruptEvent) -> Any:
        """A run has paused."""

    def on_resume(self, event: GraphResumeEvent) -> Any:
        """A run goes on."""


_KEEP: Final = object()


class _GraphManager(BaseCallbackManager):
    """The handlers of a run that want to know."""

    run_id: UUID | None

    def __init__(
        self,
        handlers: Sequence[GraphCallbackHandler] | None = None,
        inheritable_handlers: Sequence[GraphCallbackHandler] | None = None,
        parent_run_id: UUID | None = None,
        *,
        run_id: UUID | None = None,
        **shown: Any,
    ) -> None:
        super().__init__(
            list(handlers or ()), list(inheritable_handlers or ()), parent_run_id, **shown
        )
        self.run_id = run_id

    @classmethod
    def configure(cls, callbacks: object | None = None, *, run_id: UUID | None = None) -> Self:
        """The manager for a config's callbacks.

        Raises:
            TypeError: If they are no callbacks.
        """
        if callbacks is None:
            return cls(run_id=run_id)
        if isinstance(callbacks, GraphCallbackHandler):
            return cls((callbacks,), run_id=run_id)
        if isinstance(callbacks, BaseCallbackManager):
            return cls._like(callbacks, run_id)
        if not isinstance(callbacks, Sequence) or isinstance(callbacks, str | bytes):
            raise TypeError("callbacks must be a handler, sequence, or manager")
        return cls(_graph_handlers(callbacks), run_id=run_id)

    def copy(self, *, run_id: UUID | object | None = _KEEP) -> Self:
        """The same handlers, possibly for another run.

        Raises:
            TypeError: If `run_id` is no UUID.
        """
        if run_id is _KEEP:
            return self._like(self, self.run_id)
        if run_id is not None and not isinstance(run_id, UUID):
            raise TypeError("run_id must be a UUID or None")
        return self._like(self, run_id)

    @classmethod
    def _like(cls, manager: BaseCallbackManager, run_id: UUID | None) -> Self:
        return cls(
            _graph_handlers(manager.handlers),
            _graph_handlers(manager.inheritable_handlers),
            manager.parent_run_id,
            run_id=run_id,
            tags=manager.tags.copy(),
            inheritable_tags=manager.inheritable_tags.copy(),
            metadata=manager.metadata.copy(),
            inheritable_metadata=manager.inheritable_metadata.copy(),
        )


class _GraphCallbackManager(_GraphManager):
    """Tells the handlers of a synchronous run."""

    def on_interrupt(self, event: GraphInterruptEvent) -> None:
        """Tell that the run has paused."""
        handle_event(self.handlers, "on_interrupt", None, event)

    def on_resume(self, event: GraphResumeEvent) -> None:
        """Tell that the run goes on."""
        handle_event(self.handlers, "on_resume", None, event)


class _AsyncGraphCallbackManager(_GraphManager):
    """Tells the handlers of a run with asyncio."""

    @property
    def is_async(self) -> bool:
        """Whether handlers are awaited."""
        return True

    async def on_interrupt(self, event: GraphInterruptEvent) -> None:
        """Tell that the run has paused."""
        await ahandle_event(self.handlers, "on_interrupt", None, event)

    async def on_resume(self, event: GraphResumeEvent) -> None:
        """Tell that the run goes on."""
        await ahandle_event(self.handlers, "on_resume", None, event)


def _graph_handlers(handlers: Sequence[Any]) -> list[GraphCallbackHandler]:
    return [handler for handler in handlers if isinstance(handler, GraphCallbackHandler)]


GraphCallbacks: TypeAlias = (
    _GraphCallbackManager
    | _AsyncGraphCallbackManager
    | BaseCallbackManager
    | GraphCallbackHandler
    | Sequence[BaseCallbackHandler]
    | Sequence[GraphCallbackHandler]
    | None
)


def get_sync_graph_callback_manager_for_config(
    config: RunnableConfig, *, run_id: UUID | None = None
) -> _GraphCallbackManager:
    """The manager that tells a config's handlers about a run."""
    return _GraphCallbackManager.configure(config.get("callbacks"), run_id=run_id)


def get_async_graph_callback_manager_for_config(
    config: RunnableConfig, *, run_id: UUID | None = None
) -> _AsyncGraphCallbackManager:
    """As `get_sync_graph_callback_manager_for_config`, for asyncio."""
    return _AsyncGraphCallbackManager.configure(config.get("callbacks"), run_id=run_id)
