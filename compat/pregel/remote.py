"""Stands in for `langgraph.pregel.remote`: a graph that runs on a server."""

import collections
import dataclasses
import itertools
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final, Literal, Self, cast

import langsmith
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.graph import Graph
from langgraph_sdk.client import (
    LangGraphClient,
    SyncLangGraphClient,
    get_client,
    get_sync_client,
)
from langgraph_sdk.schema import QueryParamTypes

from langferry.compat._internal._config import merge_configs
from langferry.compat._internal._constants import CONF, CONFIG_KEY_THREAD_ID
from langferry.compat.pregel._remote_chunks import RemoteChunks, RemoteException
from langferry.compat.pregel._remote_data import (
    checkpoint_of,
    config_of,
    drawing_of,
    sendable_config,
    snapshot_of,
)
from langferry.compat.pregel._remote_run_stream import (
    _AsyncRemoteGraphRunStream,
    _RemoteGraphRunStream,
)
from langferry.compat.pregel.protocol import PregelProtocol
from langferry.compat.types import All, Command, GraphOutput, StateSnapshot, StreamMode

logger = logging.getLogger(__name__)

__all__ = ("RemoteException", "RemoteGraph")

_V3_SUPPORTED_KWARGS: Final = frozenset(("headers", "metadata"))
_STATES_AT_ONCE: Final = 10
_NOTHING: Final = object()
_RUNNABLE: Any = Runnable


