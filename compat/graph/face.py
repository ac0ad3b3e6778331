"""What makes a run look like LangGraph's from inside its nodes."""

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.config import var_child_runnable_config
from langgraph.checkpoint.base import id

from langferry.compat import types
from langferry.compat._internal._constants import CONF, CONFIG_KEY_RUNTIME
from langferry.compat.runtime import ExecutionInfo
from langferry.graph.config import TASK_ID
from langferry.graph.face import Face
from langferry.graph.run import Host
from langferry.graph.runtime import TaskScope


class LangGraphFace(Face):
    """LangGraph's types for the engine."""

    send_type: type = types.Send
    overwrite_type: type = types.Overwrite
    interrupt_type: type = types.Interrupt

    def new_checkpoint_id(self, step: int, saves: bool) -> str:
        """An id made as LangGraph makes it.

        It draws from the program's own random numbers. A program that seeds them would see others
        if the engine drew fewer, so it draws even when there is nothing to save.
        """
        if saves:
            return str(id.uuid6(clock_seq=step))
        id.random.getrandbits(48)
        return ""


class LangGraphScope(TaskScope):
    """A task whose config langchain's runnables find, too."""

    __slots__ = ("_runtime",)

    def enter(self) -> None:
        """Make this the task of the current context."""
        super().enter()
        var_child_runnable_config.set(cast(RunnableConfig, self.config))

    @property
    def runtime(self) -> Any:
        """The run's runtime, with which execution this is."""
        return self.config[CONF][CONFIG_KEY_RUNTIME]


class LangGraphHost(Host):
    """A run whose tasks' configs carry what LangGraph's do."""

    scope_type: ClassVar[type[TaskScope]] = LangGraphScope

    def task_config(self, task: Any) -> dict[str, Any]:
        """The run's config as one task sees it."""
        config = super().task_config(task)
        configurable = config[CONF]
        run_id = self.config.get("run_id")
        info = ExecutionInfo(
            checkpoint_id=task.checkpoint_id,
            checkpoint_ns=configurable["checkpoint_ns"],
            task_id=configurable[TASK_ID],
            thread_id=configurable.get("thread_id"),
            run_id=str(run_id) if run_id else None,
        )
        configurable[CONFIG_KEY_RUNTIME] = dataclasses.replace(self.runtime, execution_info=info)
        return config


def merge_configs(*configs: Mapping[str, Any] | None) -> Any:
    """One config of several, the later ones winning key by key."""
    merged: dict[str, Any] = {}
    for config in configs:
        for key, value in (config or {}).items():
            if not value:
                continue
            if key in ("metadata", CONF):
                merged[key] = {**merged.get(key, {}), **value}
            elif key == "tags":
                merged[key] = [*merged.get(key, []), *value]
            else:
                merged[key] = value
    return merged
