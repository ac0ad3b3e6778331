"""Stands in for `langgraph.pregel.debug`: what modes `tasks` and `checkpoints` show."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import EXCLUDED_METADATA_KEYS, CheckpointMetadata, PendingWrite

from langferry.compat._internal._config import filter_to_user_tags, patch_checkpoint_map
from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_NS,
    ERROR,
    INTERRUPT,
    NS_END,
    NS_SEP,
    RETURN,
)
from langferry.compat.channels.base import BaseChannel
from langferry.compat.parts import (
    CheckpointPayload,
    CheckpointTask,
    TaskPayload,
    TaskResultPayload,
)
from langferry.compat.types import PregelTask
from langferry.graph.constants import TAG_HIDDEN
from langferry.graph.snapshot import Planned, describe

__all__ = ("COLOR_MAPPING", "TASK_NAMESPACE", "get_bolded_text", "get_colored_text")

TASK_NAMESPACE: Final = UUID("6ba7b831-9dad-11d1-80b4-00c04fd430c8")
COLOR_MAPPING: Final = {
    "black": "0;30",
    "red": "0;31",
    "green": "0;32",
    "yellow": "0;33",
    "blue": "0;34",
    "magenta": "0;35",
    "cyan": "0;36",
    "white": "0;37",
    "gray": "1;30",
}
_SEVERAL: Final = "$writes"


def get_colored_text(text: str, color: str) -> str:
    """A text in a terminal's colour."""
    return f"\033[1;3{COLOR_MAPPING[color]}m{text}\033[0m"


def get_bolded_text(text: str) -> str:
    """A text in a terminal's bold print."""
    return f"\033[1m{text}\033[0m"


def is_multiple_channel_write(value: Any) -> bool:
    """Whether a task's result shows several writes to one channel."""
    return isinstance(value, dict) and isinstance(value.get(_SEVERAL), list)


def map_task_result_writes(writes: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A task's writes by channel, several to one channel under a mark of their own."""
    shown: dict[str, Any] = {}
    for channel, value in writes:
        known = shown.get(channel)
        if known is None:
            shown[channel] = value
        elif is_multiple_channel_write(known):
            known[_SEVERAL].append(value)
        else:
            shown[channel] = {_SEVERAL: [known, value]}
    return shown


def rm_pregel_keys(config: Any) -> Any:
    """A config without the keys that only graphs use among themselves."""
    if config is None:
        return None
    shown = {k: v for k, v in config.get(CONF, {}).items() if not k.startswith("__pregel_")}
    return {CONF: shown}


def map_debug_tasks(tasks: Iterable[Any]) -> Iterator[TaskPayload]:
    """The payloads of mode `tasks` for tasks about to run, those hidden from streams left out.

    Of a task's metadata a payload shows the caller's own, with its tags.
    """
    for task in tasks:
        config = task.config or {}
        if TAG_HIDDEN in config.get("tags", ()):
            continue
        payload: TaskPayload = {
            "id": task.id,
            "name": task.name,
            "input": task.input,
            "triggers": task.triggers,
        }
        metadata = {
            key: value
            for key, value in (config.get("metadata") or {}).items()
            if key not in EXCLUDED_METADATA_KEYS
        }
        tags = filter_to_user_tags(config.get("tags"))
        if tags is not None:
            metadata["tags"] = tags
        if metadata:
            payload["metadata"] = metadata
        yield payload


def map_debug_task_results(
    task_tup: tuple[Any, Sequence[tuple[str, Any]]], stream_keys: str | Sequence[str]
) -> Iterator[TaskResultPayload]:
    """The payload of mode `tasks` for a task that has run, and its writes."""
    task, writes = task_tup
    shown = {stream_keys, RETURN} if isinstance(stream_keys, str) else {*stream_keys, RETURN}
    asked = [
        interrupt
        for channel, value in writes
        if channel == INTERRUPT
        for interrupt in (value if isinstance(value, Sequence) else [value])
    ]
    yield {
        "id": task.id,
        "name": task.name,
        "error": next((value for channel, value in writes if channel == ERROR), None),
        "result": map_task_result_writes([write for write in writes if write[0] in shown]),
        "interrupts": [dataclasses.asdict(interrupt) for interrupt in asked],
    }


def map_debug_checkpoint(
    config: RunnableConfig,
    channels: Mapping[str, BaseChannel[Any, Any, Any]],
    stream_channels: str | Sequence[str],
    metadata: CheckpointMetadata,
    tasks: Iterable[Any],
    pending_writes: list[PendingWrite],
    parent_config: RunnableConfig | None,
    output_keys: str | Sequence[str],
) -> Iterator[CheckpointPayload]:
    """The payload of mode `checkpoints` for a checkpoint and the tasks planned on it."""
    tasks = list(tasks)
    conf = config[CONF]
    around = conf.get(CONFIG_KEY_CHECKPOINT_NS, "")
    states: dict[str, Any] = {}
    for task in tasks:
        if task.subgraphs:
            levels = [around] if around else []
            namespace = NS_SEP.join([*levels, f"{task.name}{NS_END}{task.id}"])
            thread = {"thread_id": conf["thread_id"], CONFIG_KEY_CHECKPOINT_NS: namespace}
            states[task.id] = {CONF: thread}
    yield {
        "config": rm_pregel_keys(patch_checkpoint_map(config, metadata)),
        "parent_config": rm_pregel_keys(patch_checkpoint_map(parent_config, metadata)),
        "values": _values(channels, stream_channels),
        "metadata": metadata,
        "next": [task.name for task in tasks],
        "tasks": [
            _checkpoint_task(task)
            for task in tasks_w_writes(tasks, pending_writes, states, output_keys)
        ],
    }


def tasks_w_writes(
    tasks: Iterable[Any],
    pending_writes: list[PendingWrite] | None,
    states: Mapping[str, Any] | None,
    output_keys: str | Sequence[str],
    *,
    live: bool = False,
) -> tuple[PregelTask, ...]:
    """Tasks with what was stored of them, as a `StateSnapshot` shows them.

    With `live`, a task that has finished has no open question any more.
    """
    planned = [Planned(task.id, task.name, task.path) for task in tasks]
    described = describe(planned, pending_writes or (), output_keys, live=live)
    return tuple(task._replace(state=(states or {}).get(task.id)) for task in described)


def _values(channels: Mapping[str, BaseChannel[Any, Any, Any]], select: str | Sequence[str]) -> Any:
    """The values of channels that have one; of a single channel the bare value."""
    if isinstance(select, str):
        return channels[select].get() if channels[select].is_available() else None
    return {name: channels[name].get() for name in select if channels[name].is_available()}


def _checkpoint_task(task: PregelTask) -> CheckpointTask:
    shown: Any = {"id": task.id, "name": task.name}
    if task.error:
        shown["error"] = task.error
    else:
        if task.result:
            shown["result"] = task.result
        shown["interrupts"] = tuple(map(dataclasses.asdict, task.interrupts))
    shown["state"] = task.state
    checkpoint_task: CheckpointTask = shown
    return checkpoint_task
