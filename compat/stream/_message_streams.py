"""The stream `messages`: one stream of its own for each message a model gives."""

from typing import Any

from langchain_core.language_models._compat_bridge import message_to_events
from langchain_core.language_models.chat_model_stream import AsyncChatModelStream, ChatModelStream
from langchain_core.messages import AIMessageChunk, BaseMessage, ToolMessage

from langferry.compat.stream._types import ProtocolEvent, StreamTransformer
from langferry.compat.stream.stream_channel import StreamChannel


class MessagesTransformer(StreamTransformer):
    """The messages of the graph itself: as models tell of them, or whole as nodes return them."""

    _native = True
    required_stream_modes = ("messages",)

    def __init__(self, scope: tuple[str, ...] = ()) -> None:
        super().__init__(scope)
        self._log: StreamChannel[Any] = StreamChannel()
        self._by_run: dict[str, Any] = {}
        self._ignored_runs: set[str] = set()
        self._pump_fn: Any = None
        self._apump_fn: Any = None

    def init(self) -> dict[str, Any]:
        """The one stream."""
        return {"messages": self._log}

    def _bind_pump(self, fn: Any) -> None:
        self._pump_fn = fn

    def _bind_apump(self, fn: Any) -> None:
        self._apump_fn = fn

    def process(self, event: ProtocolEvent) -> bool:
        """Hand on a message, or what a model tells of one."""
        params = event["params"]
        if event["method"] != "messages" or tuple(params["namespace"]) != self.scope:
            return True
        payload, metadata = params["data"]
        node = metadata.get("langgraph_node")
        if isinstance(payload, dict) and "event" in payload:
            self._take(payload, str(metadata.get("run_id", "")), node)
        elif isinstance(payload, BaseMessage) and not isinstance(
            payload, AIMessageChunk | ToolMessage
        ):
            stream = self._new_stream(node, payload.id)
            for told in message_to_events(payload, message_id=payload.id):
                stream.dispatch(told)
            self._log.push(stream)
        return True

    def _take(self, told: Any, run: str, node: str | None) -> None:
        kind = told["event"]
        if kind == "message-start":
            if told.get("role") == "tool":
                self._ignored_runs.add(run)
                return
            known = told.get("message_id")
            stream = self._new_stream(node, None if known is None else str(known))
            self._by_run[run] = stream
            self._log.push(stream)
            stream.dispatch(told)
        elif run in self._by_run:
            self._by_run[run].dispatch(told)
        if kind == "message-finish":
            self._by_run.pop(run, None)
            self._ignored_runs.discard(run)

    def _new_stream(self, node: str | None, message_id: str | None) -> Any:
        place: dict[str, Any] = {"namespace": [], "node": node, "message_id": message_id}
        if self._apump_fn is None and self._pump_fn is not None:
            stream = ChatModelStream(**place)
            stream.set_request_more(self._pump_fn)
            return stream
        astream = AsyncChatModelStream(**place)
        if self._apump_fn is not None:
            astream.set_arequest_more(self._apump_fn)
        return astream

    def finalize(self) -> None:
        """Forget what is no longer told of."""
        self._by_run.clear()
        self._ignored_runs.clear()

    def fail(self, err: BaseException) -> None:
        """Let the readers of unfinished messages know."""
        for stream in list(self._by_run.values()):
            stream.fail(err)
        self.finalize()
