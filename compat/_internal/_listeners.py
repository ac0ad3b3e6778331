"""Whether anybody may be told of a run, found out without importing langchain or making a callback manager."""

import functools
import os
import sys
from typing import Any, Final

_ASKING: Final = (
    *("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING"),
    "LANGCHAIN_HANDLER",
)
_NO: Final = frozenset(("", "0", "false", "False"))


def may_listen(callbacks: Any) -> bool:
    """Whether a manager of these callbacks, made here and now, could have a handler.

    Besides them that are the environment, langchain's settings and context variables, and those of LangSmith. What is
    not imported has not been set.
    """
    return bool(callbacks) or _environment_asks() or _is_traced() or _is_hooked()


@functools.cache
def _environment_asks() -> bool:
    """Read once, as LangSmith does."""
    return any(os.environ.get(name, "") not in _NO for name in _ASKING)


def _is_traced() -> bool:
    context = sys.modules.get("langsmith._internal._context")
    if context is not None:
        # a twentieth of what LangSmith's own function for it takes
        set_here = context._TRACING_ENABLED.get() or context.get_current_run_tree()
        return bool(set_here or context._GLOBAL_TRACING_ENABLED)
    tracing = sys.modules.get("langsmith.run_helpers")
    return tracing is not None and bool(sys.modules["langsmith.utils"].tracing_is_enabled())


def _is_hooked() -> bool:
    settings = sys.modules.get("langchain_core.globals")
    if settings is not None and settings.get_debug():
        return True
    tracers = sys.modules.get("langchain_core.tracers.context")
    if tracers is None:
        return False
    if tracers.tracing_v2_callback_var.get() is not None:
        return True
    return any(
        variable.get() is not None or (name is not None and os.environ.get(name, "") not in _NO)
        for variable, _, _, name in tracers._configure_hooks
    )
