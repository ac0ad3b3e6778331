"""One run as Python sees it: what the engine asks of its host, and its asyncio driver."""

import contextvars
import dataclasses
import datetime
import functools
import logging
import sys
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from typing import Any, ClassVar, Final

from langferry.graph.bodies import Body
from langferry.graph.caching import NodeCache
from langferry.graph.calling_host import CallingHost
from langferry.graph.config import (
    CHECKPOINT_ID,
    CHECKPOINT_MAP,
    CHECKPOINT_NS,
    CHECKPOINTER,
    NODE_ERROR,
    REPLAY_STATE,
    RESUMING,
    RUNTIME,
    SCRATCHPAD,
    STREAM,
    TASK_ID,
    patched,
    with_map,
)
from langferry.graph.constants import NS_END, NS_SEP
from langferry.graph.errors import NodeError
from langferry.graph.fan_out import GRACE, FanOut, fan_out
from langferry.graph.inline import begin
from langferry.graph.runtime import TaskScope
from langferry.graph.saving import Saving, Writes
from langferry.graph.sink import Sink
from langferry.graph.snapshot import Planned, describe
from langferry.graph.timing import Attempt, GuardedSink
from langferry.graph.types import Task
from langferry.graph.workers import help_with, most_threads

logger = logging.getLogger(__name__)

_MAKING: Final = threading.RLock()

Chunk = tuple[str, Any]