class RemoteGraph(PregelProtocol[Any, Any, Any, Any]):
    """A graph on a server that speaks the API of LangGraph's; it can be a node of another graph.

    Methods without asyncio need a synchronous client, those with it the other one.

    Args:
        assistant_id: The assistant, or the name of the graph.
        url: Where the server is; clients are made for it.
        api_key: The key for the server; by default one from the environment.
        headers: What the clients made for `url` send with every request.
        client: The client for asyncio, in place of one for `url`.
        sync_client: The synchronous client, in place of one for `url`.
        config: What every run starts from.
        name: The name of the graph as a node; by default the assistant's.
        distributed_tracing: Whether to tell the server of the trace a run belongs to.

    Raises (in every method that needs one):
        ValueError: Without the client.
    """

    assistant_id: str
    name: str | None

    def __init__(
        self,
        assistant_id: str,
        /,
        *,
        url: str | None = None,
        api_key: str | None = None,
        headers: dict[str, str] | None = None,
        client: LangGraphClient | None = None,
        sync_client: SyncLangGraphClient | None = None,
        config: RunnableConfig | None = None,
        name: str | None = None,
        distributed_tracing: bool = False,
    ) -> None:
        self.assistant_id = assistant_id
        self.name = assistant_id if name is None else name
        self.config = config
        self.distributed_tracing = distributed_tracing
        if url is not None:
            client = client or get_client(url=url, api_key=api_key, headers=headers)
            sync_client = sync_client or get_sync_client(url=url, api_key=api_key, headers=headers)
        self.client = client
        self.sync_client = sync_client

    _sanitize_config = staticmethod(sendable_config)

    def _validate_client(self) -> LangGraphClient:
        if self.client is None:
            raise ValueError(
                "Async client is not initialized: please provide `url` or `client` "
                "when initializing `RemoteGraph`."
            )
        return self.client

    def _validate_sync_client(self) -> SyncLangGraphClient:
        if self.sync_client is None:
            raise ValueError(
                "Sync client is not initialized: please provide `url` or `sync_client` "
                "when initializing `RemoteGraph`."
            )
        return self.sync_client

    def copy(self, update: dict[str, Any]) -> Self:
        """A copy with some settings replaced."""
        settings = {**self.__dict__, **update}
        return self.__class__(settings.pop("assistant_id"), **settings)

    def with_config(self, config: RunnableConfig | None = None, **kwargs: Any) -> Self:
        """A copy with a config that every run starts from."""
        given = cast(RunnableConfig, kwargs)
        return self.copy({"config": merge_configs(self.config, config, given)})

    def get_graph(
        self,
        config: RunnableConfig | None = None,
        *,
        xray: int | bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> Graph:
        """The graph as a drawing; with `xray`, subgraphs as well, so many levels deep."""
        drawn = self._validate_sync_client().assistants.get_graph(
            assistant_id=self.assistant_id, xray=xray, headers=headers, params=params
        )
        return drawing_of(drawn)

    async def aget_graph(
        self,
        config: RunnableConfig | None = None,
        *,
        xray: int | bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> Graph:
        """As `get_graph`, with asyncio."""
        drawn = await self._validate_client().assistants.get_graph(
            assistant_id=self.assistant_id, xray=xray, headers=headers, params=params
        )
        return drawing_of(drawn)

    def get_state(
        self,
        config: RunnableConfig,
        *,
        subgraphs: bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> StateSnapshot:
        """The state of a thread, with that of its subgraphs if wanted."""
        state = self._validate_sync_client().threads.get_state(
            **self._thread(config), subgraphs=subgraphs, headers=headers, params=params
        )
        return snapshot_of(state)

    async def aget_state(
        self,
        config: RunnableConfig,
        *,
        subgraphs: bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> StateSnapshot:
        """As `get_state`, with asyncio."""
        state = await self._validate_client().threads.get_state(
            **self._thread(config), subgraphs=subgraphs, headers=headers, params=params
        )
        return snapshot_of(state)

    def get_state_history(
        self,
        config: RunnableConfig,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> Iterator[StateSnapshot]:
        """The states a thread has had, the last first; ten of them, if not told otherwise."""
        states = self._validate_sync_client().threads.get_history(
            **self._thread(config),
            limit=limit or _STATES_AT_ONCE,
            before=checkpoint_of(before),
            metadata=filter,
            headers=headers,
            params=params,
        )
        yield from map(snapshot_of, states)

    async def aget_state_history(
        self,
        config: RunnableConfig,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> AsyncIterator[StateSnapshot]:
        """As `get_state_history`, with asyncio."""
        states = await self._validate_client().threads.get_history(
            **self._thread(config),
            limit=limit or _STATES_AT_ONCE,
            before=checkpoint_of(before),
            metadata=filter,
            headers=headers,
            params=params,
        )
        for state in states:
            yield snapshot_of(state)

    def bulk_update_state(self, config: RunnableConfig, updates: Any) -> RunnableConfig:
        """Not in the server's API.

        Raises:
            NotImplementedError: Always.
        """
        raise NotImplementedError

    async def abulk_update_state(self, config: RunnableConfig, updates: Any) -> RunnableConfig:
        """As `bulk_update_state`, with asyncio."""
        raise NotImplementedError

    def update_state(
        self,
        config: RunnableConfig,
        values: dict[str, Any] | Any | None,
        as_node: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> RunnableConfig:
        """Change a thread's state; returns where the thread now stands."""
        updated: Any = self._validate_sync_client().threads.update_state(
            **self._thread(config), values=values, as_node=as_node, headers=headers, params=params
        )
        return config_of(updated["checkpoint"])

    async def aupdate_state(
        self,
        config: RunnableConfig,
        values: dict[str, Any] | Any | None,
        as_node: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
    ) -> RunnableConfig:
        """As `update_state`, with asyncio."""
        updated: Any = await self._validate_client().threads.update_state(
            **self._thread(config), values=values, as_node=as_node, headers=headers, params=params
        )
        return config_of(updated["checkpoint"])

    def _thread(self, config: RunnableConfig) -> dict[str, Any]:
        merged = merge_configs(self.config, config)
        thread_id = merged[CONF][CONFIG_KEY_THREAD_ID]
        return {"thread_id": thread_id, "checkpoint": checkpoint_of(merged)}

    def stream(  # type: ignore[override]
        self,
        input: dict[str, Any] | Any,
        config: RunnableConfig | None = None,
        *,
        context: Any = None,
        stream_mode: StreamMode | list[StreamMode] | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        subgraphs: bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
        version: Literal["v1", "v2"] = "v1",
        **kwargs: Any,
    ) -> Iterator[dict[str, Any] | Any]:
        """Run, and give chunks as they come. Other options go to the client as they are.

        Raises:
            RemoteException: When the graph fails.
            GraphInterrupt: When it asks a question and is a node of another graph.
        """
        client: Any = self._validate_sync_client()
        chunks = RemoteChunks(stream_mode, config, subgraphs=subgraphs, version=version)
        for chunk in client.runs.stream(
            **self._run(input, config, headers),
            context=context,
            stream_mode=chunks.modes,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            stream_subgraphs=chunks.subgraphs,
            params=params,
            **kwargs,
        ):
            yield from chunks.read(chunk)

    async def astream(  # type: ignore[override]
        self,
        input: dict[str, Any] | Any,
        config: RunnableConfig | None = None,
        *,
        context: Any = None,
        stream_mode: StreamMode | list[StreamMode] | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        subgraphs: bool = False,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
        version: Literal["v1", "v2"] = "v1",
        **kwargs: Any,
    ) -> AsyncIterator[dict[str, Any] | Any]:
        """As `stream`, with asyncio."""
        client: Any = self._validate_client()
        chunks = RemoteChunks(stream_mode, config, subgraphs=subgraphs, version=version)
        async for chunk in client.runs.stream(
            **self._run(input, config, headers),
            context=context,
            stream_mode=chunks.modes,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            stream_subgraphs=chunks.subgraphs,
            params=params,
            **kwargs,
        ):
            for told in chunks.read(chunk):
                yield told

    def _run(
        self, input: Any, config: RunnableConfig | None, headers: dict[str, str] | None
    ) -> dict[str, Any]:
        """What a server is told of a run; a thread it does not know, it makes."""
        sent, thread_id = self._addressed(config)
        command = isinstance(input, Command)
        return {
            "thread_id": thread_id,
            "assistant_id": self.assistant_id,
            "input": None if command else input,
            "command": dataclasses.asdict(input) if command else None,
            "config": sent,
            "if_not_exists": "create",
            "headers": self._traced(headers),
        }

    def _addressed(self, config: RunnableConfig | None) -> tuple[RunnableConfig, Any]:
        sent = sendable_config(merge_configs(self.config, config))
        return sent, sent.get(CONF, {}).pop(CONFIG_KEY_THREAD_ID, None)

    def _traced(self, headers: dict[str, str] | None) -> dict[str, str] | None:
        return _merge_tracing_headers(headers) if self.distributed_tracing else headers

    def stream_events(
        self,
        input: Any,
        config: RunnableConfig | None = None,
        *,
        version: Literal["v1", "v2", "v3"] = "v2",
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        control: Any = None,
        transformers: Sequence[Any] | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The events of a run; with `version="v3"` its streams, to be entered.

        Raises:
            NotImplementedError: For an option that a server does not know.
        """
        if version != "v3":
            return _RUNNABLE.stream_events(self, input, config, version=version, **kwargs)
        self._reject_v3_unsupported(
            control=control,
            transformers=transformers,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            extra_kwargs=kwargs,
        )
        client = self._validate_sync_client()
        sent, thread_id = self._addressed(config)
        return _RemoteGraphRunStream(
            sync_client=client,
            sdk_thread=client.threads.stream(
                thread_id=thread_id,
                assistant_id=self.assistant_id,
                headers=self._traced(headers),
            ),
            input=input,
            config=sent,
            metadata=kwargs.get("metadata"),
        )

    async def astream_events(  # type: ignore[override]
        self,
        input: Any,
        config: RunnableConfig | None = None,
        *,
        version: Literal["v1", "v2", "v3"] = "v2",
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        control: Any = None,
        transformers: Sequence[Any] | None = None,
        headers: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> Any:
        """With `version="v3"`, the streams of a run, to be entered with asyncio.

        Raises:
            NotImplementedError: For other versions, or an option that a server does not know.
        """
        if version != "v3":
            raise NotImplementedError(
                f"RemoteGraph.astream_events(version={version!r}) is not implemented; "
                "use astream() for v1/v2 streaming or version='v3'."
            )
        self._reject_v3_unsupported(
            control=control,
            transformers=transformers,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            extra_kwargs=kwargs,
        )
        client = self._validate_client()
        sent, thread_id = self._addressed(config)
        return _AsyncRemoteGraphRunStream(
            client=client,
            sdk_thread=client.threads.stream(
                thread_id=thread_id,
                assistant_id=self.assistant_id,
                headers=self._traced(headers),
            ),
            input=input,
            config=sent,
            metadata=kwargs.get("metadata"),
        )

    def _reject_v3_unsupported(self, *, extra_kwargs: dict[str, Any], **options: Any) -> None:
        for name, given in options.items():
            if given:
                raise NotImplementedError(
                    f"RemoteGraph.stream_events(version='v3') does not support `{name}=`."
                )
        unknown = sorted(extra_kwargs.keys() - _V3_SUPPORTED_KWARGS)
        if unknown:
            raise NotImplementedError(
                "RemoteGraph.stream_events(version='v3') does not support the following kwargs: "
                f"{unknown!r}. Supported: {sorted(_V3_SUPPORTED_KWARGS)!r}."
            )

    def invoke(
        self,
        input: dict[str, Any] | Any,
        config: RunnableConfig | None = None,
        *,
        context: Any = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
        version: Literal["v1", "v2"] = "v1",
        **kwargs: Any,
    ) -> dict[str, Any] | Any:
        """Run to the end, or to an interrupt, and return the state there."""
        chunks = self.stream(
            input,
            config,
            context=context,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            headers=headers,
            stream_mode="values",
            params=params,
            version=version,
            **kwargs,
        )
        return _result(
            collections.deque(itertools.chain([_NOTHING], chunks), maxlen=1).pop(), version
        )

    async def ainvoke(
        self,
        input: dict[str, Any] | Any,
        config: RunnableConfig | None = None,
        *,
        context: Any = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        headers: dict[str, str] | None = None,
        params: QueryParamTypes | None = None,
        version: Literal["v1", "v2"] = "v1",
        **kwargs: Any,
    ) -> dict[str, Any] | Any:
        """As `invoke`, with asyncio."""
        chunks = self.astream(
            input,
            config,
            context=context,
            interrupt_before=interrupt_before,
            interrupt_after=interrupt_after,
            headers=headers,
            stream_mode="values",
            params=params,
            version=version,
            **kwargs,
        )
        last: Any = _NOTHING
        async for chunk in chunks:
            last = chunk
        return _result(last, version)


def _result(last: Any, version: str) -> Any:
    if last is _NOTHING:
        logger.warning("No events received from remote graph")
        return None
    if version == "v2":
        return GraphOutput(value=last["data"], interrupts=tuple(last.get("interrupts", ())))
    return last


def _merge_tracing_headers(headers: dict[str, str] | None) -> dict[str, str] | None:
    """Headers that also name the trace this runs in, if there is one."""
    run = langsmith.get_current_run_tree()
    if run is None:
        return headers
    tracing = dict(run.to_headers())
    if headers and "baggage" in headers:
        tracing["baggage"] = f"{headers['baggage']},{tracing['baggage']}"
    return {**(headers or {}), **tracing}
