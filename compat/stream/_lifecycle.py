"""The streams `lifecycle` and `subgraphs`: which graphs run inside a graph, and how they fare."""

import logging
from typing import Any, Literal, NotRequired, TypedDict

from langferry.compat.errors import GraphDrained, GraphInterrupt
from langferry.compat.stream._types import ProtocolEvent, StreamTransformer
from langferry.compat.stream.run_stream import AsyncSubgraphRunStream, SubgraphRunStream
from langferry.compat.stream.stream_channel import StreamChannel

logger = logging.getLogger(__name__)

SubgraphStatus = Literal["started", "completed", "failed", "interrupted", "drained"]
Namespace = tuple[str, ...]
Ended = tuple[Namespace, Any, str | None]


class LifecyclePayload(TypedDict, total=False):
    """How a subgraph fares."""

    event: SubgraphStatus
    namespace: list[str]
    graph_name: NotRequired[str]
    trigger_call_id: NotRequired[str]
    cause: NotRequired[Any]
    error: NotRequired[str]


class _TasksLifecycleBase(StreamTransformer):
    """Follows graphs by the tasks that run in them, and the tasks that run them.

    LangChain's agents derive from it, by the names that its methods and attributes have here.
    """

    required_stream_modes = ("tasks",)

    def __init__(self, scope: Namespace = ()) -> None:
        super().__init__(scope)
        self._seen: set[Namespace] = set()
        self._open: dict[Namespace, str] = {}
        self._lc_by_ns: dict[Namespace, str | None] = {}
        self._pending_tool_calls: dict[str, str] = {}
        self._pending_cause: Any = None

    def _should_track(self, ns: Namespace) -> bool:
        raise NotImplementedError

    def _on_started(self, ns: Namespace, graph_name: str | None, call: str | None) -> None:
        raise NotImplementedError

    def _on_terminal(self, ns: Namespace, status: Any, error: str | None) -> None:
        raise NotImplementedError

    def process(self, event: ProtocolEvent) -> bool:
        """Follow a task; nobody else sees these events."""
        if event["method"] != "tasks":
            return True
        for ended in self._follow(event):
            self._on_terminal(*ended)
        return False

    def _follow(self, event: ProtocolEvent) -> list[Ended]:
        """The graphs that end with this event; new ones are told of."""
        ns, data = tuple(event["params"]["namespace"]), event["params"]["data"]
        if "result" in data:
            return self._pop_terminal_transitions(ns, data)
        self._record_identity(ns, data)
        self._record_pending_tool_calls(data)
        self._handle_task_start(ns, data)
        return []

    def _record_identity(self, ns: Namespace, data: dict[str, Any]) -> None:
        """Remember which agent runs at a place, by its first task."""
        self._lc_by_ns.setdefault(ns, _agent(data))

    def _handle_task_start(self, ns: Namespace, data: dict[str, Any]) -> None:
        """Tell of a graph when its first task starts."""
        if not self._should_track(ns) or ns in self._seen:
            return
        self._seen.add(ns)
        agent = _agent(data)
        name, separator, task = ns[-1].partition(":")
        call = task if separator else None
        tool_call = self._pending_tool_calls.get(call) if agent is not None and call else None
        self._pending_cause = {"type": "toolCall", "tool_call_id": tool_call} if tool_call else None
        self._on_started(ns, agent if agent is not None else name or None, call)
        if call is not None:
            self._open[ns] = call

    def _record_pending_tool_calls(self, data: dict[str, Any]) -> None:
        """Remember which tool call a task does."""
        task, given = data.get("id"), data.get("input")
        calls = [given.get("tool_call")] if isinstance(given, dict) else given
        if not isinstance(task, str) or not isinstance(calls, list):
            return
        ids = (call.get("id") for call in calls if isinstance(call, dict))
        first = next((found for found in ids if isinstance(found, str)), None)
        if first is not None:
            self._pending_tool_calls[task] = first

    def _pop_terminal_transitions(self, ns: Namespace, data: dict[str, Any]) -> list[Ended]:
        """The graphs that end with a task, and how; they are followed no longer."""
        ended = [
            child
            for child, task in self._open.items()
            if child[:-1] == ns and task == data.get("id")
        ]
        status: str = "completed"
        error = None
        if data.get("interrupts"):
            status = "interrupted"
        elif data.get("error"):
            status, error = "failed", str(data["error"])
        for child in ended:
            del self._open[child]
        return [(child, status, error) for child in ended]

    def finalize(self) -> None:
        """What has not ended has ended well."""
        for ns in list(self._open):
            self._on_terminal(ns, "completed", None)
        self._open.clear()

    def fail(self, err: BaseException) -> None:
        """What has not ended has ended as the run did."""
        for ns in list(self._open):
            self._on_terminal(ns, *_ended_with(err))
        self._open.clear()


def _agent(data: dict[str, Any]) -> str | None:
    agent: str | None = (data.get("metadata") or {}).get("lc_agent_name")
    return agent


def _ended_with(err: BaseException) -> tuple[Any, str | None]:
    if isinstance(err, GraphDrained):
        return "drained", None
    if isinstance(err, GraphInterrupt):
        return "interrupted", None
    return "failed", str(err)