class Host(CallingHost):
    """What the engine asks of Python during one run."""

    scope_type: ClassVar[type[TaskScope]] = TaskScope
    """What a node or router is given besides its input: made of the host and the engine's task."""
    _runtime: Any = None
    _deadline: float | None = None

    def __init__(
        self,
        config: dict[str, Any],
        make_runtime: Callable[[], Any],
        saving: Saving | None,
        metadata: dict[str, Any],
        channels: str | Sequence[str],
        graph: Any,
        *,
        resumes_at: int | None = None,
        control: Any = None,
        sink: Sink | None = None,
        nests: Sink | None = None,
    ) -> None:
        self.config = config
        self.saving = saving
        self.control = control
        """What can ask the run to stop before its next step."""
        self._make_runtime = make_runtime
        self._node_metadata = metadata
        self._channels = channels
        self._graph = graph
        self._resumes_at = resumes_at
        self.sink = sink
        self.cache: NodeCache | None = graph._cache_of(config) if graph._cached else None
        conf = config["configurable"]
        self.namespace: str = conf.get(CHECKPOINT_NS) or ""
        self._nests = nests
        self.traces = getattr(config, "manager", None) is not None
        """Whether callbacks are told of nodes."""
        if conf.get(RUNTIME) is not None:
            # the run around this one may control it
            _ = self.runtime

    @property
    def runtime(self) -> Any:
        """What nodes can learn of the run; made when one asks, which most never do."""
        if self._runtime is None:
            with _MAKING:
                if self._runtime is None:
                    runtime = self._make_runtime()
                    self._runtime, self.control = runtime, runtime.control
        return self._runtime

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
        outer = self.config["configurable"]
        configurable = {
            **self._for_tasks,
            TASK_ID: task.id,
            CHECKPOINT_ID: None,
            CHECKPOINT_NS: namespace,
            CHECKPOINT_MAP: {**outer.get(CHECKPOINT_MAP, {}), self.namespace: task.checkpoint_id},
            SCRATCHPAD: task,
        }
        if self._resumes_at == task.step:
            configurable[RESUMING] = True
        if (handles := task.handles) is not None:
            self._hand_error(task, NodeError(*handles), metadata, configurable)
        return {
            **self.config,
            "metadata": metadata,
            "configurable": configurable,
            "run_name": task.name,
        }

    def retried_config(self, config: dict[str, Any], attempt: int) -> dict[str, Any]:
        """A task's config for another attempt; graphs the task runs go on where they were."""
        return patched(config, **{RESUMING: True})

    def _hand_error(
        self,
        task: Any,
        error: NodeError,
        metadata: dict[str, Any],
        configurable: dict[str, Any],
    ) -> None:
        """An error handler's config is made from that of the task that failed."""
        for key, value in (self._node_metadata.get(error.node) or {}).items():
            metadata.setdefault(key, value)
        configurable[NODE_ERROR] = error
        configurable[CHECKPOINT_MAP][task.failed_namespace] = task.checkpoint_id

    def limited(self, node: str, timeout: Any) -> tuple[Any, Any]:
        """How to call a node for a task whose time is limited by the packet that made it."""
        body: Body = self._graph._limited(node, timeout)
        return body.run, body.arun

    def cache_key(self, node: str, input: Any) -> Any:
        """By which key a node's result is kept, if there is a cache."""
        return None if self.cache is None else self.cache.key(node, input)

    def recall(self, keys: list[Any]) -> list[Writes | None]:
        """What is kept of earlier runs of nodes."""
        return [] if self.cache is None else self.cache.recall(keys)

    def keep(self, kept: Any) -> None:
        """Keep what a node wrote."""
        if self.cache is not None:
            self.cache.keep(kept)

    def attempt(self, config: dict[str, Any], policy: Any) -> Attempt:
        """The clocks of an attempt at a node that may take only so long."""
        return Attempt(policy)

    def config_within(self, attempt: Attempt, config: dict[str, Any]) -> dict[str, Any]:
        """A task's config for such an attempt, from which it hears what the node does."""
        configurable = config["configurable"]
        runtime = configurable[RUNTIME]
        heard = {"stream_writer": attempt.guard(runtime.stream_writer)}
        if attempt.idle_timeout is not None:
            heard["heartbeat"] = attempt.touch
        changed = {RUNTIME: dataclasses.replace(runtime, **heard)}
        if configurable.get(STREAM) is not None:
            changed[STREAM] = GuardedSink(configurable[STREAM], attempt)
        return patched(config, **changed)

    @functools.cached_property
    def _for_tasks(self) -> dict[str, Any]:
        """What all tasks of the run have in common of their `configurable`."""
        inherited = dict(self.config["configurable"])
        inherited.pop(RESUMING, None)
        inherited[RUNTIME] = self.runtime
        if self.saving is not None:
            inherited[CHECKPOINTER] = self.saving.saver
            if self.saving.replay is not None:
                inherited[REPLAY_STATE] = self.saving.replay
        else:
            inherited.setdefault(CHECKPOINTER, None)
        if self._nests is not None:
            inherited[STREAM] = self._nests
        return inherited

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
        if self.save_failure is not None:
            raise self.save_failure
        saving = self.saving
        if saving is not None and (put := saving.checkpoint(made)):
            saving.storing.put(put)

    async def asave_checkpoint(self, made: dict[str, Any]) -> None:
        """Store a checkpoint."""
        self.check_saved()
        if self.saving is not None and (put := self.saving.checkpoint(made)):
            await self.saving.storing.aput(put)

    def save_writes(self, written: tuple[str, Any, Writes]) -> None:
        """Store what a task wrote."""
        if self.saving is not None:
            self.saving.store_writes(written)

    def note_unsaved(self, error: BaseException) -> None:
        """A saver has failed to store what a task wrote."""
        if self.saving is not None:
            self.saving.storing.note(error, essential=False)

    async def asave_writes(self, written: tuple[str, Any, Writes]) -> None:
        """Store what a task wrote."""
        if self.saving is not None:
            await self.saving.astore_writes(written)

    def planned(self, planned: tuple[int, Any, list[tuple[str, str, Any]]]) -> list[Chunk]:
        """The chunks that show a checkpoint with the tasks planned on it."""
        if self.saving is None:
            return []
        step, values, tasks = planned
        payload = {
            "config": _shown(with_map(self.saving.shown_config, self.saving.metadata)),
            "parent_config": _shown(with_map(self.saving.parent, self.saving.metadata)),
            "values": values,
            "metadata": self.saving.metadata,
            "next": [name for _, name, _ in tasks],
            "tasks": [
                _shown_task(task, self._subgraph_config(task))
                for task in describe(
                    [Planned(*task) for task in tasks], self.saving.pending, self._channels
                )
            ],
        }
        debug = {
            "step": step,
            "timestamp": datetime.datetime.now(datetime.UTC).isoformat(),
            "type": "checkpoint",
            "payload": payload,
        }
        return [("checkpoints", payload), ("debug", debug)]

    def fan_out(self, calls: list[tuple[int, Any, Any, TaskScope]]) -> FanOut:
        """Run nodes on threads; give their results as they come, those that came together at once."""
        self.start_step()
        return fan_out(self.crew, calls, self.sink, self.time_left)

    find_help = staticmethod(help_with)

    @property
    def most_helpers(self) -> int:
        """How many threads may run nodes beside the run's own."""
        return most_threads(self.config.get("max_concurrency")) - 1

    @property
    def in_event_loop(self) -> bool:
        """Whether an event loop runs on this thread."""
        asyncio = sys.modules.get("asyncio")
        return asyncio is not None and asyncio._get_running_loop() is not None

    def start_step(self) -> None:
        """Start the clock of a step that may take only so long."""
        if self._graph.step_timeout:
            self._deadline = time.monotonic() + self._graph.step_timeout

    @property
    def may_run_out_of_time(self) -> bool:
        """Whether a step may take only so long."""
        return bool(self._graph.step_timeout)

    def time_left(self) -> float | None:
        """How many seconds the step may still take."""
        return None if self._deadline is None else max(0.0, self._deadline - time.monotonic())

    def _subgraph_config(self, task: Task) -> dict[str, Any] | None:
        """Where LangGraph would keep the checkpoints of a task that is a graph."""
        if self.saving is None or task.name not in self._graph._subgraphs:
            return None
        thread = self.saving.config["configurable"].get("thread_id")
        namespace = f"{task.name}{NS_END}{task.id}"
        if self.namespace:
            namespace = f"{self.namespace}{NS_SEP}{namespace}"
        return {"configurable": {"thread_id": thread, CHECKPOINT_NS: namespace}}

    @functools.cached_property
    def _common_metadata(self) -> dict[str, Any]:
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


