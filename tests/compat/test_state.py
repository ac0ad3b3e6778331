"""get_state: where a thread stands."""

import operator
from typing import Annotated, Any, TypedDict

from .faces import OURS, REAL, plain

THREAD = {"configurable": {"thread_id": "1"}}


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def snapshots(api: Any) -> list[Any]:
    graph = api.StateGraph(State)
    graph.add_node("ask", lambda state: {"log": [api.interrupt("who")]})
    graph.add_node("beside", lambda state: {"log": ["beside"]})
    graph.add_edge(api.START, "ask")
    graph.add_edge(api.START, "beside")
    graph = graph.compile(checkpointer=api.InMemorySaver())
    taken = [graph.get_state(THREAD)]
    graph.invoke({"x": 1}, THREAD)
    taken.append(graph.get_state(THREAD))
    graph.invoke(api.Command(resume="me"), THREAD)
    taken.append(graph.get_state(THREAD))
    return taken


def test_a_thread_before_during_and_after_an_interrupt() -> None:
    def told(api: Any) -> Any:
        return [
            (
                plain(taken.values),
                taken.next,
                plain([(t.name, t.path, t.interrupts, t.result, t.error) for t in taken.tasks]),
                plain(taken.interrupts),
                {k: v for k, v in (taken.metadata or {}).items() if k in ("source", "step")},
                taken.parent_config is None,
            )
            for taken in snapshots(api)
        ]

    expected = told(REAL)
    assert [told(api) for api in OURS.values()] == [expected] * len(OURS)
    assert expected[1][1] == ("ask",)
