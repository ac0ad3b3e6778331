"""What makes a run look like LangGraph's from inside its nodes."""

import dataclasses
import functools
import logging
import random
import time
from collections.abc import Sequence
from typing import Any, ClassVar, Self

from langferry import _engine
from langferry.compat import later, types
from langferry.compat._internal._ambient import ambient
from langferry.compat._internal._config import merge_configs, patch_config
from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_READ,
    CONFIG_KEY_RUNTIME,
    CONFIG_KEY_SEND,
    CONFIG_KEY_TIMED_ATTEMPT_OBSERVER,
    NS_END,
    PREVIOUS,
    TASKS,
)
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels.binop import BinaryOperatorAggregate
from langferry.compat.channels.delta import DeltaChannel
from langferry.compat.channels.untracked_value import UntrackedValue
from langferry.compat.graph.message_delta import _messages_delta_reducer, with_message_ids
from langferry.compat.graph.task_config import TaskConfig
from langferry.compat.runtime import ExecutionInfo
from langferry.graph import outputs
from langferry.graph.bodies import Body
from langferry.graph.calling import Task
from langferry.graph.calling_host import RETURN
from langferry.graph.config import TASK_ID
from langferry.graph.errors import EmptyChannelError
from langferry.graph.face import Face
from langferry.graph.policies import Policies, with_policies
from langferry.graph.run import Host
from langferry.graph.runtime import TaskScope, current
from langferry.graph.timing import Attempt, TimeoutPolicy

logger = logging.getLogger(__name__)

__all__ = ("LangGraphFace", "LangGraphHost", "LangGraphScope", "Sent", "merge_configs")


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """What a node wrote while it ran, before what it returned (if that counts)."""

    writes: Sequence[tuple[str, Any]]
    returned: Any = None


class LangGraphFace(Face):
    """LangGraph's types for the engine."""

    send_type: type = types.Send
    overwrite_type: type = types.Overwrite
    interrupt_type: type = types.Interrupt
    missing: Any = MISSING
    delta_type: Any = DeltaChannel
    replayed_types: Any = (DeltaChannel, BinaryOperatorAggregate)
    untracked_type: Any = UntrackedValue

    @staticmethod
    def read_output(output: Any, keys: Sequence[str]) -> Any:
        """The writes and targets in what a node gave."""
        if not isinstance(output, Sent):
            return outputs.read_output(output, keys)
        writes, sends = split_writes(output.writes, keys)
        if output.returned is None:
            return writes, sends
        more, targets = outputs.read_output(output.returned, keys)
        return [*writes, *more], [*sends, *targets]

    def stable(self, channel: Any, write: Any) -> Any:
        """A write to a `DeltaChannel` whose messages have ids."""
        return with_message_ids(write, messages_only=channel.reducer is _messages_delta_reducer)

    @property
    def snapshot_type(self) -> Any:
        """Wraps the whole value of a `DeltaChannel` in a checkpoint."""
        return later._DeltaSnapshot

    def supersteps_bound(self) -> int:
        """Supersteps after which a `DeltaChannel` is stored whole, even if nothing was written to it."""
        # its package needs this module
        from langferry.compat.pregel import _checkpoint

        return _checkpoint.DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT

    def stores_at_once(self, saver: Any) -> bool:
        """Whether a saver never waits: the one that keeps everything in memory, as it is."""
        return later.is_a(saver, "InMemorySaver") and type(saver) is later.InMemorySaver

    def native_twin(self, saver: Any) -> Any:
        """What does the same as such a saver, without its frames."""
        return later.native_twin(saver)

    def graph_output(self, state: Any, interrupts: tuple[Any, ...]) -> Any:
        """What `invoke(version="v2")` returns."""
        return types.GraphOutput(state, interrupts)

    def new_checkpoint_id(self, step: int, saves: bool) -> str:
        """An id made as LangGraph makes it.

        It draws from the program's own random numbers. A program that seeds them would see others
        if the engine drew fewer, so it draws even when there is nothing to save.
        """
        node = random.getrandbits(48)
        return _engine.new_checkpoint_id(step, node) if saves else ""


