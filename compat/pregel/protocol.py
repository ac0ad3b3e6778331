"""Stands in for `langgraph.pregel.protocol`: what every graph can do, remote ones included."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, Generic, Literal, Self

from langferry.compat import later
from langferry.compat.late_bases import Runnable
from langferry.compat.types import All, StateSnapshot, StateUpdate, StreamMode
from langferry.compat.typing import ContextT, InputT, OutputT, StateT

__all__ = ("PregelProtocol", "StreamChunk", "StreamProtocol")

StreamChunk = tuple[tuple[str, ...], str, Any]


class StreamProtocol:
    """Takes a run's chunks: namespace, mode and payload."""

    __slots__ = ("__call__", "modes")

    modes: set[StreamMode]
    __call__: Callable[[StreamChunk], None]

    def __init__(self, __call__: Callable[[StreamChunk], None], modes: set[StreamMode]) -> None:
        self.__call__ = __call__
        self.modes = modes

    def put(self, chunk: StreamChunk) -> None:
        """Take a chunk."""
        self.__call__(chunk)


class PregelProtocol(Runnable[InputT, Any], Generic[StateT, ContextT, InputT, OutputT]):
    """A graph as its callers see it."""

    @abstractmethod
    def with_config(self, config: "later.RunnableConfig | None" = None, **kwargs: Any) -> Self:
        """A copy with a config that every run starts from."""

    @abstractmethod
    def get_graph(
        self, config: "later.RunnableConfig | None" = None, *, xray: int | bool = False
    ) -> "later.Graph":
        """The graph as a drawing."""

    @abstractmethod
    async def aget_graph(
        self, config: "later.RunnableConfig | None" = None, *, xray: int | bool = False
    ) -> "later.Graph":
        """As `get_graph`, with asyncio."""

    @abstractmethod
    def get_state(
        self, config: "later.RunnableConfig", *, subgraphs: bool = False
    ) -> StateSnapshot:
        """The state of a thread."""

    @abstractmethod
    async def aget_state(
        self, config: "later.RunnableConfig", *, subgraphs: bool = False
    ) -> StateSnapshot:
        """As `get_state`, with asyncio."""

    @abstractmethod
    def get_state_history(
        self,
        config: "later.RunnableConfig",
        *,
        filter: dict[str, Any] | None = None,
        before: "later.RunnableConfig | None" = None,
        limit: int | None = None,
    ) -> Iterator[StateSnapshot]:
        """The states a thread has had, the last first."""

    @abstractmethod
    def aget_state_history(
        self,
        config: "later.RunnableConfig",
        *,
        filter: dict[str, Any] | None = None,
        before: "later.RunnableConfig | None" = None,
        limit: int | None = None,
    ) -> AsyncIterator[StateSnapshot]:
        """As `get_state_history`, with asyncio."""

    @abstractmethod
    def bulk_update_state(
        self, config: "later.RunnableConfig", updates: Sequence[Sequence[StateUpdate]]
    ) -> "later.RunnableConfig":
        """Change a thread's state several times."""

    @abstractmethod
    async def abulk_update_state(
        self, config: "later.RunnableConfig", updates: Sequence[Sequence[StateUpdate]]
    ) -> "later.RunnableConfig":
        """As `bulk_update_state`, with asyncio."""

    @abstractmethod
    def update_state(
        self,
        config: "later.RunnableConfig",
        values: dict[str, Any] | Any | None,
        as_node: str | None = None,
    ) -> "later.RunnableConfig":
        """Change a thread's state."""

    @abstractmethod
    async def aupdate_state(
        self,
        config: "later.RunnableConfig",
        values: dict[str, Any] | Any | None,
        as_node: str | None = None,
    ) -> "later.RunnableConfig":
        """As `update_state`, with asyncio."""

    @abstractmethod
    def stream(  # type: ignore[override]
        self,
        input: Any,
        config: "later.RunnableConfig | None" = None,
        *,
        context: ContextT | None = None,
        stream_mode: StreamMode | list[StreamMode] | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        subgraphs: bool = False,
        version: Literal["v1", "v2"] = "v1",
    ) -> Iterator[Any]:
        """Run, and give chunks as they come."""

    @abstractmethod
    def astream(  # type: ignore[override]
        self,
        input: Any,
        config: "later.RunnableConfig | None" = None,
        *,
        context: ContextT | None = None,
        stream_mode: StreamMode | list[StreamMode] | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        subgraphs: bool = False,
        version: Literal["v1", "v2"] = "v1",
    ) -> AsyncIterator[Any]:
        """As `stream`, with asyncio."""

    @abstractmethod
    def invoke(  # type: ignore[override]
        self,
        input: Any,
        config: "later.RunnableConfig | None" = None,
        *,
        context: ContextT | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        version: Literal["v1", "v2"] = "v1",
    ) -> Any:
        """Run to the end, or to an interrupt."""

    @abstractmethod
    async def ainvoke(  # type: ignore[override]
        self,
        input: Any,
        config: "later.RunnableConfig | None" = None,
        *,
        context: ContextT | None = None,
        interrupt_before: All | Sequence[str] | None = None,
        interrupt_after: All | Sequence[str] | None = None,
        version: Literal["v1", "v2"] = "v1",
    ) -> Any:
        """As `invoke`, with asyncio."""
