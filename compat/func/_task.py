"""Makes tasks of functions."""

from typing import Any

from langferry.compat.missing import refuse


def task(
    __func_or_none__: Any = None,
    *,
    name: str | None = None,
    retry_policy: Any = None,
    cache_policy: Any = None,
    timeout: Any = None,
    **kwargs: Any,
) -> Any:
    """Make a task of a function."""
    refuse("LF411", "task()", "use a node of a StateGraph")
