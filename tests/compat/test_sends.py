"""Send: tasks with an input of their own."""

import asyncio
import operator
from typing import Annotated, Any, TypedDict

from .faces import same


class State(TypedDict):
    items: list[int]
    done: Annotated[list[int], operator.add]


def test_map_and_reduce() -> None:
    def build(api: Any) -> Any:
        def split(state: State) -> Any:
            return [api.Send("work", {"item": item}) for item in state["items"]]

        graph = api.StateGraph(State)
        graph.add_node("plan", lambda state: None)
        graph.add_node("work", lambda state: {"done": [state["item"] * 2]})
        graph.add_node("sum", lambda state: {"items": [sum(state["done"])]})
        graph.add_edge(api.START, "plan")
        graph.add_conditional_edges("plan", split, ["work"])
        graph.add_edge("work", "sum")
        return graph.compile()

    same(build, {"items": [3, 1, 2]}, {"items": []}, {"items": [5]})


def test_send_beside_a_triggered_node_and_to_unknown_nodes() -> None:
    def build(api: Any) -> Any:
        def split(state: State) -> Any:
            return [api.Send("work", {"item": 1}), "other", api.Send("nowhere", 1)]

        graph = api.StateGraph(State)
        graph.add_node("work", lambda state: {"done": [state["item"]]})
        graph.add_node("other", lambda state: {"done": [9]})
        graph.add_node("zlast", lambda state: {"done": [8]})
        graph.add_conditional_edges(api.START, split)
        graph.add_edge(api.START, "zlast")
        return graph.compile()

    same(build, {"items": [1]})


def test_async_nodes_and_routers() -> None:
    async def work(state: Any) -> Any:
        await asyncio.sleep(0)
        return {"done": [state]}

    def build(api: Any) -> Any:
        async def split(state: State) -> Any:
            return [api.Send("work", item) for item in state["items"]]

        graph = api.StateGraph(State)
        graph.add_node("work", work)
        graph.add_conditional_edges(api.START, split)
        return graph.compile()

    # run synchronously, both refuse with the same error
    same(build, {"items": [2, 1]})


def test_a_failing_task() -> None:
    def build(api: Any) -> Any:
        def work(state: Any) -> Any:
            return {"done": [10 // state]}

        graph = api.StateGraph(State)
        graph.add_node("work", work)
        graph.add_conditional_edges(
            api.START, lambda state: [api.Send("work", item) for item in state["items"]]
        )
        return graph.compile()

    same(build, {"items": [0]})
