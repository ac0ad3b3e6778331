"""Tells a run's graph callbacks that the run goes on from a checkpoint, or has paused."""

from typing import Any
from uuid import UUID

from langferry import _engine
from langferry.compat._internal._constants import CONF, CONFIG_KEY_CHECKPOINT_NS, NS_SEP
from langferry.compat.callbacks import (
    GraphInterruptEvent,
    GraphResumeEvent,
    get_async_graph_callback_manager_for_config,
    get_sync_graph_callback_manager_for_config,
)


class Lifecycle:
    """The graph callbacks of one run.

    Each method has a twin for asyncio, whose name starts with an `a`.
    """

    def __init__(self, manager: Any, config: Any) -> None:
        self._manager = manager
        namespace = config[CONF].get(CONFIG_KEY_CHECKPOINT_NS)
        self._namespace = tuple(namespace.split(NS_SEP)) if namespace else ()

    def resumed(self, run: Any) -> None:
        """Tell that the run, which has begun, goes on from a checkpoint."""
        self._manager.on_resume(self._resume(run))

    async def aresumed(self, run: Any) -> None:
        """As `resumed`."""
        await self._manager.on_resume(self._resume(run))

    def paused(self, run: Any) -> None:
        """Tell that the run has stopped, if it has."""
        if run.stop_status is not None:
            self._manager.on_interrupt(self._interrupt(run))

    async def apaused(self, run: Any) -> None:
        """As `paused`."""
        if run.stop_status is not None:
            await self._manager.on_interrupt(self._interrupt(run))

    def _resume(self, run: Any) -> GraphResumeEvent:
        return GraphResumeEvent(
            run_id=self._manager.run_id,
            status="pending",
            checkpoint_id=_checkpoint_id(run),
            checkpoint_ns=self._namespace,
        )

    def _interrupt(self, run: Any) -> GraphInterruptEvent:
        return GraphInterruptEvent(
            run_id=self._manager.run_id,
            status=run.stop_status,
            checkpoint_id=_checkpoint_id(run),
            checkpoint_ns=self._namespace,
            interrupts=run.stopped_at,
        )


def lifecycle_of(config: Any, run_id: UUID, *, asynchronous: bool) -> Lifecycle | None:
    """What tells the graph callbacks of a run's config, if there are any."""
    configure = (
        get_async_graph_callback_manager_for_config
        if asynchronous
        else get_sync_graph_callback_manager_for_config
    )
    manager = configure(config, run_id=run_id)
    return Lifecycle(manager, config) if manager.handlers else None


def _checkpoint_id(run: Any) -> str:
    """A run that stores nothing has checkpoints nobody can look up; they have ids all the same."""
    id: str = run.checkpoint_id
    return id or _engine.new_checkpoint_id(0)
