"""Which parts of prebuilt agents are native, and what keeps the others in Python."""

import pytest

from langferry.converter import analyse
from langferry.model import Program
from langferry.model.program import Graph
from tests.types_cache import TYPES_CACHE

PROGRAM = """
import os
from typing import Annotated, TypedDict
from langchain.agents import AgentState, create_agent
from langchain.agents.middleware import (
    AgentMiddleware, HumanInTheLoopMiddleware, ModelRetryMiddleware, SummarizationMiddleware,
    ToolRetryMiddleware, after_model, before_model, dynamic_prompt, hook_config, wrap_tool_call,
)
from langchain_core.messages import SystemMessage
from langchain.tools import tool
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import InjectedToolCallId, tool
from langchain_openai import ChatOpenAI
from langgraph.graph import MessagesState
from langgraph.managed import RemainingSteps
from langgraph.prebuilt import InjectedState, ToolNode, ToolRuntime, create_react_agent
from langgraph.prebuilt.chat_agent_executor import AgentState as StepsState
from langgraph.types import Command, Send, interrupt
from langgraph_swarm import create_handoff_tool
from pydantic import BaseModel
from somewhere import Unknown, get_tools
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
def asking_in_python(question: str) -> str:
    "Asks."
    return eval(help_with(question))
def made(kind):
    @tool(f"make_{kind}", description="Makes.")
    def make(size: int) -> str:
        return f"{kind} {size}"
    return make
def made_in_turn():
    tools = []
    for kind in ["box", "hat"]:
        @tool(f"make_{kind}", description="Makes.")
        def make(size: int) -> str:
            return f"{kind} {size}"
        tools.append(make)
    return tools
def made_in_python(kind):
    @tool(f"make_{kind}", description="Makes.")
    def make(size: int) -> str:
        return eval(kind)
    return make
class Form(BaseModel):
    a: int
    b: int = 3
@tool("formed", args_schema=Form)
def with_form(a: int, b: int) -> int:
    "Adds."
    return a + b
@tool("formed", args_schema=Form)
def with_other_form(a: int, c: int) -> int:
    "Adds."
    return a + c
@tool
def with_config(a: int, id: Annotated[str, InjectedToolCallId], config: RunnableConfig) -> str:
    "Shows."
    return f"{a} {id} {config['configurable'].get('b')}"
@tool
def with_state(a: int, state: Annotated[dict, InjectedState]) -> str:
    "Shows."
    return f"{a} {state}"
class Said(TypedDict):
    "Says."
    text: str
@tool
def with_key(a: int, state: Annotated[AgentState, InjectedState]) -> str:
    "Shows."
    return f"{a} {state['messages']} {state.get('lacking')}"
@tool
def with_other_state(a: int, state: Annotated[Said, InjectedState]) -> str:
    "Shows."
    return f"{a} {state['text']}"
@tool
def with_runtime(a: int, runtime: ToolRuntime) -> str:
    "Shows."
    return f"{a} {runtime.state['messages']} {runtime.tool_call_id}"
@tool
def with_whole_runtime(a: int, runtime: ToolRuntime) -> str:
    "Shows."
    return f"{a} {runtime.state}"
@tool
def sending(where: str):
    "Goes."
    return Command(goto=Send(where, {}))
@tool
def going(where: str):
    "Goes."
    return Command(goto=where)
class Answer(BaseModel):
    text: str
class Odd(BaseModel):
    amount: complex
class Logging(AgentMiddleware):
    def before_model(self, state, runtime):
        print(len(state["messages"]))
    @hook_config(can_jump_to=["end"])
    def after_model(self, state, runtime):
        return {"jump_to": "end"} if len(state["messages"]) > 9 else None
class Asking(Logging):
    name = "asking"
    tools = [add]
    def wrap_model_call(self, request, handler):
        return handler(request)
class Elsewhere(Logging, Unknown):
    pass
@before_model
def before(state, runtime):
    return {"messages": []}
@before_model
def before_by_position(state, run):
    return None
@dynamic_prompt
def prompt(request):
    return "Be kind."
@wrap_tool_call
def around(request, handler):
    return handler(request)
def prompted(state):
    return [SystemMessage("Be kind."), *state["messages"]]
def prompted_by_steps(state):
    return [SystemMessage(f"{state['remaining_steps']} left"), *state["messages"]]
def prompted_in_run(state, config):
    return [SystemMessage(config["configurable"]["who"]), *state["messages"]]
def prompted_with_store(state, *, store):
    return state["messages"]
def prompted_at_the_end(state):
    return state["messages"][:1] if state["is_last_step"] else state["messages"]
class Named(StepsState):
    user: str
def prompted_by_user(state):
    return [SystemMessage(state["user"]), *state["messages"]]
def prompted_whole(state):
    return [SystemMessage(str(list(state))), *state["messages"]]
class OwnSteps(MessagesState):
    remaining_steps: int
class OwnEnd(MessagesState):
    remaining_steps: RemainingSteps
    is_last_step: bool
class StrangeSteps(MessagesState):
    remaining_steps: list[str]
template = ChatPromptTemplate.from_messages([("system", "Be {mood}."), ("placeholder", "{messages}")])
def make(name, temperature=0):
    return ChatOpenAI(model=name, temperature=temperature)
model = ChatOpenAI(model="gpt-4o")
unknown_model = get_tools()
told = [add]
given = [add]
get_tools(given)
"""
BOTH, ASKING, FORMING = {"ask", "tools"}, {"ask"}, {"generate_structured_response"}
NONE: set[str] = set()


