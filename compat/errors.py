"""Stands in for `langgraph.errors`."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from typing_extensions import deprecated

from langferry.compat import later
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.errors import (
    EmptyInputError,
    ErrorCode,
    GraphBubbleUp,
    GraphDrained,
    GraphInterrupt,
    GraphRecursionError,
    InvalidUpdateError,
    NodeCancelledError,
    NodeError,
    NodeTimeoutError,
    ParentCommand,
    create_error_message,
    is_invalid_resume,
)

if TYPE_CHECKING:
    EmptyChannelError = later.EmptyChannelError
else:
    __getattr__ = later.reexported(__name__, "EmptyChannelError")

__all__ = (
    "EmptyChannelError",
    "EmptyInputError",
    "ErrorCode",
    "GraphBubbleUp",
    "GraphDrained",
    "GraphInterrupt",
    "GraphRecursionError",
    "InvalidUpdateError",
    "NodeCancelledError",
    "NodeError",
    "NodeInterrupt",
    "NodeTimeoutError",
    "ParentCommand",
    "TaskNotFound",
    "UnknownInterruptError",
    "create_error_message",
    "is_invalid_resume",
)


@deprecated(
    "NodeInterrupt is deprecated. Please use [`interrupt`][langgraph.types.interrupt] instead.",
    category=None,
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


class UnknownInterruptError(Exception):
    """Raised when strict resuming finds no question that an answer is for.

    Attributes:
        reason: `not_pending`, `empty_map` or `ambiguous`.
        interrupt_ids: The questions answered that are not open.
        pending_ids: The questions that are.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: Literal["not_pending", "empty_map", "ambiguous"],
        interrupt_ids: Sequence[str] = (),
        pending_ids: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.interrupt_ids = tuple(interrupt_ids)
        self.pending_ids = tuple(pending_ids)