async def drive(run: Any, host: Host, *, told: bool = True) -> AsyncGenerator[Chunk, None]:
    """Step a run with asyncio: nodes and routers are tasks of their own.

    Unless the run is `told` of while its nodes run, one that runs alone is part of the caller's task.

    Raises:
        Exception: What the run failed with.
    """
    # whoever only runs synchronously does not pay for importing it
    import asyncio

    running: dict[asyncio.Task[Any], tuple[int, TaskScope]] = {}
    finished: list[asyncio.Task[Any]] = []
    sink = host.sink
    inline = not told and sink is None and not host.may_run_out_of_time
    rung = asyncio.Event()
    limit = host.config.get("max_concurrency")
    room = asyncio.Semaphore(limit) if limit else None
    loop = asyncio.get_running_loop()
    # who awaits a task goes on before what the task told is given out, as in LangGraph
    ring = functools.partial(loop.call_soon_threadsafe, loop.call_soon, rung.set)
    host.driver, host.ring = (loop, room), ring
    if sink is not None:
        sink.wake = ring

    def note(task: asyncio.Task[Any]) -> None:
        finished.append(task)
        rung.set()

    try:
        while True:
            items, work, over = run.advance()
            while sink is not None and sink.told:
                yield "live", sink.told.popleft()
            for kind, payload in items:
                if kind == "checkpoint":
                    await host.asave_checkpoint(payload)
                elif kind == "writes":
                    await host.asave_writes(payload)
                elif kind == "keep":
                    if host.cache is not None:
                        await host.cache.akeep(payload)
                elif kind == "planned":
                    for chunk in host.planned(payload):
                        yield chunk
                else:
                    yield kind, payload
            if over:
                run.raise_failure()
                return
            kept = await _recall(run, host.cache) if work and host.cache is not None else ()
            if kept:
                work = [call for call in work if call[0] not in kept]
            if inline and not kept and len(work) == 1 and not running:
                await _perform(run, *work[0])
                continue
            if work:
                host.start_step()
            for key, arun, value, scope in work:
                task = asyncio.create_task(
                    _call(arun, value, scope, room), context=contextvars.copy_context()
                )
                task.add_done_callback(note)
                running[task] = key, scope
            if kept:
                continue
            while not finished or (sink is not None and sink.told):
                while sink is not None and sink.told:
                    yield "live", sink.told.popleft()
                if finished or host.called_ended:
                    break
                rung.clear()
                await asyncio.wait_for(rung.wait(), host.time_left())
            if any(task.cancelled() or task.exception() for task in finished):
                threads = [t for t, (_, scope) in running.items() if scope.on_thread]
                if threads:
                    await asyncio.wait(threads, timeout=GRACE)
            for task in finished:
                key, _ = running.pop(task)
                error = asyncio.CancelledError() if task.cancelled() else task.exception()
                if error is None:
                    run.finish(key, True, task.result())
                else:
                    run.finish(key, False, error)
            finished.clear()
            host.called_ended = False
    finally:
        for task in running:
            task.cancel()
        await host.cancel_called()
        if running:
            await asyncio.gather(*running, return_exceptions=True)


async def _perform(
    run: Any, key: int, arun: Callable[..., Coroutine[Any, Any, Any]], value: Any, scope: TaskScope
) -> None:
    """Run a node or router as part of this task."""
    import asyncio

    try:
        ended, result = begin(arun, value, scope)
        if not ended:
            result = await result
    except GeneratorExit:
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        run.finish(key, False, error)
    except BaseException as error:
        run.finish(key, False, error)
    else:
        run.finish(key, True, result)


async def _recall(run: Any, cache: NodeCache) -> set[int]:
    """Gives a run what is kept of its calls' nodes, and says of which calls."""
    asked = run.may_be_kept()
    if not asked:
        return set()
    found = await cache.arecall([key for _, key in asked])
    kept = {call: writes for (call, _), writes in zip(asked, found, strict=True) if writes}
    for call, writes in kept.items():
        run.recall(call, writes)
    return set(kept)


async def _call(
    arun: Callable[[Any, TaskScope], Awaitable[Any]], value: Any, scope: TaskScope, room: Any
) -> Any:
    if room is None:
        return await arun(value, scope)
    async with room:
        return await arun(value, scope)


def _shown(config: dict[str, Any] | None) -> dict[str, Any] | None:
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
