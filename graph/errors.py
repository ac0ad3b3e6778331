"""The errors a graph raises."""

import dataclasses
from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, Literal


class Unsupported(NotImplementedError):
    """Raised instead of behaving differently from LangGraph without saying so.

    Attributes:
        code: A code of family LF4 of `langferry.diagnostics`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class ErrorCode(Enum):
    """The troubleshooting pages that LangGraph's own messages point to."""

    GRAPH_RECURSION_LIMIT = "GRAPH_RECURSION_LIMIT"
    INVALID_CONCURRENT_GRAPH_UPDATE = "INVALID_CONCURRENT_GRAPH_UPDATE"
    INVALID_GRAPH_NODE_RETURN_VALUE = "INVALID_GRAPH_NODE_RETURN_VALUE"
    MULTIPLE_SUBGRAPHS = "MULTIPLE_SUBGRAPHS"
    INVALID_CHAT_HISTORY = "INVALID_CHAT_HISTORY"


_TROUBLESHOOTING: Final = "https://docs.langchain.com/oss/python/langgraph/errors"


def create_error_message(*, message: str, error_code: ErrorCode) -> str:
    """Add the address of the troubleshooting page to a message."""
    page = f"{_TROUBLESHOOTING}/{error_code.value}"
    return f"{message}\nFor troubleshooting, visit: {page}"


class EmptyChannelError(Exception):
    """Raised when a channel without a value is read."""


class GraphBubbleUp(Exception):
    """Base of what passes through nodes to reach the graph that runs them."""


class GraphInterrupt(GraphBubbleUp):
    """Raised inside a node to pause its graph; the outermost graph catches it."""

    def __init__(self, interrupts: Sequence[Any] = ()) -> None:
        super().__init__(interrupts)


class GraphDrained(GraphBubbleUp):
    """Raised when a run stops between two steps because it was asked to."""

    def __init__(self, reason: str = "shutdown") -> None:
        super().__init__(f"Graph drained: {reason}")
        self.reason = reason


class ParentCommand(GraphBubbleUp):
    """Raised to hand a command to the graph around this one."""

    def __init__(self, command: Any) -> None:
        super().__init__(command)


class GraphRecursionError(RecursionError):
    """Raised when a run needs more steps than its `recursion_limit`."""


class InvalidUpdateError(Exception):
    """Raised when a node returns, or channels receive, what they cannot take."""


class EmptyInputError(Exception):
    """Raised when a run has nothing to start from."""


@dataclasses.dataclass(frozen=True, slots=True)
class NodeError:
    """What a node's error handler is told: the node, and what it raised."""

    node: str
    error: BaseException


class NodeCancelledError(Exception):
    """Raised in place of the `asyncio.CancelledError` that a node raised itself."""

    def __init__(self, node: str, message: str | None = None) -> None:
        super().__init__(message or f"Node {node!r} raised asyncio.CancelledError")
        self.node = node


class NodeTimeoutError(Exception):
    """Raised when an attempt at a node takes longer than it may.

    It is no `TimeoutError`, which the default retry policy would not retry.
    """

    def __init__(
        self,
        node: str,
        elapsed: float,
        *,
        kind: Literal["idle", "run"],
        idle_timeout: float | None = None,
        run_timeout: float | None = None,
    ) -> None:
        if kind not in ("idle", "run"):
            raise ValueError("kind must be 'idle' or 'run'")
        timeout = idle_timeout if kind == "idle" else run_timeout
        if timeout is None:
            raise ValueError(f"{kind}_timeout is required when kind='{kind}'")
        stalled = " without making progress" if kind == "idle" else ""
        super().__init__(
            f"Node '{node}' exceeded its {kind} timeout of {timeout:.3f}s"
            f"{stalled} (elapsed: {elapsed:.3f}s)."
        )
        self.node = node
        self.timeout = timeout
        self.elapsed = elapsed
        self.kind = kind
        self.idle_timeout = idle_timeout
        self.run_timeout = run_timeout


_INVALID_RESUME: Final = "_langgraph_invalid_resume"


def mark_invalid_resume(error: BaseException) -> None:
    """Make an error one for which `is_invalid_resume` holds."""
    setattr(error, _INVALID_RESUME, True)


def is_invalid_resume(error: BaseException) -> bool:
    """Whether an error says that an answer does not match its question's `response_schema`."""
    return getattr(error, _INVALID_RESUME, False) is True
