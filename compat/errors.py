"""Stands in for `langgraph.errors`."""

import warnings
from typing import Any

from langferry.compat.missing import refuse
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.errors import (
    EmptyChannelError,
    EmptyInputError,
    ErrorCode,
    GraphBubbleUp,
    GraphInterrupt,
    GraphRecursionError,
    InvalidUpdateError,
    ParentCommand,
    create_error_message,
)

__all__ = (
    "EmptyChannelError",
    "EmptyInputError",
    "ErrorCode",
    "GraphBubbleUp",
    "GraphInterrupt",
    "GraphRecursionError",
    "InvalidUpdateError",
    "NodeInterrupt",
    "ParentCommand",
    "TaskNotFound",
    "create_error_message",
)

__getattr__ = refuse(
    __name__,
    {
        "GraphDrained": "runs cannot be drained",
        "NodeCancelledError": "cancel the run instead",
        "NodeError": "handle the error in the node",
        "NodeTimeoutError": "use asyncio.timeout in the node",
        "UnknownInterruptError": "strict resuming is not there",
        "is_invalid_resume": "check the answer in the node",
    },
)


class NodeInterrupt(GraphInterrupt):
    """Raised by a node to pause its graph; `interrupt()` replaces it."""

    def __init__(self, value: Any, id: str | None = None) -> None:
        warnings.warn(
            "NodeInterrupt is deprecated. Please use `langgraph.types.interrupt` instead.",
            LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        from langferry.compat.types import Interrupt

        super().__init__([Interrupt(value) if id is None else Interrupt(value, id)])


class TaskNotFound(Exception):
    """Raised when a task cannot be found."""
