"""Completes the config a run is given."""

from collections.abc import Mapping
from typing import Any, Final

from langferry.graph.constants import DEFAULT_RECURSION_LIMIT, NS_END, NS_SEP

CONFIG_KEYS: Final = (
    "tags",
    "metadata",
    "callbacks",
    "run_name",
    "max_concurrency",
    "recursion_limit",
    "configurable",
    "run_id",
)
_COORDINATES: Final = ("thread_id", "checkpoint_ns", "checkpoint_id", "checkpoint_map")
_TO_METADATA: Final = (
    "thread_id",
    "checkpoint_id",
    "checkpoint_ns",
    "task_id",
    "run_id",
    "assistant_id",
    "graph_id",
)
TASK_ID: Final = "__pregel_task_id"
CACHE: Final = "__pregel_cache"
CHECKPOINTER: Final = "__pregel_checkpointer"
CHECKPOINT_ID: Final = "checkpoint_id"
CHECKPOINT_NS: Final = "checkpoint_ns"
CHECKPOINT_MAP: Final = "checkpoint_map"
DURABILITY: Final = "__pregel_durability"
NODE_ERROR: Final = "__pregel_node_error"
REPLAY_STATE: Final = "__pregel_replay_state"
RESUMING: Final = "__pregel_resuming"
RESUME_MAP: Final = "__pregel_resume_map"
RUNTIME: Final = "__pregel_runtime"
SCRATCHPAD: Final = "__pregel_scratchpad"
STREAM: Final = "__pregel_stream"


def complete(config: Mapping[str, Any] | None, around: Mapping[str, Any] | None) -> dict[str, Any]:
    """The config of a run: its own over that of the task it is started in.

    A config that addresses a thread of its own takes nothing configurable from around it.
    """
    full: dict[str, Any] = {
        "tags": [],
        "metadata": {},
        "callbacks": None,
        "recursion_limit": DEFAULT_RECURSION_LIMIT,
        "configurable": {},
    }
    for key, value in (around or {}).items():
        if not _is_empty(value):
            full[key] = value.copy() if isinstance(value, dict | list) else value
    inherited = set(full["tags"])
    given = {key: value for key, value in (config or {}).items() if not _is_empty(value)}
    own = given.get("configurable", {})
    if any(not _is_empty(own.get(key)) for key in _COORDINATES):
        full["configurable"] = {}
    for key, value in given.items():
        if key in ("configurable", "metadata"):
            full[key] = {**full[key], **value}
        elif key == "tags":
            full[key] = [*full[key], *(tag for tag in value if tag not in inherited)]
        elif key in CONFIG_KEYS:
            full[key] = value
        else:
            full["configurable"][key] = value
    for key in _TO_METADATA:
        if key not in full["metadata"] and full["configurable"].get(key):
            full["metadata"][key] = full["configurable"][key]
    return full


def patched(config: Mapping[str, Any], **configurable: Any) -> dict[str, Any]:
    """A copy of a config with some of its `configurable` replaced."""
    return {**config, "configurable": {**config.get("configurable", {}), **configurable}}


def with_map(config: dict[str, Any] | None, metadata: Any) -> dict[str, Any] | None:
    """A checkpoint's config that also says on which checkpoints of outer graphs it was made."""
    parents = metadata.get("parents") if metadata else None
    if config is None or not parents:
        return config
    conf = config["configurable"]
    return patched(config, checkpoint_map={**parents, conf[CHECKPOINT_NS]: conf[CHECKPOINT_ID]})


def without_task_ids(namespace: str, *, keep_numbers: bool = False) -> str:
    """The names in a namespace; numbers tell apart the graphs that one task runs."""
    parts = namespace.split(NS_SEP)
    kept = (part for part in parts if keep_numbers or not part.isdigit())
    return NS_SEP.join(part.split(NS_END)[0] for part in kept)


def _is_empty(value: Any) -> bool:
    if isinstance(value, list | tuple | dict):
        return not value
    return value is None