def split_writes(
    given: Sequence[tuple[str, Any]], keys: Sequence[str]
) -> tuple[list[tuple[str, Any]], list[Any]]:
    """Writes to channels that there are, and packets for the next step."""
    writes, sends = [], []
    for channel, value in given:
        if channel == TASKS:
            sends.append(value)
        elif channel in keys:
            writes.append((channel, value))
        else:
            logger.warning(f"A task wrote to unknown channel {channel}, ignoring it.")
    return writes, sends


class LangGraphScope(TaskScope):
    """A task whose config langchain's runnables find, too."""

    __slots__ = ("called_in", "sent")

    def __init__(self, run: Any, engine: Any) -> None:
        # one is made for every call, so this does not go through the base
        self.run = run
        self.engine = engine
        self._config = None
        self.on_thread = False
        self.called_with = None
        self.called_in: Any = None
        """The config around the call, if the task was called."""
        self.sent: list[tuple[str, Any]] | None = None

    def enter(self) -> None:
        """Make this the task of the current context."""
        current.set(self)
        config: Any = self._config
        if config is None:
            config = TaskConfig()
            config.scope = self
        ambient.set(config)

    def within(self, attempt: Attempt) -> Self:
        """The task as one attempt that may take only so long sees it, with writes of its own."""
        inner = super().within(attempt)
        configurable = inner.config[CONF]
        inner.sent = []
        configurable[CONFIG_KEY_SEND] = attempt.guard(inner.sent.extend)
        configurable[CONFIG_KEY_READ] = _reader(inner)
        return inner

    def retry(self) -> None:
        """Start the task over; what it has written so far does not count."""
        if self.sent is not None:
            self.sent.clear()
        super().retry()

    @property
    def config(self) -> dict[str, Any]:
        """The config as this task sees it."""
        if self._config is None:
            if self.called_in is not None and self.called_with is not None:
                callbacks = self.called_in.get("callbacks")
                self.called_with = {**self.called_with, "callbacks": callbacks}
            config = self._own_config()
            self.sent = []
            config[CONF][CONFIG_KEY_SEND] = self.sent.extend
            config[CONF][CONFIG_KEY_READ] = _reader(self)
            self._config = config
        return self._config

    @config.setter
    def config(self, config: dict[str, Any]) -> None:
        self._config = config

    def finish(self, ok: bool, result: Any, *, cached: bool = False) -> Any:
        """End a task that was called."""
        written = None
        if ok and isinstance(result, Sent):
            written, result = Sent(result.writes), result.returned
        return self.engine.finish(ok, result, written, cached=cached)

    @property
    def runtime(self) -> Any:
        """The run's runtime, with which execution this is."""
        return self.config[CONF][CONFIG_KEY_RUNTIME]

    def read(self, select: str | Sequence[str], fresh: bool = False) -> Any:
        """The values of channels, with what this task has written so far if `fresh`."""
        names = [select] if isinstance(select, str) else list(select)
        values = self.engine.read(names, self.sent or () if fresh else ())
        if not isinstance(select, str):
            return values
        if select not in values:
            raise EmptyChannelError
        return values[select]


def _reader(scope: LangGraphScope) -> Any:
    """How a task reads the state: a partial, of which prebuilt nodes take the second argument for the
    names of all channels."""
    return functools.partial(_read, scope, scope.run._channels)


def _read(
    scope: LangGraphScope, _: Sequence[str], select: str | Sequence[str], fresh: bool = False
) -> Any:
    return scope.read(select, fresh)


