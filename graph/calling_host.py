"""What a run's host does for the tasks that its nodes call."""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from langferry.graph.bodies import Body
from langferry.graph.caching import TaskCache
from langferry.graph.calling import AsyncCalls, Calls, Task
from langferry.graph.config import CHECKPOINT_ID, CHECKPOINT_MAP, CHECKPOINT_NS, SCRATCHPAD, TASK_ID
from langferry.graph.runtime import TaskScope
from langferry.graph.sink import nobody_waits
from langferry.graph.workers import Crew

if TYPE_CHECKING:
    from langferry.graph.run import Host


RETURN = "__return__"
"""Under which a task's result is kept."""


class CallingHost:
    """Lets tasks call tasks; costs a run nothing whose tasks do not.

    Attributes:
        driver: Of a run with asyncio, its event loop and what limits how much runs at the same time.
        called_ended: With asyncio: a called task has ended, and the run has to look.
        ring: With asyncio: wakes the run.
        save_failure: What a saver has failed with while a called task's writes were stored.
    """

    config: dict[str, Any]
    scope_type: ClassVar[type[TaskScope]]
    driver: tuple[Any, Any] | None = None
    called_ended: bool = False
    ring: Callable[[], object] = staticmethod(nobody_waits)
    save_failure: BaseException | None = None
    _calls: Any = None

    def call(self, caller: TaskScope, task: Task, args: Any, kwargs: Any) -> Any:
        """Start a task in the superstep of the one that calls it, and return its future."""
        if self._calls is None:
            host = cast("Host", self)
            self._calls = Calls(host) if self.driver is None else AsyncCalls(host, *self.driver)
        return self._calls.call(caller, task, args, kwargs)

    @functools.cached_property
    def crew(self) -> Crew:
        """The threads of the run."""
        return Crew(self.config.get("max_concurrency"))

    def called_scope(self, caller: TaskScope, task: Task, given: Any) -> TaskScope:
        """What a called task is given besides its arguments."""
        scope = self.scope_type(self, caller.engine.call(task.name, given))
        scope.called_with = caller.config
        return scope

    def task_body(self, task: Task) -> Body:
        """How a called task is run."""
        return self.remembering(task.guarded, task.policies.cache)

    def remembering(self, body: Body, policy: Any) -> Body:
        """A task's body, that keeps its results if there are a policy and a cache."""
        if policy is None:
            return body
        cache = cast("Host", self)._graph._cache_of(self.config)
        if cache is None:
            return body
        return TaskCache(cache, self.kept_writes, self.kept_result).around(body, policy)

    def kept_writes(self, result: Any) -> Sequence[tuple[str, Any]]:
        """What a task returned, as a cache keeps it."""
        return [(RETURN, result)]

    def kept_result(self, writes: Sequence[tuple[str, Any]]) -> Any:
        """What a task returned, as a cache has kept it."""
        return dict(writes)[RETURN]

    def called_config(self, task: Any, around: dict[str, Any]) -> dict[str, Any]:
        """The config of a task that was called, made from its caller's."""
        namespace = task.namespace
        outer = around["configurable"]
        known = {**outer.get(CHECKPOINT_MAP, {}), outer[CHECKPOINT_NS]: task.checkpoint_id}
        metadata = {
            **around["metadata"],
            "langgraph_step": task.step,
            "langgraph_node": task.name,
            "langgraph_triggers": task.triggers,
            "langgraph_path": task.path,
            "langgraph_checkpoint_ns": namespace,
        }
        configurable = {
            **outer,
            TASK_ID: task.id,
            CHECKPOINT_ID: None,
            CHECKPOINT_NS: namespace,
            CHECKPOINT_MAP: known,
            SCRATCHPAD: task,
        }
        return {
            **around,
            "metadata": metadata,
            "configurable": configurable,
            "run_name": task.name,
        }

    def await_called(self) -> None:
        """Wait on this thread until a called task has ended."""
        self._calls.await_one()

    def abandon_called(self) -> None:
        """Let go of called tasks that nobody waits for any more."""
        if self._calls is not None:
            self._calls.abandon()

    async def cancel_called(self) -> None:
        """As `abandon_called`, with asyncio."""
        if self._calls is not None:
            await self._calls.cancel()

    def note_called(self) -> None:
        """Let the run know that a called task has ended."""
        self.called_ended = True
        self.ring()

    def check_saved(self) -> None:
        """Raises what a saver has failed with while a called task's writes were stored."""
        if self.save_failure is not None:
            raise self.save_failure
