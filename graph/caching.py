"""Keeps what nodes wrote in a cache, to give it back in place of running them again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from langferry import _engine
from langferry.graph.bodies import Body

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
        return Key(self.namespace, _digest(key), self.policy.ttl)


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


class Recalled(NamedTuple):
    """What a called task returned in an earlier run."""

    result: Any


class TaskCache:
    """Keeps the results of tasks that are called, whose policy makes a key of their arguments."""

    def __init__(
        self,
        cache: NodeCache,
        writes: Callable[[Any], Writes],
        result: Callable[[Writes], Any],
    ) -> None:
        self._cache = cache
        self._writes = writes
        self._result = result

    def around(self, body: Body, policy: Any) -> Body:
        """A body that gives what is kept for its arguments as `Recalled`, and keeps what it returns."""
        namespace = task_namespace(body.function)

        def key(given: tuple[tuple[Any, ...], dict[str, Any]]) -> Key:
            args, kwargs = given
            return Key(namespace, _digest(policy.key_func(*args, **kwargs)), policy.ttl)

        def run(given: Any, scope: Any) -> Any:
            place = key(given)
            kept = self._cache.recall([place])[0]
            if kept is not None:
                return Recalled(self._result(kept))
            result = body.run(given, scope)
            self._cache.keep((place, self._writes(result)))
            return result

        async def arun(given: Any, scope: Any) -> Any:
            place = key(given)
            kept = (await self._cache.arecall([place]))[0]
            if kept is not None:
                return Recalled(self._result(kept))
            result = await body.arun(given, scope)
            await self._cache.akeep((place, self._writes(result)))
            return result

        return Body(body.name, run, arun, body.function)


def opened(result: Any) -> tuple[Any, bool]:
    """A task's result, and whether it is of an earlier run."""
    return (result.result, True) if type(result) is Recalled else (result, False)


def task_namespace(action: Any) -> tuple[str, ...]:
    """Under which names the results of a task are kept."""
    return namespace_of(action, "")[:2]


def namespace_of(action: Any, node: str) -> tuple[str, ...]:
    """Under which names the results of a node are kept: its function's, and its own."""
    name = getattr(action, "__qualname__", None) or getattr(action, "__name__", None)
    module = getattr(action, "__module__", None)
    known = name is not None and module is not None
    return NAMESPACE, f"{module}.{name}" if known else "__dynamic__", node


def _digest(key: str | bytes) -> str:
    return _engine.digest(key.encode() if isinstance(key, str) else key)


def _places(keys: Sequence[Key]) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((key.namespace, key.key) for key in keys)


def _in_order(keys: Sequence[Key], found: Mapping[Any, Writes]) -> list[Writes | None]:
    return [found.get((key.namespace, key.key)) for key in keys]


def _entry(kept: tuple[Key, Writes]) -> dict[Any, tuple[Writes, int | None]]:
    key, writes = kept
    return {(key.namespace, key.key): (writes, key.ttl)}
