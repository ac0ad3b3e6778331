"""Looks at the threads of a graph and changes them, without running it."""

import collections
import functools
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from langferry import _engine
from langferry.graph.config import (
    CHECKPOINT_ID,
    CHECKPOINT_NS,
    CHECKPOINTER,
    TASK_ID,
    patched,
    with_map,
    without_task_ids,
)
from langferry.graph.config import complete as completed
from langferry.graph.constants import END, INTERRUPT, NS_END, NS_SEP, START
from langferry.graph.errors import InvalidUpdateError
from langferry.graph.operations import Call, Steps, aperform, perform
from langferry.graph.run import Host, drive
from langferry.graph.saving import COUNTERS, FORMAT, Saving, now
from langferry.graph.snapshot import Planned, snapshot
from langferry.graph.types import StateSnapshot, StateUpdate
from langferry.graph.versions import INPUT, seen_without_bumps

if TYPE_CHECKING:
    from langferry.graph.compiled import CompiledStateGraph

_COPY = "__copy__"


class Threads:
    """The methods of a compiled graph that need a checkpointer and run no node.

    Raises (in every method):
        ValueError: Without a checkpointer.
    """

    def get_state(self, config: Mapping[str, Any], *, subgraphs: bool = False) -> StateSnapshot:
        """The state of a thread, with that of its subgraphs if wanted."""
        return perform(self._get_state(config, subgraphs))

    async def aget_state(
        self, config: Mapping[str, Any], *, subgraphs: bool = False
    ) -> StateSnapshot:
        """As `get_state`, with asyncio."""
        return await aperform(self._get_state(config, subgraphs))

    def get_state_history(
        self,
        config: Mapping[str, Any],
        *,
        filter: dict[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        limit: int | None = None,
    ) -> Iterator[StateSnapshot]:
        """The states a thread has been in, the newest first."""
        options = {"before": before, "limit": limit, "filter": filter}
        yield from perform(self._get_history(config, options))

    async def aget_state_history(
        self,
        config: Mapping[str, Any],
        *,
        filter: dict[str, Any] | None = None,
        before: Mapping[str, Any] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[StateSnapshot]:
        """As `get_state_history`, with asyncio."""
        options = {"before": before, "limit": limit, "filter": filter}
        for state in await aperform(self._get_history(config, options)):
            yield state

    def update_state(
        self,
        config: Mapping[str, Any],
        values: Any,
        as_node: str | None = None,
        task_id: str | None = None,
    ) -> dict[str, Any]:
        """Change the state as if a node had returned `values`; returns where the thread now stands.

        Raises:
            InvalidUpdateError: If it is not clear which node, or it cannot return that.
        """
        return self.bulk_update_state(config, [[StateUpdate(values, as_node, task_id)]])

    async def aupdate_state(
        self,
        config: Mapping[str, Any],
        values: Any,
        as_node: str | None = None,
        task_id: str | None = None,
    ) -> dict[str, Any]:
        """As `update_state`, with asyncio."""
        return await self.abulk_update_state(config, [[StateUpdate(values, as_node, task_id)]])

    def bulk_update_state(
        self, config: Mapping[str, Any], supersteps: Sequence[Sequence[Any]]
    ) -> dict[str, Any]:
        """Change the state by several steps of one or more updates each."""
        return perform(self._update(config, supersteps))

    async def abulk_update_state(
        self, config: Mapping[str, Any], supersteps: Sequence[Sequence[Any]]
    ) -> dict[str, Any]:
        """As `bulk_update_state`, with asyncio."""
        return await aperform(self._update(config, supersteps))

    def get_subgraphs(
        self, *, namespace: str | None = None, recurse: bool = False
    ) -> Iterator[tuple[str, Any]]:
        """The graphs that are nodes of this one, by namespace without task ids."""
        for name, graph in self._graph_nodes():
            if namespace not in (None, name) and not str(namespace).startswith(name + NS_SEP):
                continue
            if namespace in (None, name):
                yield name, graph
                if namespace == name:
                    return
            if recurse and isinstance(graph, Threads):
                inner = None if namespace is None else namespace[len(name) + 1 :]
                for below, found in graph.get_subgraphs(namespace=inner, recurse=True):
                    yield f"{name}{NS_SEP}{below}", found

    async def aget_subgraphs(
        self, *, namespace: str | None = None, recurse: bool = False
    ) -> AsyncIterator[tuple[str, Any]]:
        """As `get_subgraphs`, with asyncio."""
        for found in self.get_subgraphs(namespace=namespace, recurse=recurse):
            yield found

    def _returned(self, node: str, values: Any) -> Any:
        """What stands for a node's result when the state is changed in its name."""
        return values

    def _graph_nodes(self) -> Iterator[tuple[str, Any]]:
        raise NotImplementedError

    def _get_state(self, config: Mapping[str, Any], subgraphs: bool) -> Steps[StateSnapshot]:
        graph, saver, full = self._at(config, complete=False)
        if graph is not self:
            return (yield from graph._get_state(full, subgraphs))
        live = CHECKPOINT_ID not in full["configurable"]
        found = yield Call(saver, "get_tuple", (full,))
        return (yield from self._snapshot(saver, full, found, live=live, subgraphs=subgraphs))

    def _get_history(
        self, config: Mapping[str, Any], options: dict[str, Any]
    ) -> Steps[list[StateSnapshot]]:
        graph, saver, full = self._at(config)
        if graph is not self:
            return (yield from graph._get_history(full, options))
        full = patched(full, checkpoint_ns=full["configurable"].get(CHECKPOINT_NS, ""))
        states = []
        for found in (yield Call(saver, "list", (full,), options)):
            states.append((yield from self._snapshot(saver, found.config, found)))
        return states

    def _update(
        self, config: Mapping[str, Any], supersteps: Sequence[Sequence[Any]]
    ) -> Steps[dict[str, Any]]:
        self._state_saver(config)
        if not supersteps:
            raise ValueError("No supersteps provided")
        if any(len(updates) == 0 for updates in supersteps):
            raise ValueError("No updates provided")
        graph, saver, full = self._at(config, for_update=True)
        if graph is not self:
            return (yield from graph._update(full, supersteps))
        for at, updates in enumerate(supersteps):
            full = yield from _Update(self, saver, full, first=at == 0).apply(updates)
        return full

    def _state_saver(self, config: Mapping[str, Any]) -> Any:
        this: CompiledStateGraph = self  # type: ignore[assignment]
        full = completed(config, this._ambient_config())
        saver = this._saver(full["configurable"])
        if not saver or saver is True:
            raise ValueError("No checkpointer set")
        return saver

    def _at(
        self, config: Mapping[str, Any], *, complete: bool = True, for_update: bool = False
    ) -> tuple["Threads", Any, dict[str, Any]]:
        """The graph a config addresses, which may be a subgraph, its saver, and the full config."""
        this: CompiledStateGraph = self  # type: ignore[assignment]
        saver = self._state_saver(config)
        conf = config.get("configurable", {})
        namespace = conf.get(CHECKPOINT_NS, "")
        if namespace and CHECKPOINTER not in conf:
            recast = without_task_ids(namespace)
            for _, graph in self.get_subgraphs(namespace=recast, recurse=True):
                return graph, saver, patched(config, **{CHECKPOINTER: saver})
            if for_update:
                raise ValueError(f"Subgraph {recast} not found")
        full = this._configured(config)
        if complete:
            full = completed(full, None)
        conf = dict(full["configurable"])
        if this.checkpointer is True:
            ns = conf.get(CHECKPOINT_NS, "")
            conf[CHECKPOINT_NS] = without_task_ids(ns, keep_numbers=True)
        conf["thread_id"] = str(conf["thread_id"])
        return self, saver, {**full, "configurable": conf}

    def _saved(self, saver: Any, config: dict[str, Any], found: Any) -> Steps[tuple[Saving, Any]]:
        saving = Saving(saver, config, self)
        saving.found = found
        yield from saving.complete()
        return saving, saving.take()

    def _planned(
        self, saving: Saving, stored: dict[str, Any], *, live: bool
    ) -> tuple[list[Planned], Any]:
        this: CompiledStateGraph = self  # type: ignore[assignment]
        namespace = saving.config["configurable"].get(CHECKPOINT_NS, "")
        tasks, values = _engine.inspect(this._engine, stored, namespace, live)
        return [Planned(*task) for task in tasks], values

    def _snapshot(
        self,
        saver: Any,
        config: dict[str, Any],
        found: Any,
        *,
        live: bool = False,
        subgraphs: bool = False,
    ) -> Steps[StateSnapshot]:
        this: CompiledStateGraph = self  # type: ignore[assignment]
        if found is None:
            return StateSnapshot({}, (), config, None, None, None, (), ())
        saving, stored = yield from self._saved(saver, found.config, found)
        tasks, values = self._planned(saving, stored, live=live)
        around = found.config["configurable"].get(CHECKPOINT_NS, "")
        graphs = dict(self.get_subgraphs())
        states: dict[str, Any] = {}
        for task in tasks:
            if task.name not in graphs:
                continue
            namespace = f"{task.name}{NS_END}{task.id}"
            conf = {
                "thread_id": found.config["configurable"]["thread_id"],
                CHECKPOINT_NS: f"{around}{NS_SEP}{namespace}" if around else namespace,
            }
            if subgraphs:
                inner = {"configurable": {CHECKPOINTER: saver, **conf}}
                states[task.id] = yield from graphs[task.name]._get_state(inner, True)
            else:
                states[task.id] = {"configurable": conf}
        return snapshot(found, saving.pending, tasks, values, this.shown_keys, states, live=live)


class _Update:
    """One superstep of updates of a thread."""

    def __init__(self, graph: Any, saver: Any, config: dict[str, Any], *, first: bool) -> None:
        self._graph = graph
        self._saver = saver
        self._config = completed(graph._configured(config), None)
        self._first = first
        self._found: Any = None
        self._stored: Any = None

    def apply(self, updates: Sequence[Any]) -> Steps[dict[str, Any]]:
        """Stores the new checkpoint and returns its config."""
        found = self._found = yield Call(self._saver, "get_tuple", (self._config,))
        saved = yield from self._graph._saved(self._saver, self._config, found)
        self._saving, self._stored = saved
        values, as_node = updates[0][:2]
        if values is None and as_node == END:
            if len(updates) > 1:
                raise InvalidUpdateError("Cannot apply multiple updates when clearing state")
            return (yield from self._make(("clear", None)))
        if as_node == INPUT:
            if len(updates) > 1:
                raise InvalidUpdateError("Cannot apply multiple updates when updating as input")
            if values is None:
                raise InvalidUpdateError("Received no input writes for __start__")
            change = ("input", (values, self._graph._input_writes(values)))
            return (yield from self._make(change))
        if as_node == _COPY:
            if len(updates) > 1:
                raise InvalidUpdateError("Cannot copy checkpoint with multiple updates")
            if found is None:
                raise InvalidUpdateError("Cannot copy a non-existent checkpoint")
            return (yield from self._copy(values))
        return (yield from self._write(self._named(updates)))

    def _named(self, updates: Sequence[Any]) -> list[tuple[str, Any, str | None]]:
        """Updates with the nodes in whose names they are made."""
        nodes = self._graph._updaters
        named = []
        for values, as_node, task_id in (StateUpdate(*update) for update in updates):
            if as_node is None and len(updates) > 1:
                raise InvalidUpdateError("as_node is required when applying multiple updates")
            if as_node is None:
                as_node = self._last_node(nodes)
            if as_node is None:
                raise InvalidUpdateError("Ambiguous update, specify as_node")
            if as_node not in nodes:
                raise InvalidUpdateError(f"Node {as_node} does not exist")
            named.append((as_node, values, task_id))
        return named

    def _last_node(self, nodes: Sequence[str]) -> str | None:
        """The node that updated the state last, if it was one alone."""
        all_seen = self._found.checkpoint["versions_seen"] if self._found else {}
        seen = seen_without_bumps(all_seen)
        if len(nodes) == 1:
            return nodes[0]
        if not any(seen_by for seen_by in seen.values()):
            return START if START in nodes else None
        last = sorted((v, n) for n, by in seen.items() if n in nodes for v in by.values())
        if len(last) == 1 or (last and last[-1][0] != last[-2][0]):
            return last[-1][1]
        return None

    def _write(self, updates: list[tuple[str, Any, str | None]]) -> Steps[dict[str, Any]]:
        graph, found = self._graph, self._found
        free: dict[str, collections.deque[str]] = collections.defaultdict(collections.deque)
        if found is not None and found.pending_writes is not None:
            tasks, _ = graph._planned(self._saving, self._stored, live=False)
            for task in tasks:
                free[task.name].append(task.id)
        base = found.checkpoint["id"] if found else graph.face.made_checkpoint_id(-2)
        ids = []
        for at, (node, _, given) in enumerate(updates):
            own = free[node].popleft() if not given and free[node] else None
            ids.append(given or own or _update_id(base, at))
        keys = {True: graph.input_keys, False: [*graph.builder.channels, *graph.builder.managed]}
        change = [
            (node, keys[node == "__start__"], graph._returned(node, values))
            for node, values, _ in updates
        ]
        return (yield from self._make(("update", change), ids))

    def _make(self, change: tuple[str, Any], ids: Sequence[str] = ()) -> Steps[dict[str, Any]]:
        graph, saving = self._graph, self._saving
        superseded = False if change[0] == "clear" else (yield from self._superseded())
        conf = {**self._config["configurable"], TASK_ID: ids[0] if ids else ""}
        config = {**self._config, "configurable": conf}
        runtime = functools.partial(graph._runtime, None, config, None, None)
        host = graph.host_type(config, runtime, saving, {}, graph.shown_keys, graph)
        has_deltas = graph._engine.has_deltas
        run = _engine.Run(
            graph._engine,
            host,
            None,
            modes=[],
            recursion_limit=1,
            checkpoint=self._stored,
            input=None,
            raw_input=saving.input,
            saves=True,
            versions=saving.versions,
            namespace=self._config["configurable"].get(CHECKPOINT_NS, ""),
            change=change,
            deltas=(
                (graph.face.supersteps_bound(), not superseded, self._first) if has_deltas else None
            ),
        )
        made = _Made(run, host)
        yield Call(made, "finish")
        if self._found is not None and not superseded:
            for task, path, writes in made.written:
                # an update's place among those of its step is in its path
                id = None if task is None else ids[path[1]]
                given = writes or [(START, change[1][0])] if task is None else writes
                if given:
                    yield saving.put_writes(id, path, given)
        metadata = dict(self._found.metadata) if self._found else {}
        saving.parents = metadata.get("parents", {})
        put = saving.checkpoint(made.checkpoint)
        assert put is not None
        return with_map((yield Call(self._saver, "put", put)), metadata)  # type: ignore[return-value]

    def _superseded(self) -> Steps[bool]:
        """Whether the thread has gone on from the checkpoint that the update is addressed to."""
        addressed = self._config["configurable"].get(CHECKPOINT_ID)
        if not (self._first and self._found and addressed):
            return False
        anywhere = patched(self._config, checkpoint_id=None)
        latest = yield Call(self._saver, "get_tuple", (anywhere,))
        return latest is not None and latest.checkpoint["id"] != self._found.checkpoint["id"]

    def _copy(self, values: Any) -> Steps[dict[str, Any]]:
        found = self._found
        step = found.metadata.get("step", -1)
        id = self._graph.face.made_checkpoint_id(step)
        copy = {
            **found.checkpoint,
            "v": FORMAT,
            "ts": now(),
            "id": id,
            "updated_channels": None,
        }
        metadata = {
            "source": "fork",
            "step": step + 1,
            "parents": found.metadata.get("parents", {}),
        }
        if COUNTERS in found.metadata:
            metadata[COUNTERS] = found.metadata[COUNTERS]
        place = found.parent_config or patched(found.config, checkpoint_id=None)
        config = yield Call(self._saver, "put", (place, copy, metadata, {}))
        config = with_map(config, found.metadata) or {}
        if not isinstance(values, list) or not values:
            return config
        saved = found._replace(config=config, checkpoint=copy, metadata=metadata)
        saving, stored = yield from self._graph._saved(self._saver, config, saved)
        tasks, _ = self._graph._planned(saving, stored, live=False)
        free: dict[str, list[str]] = collections.defaultdict(list)
        for task in tasks:
            free[task.name].append(task.id)
        by_node: dict[Any, list[StateUpdate]] = collections.defaultdict(list)
        for item in values:
            if not isinstance(item, Sequence):
                raise InvalidUpdateError(f"Invalid update item: {item} when copying checkpoint")
            update, node = item[:2]
            at = len(by_node[node])
            id = free[node][at] if at < len(free[node]) else None
            by_node[node].append(StateUpdate(update, node, id))
        again = _Update(self._graph, self._saver, _complete(self._config, config), first=False)
        return (yield from again.apply([u for updates in by_node.values() for u in updates]))


class _Made:
    """Performs an update in the engine, and keeps what is to be stored."""

    def __init__(self, run: Any, host: Host) -> None:
        self._run = run
        self._host = host
        self.checkpoint: Any = None
        self.written: list[Any] = []
        host.save_checkpoint = self._keep  # type: ignore[method-assign]
        host.asave_checkpoint = self._akeep  # type: ignore[method-assign]
        host.save_writes = self._write  # type: ignore[method-assign]
        host.asave_writes = self._awrite  # type: ignore[method-assign]

    def finish(self) -> None:
        """Call the nodes' routers and apply what was written."""
        for _ in self._run:
            pass

    async def afinish(self) -> None:
        """As `finish`, with asyncio."""
        async for _ in drive(self._run, self._host):
            pass

    def _keep(self, made: dict[str, Any]) -> None:
        self.checkpoint = made

    async def _akeep(self, made: dict[str, Any]) -> None:
        self.checkpoint = made

    def _write(self, written: Any) -> None:
        self.written.append(written)

    async def _awrite(self, written: Any) -> None:
        self.written.append(written)


def _complete(config: dict[str, Any], at: Any) -> dict[str, Any]:
    return patched(config, **at["configurable"])


def _update_id(checkpoint_id: str, at: int) -> str:
    return str(uuid.uuid5(uuid.UUID(checkpoint_id), INTERRUPT if at == 0 else f"{INTERRUPT}:{at}"))
