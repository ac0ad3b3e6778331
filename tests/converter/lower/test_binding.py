"""New messages in a channel's own list, which its reducer finds twice and keeps once."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

model = ChatOpenAI(model="m")

def node(state: MessagesState):
    reply = model.invoke(state["messages"])
    {body}

graph = StateGraph(MessagesState).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("state['messages'].append(reply); return state", True),
        ("state['messages'].append(AIMessage('x')); return {'messages': state['messages']}", True),
        ("state['messages'].append(reply); return {'messages': [AIMessage('x')]}", False),
        ("state['messages'].append(AIMessage('x')); return {'messages': []}", False),
        ("state['messages'].append('text'); return state", False),
        ("state['messages'].extend([reply, reply]); return state", False),
        ("[state['messages'].append(reply) for _ in '12']; return state", False),
    ],
)
def test_what_comes_out_once(body: str, is_native: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(body=body))
    (node,) = analyse(path, cache_dir=TYPES_CACHE).functions
    assert (node.disposition == "native") is is_native, node.reasons


def test_a_message_of_a_loop_stays_python(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    body = "for _ in range(2):\n        state['messages'].append(reply)\n    return state"
    path.write_text(PROGRAM.format(body=body))
    (node,) = analyse(path, cache_dir=TYPES_CACHE).functions
    assert node.disposition == "bridged"


SHARED = """
from typing import TypedDict

from langgraph.graph import START, StateGraph

class State(TypedDict):
    one: list[str]
    two: list[str]

def writes(state: State):
    made = ["a"]
    return {written}

def changes(state: State):
    {body}

graph = StateGraph(State).add_node(writes).add_node(changes)
graph = graph.add_edge(START, "writes").add_edge("writes", "changes").compile()
"""


@pytest.mark.parametrize(
    "body",
    [
        "state['one'].append('b'); return state",
        "state['one'].append('b'); return {'one': state['one']}",
        "one = state['one']; one.append('b'); return {'one': one}",
    ],
)
@pytest.mark.parametrize(
    ("written", "is_native"),
    [("{'one': made, 'two': made}", False), ("{'one': made, 'two': ['a']}", True)],
)
def test_a_value_that_another_channel_holds(
    body: str, written: str, is_native: bool, tmp_path: Path
) -> None:
    path = tmp_path / "program.py"
    path.write_text(SHARED.replace("{written}", written).replace("{body}", body))
    nodes = {x.name: x for x in analyse(path, cache_dir=TYPES_CACHE).functions}
    assert (nodes["changes"].disposition == "native") is is_native, nodes["changes"].reasons
