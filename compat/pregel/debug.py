"""Stands in for `langgraph.pregel.debug`: what modes `tasks` and `checkpoints` show."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from langferry.compat._internal._constants import CONF
from langferry.compat.missing import refusing

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


_INSTEAD: Final = "stream with mode 'tasks' or 'checkpoints'"
map_debug_tasks = refusing("LF409", "map_debug_tasks()", _INSTEAD)
map_debug_task_results = refusing("LF409", "map_debug_task_results()", _INSTEAD)
map_debug_checkpoint = refusing("LF409", "map_debug_checkpoint()", _INSTEAD)
tasks_w_writes = refusing("LF409", "tasks_w_writes()", _INSTEAD)
