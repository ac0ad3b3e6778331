"""Values of the state that no checkpoint may hold, such as open connections."""

import threading
from typing import Annotated, Any, TypedDict

import langgraph.channels
import pytest

import langferry.compat.channels

from .faces import REAL, SHIM

FACES = [(REAL, langgraph.channels), (SHIM, langferry.compat.channels)]
THREAD = {"configurable": {"thread_id": "1"}}


@pytest.mark.parametrize(("face", "channels"), FACES, ids=["langgraph", "shim"])
def test_they_reach_the_next_node_and_no_saver(face: Any, channels: Any) -> None:
    # a lock cannot be stored, so a saver that is given it fails
    class State(TypedDict, total=False):
        lock: Annotated[Any, channels.UntrackedValue]
        seen: list[Any]

    def look(state: State) -> Any:
        return {"seen": [type(state["lock"]).__name__, "nested" in state]}

    builder = face.StateGraph(State)
    builder.add_node("open", lambda state: {"lock": threading.Lock()})
    builder.add_node("look", look)
    builder.add_edge(face.START, "open")
    builder.add_conditional_edges("open", lambda state: [face.Send("look", state)])
    graph = builder.compile(checkpointer=face.InMemorySaver())
    assert graph.invoke({}, THREAD)["seen"] == ["lock", False]
    states = list(graph.get_state_history(THREAD))
    assert [state.values for state in states] == [{"seen": ["lock", False]}, {}, {}, {}]
