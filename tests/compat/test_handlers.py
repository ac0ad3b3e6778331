"""Error handlers, against LangGraph: what is told, what is stored, how a run goes on."""

from typing import Any

import langgraph.errors
import langgraph.graph
import langgraph.types
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from typing_extensions import TypedDict

import langferry.compat.errors
import langferry.compat.graph
import langferry.compat.types

REAL = (langgraph.graph, langgraph.types, langgraph.errors)
SHIM = (langferry.compat.graph, langferry.compat.types, langferry.compat.errors)


class State(TypedDict, total=False):
    x: str
    y: str


def told(face: Any, *, crashes: bool = False, sent: bool = False) -> Any:
    api, types, errors = face
    crashing = [crashes]

    def fails(state: State) -> State:
        raise ValueError("boom")

    def handler(state: State, error: Any) -> Any:
        if crashing[0]:
            raise RuntimeError("handler crash")
        return types.Command(update={"x": f"{error.node} {error.error}"[:12]}, goto="after")

    handler.__annotations__["error"] = errors.NodeError
    graph = api.StateGraph(State)
    graph.add_node("fails", fails, error_handler=handler)
    graph.add_node("beside", lambda state: {"y": "beside"})
    graph.add_node("after", lambda state: {"x": state["x"] + " after"})
    if sent:
        graph.add_conditional_edges(api.START, lambda state: [types.Send("fails", {"x": "sent"})])
    else:
        graph.add_edge(api.START, "fails")
    graph.add_edge(api.START, "beside")
    saver = InMemorySaver()
    compiled = graph.compile(checkpointer=saver)
    config = {"configurable": {"thread_id": "1"}}
    seen: list[Any] = []

    def run(input: Any) -> None:
        try:
            seen.extend(sorted(map(repr, compiled.stream(input, config))))
        except Exception as error:
            seen.append(type(error).__name__)

    run({"x": "in"})
    if crashes:
        state = compiled.get_state(config)
        seen.append((state.next, sorted(str(task.error)[:18] for task in state.tasks)))
        crashing[0] = False
        run(None)
    history = list(compiled.get_state_history(config))
    seen.append([(state.values, state.next, state.metadata["step"]) for state in history])
    written = [
        sorted((path, channel) for _, channel, _, path in entry.values())
        for entry in saver.writes.values()
    ]
    return seen, written


@pytest.mark.parametrize("options", [{}, {"crashes": True}, {"sent": True}])
def test_a_handled_failure_is_told_and_stored_as_langgraph_does(options: dict[str, bool]) -> None:
    assert told(SHIM, **options) == told(REAL, **options)