class LifecycleTransformer(_TasksLifecycleBase):
    """The stream `lifecycle`: when graphs inside this one begin and end, however deep."""

    _native = True

    def __init__(self, scope: Namespace = ()) -> None:
        super().__init__(scope)
        self._channel: StreamChannel[LifecyclePayload] = StreamChannel("lifecycle")

    def init(self) -> dict[str, Any]:
        """The one stream."""
        return {"lifecycle": self._channel}

    def _should_track(self, ns: Namespace) -> bool:
        depth = len(self.scope)
        return len(ns) > depth and ns[:depth] == self.scope

    def _on_started(self, ns: Namespace, graph_name: str | None, call: str | None) -> None:
        if call is None:
            return
        payload: LifecyclePayload = {"event": "started", "namespace": list(ns)}
        if graph_name:
            payload["graph_name"] = graph_name
        payload["trigger_call_id"] = call
        if self._pending_cause is not None:
            payload["cause"] = self._pending_cause
        self._channel.push(payload)

    def _on_terminal(self, ns: Namespace, status: Any, error: str | None) -> None:
        payload: LifecyclePayload = {"event": status, "namespace": list(ns)}
        if error is not None:
            payload["error"] = error
        self._channel.push(payload)


class SubgraphTransformer(_TasksLifecycleBase):
    """The stream `subgraphs`: the graphs run by this one's nodes, each with streams of its own."""

    _native = True
    supports_sync = True

    def __init__(self, scope: Namespace = ()) -> None:
        super().__init__(scope)
        self._log: StreamChannel[Any] = StreamChannel()
        self._handles: dict[Namespace, Any] = {}
        self._mux: Any = None

    def init(self) -> dict[str, Any]:
        """The one stream."""
        return {"subgraphs": self._log}

    def _on_register(self, mux: Any) -> None:
        self._mux = mux

    def _should_track(self, ns: Namespace) -> bool:
        return len(ns) == len(self.scope) + 1 and ns[:-1] == self.scope

    def _on_started(self, ns: Namespace, graph_name: str | None, call: str | None) -> None:
        if self._mux is None or self._mux._factories is None:
            return
        mux = self._mux._make_child(ns)
        kind: Any = AsyncSubgraphRunStream if mux.is_async else SubgraphRunStream
        handle = kind(mux, path=ns, graph_name=graph_name, trigger_call_id=call)
        self._handles[ns] = handle
        self._log.push(handle)

    def _on_terminal(self, ns: Namespace, status: Any, error: str | None) -> None:
        mux = self._end(self._handles.get(ns), status, error)
        if mux is not None:
            if status == "failed":
                mux.fail(RuntimeError(error or "Subgraph failed"))
            else:
                mux.close()

    async def _aon_terminal(self, ns: Namespace, status: Any, error: str | None) -> None:
        mux = self._end(self._handles.get(ns), status, error)
        if mux is not None:
            if status == "failed":
                await mux.afail(RuntimeError(error or "Subgraph failed"))
            else:
                await mux.aclose()

    def _end(self, handle: Any, status: Any, error: str | None) -> Any:
        """Mark a graph as ended; its mux, if that is still open."""
        if handle is None or handle._seen_terminal:
            return None
        handle.status = status
        if handle.error is None:
            handle.error = error
        handle._seen_terminal = True
        return None if handle._mux._events._closed else handle._mux

    def _handle_for(self, event: ProtocolEvent) -> Any:
        handle = self._handles.get(tuple(event["params"]["namespace"])[: len(self.scope) + 1])
        return None if handle is None or handle._mux._events._closed else handle

    def process(self, event: ProtocolEvent) -> bool:
        """Follow a task, and hand events on to the graph they are of."""
        kept = super().process(event)
        handle = self._handle_for(event)
        if handle is not None:
            handle._observe_event(event)
            handle._mux.push(event)
        return kept

    async def aprocess(self, event: ProtocolEvent) -> bool:
        """As `process`, with asyncio."""
        follows = event["method"] == "tasks"
        if follows:
            for ended in self._follow(event):
                await self._aon_terminal(*ended)
        handle = self._handle_for(event)
        if handle is not None:
            handle._observe_event(event)
            await handle._mux.apush(event)
        return not follows

    def finalize(self) -> None:
        """What has not ended has ended well."""
        self._open.clear()
        errors = []
        for ns in self._handles:
            try:
                self._on_terminal(ns, "completed", None)
            except BaseException as error:
                errors.append(error)
        if errors:
            raise errors[0]

    async def afinalize(self) -> None:
        """As `finalize`, with asyncio."""
        self._open.clear()
        errors = []
        for ns in self._handles:
            try:
                await self._aon_terminal(ns, "completed", None)
            except BaseException as error:
                errors.append(error)
        if errors:
            raise errors[0]

    def fail(self, err: BaseException) -> None:
        """What has not ended has ended as the run did."""
        self._open.clear()
        for handle in self._handles.values():
            self._end(handle, *_ended_with(err))
            if not handle._mux._events._closed:
                try:
                    handle._mux.fail(err)
                except Exception:
                    logger.warning("a subgraph's readers may miss its end", exc_info=True)

    async def afail(self, err: BaseException) -> None:
        """As `fail`, with asyncio."""
        self._open.clear()
        for handle in self._handles.values():
            self._end(handle, *_ended_with(err))
            if not handle._mux._events._closed:
                try:
                    await handle._mux.afail(err)
                except Exception:
                    logger.warning("a subgraph's readers may miss its end", exc_info=True)
