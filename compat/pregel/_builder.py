"""Builds the nodes of a `Pregel` step by step."""

from datetime import timedelta
from typing import Any, Self

from langferry.compat._internal._runnable import RunnableSeq, coerce_to_runnable
from langferry.compat.pregel._read import DEFAULT_BOUND, PregelNode
from langferry.compat.pregel._write import ChannelWrite, ChannelWriteEntry
from langferry.compat.types import CachePolicy, RetryPolicy, TimeoutPolicy


class NodeBuilder:
    """A node under construction; `build()` completes it."""

    __slots__ = (
        "_bound",
        "_cache_policy",
        "_channels",
        "_metadata",
        "_retry_policy",
        "_tags",
        "_timeout",
        "_triggers",
        "_writes",
    )

    def __init__(self) -> None:
        self._channels: str | list[str] = []
        self._triggers: list[str] = []
        self._tags: list[str] = []
        self._metadata: dict[str, Any] = {}
        self._writes: list[ChannelWriteEntry] = []
        self._bound: Any = DEFAULT_BOUND
        self._retry_policy: list[RetryPolicy] = []
        self._cache_policy: CachePolicy | None = None
        self._timeout: TimeoutPolicy | None = None

    def subscribe_only(self, channel: str) -> Self:
        """Run on updates of one channel, with its bare value.

        Raises:
            ValueError: If the node subscribes to channels already.
        """
        if self._channels:
            raise ValueError(
                "Cannot subscribe to single channels when other channels are already subscribed to"
            )
        self._channels = channel
        self._triggers.append(channel)
        return self

    def subscribe_to(self, *channels: str, read: bool = True) -> Self:
        """Run on updates of these channels, with a dict of their values unless `read` is false.

        Raises:
            ValueError: If the node subscribes to a single channel.
        """
        if isinstance(self._channels, str):
            raise ValueError("Cannot subscribe to channels when subscribed to a single channel")
        if read:
            self._channels = [*self._channels, *channels]
        self._triggers.extend(channels)
        return self

    def read_from(self, *channels: str) -> Self:
        """Read these channels as well, without running on their updates."""
        assert isinstance(self._channels, list), (
            "Cannot read additional channels when subscribed to single channels"
        )
        self._channels.extend(channels)
        return self

    def do(self, node: Any) -> Self:
        """Run this, after whatever is run already."""
        step = coerce_to_runnable(node, name=None, trace=True)
        self._bound = step if self._bound is DEFAULT_BOUND else RunnableSeq(self._bound, step)
        return self

    def write_to(self, *channels: str | ChannelWriteEntry, **kwargs: Any) -> Self:
        """Write what the node gives to channels; by keyword, a value or what a function makes."""
        for channel in channels:
            named = isinstance(channel, str)
            self._writes.append(ChannelWriteEntry(channel) if named else channel)  # type: ignore[arg-type]
        for name, value in kwargs.items():
            how = {"mapper" if callable(value) else "value": value}
            self._writes.append(ChannelWriteEntry(name, **how))
        return self

    def meta(self, *tags: str, **metadata: Any) -> Self:
        """Tag the node's runs."""
        self._tags.extend(tags)
        self._metadata.update(metadata)
        return self

    def add_retry_policies(self, *policies: RetryPolicy) -> Self:
        """Run the node again as these policies say."""
        self._retry_policy.extend(policies)
        return self

    def add_cache_policy(self, policy: CachePolicy) -> Self:
        """Keep the node's results as this policy says."""
        self._cache_policy = policy
        return self

    def set_timeout(self, timeout: float | timedelta | TimeoutPolicy | None) -> Self:
        """Limit how long an attempt may take."""
        self._timeout = TimeoutPolicy.coerce(timeout)
        return self

    def build(self) -> PregelNode:
        """The node."""
        return PregelNode(
            channels=self._channels,
            triggers=self._triggers,
            tags=self._tags,
            metadata=self._metadata,
            writers=[ChannelWrite(self._writes)],
            bound=self._bound,
            retry_policy=self._retry_policy,
            cache_policy=self._cache_policy,
            timeout=self._timeout,
        )