AGENTS = {
    "create_react_agent(model, [add])": BOTH,
    "create_react_agent('openai:gpt-4o', ToolNode([add]), name='Bob')": BOTH,
    "create_react_agent(model, ToolNode([add], handle_tool_errors=False))": BOTH,
    "create_react_agent(model, ToolNode([add], handle_tool_errors=(ValueError, KeyError)))": BOTH,
    "create_react_agent(model, ToolNode([add], handle_tool_errors=lambda error: 'x'))": ASKING,
    "create_react_agent(model, ToolNode([add], messages_key='others'))": ASKING,
    "create_agent(model, ToolNode([add], handle_tool_errors='Try again.'))": BOTH,
    "create_react_agent('mistralai:large', [add])": {"tools"},
    "create_react_agent(make('gpt-4o'), [add], prompt=f'Now {os.getenv(\"X\")}')": BOTH,
    "create_react_agent(model, [add], prompt=SystemMessage('Be kind.'))": BOTH,
    "create_react_agent(model, [add], prompt=lambda state: state['messages'])": BOTH,
    "create_react_agent(model, [add], prompt=prompted)": BOTH,
    "create_react_agent(model, [add], prompt=prompted_by_steps)": BOTH,
    "create_react_agent(model, [add], prompt=lambda state: prompted_by_steps(state))": BOTH,
    "create_react_agent(model, [add], prompt=prompted_in_run)": BOTH,
    "create_react_agent(model, [add], prompt=prompted_with_store)": {"tools"},
    "create_react_agent(model, [add], prompt=prompted_at_the_end)": {"tools"},
    "create_react_agent(model, [add], prompt=prompted_by_user, state_schema=Named)": BOTH,
    "create_react_agent(model, [add], prompt=prompted_whole, state_schema=Named)": {"tools"},
    "create_react_agent(model, [add], state_schema=OwnSteps)": BOTH,
    "create_react_agent(model, [add], prompt=prompted_by_steps, state_schema=OwnSteps)": BOTH,
    "create_react_agent(model, [add], prompt=prompted_at_the_end, state_schema=OwnSteps)": {
        "tools"
    },
    "create_react_agent(model, [add], state_schema=OwnEnd)": {"tools"},
    "create_react_agent(model, [add], state_schema=StrangeSteps)": BOTH,
    "create_react_agent(model, [add], prompt=template)": BOTH,
    "create_react_agent(model, [add], prompt=template.partial(mood='kind'))": BOTH,
    "create_react_agent(model, [add], prompt=template, state_schema=OwnSteps)": BOTH,
    "create_react_agent(model, [add], prompt=template, state_schema=Named)": {"tools"},
    "create_react_agent(model, [add], prompt=template | model)": {"tools"},
    "create_react_agent(model, [add], prompt=template.format_messages(messages=[]))": {"tools"},
    "create_agent(model, [add], system_prompt=template)": {"tools"},
    "create_agent(model, [add], system_prompt=prompted)": {"tools"},
    "create_react_agent(model.bind_tools([add]), [add])": BOTH,
    "create_react_agent(model.bind_tools([add], parallel_tool_calls=False), [add])": BOTH,
    "create_react_agent(model.bind_tools([add, add]), [add])": {"tools"},
    "create_react_agent(model.bind(stop=['x']), [add])": {"tools"},
    "create_react_agent(unknown_model.bind_tools(told), told)": {"tools"},
    "create_react_agent(model, given)": BOTH,
    "create_react_agent(model, [add, described])": BOTH,
    "create_react_agent(model, get_tools())": BOTH,
    "create_react_agent(model, [add, asking])": BOTH,
    "create_react_agent(model, [add, asking_in_python])": BOTH,
    "create_react_agent(model, [made('box'), made('hat')])": BOTH,
    "create_react_agent(model, [made_in_python('box')])": BOTH,
    "create_react_agent(model, made_in_turn())": BOTH,
    "create_react_agent(model, [with_form, with_config])": BOTH,
    "create_react_agent(model, [with_other_form])": BOTH,
    "create_react_agent(model, [with_state])": BOTH,
    "create_agent(model, [with_state])": ASKING,
    "create_react_agent(model, [with_key, with_runtime])": BOTH,
    "create_agent(model, [with_key, with_runtime])": BOTH,
    "create_agent(model, [with_whole_runtime])": ASKING,
    "create_react_agent(model, [with_other_state])": ASKING,
    "create_react_agent(model, [going])": BOTH,
    "create_react_agent(model, [sending])": ASKING,
    "create_react_agent(model, [create_handoff_tool(agent_name='Bob')])": BOTH,
    "create_react_agent(model, [add, {'type': 'web_search'}])": NONE,
    "create_react_agent(model, [add], pre_model_hook=lambda state: state)": {
        "pre_model_hook",
        "tools",
    },
    "create_react_agent(model, [add], post_model_hook=lambda state: {})": BOTH
    | {"post_model_hook"},
    "create_react_agent(model, [add], version='v1')": ASKING,
    "create_agent(model, [add], system_prompt='Be kind.')": BOTH,
    "create_agent(model, tools=[add, described])": BOTH,
    "create_agent(model, [add], response_format=Answer)": {"tools"},
    "create_agent(model, [add], middleware=[Logging()])": BOTH
    | {"Logging.before_model", "Logging.after_model"},
    "create_agent(model, middleware=[Asking(), before])": {
        "tools",
        "asking.before_model",
        "asking.after_model",
        "before.before_model",
    },
    "create_agent(model, [add], middleware=[before_by_position, around])": ASKING,
    "create_agent(model, [add], middleware=[prompt])": {"tools"},
    "create_agent(model, [add], middleware=[before, Logging()], response_format=Answer)": {
        "tools",
        "before.before_model",
        "Logging.before_model",
        "Logging.after_model",
    },
    "create_agent(model, [add], middleware=[Elsewhere()])": NONE,
    "create_agent(model, [add], middleware=[before, before])": NONE,
    "create_agent(model, [add], middleware=[HumanInTheLoopMiddleware({'add': True})])": NONE,
    "create_agent(model, [add], middleware=[before, SummarizationMiddleware(model)])": BOTH
    | {"before.before_model"},
    "create_agent(model, [add], middleware=[ModelRetryMiddleware()])": {"tools"},
    "create_agent(model, [add], middleware=[ToolRetryMiddleware(max_retries=1)])": ASKING,
    "create_agent(model, [add], middleware=[ModelRetryMiddleware(), ModelRetryMiddleware()])": NONE,
    "create_react_agent(model, [add], response_format=Answer)": BOTH | FORMING,
    "create_react_agent(model.bind_tools([add]), [add], response_format=('Be.', Said))": BOTH
    | FORMING,
    "create_react_agent(model, [add], response_format={'title': 'a', 'type': 'object'})": BOTH
    | FORMING,
    "create_react_agent(model, [add], response_format=Odd)": BOTH,
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program that makes all of these agents."""
    path = tmp_path_factory.mktemp("agents") / "program.py"
    made = (f"app_{number} = {agent}\n" for number, agent in enumerate(AGENTS))
    path.write_text(PROGRAM + "".join(made))
    return analyse(path, cache_dir=TYPES_CACHE)


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


def test_middleware_stands_around_the_model_as_in_langchain(program: Program) -> None:
    graph = graph_of(program, "create_agent(model, middleware=[Asking(), before])")
    assert [node.name for node in graph.nodes] == [
        "model",
        "tools",
        "asking.before_model",
        "asking.after_model",
        "before.before_model",
    ]
    assert {(edge.sources, edge.target) for edge in graph.edges} == {
        (("__start__",), "asking.before_model"),
        (("asking.before_model",), "before.before_model"),
        (("before.before_model",), "model"),
        (("model",), "asking.after_model"),
    }
    # one that goes on to the tools says nothing of where it may go besides
    targets = {branch.source: branch.targets for branch in graph.branches}
    assert targets == {
        "tools": ("asking.before_model",),
        "asking.after_model": ("tools", "__end__", "asking.before_model"),
    }


def test_what_middleware_says_of_the_next_step_is_no_output(program: Program) -> None:
    graph = graph_of(program, "create_agent(model, [add], middleware=[Logging()])")
    records = {x.id: x for x in program.records}
    assert [x.name for x in records[graph.input].fields] == ["messages"]
    assert [x.name for x in records[graph.output].fields] == ["messages", "structured_response"]
    fleeting = [x.name for x in records[graph.state].fields if x.is_transient]
    assert fleeting == ["jump_to"]


def test_the_router_after_a_hook_is_native(program: Program) -> None:
    graph = graph_of(program, "create_react_agent(model, [add], post_model_hook=lambda state: {})")
    (router,) = [x.router for x in graph.branches]
    (function,) = [x for x in program.functions if x.id == router]
    assert function.disposition == "native"


def test_an_agent_with_a_form_keeps_it(program: Program) -> None:
    agent = "create_react_agent(model, [add], response_format=Answer)"
    graph = graph_of(program, agent)
    (state,) = [x for x in program.records if x.id == graph.state]
    assert [x.name for x in state.fields] == ["messages", "structured_response"]
    assert {x.name for x in graph.nodes} == {"agent", "tools", "generate_structured_response"}