class LangGraphHost(Host):
    """A run whose tasks' configs carry what LangGraph's do."""

    scope_type: ClassVar[type[TaskScope]] = LangGraphScope

    def task_config(self, task: Any) -> dict[str, Any]:
        """The run's config as one task sees it."""
        config: Any = super().task_config(task)
        runtime = self.runtime
        if runtime.previous is not None or PREVIOUS in self._graph.channels:
            before = task.read([PREVIOUS], ()) if PREVIOUS in self._graph.channels else {}
            runtime = dataclasses.replace(runtime, previous=before.get(PREVIOUS))
        self._tell_execution(task, config[CONF], runtime)
        manager = getattr(self.config, "manager", None)
        if manager is not None:
            callbacks = manager.get_child(f"graph:step:{task.step}")
            config = patch_config(config, callbacks=callbacks, run_name=task.name)
        return config

    def called_scope(self, caller: TaskScope, task: Task, given: Any) -> TaskScope:
        """What a called task is given besides its arguments."""
        scope: Any = super().called_scope(caller, task, given)
        scope.called_in = ambient.get()
        return scope

    def called_config(self, task: Any, around: dict[str, Any]) -> dict[str, Any]:
        """The config of a task that was called."""
        config = super().called_config(task, around)
        self._tell_execution(task, config[CONF], around[CONF][CONFIG_KEY_RUNTIME])
        return config

    def task_body(self, task: Task) -> Body:
        """How a called task is run."""
        own, default = task.policies, self._graph.retry_policy
        if own.retry or not default:
            body = task.guarded
        else:
            body = with_policies(task.body, Policies(default, own.timeout))
        return self.remembering(body, own.cache or self._graph.cache_policy)

    def kept_writes(self, result: Any) -> Sequence[tuple[str, Any]]:
        """What a task wrote and returned, as a cache keeps it."""
        if isinstance(result, Sent):
            return [*result.writes, *super().kept_writes(result.returned)]
        return super().kept_writes(result)

    def kept_result(self, writes: Sequence[tuple[str, Any]]) -> Any:
        """What a task wrote and returned, as a cache has kept it."""
        returned = super().kept_result(writes)
        written = [(channel, value) for channel, value in writes if channel != RETURN]
        return Sent(written, returned) if written else returned

    def _tell_execution(self, task: Any, configurable: dict[str, Any], runtime: Any) -> None:
        run_id = self.config.get("run_id")
        info = ExecutionInfo(
            checkpoint_id=task.checkpoint_id,
            checkpoint_ns=configurable["checkpoint_ns"],
            task_id=configurable[TASK_ID],
            thread_id=configurable.get("thread_id"),
            run_id=str(run_id) if run_id else None,
            node_first_attempt_time=time.time(),
        )
        if (failed := task.failed_namespace) is not None:
            # LangGraph gives a handler the execution that failed
            info = info.patch(checkpoint_ns=failed, task_id=failed.rpartition(NS_END)[2])
        configurable[CONFIG_KEY_RUNTIME] = dataclasses.replace(runtime, execution_info=info)

    def attempt(self, config: dict[str, Any], policy: TimeoutPolicy) -> Attempt:
        """The clocks of an attempt, watched by whoever has asked for that."""
        observer = config[CONF].get(CONFIG_KEY_TIMED_ATTEMPT_OBSERVER)
        if observer is None:
            return Attempt(policy)
        return later.ObservedAttempt(policy, observer, config)

    def config_within(self, attempt: Attempt, config: dict[str, Any]) -> dict[str, Any]:
        """A task's config for an attempt, which hears of callbacks, too."""
        config = super().config_within(attempt, config)
        if attempt.refresh_on != "auto":
            return config
        handler: Any = {"callbacks": [later.ProgressHandler(attempt)]}
        merged: Any = merge_configs(config, handler)  # type: ignore[arg-type]
        return merged

    def retried_config(self, config: dict[str, Any], attempt: int) -> dict[str, Any]:
        """A task's config for another attempt."""
        config = super().retried_config(config, attempt)
        runtime = config[CONF][CONFIG_KEY_RUNTIME]
        info = runtime.execution_info.patch(node_attempt=attempt)
        config[CONF][CONFIG_KEY_RUNTIME] = dataclasses.replace(runtime, execution_info=info)
        return config
