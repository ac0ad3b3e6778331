"""Stands in for `langgraph.pregel._tools`: mode `tools`, made of what callbacks are told."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar, Token
from typing import Any, TypeVar
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.tracers._streaming import _StreamingCallbackHandler

from langferry.compat.constants import TAG_NOSTREAM
from langferry.compat.errors import GraphDrained, GraphInterrupt
from langferry.compat.pregel._messages import graph_namespace
from langferry.compat.pregel.protocol import StreamChunk

T = TypeVar("T")
ToolCallWriter = Callable[[Any], None]

_tool_call_writer: ContextVar[ToolCallWriter | None] = ContextVar(
    "langgraph_tool_call_writer", default=None
)
"""Streams a part of the output of the tool that runs in this context."""


class StreamToolCallHandler(BaseCallbackHandler, _StreamingCallbackHandler):
    """Streams when a tool begins, what it gives meanwhile, and how it ends."""

    run_inline = True

    def __init__(
        self,
        stream: Callable[[StreamChunk], None],
        subgraphs: bool,
        *,
        parent_ns: tuple[str, ...] | None = None,
    ) -> None:
        self.stream = stream
        self.subgraphs = subgraphs
        self.parent_ns = parent_ns
        self._calls: dict[UUID, tuple[tuple[str, ...], str, Token[ToolCallWriter | None]]] = {}

    def tap_output_aiter(self, run_id: UUID, output: AsyncIterator[T]) -> AsyncIterator[T]:
        """Leave streams as they are."""
        return output

    def tap_output_iter(self, run_id: UUID, output: Iterator[T]) -> Iterator[T]:
        """Leave streams as they are."""
        return output

    def on_tool_start(
        self,
        serialized: dict[str, Any],
        input_str: str,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        inputs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """A tool begins."""
        namespace = self._shown_namespace(metadata, tags)
        if namespace is None:
            return
        call = kwargs.get("tool_call_id") or str(run_id)

        def write(delta: Any) -> None:
            self._tell(namespace, "tool-output-delta", call, delta=delta)

        self._calls[run_id] = namespace, call, _tool_call_writer.set(write)
        name = (serialized or {}).get("name") or kwargs.get("name") or ""
        given = {} if inputs is None else {"input": inputs}
        self._tell(namespace, "tool-started", call, tool_name=name, **given)

    def on_tool_end(
        self, output: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **kwargs: Any
    ) -> Any:
        """A tool has ended."""
        found = self._ended(run_id)
        if found:
            self._tell(found[0], "tool-finished", found[1], output=output)

    def on_tool_error(
        self,
        error: BaseException,
        *,
        run_id: UUID,
        parent_run_id: UUID | None = None,
        **kwargs: Any,
    ) -> Any:
        """A tool has failed, or is to run again when the graph is resumed."""
        found = self._ended(run_id)
        if found and not isinstance(error, GraphInterrupt | GraphDrained):
            self._tell(found[0], "tool-error", found[1], message=str(error))

    def _ended(self, run_id: UUID) -> tuple[tuple[str, ...], str] | None:
        found = self._calls.pop(run_id, None)
        if found is None:
            return None
        # a tool may end in another context than it began in
        with contextlib.suppress(ValueError):
            _tool_call_writer.reset(found[2])
        return found[:2]

    def _shown_namespace(
        self, metadata: dict[str, Any] | None, tags: list[str] | None
    ) -> tuple[str, ...] | None:
        if not metadata or TAG_NOSTREAM in (tags or ()):
            return None
        nested = metadata.get("langgraph_checkpoint_ns")
        namespace = graph_namespace(metadata) if nested else ()
        if self.subgraphs or not namespace or namespace == self.parent_ns:
            return namespace
        return None

    def _tell(self, namespace: tuple[str, ...], event: str, call: str, **told: Any) -> None:
        self.stream((namespace, "tools", {"event": event, "tool_call_id": call, **told}))
