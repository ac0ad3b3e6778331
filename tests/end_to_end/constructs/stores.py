"""Nodes, routers and what they call keep things in the store that the graph lends them."""

from typing import Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_store
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime, get_runtime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore


class State(TypedDict, total=False):
    user: str
    asked: list[dict[str, Any]]
    told: list[Any]
    visits: int
    known: bool


def seeded() -> InMemoryStore:
    store = InMemoryStore()
    store.put(("users", "ada"), "profile", {"name": "Ada", "tags": ["first", 1.5, None]})
    store.put(namespace=("users", "bob"), key="profile", value={"name": "Bob"})
    return store


memory = seeded()
memory.put(("users", "ada"), "profile", {"name": "Ada L.", "age": 36})


def shown(item: Any) -> Any:
    """What is told of an item."""
    if item is None:
        return None
    same = item.updated_at >= item.created_at
    return [list(item.namespace), item.key, item.value, same]


def perform(store: BaseStore, what: dict[str, Any]) -> Any:
    """Does one thing that is asked for."""
    name = what["do"]
    if name == "put":
        store.put(what["namespace"], what["key"], what["value"], index=False)
        return "put"
    if name == "delete":
        store.delete(what["namespace"], what["key"])
        return "deleted"
    if name == "get":
        return shown(store.get(what["namespace"], what["key"]))
    if name == "search":
        found = store.search(
            what["namespace"], query="anything", filter=what.get("filter"), limit=4, offset=1
        )
        return [[shown(item), item.score] for item in found]
    if name == "all":
        return [shown(item) for item in store.search(what["namespace"], filter=what.get("filter"))]
    spaces = store.list_namespaces(
        prefix=what.get("prefix"), suffix=what.get("suffix"), max_depth=what.get("depth")
    )
    return [list(space) for space in spaces]


def work(state: State, store: BaseStore):
    told: list[Any] = []
    for asked in state.get("asked", []):
        try:
            told.append(perform(store, asked))
        except (ValueError, TypeError, AttributeError) as error:
            told.append([type(error).__name__, str(error)])
    return {"told": told}


def remembered(store: BaseStore | None, user: str, otherwise: dict[str, Any]) -> Any:
    """The profile of a user, which is made where there is none."""
    found = store.get(("users", user), "profile")
    if found and found.value:
        return found.value
    store.put(("users", user), "profile", otherwise)
    return otherwise


async def greet(state: State, *, store: BaseStore | None = None):
    profile = remembered(store, state["user"], {"name": state["user"].title()})
    namespace = ("visits", state["user"])
    before = await store.aget(namespace, "count")
    count = 1 if before is None else before.value["count"] + 1
    await store.aput(namespace, "count", {"count": count, "of": profile["name"]})
    return {"visits": count, "told": [*state["told"], profile]}


def look(state: State, runtime: Runtime):
    kept = runtime.store
    spaces = get_store().list_namespaces(prefix=("visits",), max_depth=1)
    found = get_runtime().store.search(("visits",), filter={"count": {"$gte": 1}}, limit=2)
    best = sorted(found, key=lambda item: item.value["count"], reverse=True)
    direct = memory.get(("visits", state["user"]), "count")
    return {
        "known": kept is not None and direct.value == best[0].value,
        "told": [*state["told"], [list(space) for space in spaces], [x.key for x in best]],
    }


def route(state: State, store: BaseStore) -> str:
    return END if store.get(("users", state["user"]), "profile") is None else "look"


inner = StateGraph(State)
inner.add_node("greet", greet)
inner.add_edge(START, "greet")
inner.add_edge("greet", END)

graph = StateGraph(State)
graph.add_node("work", work)
graph.add_node("inner", inner.compile())
graph.add_node("look", look)
graph.add_edge(START, "work")
graph.add_edge("work", "inner")
graph.add_conditional_edges("inner", route, ["look", END])
graph.add_edge("look", END)
app = graph.compile(checkpointer=InMemorySaver(), store=memory)
