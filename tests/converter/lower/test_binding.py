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
