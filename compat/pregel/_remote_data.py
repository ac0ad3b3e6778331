"""What goes to a server and comes from it: configs, checkpoints, states and drawings."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from langchain_core.runnables import RunnableConfig
from langchain_core.runnables.graph import Edge, Graph, Node

from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_MAP,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_STRICT_RESUME,
    CONFIG_KEY_TASK_ID,
    CONFIG_KEY_THREAD_ID,
)
from langferry.compat.types import Interrupt, PregelTask, StateSnapshot

_LOCAL: Final = frozenset(
    (
        CONFIG_KEY_CHECKPOINT_MAP,
        CONFIG_KEY_CHECKPOINT_ID,
        CONFIG_KEY_CHECKPOINT_NS,
        CONFIG_KEY_TASK_ID,
        CONFIG_KEY_STRICT_RESUME,
    )
)
"""Keys of a config that mean something to this process only."""
_COORDINATES: Final = (
    CONFIG_KEY_THREAD_ID,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_MAP,
)


def sendable_config(config: Mapping[str, Any]) -> RunnableConfig:
    """What of a config can be sent: limits, tags, metadata and configurable, plain values only."""
    sent: Any = {}
    if "recursion_limit" in config:
        sent["recursion_limit"] = config["recursion_limit"]
    if "tags" in config:
        sent["tags"] = [tag for tag in config["tags"] if isinstance(tag, str)]
    if "metadata" in config:
        sent["metadata"] = _plain(dict(config["metadata"]))
    if CONF in config:
        kept = {key: value for key, value in config[CONF].items() if key not in _LOCAL}
        sent[CONF] = _plain(kept)
    return sent


def _plain(value: Any) -> Any:
    """A value without what cannot be sent; `None` if nothing is left of it."""
    if isinstance(value, str | int | float | bool | UUID):
        return value
    if isinstance(value, dict):
        kept = ((key, _plain(item)) for key, item in value.items() if isinstance(key, str))
        return {key: item for key, item in kept if item is not None}
    if isinstance(value, list | tuple):
        return [item for item in map(_plain, value) if item is not None]
    return None


def checkpoint_of(config: RunnableConfig | None) -> Any:
    """The checkpoint that a config addresses, as a server is told it."""
    if config is None:
        return None
    conf = config[CONF]
    return {key: conf[key] for key in _COORDINATES if key in conf} or None


def config_of(checkpoint: Mapping[str, Any]) -> RunnableConfig:
    """The config that addresses a server's checkpoint."""
    optional = checkpoint.get(CONFIG_KEY_CHECKPOINT_MAP, {})
    conf = {key: checkpoint[key] for key in _COORDINATES[:-1]}
    return {CONF: {**conf, CONFIG_KEY_CHECKPOINT_MAP: optional}}


def snapshot_of(state: Any) -> StateSnapshot:
    """A server's state of a thread."""
    tasks = tuple(map(_task_of, state["tasks"]))
    before = state["parent_checkpoint"]
    return StateSnapshot(
        values=state["values"],
        next=tuple(state["next"] or ()),
        config=config_of(state["checkpoint"]),  # type: ignore[arg-type]
        metadata=dict(state["metadata"]),
        created_at=state["created_at"],
        parent_config=config_of(before) if before else None,  # type: ignore[arg-type]
        tasks=tasks,
        interrupts=tuple(interrupt for task in tasks for interrupt in task.interrupts),
    )


def _task_of(task: Any) -> PregelTask:
    state: Any = None
    if task["state"]:
        state = snapshot_of(task["state"])
    elif task["checkpoint"]:
        state = {CONF: task["checkpoint"]}
    return PregelTask(
        id=task["id"],
        name=task["name"],
        path=(),
        error=Exception(task["error"]) if task["error"] else None,
        interrupts=tuple(Interrupt(**interrupt) for interrupt in task["interrupts"]),
        state=state,
        result=task.get("result"),
    )


def drawing_of(graph: Any) -> Graph:
    """A server's drawing of a graph."""
    nodes = {}
    for node in graph["nodes"]:
        id = str(node["id"])
        data = node.get("data", {})
        name = node.get("name")
        if name is None:
            name = data.get("name", id) if isinstance(data, dict) else id
        nodes[id] = Node(id=id, name=name, data=data, metadata=node.get("metadata"))
    return Graph(nodes=nodes, edges=[Edge(**edge) for edge in graph["edges"]])
