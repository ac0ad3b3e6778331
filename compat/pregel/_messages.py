"""Stands in for `langgraph.pregel._messages`: mode `messages`, made of what callbacks are told."""

import dataclasses
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, LLMResult
from langchain_core.tracers._streaming import _StreamingCallbackHandler
from pydantic import BaseModel

from langferry.compat._internal._config import filter_to_user_tags
from langferry.compat._internal._constants import NS_SEP, PUSH
from langferry.compat.constants import TAG_HIDDEN, TAG_NOSTREAM
from langferry.compat.graph.message_delta import _messages_delta_reducer
from langferry.compat.pregel.protocol import StreamChunk
from langferry.compat.types import Command

try:
    from langchain_core.tracers._streaming import _V2StreamingCallbackHandler
except ImportError:
    _V2StreamingCallbackHandler = object  # type: ignore[assignment,misc]

__all__ = ("StreamMessagesHandler", "StreamMessagesHandlerV2", "_messages_delta_reducer")

T = TypeVar("T")
Meta = tuple[tuple[str, ...], dict[str, Any]]


def graph_namespace(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The namespace of the graph a task belongs to, by the task's metadata.

    A call of the functional API lies in the namespace of its caller, which is left out, too.
    """
    levels = metadata["langgraph_checkpoint_ns"].split(NS_SEP)
    path = metadata.get("langgraph_path", ())
    own = 1
    while len(path) == 4 and path[0] == PUSH and path[3] is True:
        own += 1
        path = path[1]
    return tuple(levels[:-own])


class StreamMessagesHandler(BaseCallbackHandler, _StreamingCallbackHandler):
    """Streams the messages that models give token by token, and those that nodes return."""

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
        self.metadata: dict[uuid.UUID, Meta] = {}
        self.seen: set[int | str] = set()

    def push(self, metadata: dict[str, Any], message: BaseMessage) -> None:
        """Stream a message that a node gives before it returns."""
        namespace = self._shown_namespace(metadata)
        if namespace is not None:
            self._emit((namespace, metadata), message)

    def tap_output_aiter(self, run_id: uuid.UUID, output: AsyncIterator[T]) -> AsyncIterator[T]:
        """Leave streams as they are."""
        return output

    def tap_output_iter(self, run_id: uuid.UUID, output: Iterator[T]) -> Iterator[T]:
        """Leave streams as they are."""
        return output

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """A model begins."""
        if not metadata or TAG_NOSTREAM in (tags or ()):
            return
        namespace = self._shown_namespace(metadata)
        if namespace is None:
            return
        own = filter_to_user_tags(tags)
        if own is not None:
            metadata["tags"] = own
        self.metadata[run_id] = namespace, metadata

    def on_llm_new_token(
        self,
        token: str,  # type: ignore[override]
        *,
        chunk: Any = None,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        tags: list[str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """A model has given a part of its message."""
        meta = self.metadata.get(run_id)
        if meta and isinstance(chunk, ChatGenerationChunk):
            self._emit(meta, chunk.message)

    def on_llm_end(
        self,
        response: LLMResult,
        *,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        **kwargs: Any,
    ) -> Any:
        """A model has given its message."""
        meta = self.metadata.pop(run_id, None)
        if meta and response.generations and response.generations[0]:
            first = response.generations[0][0]
            if isinstance(first, ChatGeneration):
                self._emit_whole(meta, first.message, run_id)

    def on_llm_error(self, error: BaseException, *, run_id: uuid.UUID, **kwargs: Any) -> Any:
        """A model has failed."""
        self.metadata.pop(run_id, None)

    def on_chain_start(
        self,
        serialized: dict[str, Any],
        inputs: dict[str, Any],
        *,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        tags: list[str] | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Something begins, possibly a node."""
        if not metadata or TAG_HIDDEN in (tags or ()):
            return
        if kwargs.get("name") != metadata.get("langgraph_node"):
            return
        namespace = self._shown_namespace(metadata)
        if namespace is None:
            return
        self.metadata[run_id] = namespace, metadata
        for value in _state_values(inputs):
            several = isinstance(value, Sequence) and not isinstance(value, str)
            for item in value if several else (value,):
                if isinstance(item, BaseMessage) and item.id is not None:
                    self.seen.add(item.id)

    def on_chain_end(  # type: ignore[override]
        self,
        response: Any,
        *,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        **kwargs: Any,
    ) -> Any:
        """Something has ended, possibly a node."""
        meta = self.metadata.pop(run_id, None)
        if meta is None:
            return
        several = isinstance(response, Sequence) and any(isinstance(r, Command) for r in response)
        for returned in response if several else (response,):
            update = returned.update if isinstance(returned, Command) else returned
            for message in _messages_in(update):
                if self._shows(message) and message.id not in self.seen:
                    self._emit(meta, message)

    def on_chain_error(self, error: BaseException, *, run_id: uuid.UUID, **kwargs: Any) -> Any:
        """Something has failed, possibly a node."""
        self.metadata.pop(run_id, None)

    def _shows(self, message: BaseMessage) -> bool:
        return True

    def _shown_namespace(self, metadata: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Where something runs; `None` if it is in a subgraph that is not to be shown."""
        namespace = graph_namespace(metadata)
        if self.subgraphs or not namespace or namespace == self.parent_ns:
            return namespace
        return None

    def _emit_whole(self, meta: Meta, message: BaseMessage, run_id: uuid.UUID) -> None:
        if message.id not in self.seen:
            self._emit(meta, message)

    def _emit(self, meta: Meta, message: BaseMessage) -> None:
        if message.id is None:
            message.id = str(uuid.uuid4())
        self.seen.add(message.id)
        self.stream((meta[0], "messages", (message, meta[1])))


class StreamMessagesHandlerV2(StreamMessagesHandler, _V2StreamingCallbackHandler):
    """Streams the events by which models tell their messages, instead of the messages' parts."""

    def __init__(
        self,
        stream: Callable[[StreamChunk], None],
        subgraphs: bool,
        *,
        parent_ns: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(stream, subgraphs, parent_ns=parent_ns)
        self._streamed_run_ids: set[uuid.UUID] = set()

    def on_llm_new_token(self, token: str, **kwargs: Any) -> Any:  # type: ignore[override]
        """Nothing: the events tell more."""

    def on_stream_event(
        self,
        event: dict[str, Any],  # type: ignore[override]
        *,
        run_id: uuid.UUID,
        parent_run_id: uuid.UUID | None = None,
        tags: list[str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """A model tells of its message."""
        meta = self.metadata.get(run_id)
        if meta is None:
            return
        self._streamed_run_ids.add(run_id)
        if event.get("event") == "message-start" and (known := event.get("message_id")):
            self.seen.add(known)
        namespace, metadata = meta
        self.stream((namespace, "messages", (event, {**metadata, "run_id": str(run_id)})))

    def _emit_whole(self, meta: Meta, message: BaseMessage, run_id: uuid.UUID) -> None:
        if run_id not in self._streamed_run_ids:
            super()._emit_whole(meta, message, run_id)
            return
        self._streamed_run_ids.discard(run_id)
        if message.id is None:
            message.id = str(uuid.uuid4())
        self.seen.add(message.id)

    def _shows(self, message: BaseMessage) -> bool:
        return not isinstance(message, ToolMessage)


def _messages_in(update: Any) -> Iterable[BaseMessage]:
    if isinstance(update, BaseMessage):
        yield update
    elif isinstance(update, Sequence):
        yield from (item for item in update if isinstance(item, BaseMessage))
    else:
        for value in _state_values(update):
            yield from _messages_in(value if isinstance(value, BaseMessage | Sequence) else ())


def _state_values(state: Any) -> Sequence[Any]:
    if isinstance(state, dict):
        return list(state.values())
    if isinstance(state, BaseModel):
        return [getattr(state, name) for name in type(state).model_fields]
    if dataclasses.is_dataclass(state) and not isinstance(state, type):
        return [getattr(state, field.name) for field in dataclasses.fields(state)]
    return ()
