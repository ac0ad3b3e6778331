"""Supervisors that are taken apart, and those of which only their own code knows what they are."""

import re
from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Program

HEAD = """
from langchain.chat_models import init_chat_model
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_ollama import ChatOllama
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import create_react_agent
from langgraph.types import interrupt
from langgraph_supervisor import create_supervisor
from langgraph_supervisor.handoff import create_handoff_tool


def add(a: int) -> int:
    '''Adds.'''
    return a


def ask(state: MessagesState):
    return {"messages": [interrupt("who?")]}


def built(name, node=None):
    graph = StateGraph(MessagesState)
    graph.add_node("node", node or (lambda state: {"messages": []}))
    graph.add_edge(START, "node")
    return graph.compile(name=name)


model = ChatOpenAI(model="gpt-4o")
one, two = built("one"), built("two")
asking = built("asking", ask)

"""


def _program(text: str, tmp_path: Path, types_cache: Path) -> Program:
    path = tmp_path / "program.py"
    path.write_text(HEAD + text)
    return analyse(path, entry="app", cache_dir=types_cache)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("[one, two], model=model", True),
        ("agents=(one,), model=model, parallel_tool_calls=True", True),
        ("[one], model=ChatOpenAI(model='o3-mini')", False),
        ("[one], model=ChatAnthropic(model='claude-sonnet-4-5')", True),
        ("[one], model=ChatOllama(model='llama3')", False),
        ("[one], model=init_chat_model('openai:gpt-4o')", True),
        ("[one], model=init_chat_model('gpt-4o', model_provider='openai')", True),
        ("[one], model=model, tools=[add], prompt='Be kind.'", True),
        ("[one], model=model, tools=None, prompt=None, output_mode='full_history'", True),
    ],
)
def test_supervisors_are_taken_apart(
    made: str, told: bool, tmp_path: Path, types_cache: Path
) -> None:
    found = _program(f"app = create_supervisor({made}).compile()\n", tmp_path, types_cache)
    assert not [x for x in found.functions if x.disposition != "native"]
    nodes = {node.name for graph in found.graphs for node in graph.nodes}
    assert {"supervisor", "agent", "tools", "one"} <= nodes
    assert ("parallel_tool_calls" in repr([x.body for x in found.functions])) == told


@pytest.mark.parametrize(
    "made",
    [
        "[], model=model",
        "[one, built('one')], model=model",
        "[built(None)], model=model",
        "[one], model='openai:gpt-4o'",
        "[one], model=model, output_mode='none'",
        "[one], model=model, include_agent_name='inline'",
        "[one], model=model, tools=[create_handoff_tool(agent_name='one')]",
        "[one], model=model, add_handoff_messages=None",
        "[one], model=model, parallel_tool_calls=None",
        "[one], model=model, output_mode=None",
        "[one], model=model, supervisor_name='one'",
        "[built('A b'), built('a_B')], model=model",
        "[built('a:b')], model=model",
        "[built('__end__')], model=model",
        "[one], model=model, response_format={}",
        "[one], model=model, pre_model_hook=ask",
    ],
)
def test_other_supervisors_stay_whole(made: str, tmp_path: Path, types_cache: Path) -> None:
    found = _program(f"app = create_supervisor({made}).compile()\n", tmp_path, types_cache)
    graph = next(x for x in found.graphs if x.id == found.entry_graph)
    assert [node.name for node in graph.nodes] == ["agent"]
    assert "LF224" in [x.code for x in found.diagnostics]


def test_an_agent_that_asks_is_run_by_python(tmp_path: Path, types_cache: Path) -> None:
    text = "app = create_supervisor(\n    [asking, one],\n    model=model,\n).compile()\n"
    found = _program(text, tmp_path, types_cache)
    bridged = {x.name: x for x in found.functions if x.disposition == "bridged"}
    assert set(bridged) == {"asking"}
    bridge = bridged["asking"].bridge
    assert bridge is not None
    # the supervisor's own graph is compiled at the same lines before
    assert re.search(
        r"compiled\('program.py', \d+, \d+, 1, .*\)\.node\('asking'\)", bridge.expression
    )


@pytest.mark.parametrize(
    "made",
    [
        "[one], model=model.bind(stop=['x'])",
        "[one], model=ChatOpenAI(model=open('m').read())",
        "[one], model=Other()",
    ],
)
def test_a_supervisor_that_is_not_known_asks_in_python(
    made: str, tmp_path: Path, types_cache: Path
) -> None:
    text = f"""
from elsewhere import Other

app = create_supervisor({made}).compile()
"""
    found = _program(text, tmp_path, types_cache)
    nodes = {x.name: x.disposition for x in found.functions if x.roles[0] == "node"}
    assert nodes == {"agent": "bridged", "tools": "native", "one": "native", "<lambda>": "native"}


@pytest.mark.parametrize("steps", ["RemainingSteps", "int"])
def test_a_state_that_counts_steps_or_leaves_them_to_langgraph_is_native(
    steps: str, tmp_path: Path, types_cache: Path
) -> None:
    text = f"""
from langgraph.managed import RemainingSteps


class State(MessagesState):
    remaining_steps: {steps}
    tasks: list[str]


app = create_supervisor([one], model=model, state_schema=State).compile()
"""
    found = _program(text, tmp_path, types_cache)
    assert not [x for x in found.functions if x.disposition != "native"]
