"""One run as Python sees it: what the engine asks of its host, and its asyncio driver."""

import contextvars
import datetime
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any, ClassVar, Final

from langferry.graph.config import TASK_ID
from langferry.graph.constants import NS_END
from langferry.graph.errors import Unsupported
from langferry.graph.runtime import TaskScope
from langferry.graph.saving import Saving, Writes, takes_path, task_path_text
from langferry.graph.snapshot import describe
from langferry.graph.types import Task

logger = logging.getLogger(__name__)

_GRACE: Final = 0.02
"""Seconds for which a step whose node failed still takes the results of the nodes beside it.

LangGraph takes those that finish before it has noticed the failure; nodes that do no more than
compute practically always do.
"""

Chunk = tuple[str, Any]


class Host:
    """What the engine asks of Python during one run."""

    scope_type: ClassVar[type[TaskScope]] = TaskScope

    def __init__(
        self,
        config: dict[str, Any],
        runtime: Any,
        saving: Saving | None,
        metadata: dict[str, Any],
        channels: Iterable[str],
        subgraphs: Container[str],
    ) -> None:
        self.config = config
        self.runtime = runtime
        self.saving = saving
        self._node_metadata = metadata
        self._channels = channels
        self._subgraphs = subgraphs
        self._common_metadata = self._shown_metadata()

    def scope(self, task: Any) -> TaskScope:
        """What a node or router is given besides its input."""
        return self.scope_type(self, task)

    def task_config(self, task: Any) -> dict[str, Any]:
        """The run's config as one task sees it."""
        namespace = task.namespace
        metadata = {
            **self.config["metadata"],
            "langgraph_step": task.step,
            "langgraph_node": task.name,
            "langgraph_triggers": task.triggers,
            "langgraph_path": task.path,
            "langgraph_checkpoint_ns": namespace,
            **(self._node_metadata.get(task.name) or {}),
        }
        configurable = {
            **self.config["configurable"],
            TASK_ID: task.id,
            "checkpoint_id": None,
            "checkpoint_ns": namespace,
        }
        return {
            **self.config,
            "metadata": metadata,
            "configurable": configurable,
            "run_name": task.name,
        }

    def task_metadata(self, name: str) -> dict[str, Any] | None:
        """What a task shows of the caller's metadata and tags."""
        own = self._node_metadata.get(name)
        if not own:
            return dict(self._common_metadata) if self._common_metadata else None
        tags = self._common_metadata.get("tags")
        return {**self._common_metadata, **own, **({"tags": tags} if tags else {})}

    def warn(self, text: str) -> None:
        """Log what LangGraph only warns about."""
        logger.warning(text)

    def save_checkpoint(self, made: dict[str, Any]) -> None:
        """Store a checkpoint."""
        if self.saving is not None:
            self.saving.saver.put(*self.saving.checkpoint(made))

    async def asave_checkpoint(self, made: dict[str, Any]) -> None:
        """Store a checkpoint."""
        if self.saving is not None:
            await self.saving.saver.aput(*self.saving.checkpoint(made))

    def save_writes(self, written: tuple[str, Any, Writes]) -> None:
        """Store what a task wrote."""
        if self.saving is not None:
            put = self.saving.saver.put_writes
            put(*self._put_writes_arguments(put, written))

    async def asave_writes(self, written: tuple[str, Any, Writes]) -> None:
        """Store what a task wrote."""
        if self.saving is not None:
            put = self.saving.saver.aput_writes
            await put(*self._put_writes_arguments(put, written))

    def planned(self, planned: tuple[int, Any, list[tuple[str, str, Any]]]) -> list[Chunk]:
        """The chunks that show a checkpoint with the tasks planned on it."""
        if self.saving is None:
            return []
        step, values, tasks = planned
        payload = {
            "config": _own_keys_removed(self.saving.config),
            "parent_config": _own_keys_removed(self.saving.parent),
            "values": values,
            "metadata": self.saving.metadata,
            "next": [name for _, name, _ in tasks],
            "tasks": [
                _shown_task(task, self._subgraph_config(task))
                for task in describe(tasks, self.saving.pending, self._channels)
            ],
        }
        debug = {
            "step": step,
            "timestamp": datetime.datetime.now(datetime.UTC).isoformat(),
            "type": "checkpoint",
            "payload": payload,
        }
        return [("checkpoints", payload), ("debug", debug)]

    def fan_out(
        self, calls: list[tuple[int, Any, Any, TaskScope]]
    ) -> Iterator[list[tuple[int, bool, Any]]]:
        """Run nodes on threads; give their results as they come, those that came together at once."""
        with ThreadPoolExecutor(self.config.get("max_concurrency")) as pool:
            keys: dict[Future[Any], int] = {}
            for key, run, value, scope in calls:
                keys[pool.submit(contextvars.copy_context().run, run, value, scope)] = key
            waiting = set(keys)
            try:
                while waiting:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    if any(future.exception() is not None for future in done):
                        late, waiting = wait(waiting, _GRACE)
                        done |= late
                    yield [_outcome(keys[f], f) for f in sorted(done, key=keys.__getitem__)]
            finally:
                for future in waiting:
                    future.cancel()

    def _subgraph_config(self, task: Task) -> dict[str, Any] | None:
        """Where LangGraph would keep the checkpoints of a task that is a graph."""
        if self.saving is None or task.name not in self._subgraphs:
            return None
        thread = self.saving.config["configurable"].get("thread_id")
        namespace = f"{task.name}{NS_END}{task.id}"
        return {"configurable": {"thread_id": thread, "checkpoint_ns": namespace}}

    def _put_writes_arguments(self, put: Any, written: tuple[str, Any, Writes]) -> tuple[Any, ...]:
        assert self.saving is not None
        task, path, writes = written
        text = task_path_text(path) if path else ""
        return (self.saving.config, writes, task, *([text] if takes_path(put) else []))

    def _shown_metadata(self) -> dict[str, Any]:
        shown = {k: v for k, v in self.config["metadata"].items() if k not in _HIDDEN_METADATA}
        tags = [tag for tag in self.config["tags"] if not tag.startswith("seq:step")]
        if tags:
            shown["tags"] = tags
        return shown


