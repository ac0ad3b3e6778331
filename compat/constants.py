"""Stands in for `langgraph.constants`."""

import warnings
from typing import Any

from langferry.compat._internal import _constants
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.constants import END, START, TAG_HIDDEN, TASKS

__all__ = (
    "CONF",
    "CONFIG_KEY_CHECKPOINTER",
    "END",
    "START",
    "TAG_HIDDEN",
    "TAG_NOSTREAM",
    "TASKS",
)

TAG_NOSTREAM = "nostream"
CONF = _constants.CONF
CONFIG_KEY_CHECKPOINTER = _constants.CONFIG_KEY_CHECKPOINTER


def __getattr__(name: str) -> Any:
    if name in ("Send", "Interrupt"):
        warnings.warn(
            f"Importing {name} from langgraph.constants is deprecated. "
            f"Please use 'from langgraph.types import {name}' instead.",
            LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        from langferry.compat import types

        return getattr(types, name)
    if hasattr(_constants, name):
        warnings.warn(
            f"Importing {name} from langgraph.constants is deprecated. "
            f"This constant is now private and should not be used directly. "
            "Please let the LangGraph team know if you need this value.",
            LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        return getattr(_constants, name)
    raise AttributeError(f"module has no attribute '{name}'")
