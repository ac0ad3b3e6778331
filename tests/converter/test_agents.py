"""Which parts of prebuilt agents are native, and what keeps the others in Python."""

import pytest

from langferry.converter import analyse
from langferry.model import Program
from langferry.model.program import Graph

PROGRAM = """
import os
from langchain.agents import create_agent
from langchain_core.messages import SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import ToolNode, create_react_agent
from langgraph.types import Command, interrupt
from pydantic import BaseModel
from somewhere import get_tools
@tool
def add(a: int) -> int:
    "Adds."
    return a + 1
@tool(parse_docstring=True)
def described(a: int) -> int:
    "Adds."
    return a + 1
@tool
def asking(question: str) -> str:
    "Asks."
    return help_with(question)
def help_with(question):
    return interrupt(question)
@tool
def going(where: str):
    "Goes."
    return Command(goto=where)
class Answer(BaseModel):
    text: str
def make(name, temperature=0):
    return ChatOpenAI(model=name, temperature=temperature)
model = ChatOpenAI(model="gpt-4o")
"""
BOTH, ASKING = {"ask", "tools"}, {"ask"}
NONE: set[str] = set()


AGENTS = {
    "create_react_agent(model, [add])": BOTH,
    "create_react_agent('openai:gpt-4o', ToolNode([add]), name='Bob')": BOTH,
    "create_react_agent('mistralai:large', [add])": {"tools"},
    "create_react_agent(make('gpt-4o'), [add], prompt=f'Now {os.getenv(\"X\")}')": BOTH,
    "create_react_agent(model, [add], prompt=SystemMessage('Be kind.'))": BOTH,
    "create_react_agent(model, [add], prompt=lambda state: state['messages'])": {"tools"},
    "create_react_agent(model.bind_tools([add]), [add])": BOTH,
    "create_react_agent(model.bind_tools([add, add]), [add])": {"tools"},
    "create_react_agent(model.bind(stop=['x']), [add])": {"tools"},
    "create_react_agent(model, [add, described])": ASKING,
    "create_react_agent(model, get_tools())": ASKING,
    "create_react_agent(model, [add, asking])": ASKING,
    "create_react_agent(model, [going])": ASKING,
    "create_react_agent(model, [add, {'type': 'web_search'}])": NONE,
    "create_react_agent(model, [add], pre_model_hook=lambda state: state)": {
        "pre_model_hook",
        "tools",
    },
    "create_react_agent(model, [add], version='v1')": ASKING,
    "create_agent(model, [add], system_prompt='Be kind.')": BOTH,
    "create_agent(model, tools=[add, described])": ASKING,
    "create_agent(model, [add], response_format=Answer)": {"tools"},
    "create_react_agent(model, [add], response_format=Answer)": BOTH,
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program that makes all of these agents."""
    path = tmp_path_factory.mktemp("agents") / "program.py"
    made = (f"app_{number} = {agent}\n" for number, agent in enumerate(AGENTS))
    path.write_text(PROGRAM + "".join(made))
    return analyse(path)


def graph_of(program: Program, agent: str) -> Graph:
    """The graph of one of the agents."""
    name = f"app_{list(AGENTS).index(agent)}"
    id_ = next(id_ for entry, id_ in program.entries if entry == name)
    return next(graph for graph in program.graphs if graph.id == id_)


@pytest.mark.parametrize("agent", AGENTS)
def test_native_parts(program: Program, agent: str) -> None:
    native = {x.id for x in program.functions if x.disposition == "native"}
    names = {"agent": "ask", "model": "ask"}
    nodes = graph_of(program, agent).nodes
    assert {names.get(x.name, x.name) for x in nodes if x.function in native} == AGENTS[agent]


def test_an_agent_with_a_form_keeps_it(program: Program) -> None:
    agent = "create_react_agent(model, [add], response_format=Answer)"
    graph = graph_of(program, agent)
    (state,) = [x for x in program.records if x.id == graph.state]
    assert [x.name for x in state.fields] == ["messages", "structured_response"]
    assert {x.name for x in graph.nodes} == {"agent", "tools", "generate_structured_response"}