_HIDDEN_METADATA = frozenset(
    (
        "thread_id",
        "checkpoint_id",
        "checkpoint_ns",
        "checkpoint_map",
        "langgraph_step",
        "langgraph_node",
        "langgraph_triggers",
        "langgraph_path",
        "langgraph_checkpoint_ns",
    )
)


def _outcome(key: int, future: Future[Any]) -> tuple[int, bool, Any]:
    error = future.exception()
    return (key, True, future.result()) if error is None else (key, False, error)


async def drive(run: Any, host: Host) -> AsyncIterator[Chunk]:
    """Step a run with asyncio: every node and router is a task of its own.

    Raises:
        Exception: What the run failed with.
    """
    # whoever only runs synchronously does not pay for importing it
    import asyncio

    running: dict[asyncio.Task[Any], tuple[int, TaskScope]] = {}
    finished: list[asyncio.Task[Any]] = []
    try:
        while True:
            told, work, over = run.advance()
            for kind, payload in told:
                if kind == "checkpoint":
                    await host.asave_checkpoint(payload)
                elif kind == "writes":
                    await host.asave_writes(payload)
                elif kind == "planned":
                    for chunk in host.planned(payload):
                        yield chunk
                else:
                    yield kind, payload
            if over:
                run.raise_failure()
                return
            for key, arun, value, scope in work:
                task = asyncio.create_task(
                    _call(arun, value, scope), context=contextvars.copy_context()
                )
                task.add_done_callback(finished.append)
                running[task] = key, scope
            if not finished:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            if any(task.cancelled() or task.exception() for task in finished):
                threads = [t for t, (_, scope) in running.items() if scope.on_thread]
                if threads:
                    await asyncio.wait(threads, timeout=_GRACE)
            for task in finished:
                key, _ = running.pop(task)
                error = asyncio.CancelledError() if task.cancelled() else task.exception()
                if error is None:
                    run.finish(key, True, task.result())
                else:
                    run.finish(key, False, error)
            finished.clear()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.gather(*running, return_exceptions=True)


async def _call(
    arun: Callable[[Any, TaskScope], Awaitable[Any]], value: Any, scope: TaskScope
) -> Any:
    return await arun(value, scope)


def refuse_interrupt_of_subgraph() -> Unsupported:
    """The error for an interrupt that would have to be resumed inside a subgraph."""
    return Unsupported(
        "LF401",
        "a subgraph interrupted; resuming inside subgraphs is not supported yet: "
        "call interrupt() in a node of the outermost graph",
    )


def _own_keys_removed(config: dict[str, Any] | None) -> dict[str, Any] | None:
    if config is None:
        return None
    configurable = config.get("configurable", {})
    return {
        "configurable": {k: v for k, v in configurable.items() if not k.startswith("__pregel_")}
    }


def _shown_task(task: Task, state: dict[str, Any] | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": task.id, "name": task.name}
    if task.error:
        return {**shown, "error": task.error, "state": state}
    if task.result:
        shown["result"] = task.result
    interrupts = tuple(_fields(interrupt) for interrupt in task.interrupts)
    return {**shown, "interrupts": interrupts, "state": state}


def _fields(interrupt: Any) -> dict[str, Any]:
    return {
        "value": interrupt.value,
        "id": interrupt.id,
        "response_schema": interrupt.response_schema,
    }
