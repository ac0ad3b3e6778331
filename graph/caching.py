"""Keeps what nodes wrote in a cache, to give it back in place of running them again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langferry import _engine

Writes = Sequence[tuple[str, Any]]

NAMESPACE: Final = "__pregel_ns_writes"


class Key(NamedTuple):
    """Where a result is kept, and for how many seconds."""

    namespace: tuple[str, ...]
    key: str
    ttl: int | None


class Cached(NamedTuple):
    """A node whose results are kept: its policy has a `key_func(input)` and a `ttl`."""

    policy: Any
    namespace: tuple[str, ...]
    mapper: Callable[[Any], Any] | None = None
    """What the node makes of its input first."""

    def key(self, input: Any) -> Key:
        """Where the result for an input is kept."""
        key = self.policy.key_func(input if self.mapper is None else self.mapper(input))
        data = key.encode() if isinstance(key, str) else key
        return Key(self.namespace, _engine.digest(data), self.policy.ttl)


class NodeCache:
    """The kept results of one graph's nodes, in a cache of langgraph-checkpoint's kind."""

    def __init__(self, cache: Any, nodes: Mapping[str, Cached]) -> None:
        self._cache = cache
        self._nodes = nodes

    def key(self, node: str, input: Any) -> Key:
        """Where the result of a node is kept."""
        return self._nodes[node].key(input)

    def recall(self, keys: Sequence[Key]) -> list[Writes | None]:
        """What is kept, in the order of the keys."""
        return _in_order(keys, self._cache.get(_places(keys)))

    async def arecall(self, keys: Sequence[Key]) -> list[Writes | None]:
        """As `recall`, with asyncio."""
        return _in_order(keys, await self._cache.aget(_places(keys)))

    def keep(self, kept: tuple[Key, Writes]) -> None:
        """Keep a result."""
        self._cache.set(_entry(kept))

    async def akeep(self, kept: tuple[Key, Writes]) -> None:
        """As `keep`, with asyncio."""
        await self._cache.aset(_entry(kept))


def namespace_of(action: Any, node: str) -> tuple[str, ...]:
    """Under which names the results of a node are kept: its function's, and its own."""
    name = getattr(action, "__qualname__", None) or getattr(action, "__name__", None)
    module = getattr(action, "__module__", None)
    known = name is not None and module is not None
    return NAMESPACE, f"{module}.{name}" if known else "__dynamic__", node


def _places(keys: Sequence[Key]) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((key.namespace, key.key) for key in keys)


def _in_order(keys: Sequence[Key], found: Mapping[Any, Writes]) -> list[Writes | None]:
    return [found.get((key.namespace, key.key)) for key in keys]


def _entry(kept: tuple[Key, Writes]) -> dict[Any, tuple[Writes, int | None]]:
    key, writes = kept
    return {(key.namespace, key.key): (writes, key.ttl)}
