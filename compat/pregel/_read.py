"""Stands in for `langgraph.pregel._read`: the nodes of a `Pregel`, and reading from inside them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from langferry.compat import later
from langferry.compat._internal._config import merge_configs
from langferry.compat._internal._constants import CONF, CONFIG_KEY_READ
from langferry.compat._internal._runnable import RunnableCallable, RunnableSeq
from langferry.compat.pregel._subgraphs import find_subgraph_pregel
from langferry.compat.pregel._write import ChannelWrite
from langferry.compat.types import CachePolicy, RetryPolicy, TimeoutPolicy, TracePolicy

if TYPE_CHECKING:
    # what is injected is told by this name
    from langchain_core.runnables import RunnableConfig


class ChannelRead(RunnableCallable):
    """Gives the values of channels."""

    def __init__(
        self,
        channel: str | list[str],
        *,
        fresh: bool = False,
        mapper: Callable[[Any], Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        super().__init__(self._read, self._aread, tags=tags, trace=False)
        self.name = None
        self.channel = channel
        self.fresh = fresh
        self.mapper = mapper

    def get_name(self, suffix: str | None = None, *, name: str | None = None) -> str:
        """A name that lists the channels."""
        channels = self.channel if isinstance(self.channel, str) else ",".join(self.channel)
        return later.Runnable.get_name(self, suffix, name=name or f"ChannelRead<{channels}>")

    def _read(self, _: Any, config: "RunnableConfig") -> Any:
        return self.do_read(config, select=self.channel, fresh=self.fresh, mapper=self.mapper)

    async def _aread(self, _: Any, config: "RunnableConfig") -> Any:
        return self._read(_, config)

    @staticmethod
    def do_read(
        config: "later.RunnableConfig",
        *,
        select: str | list[str],
        fresh: bool = False,
        mapper: Callable[[Any], Any] | None = None,
    ) -> Any:
        """Read from inside a node.

        Raises:
            RuntimeError: Outside of a node.
        """
        read = config.get(CONF, {}).get(CONFIG_KEY_READ)
        if read is None:
            raise RuntimeError(
                "Not configured with a read function"
                "Make sure to call in the context of a Pregel process"
            )
        value = read(select, fresh)
        return mapper(value) if mapper else value


DEFAULT_BOUND: Final = RunnableCallable(lambda input: input)


class PregelNode:
    """A node of a `Pregel`: what triggers it, what it reads, what it does and what it writes."""

    def __init__(
        self,
        *,
        channels: str | list[str],
        triggers: Sequence[str],
        mapper: Callable[[Any], Any] | None = None,
        writers: "list[later.Runnable[Any, Any]] | None" = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, Any] | None = None,
        trace_policy: TracePolicy | None = None,
        bound: "later.Runnable[Any, Any] | None" = None,
        retry_policy: RetryPolicy | Sequence[RetryPolicy] | None = None,
        cache_policy: CachePolicy | None = None,
        is_error_handler: bool = False,
        error_handler_node: str | None = None,
        subgraphs: Sequence[Any] | None = None,
        timeout: float | timedelta | TimeoutPolicy | None = None,
    ) -> None:
        self.channels = channels
        self.triggers = list(triggers)
        self.mapper = mapper
        self.writers = writers or []
        self.tags = tags
        self.metadata = metadata
        self.trace_policy = trace_policy
        self.bound = DEFAULT_BOUND if bound is None else bound
        one = isinstance(retry_policy, RetryPolicy)
        self.retry_policy = (retry_policy,) if one else retry_policy
        self.cache_policy = cache_policy
        self.is_error_handler = is_error_handler
        self.error_handler_node = error_handler_node
        self.timeout = TimeoutPolicy.coerce(timeout)
        if subgraphs is None:
            found = None if self.bound is DEFAULT_BOUND else find_subgraph_pregel(self.bound)
            subgraphs = [found] if found else []
        self.subgraphs = subgraphs

    def copy(self, update: dict[str, Any]) -> "PregelNode":
        """A copy with some settings replaced."""
        cached = ("flat_writers", "node", "input_cache_key")
        settings = {key: value for key, value in self.__dict__.items() if key not in cached}
        return PregelNode(**{**settings, **update})

    @cached_property
    def flat_writers(self) -> "list[later.Runnable[Any, Any]]":
        """The writers, those that only write at the end joined into one."""
        writers = list(self.writers)
        while len(writers) > 1:
            before, last = writers[-2:]
            if not (isinstance(before, ChannelWrite) and isinstance(last, ChannelWrite)):
                break
            writers[-2:] = [ChannelWrite([*before.writes, *last.writes])]
        return writers

    @cached_property
    def node(self) -> "later.Runnable[Any, Any] | None":
        """What runs: the body and the writers."""
        bound = [] if self.bound is DEFAULT_BOUND else [self.bound]
        steps = [*bound, *self.flat_writers]
        if len(steps) > 1:
            return RunnableSeq(*steps, trace_policy=self.trace_policy)
        return steps[0] if steps else None

    @cached_property
    def input_cache_key(self) -> tuple[Any, tuple[str, ...]]:
        """What two nodes with the same input have in common."""
        channels = [self.channels] if isinstance(self.channels, str) else self.channels
        return self.mapper, tuple(channels)

    def invoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """Run the body alone."""
        return self.bound.invoke(input, self._config(config), **kwargs)

    async def ainvoke(
        self, input: Any, config: "later.RunnableConfig | None" = None, **kwargs: Any
    ) -> Any:
        """As `invoke`, with asyncio."""
        return await self.bound.ainvoke(input, self._config(config), **kwargs)

    def _config(self, config: "later.RunnableConfig | None") -> "later.RunnableConfig":
        own: Any = {"metadata": self.metadata, "tags": self.tags}
        return merge_configs(own, config)
