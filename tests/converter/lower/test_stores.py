"""Which ways to ask a store are native."""

from pathlib import Path

import pytest

from langferry.converter import analyse

_PROGRAM = """
from typing import Any, TypedDict, cast

from langgraph.config import get_store
from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime, get_runtime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore


class State(TypedDict, total=False):
    text: str
    number: int


def spaced(state: State) -> str:
    return state["text"]


async def later(store, state: State):
    return await store.aget(("a",), state["text"])


async def work(state: State, store: BaseStore):
    {body}
    return {{"text": "done"}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile(store=InMemoryStore())
"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("store.put(('a', state['text']), 'b', {'c': state['number']})", ""),
        ("store.put(key='b', namespace=('a',), value={'c': 1})", ""),
        ("store.put(('a',), 'b', {}, ['c', 'd[*].e'])", ""),
        ("await store.aput(('a',), str(state['number']), dict(state), index=None)", ""),
        ("store.get(namespace=('a',), key='b', refresh_ttl=True)", ""),
        ("await later(store, state)", ""),
        ("print([x.key for x in store.search(('a',), query=spaced(state), filter=None)])", ""),
        ("print(len(await store.asearch(('a',), limit=state['number'])))", ""),
        ("for space in store.list_namespaces(suffix=('a',), max_depth=2): print(space)", ""),
        ("cast(BaseStore, get_runtime().store).delete(('a',), 'b')", ""),
        ("again = get_store(); again.put(('a',), 'b', {'c': 1})", ""),
        ("print(store is None, not store, bool(store) if store else 2)", ""),
        ("store.aput(('a',), 'b', {})", "`aput` of a store that is not awaited"),
        ("store.put(('a',), 'b', {}, ttl=5)", "this form of `put` is not native"),
        ("store.put(('a',), 'b', {}, index=[spaced(state)])", "this `index` for a store"),
        ("store.put(('a',), 'b')", "this form of `put` is not native"),
        ("store.put(('a',), 'b', {}, None, 1)", "this form of `put` is not native"),
        ("store.get(('a',), 'b', key='c')", "this form of `get` is not native"),
        ("store.delete(('a',), 'b', refresh_ttl=True)", "this form of `delete` is not native"),
        ("store.search(namespace_prefix=('a',))", "this form of `search` is not native"),
        (
            "store.put(key=spaced(state), namespace=(spaced(state),), value={})",
            "arguments of `put` out of order",
        ),
        ("store.batch([])", "method `batch` of langgraph.store.BaseStore is not native"),
        ("store = get_store(); store.put(('a',), 'b', {})", "`store` is a parameter or definition"),
        ("print(get_store(1))", "this way to ask for the store is not native"),
        ("print(store)", "langgraph.store.BaseStore"),
    ],
)
def test_ways_to_ask_a_store(body: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(body=body))
    (function,) = [x for x in analyse(path, cache_dir=types_cache).functions if "node" in x.roles]
    reasons = " ".join(reason.message for reason in function.reasons)
    assert (why in reasons) if why else not reasons
    assert (function.disposition == "bridged") is bool(why)
