"""The libraries' routers as written in `lower.library` decide as the libraries' own do."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
)
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langgraph.graph import MessagesState
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.prebuilt import create_react_agent, tools_condition

from langferry.converter.lower import library

CALLS = [{"name": "add", "args": {"a": 1}, "id": "1"}, {"name": "add", "args": {}, "id": "2"}]

HISTORIES: list[list[BaseMessage]] = [
    [],
    [HumanMessage("hi")],
    [AIMessage("done")],
    [HumanMessage("hi"), AIMessage("", tool_calls=CALLS)],
    [AIMessage("", tool_calls=CALLS), ToolMessage("3", tool_call_id="1")],
]


class OwnSteps(MessagesState):
    """A state whose steps the program counts."""

    remaining_steps: int


class Model(GenericFakeChatModel):
    """A model that can be given tools."""

    def bind_tools(self, tools: Any, **arguments: Any) -> Any:
        """Itself."""
        return self


@tool
def add(a: int) -> int:
    """Adds."""
    return a


def ours(name: str, **constants: object) -> Callable[[Any], Any]:
    """A function of `lower.library` as Python runs it."""
    scope: dict[str, Any] = dict(constants)
    # what has no counterpart in Python is given here
    own = re.compile("^from langferry.library import .*$", re.MULTILINE)
    exec(own.sub("", library.SCOPE.text), scope)
    found: Callable[[Any], Any] = scope[name]
    return found


def outcome(router: Callable[[Any], Any], messages: list[BaseMessage]) -> Any:
    try:
        return router({"messages": messages})
    except Exception as error:
        return type(error), str(error)


def agents() -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "to_tools_one_by_one", {}, "__end__"
    yield "to_tools_at_once", {"version": "v1"}, "__end__"
    structured: dict[str, Any] = {"response_format": {"title": "answer", "type": "object"}}
    yield "to_tools_one_by_one", structured, "generate_structured_response"


@pytest.mark.parametrize(("name", "options", "otherwise"), list(agents()))
@pytest.mark.parametrize("messages", HISTORIES)
def test_agent(
    name: str, options: dict[str, Any], otherwise: str, messages: list[BaseMessage]
) -> None:
    agent = create_react_agent(Model(messages=iter([])), [add], **options)
    theirs = agent.builder.branches["agent"]["should_continue"].path.func
    own = ours(name, OTHERWISE=otherwise, with_remaining_steps=lambda state: state)
    found = outcome(own, messages)
    assert repr(found) == repr(outcome(theirs, messages))


@pytest.mark.parametrize("options", [{}, {"response_format": {"title": "answer"}}])
@pytest.mark.parametrize(
    "messages",
    [
        *HISTORIES[2:],
        [AIMessage("", tool_calls=CALLS[:1]), ToolMessage("3", tool_call_id="1")],
        [AIMessage("done"), HumanMessage("hi")],
        [AIMessage("done"), ToolMessage("3", tool_call_id="9")],
    ],
)
def test_agent_after_its_hook(messages: list[BaseMessage], options: dict[str, Any]) -> None:
    hooks = {"pre_model_hook": lambda state: {}, "post_model_hook": lambda state: {}}
    agent = create_react_agent(Model(messages=iter([])), [add], **hooks, **options)
    branches = agent.builder.branches["post_model_hook"]
    theirs = branches["post_model_hook_router"].path.func
    otherwise = "generate_structured_response" if options else "__end__"
    told = {"FIRST": "pre_model_hook", "OTHERWISE": otherwise}
    own = ours("after_hook", with_remaining_steps=lambda state: state, **told)
    assert repr(outcome(own, messages)) == repr(outcome(theirs, messages))


class Formed(Model):
    """A model that gives what it is asked."""

    def with_structured_output(self, schema: Any, **arguments: Any) -> Any:
        """What tells the form and the messages."""
        return RunnableLambda(lambda messages: (schema, [x.content for x in messages]))


@pytest.mark.parametrize("told", [None, "Be kind."])
def test_agent_answers_in_a_form(told: str | None) -> None:
    schema = {"title": "answer", "type": "object"}
    model = Formed(messages=iter([]))
    form = schema if told is None else (told, schema)
    agent = create_react_agent(model, [add], response_format=form)
    node = agent.builder.nodes["generate_structured_response"].runnable.func
    instructions = [] if told is None else [SystemMessage(told)]
    formed = model.with_structured_output(schema)
    own = ours("answer_in_form", FORMED=formed, INSTRUCTIONS=instructions)
    state = {"messages": HISTORIES[4]}
    assert own(state) == node(state, None, {})


@pytest.mark.parametrize("messages", HISTORIES)
def test_tools_condition(messages: list[BaseMessage]) -> None:
    assert outcome(ours("tools_condition"), messages) == outcome(tools_condition, messages)


@tool(return_direct=True)
def last(a: int) -> str:
    """Ends."""
    return f"last {a}"


ENDINGS: list[list[BaseMessage]] = [
    *HISTORIES[1:],
    [AIMessage("", tool_calls=CALLS), ToolMessage("3", name="last", tool_call_id="1")],
    [
        AIMessage("", tool_calls=[*CALLS, {"name": "last", "args": {}, "id": "3"}]),
        ToolMessage("3", name="add", tool_call_id="1"),
    ],
    [ToolMessage("3", name="last", tool_call_id="1"), HumanMessage("hi")],
    [ToolMessage("3", name="add", tool_call_id="1")],
]


@pytest.mark.parametrize("messages", ENDINGS)
def test_agent_after_tools(messages: list[BaseMessage]) -> None:
    agent = create_react_agent(Model(messages=iter([])), [add, last])
    theirs = agent.builder.branches["tools"]["route_tool_responses"].path.func
    found = outcome(ours("back_or_end", ENDING=["last"], FIRST="agent"), messages)
    assert found == outcome(theirs, messages)


def named(message: BaseMessage, name: str | None) -> BaseMessage:
    """The message with a name of its own."""
    return message.model_copy(update={"name": name})


ANSWERS = [AIMessage("done", id="a"), AIMessage("", tool_calls=CALLS[:1], id="a")]
ANSWERS += [AIMessage("", tool_calls=[{"name": "last", "args": {}, "id": "3"}], id="a")]


@pytest.mark.parametrize("left", [0, 1, 2, 9])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("messages", HISTORIES[1:])
def test_agent_asks(messages: list[BaseMessage], answer: AIMessage, left: int) -> None:
    agent = create_react_agent(Model(messages=iter([answer])), [add, last], name="Bob")
    node = agent.builder.nodes["agent"].runnable.func
    told = {"MODEL": Model(messages=iter([answer])), "INSTRUCTIONS": [], "NAME": "Bob"}
    asks = ours("ask", named=named, remaining_steps=lambda: left, ENDING=["last"], **told)

    def theirs(state: dict[str, Any]) -> Any:
        return node({**state, "remaining_steps": left}, None, {})

    assert outcome(asks, messages) == outcome(theirs, messages)


@pytest.mark.parametrize("left", [None, 0, 1, 2, 9])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("messages", HISTORIES[1:])
def test_agent_asks_in_a_state_that_counts_itself(
    messages: list[BaseMessage], answer: AIMessage, left: int | None
) -> None:
    agent = create_react_agent(
        Model(messages=iter([answer])), [add, last], name="Bob", state_schema=OwnSteps
    )
    node = agent.builder.nodes["agent"].runnable.func
    told = {"MODEL": Model(messages=iter([answer])), "INSTRUCTIONS": [], "NAME": "Bob"}
    asks = ours("ask_as_it_is", named=named, ENDING=["last"], **told)
    given = {} if left is None else {"remaining_steps": left}

    def of(node: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda state: node({**state, **given})

    found = outcome(of(asks), messages)
    assert found == outcome(of(lambda state: node(state, None, {})), messages)


TEMPLATES = [
    ChatPromptTemplate.from_messages(
        [("system", "{remaining_steps} left"), ("placeholder", "{messages}")]
    ),
    ChatPromptTemplate.from_messages([("system", "Be {mood}."), ("placeholder", "{messages}")]),
    ChatPromptTemplate.from_template("{messages}"),
]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("messages", HISTORIES[1:])
def test_agent_asks_with_a_template(
    messages: list[BaseMessage], template: ChatPromptTemplate
) -> None:
    said: list[Any] = []

    class Noting(Model):
        """A model that notes what it is asked."""

        def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
            said.append(messages)
            return super()._generate(messages, *args, **kwargs)

    model = Noting(messages=iter([ANSWERS[0], ANSWERS[0]]))
    node = create_react_agent(model, [add, last], prompt=template).builder.nodes["agent"].runnable
    told = {"MODEL": model, "PROMPT": template, "NAME": None, "ENDING": ["last"]}
    steps = {"with_remaining_steps": lambda state: {**state, "remaining_steps": 9}}
    asks = ours("ask_templated", named=named, remaining_steps=lambda: 9, **steps, **told)

    def theirs(state: dict[str, Any]) -> Any:
        return node.func({**state, "remaining_steps": 9}, None, {})

    assert outcome(asks, messages) == outcome(theirs, messages)
    assert said[1:] == said[:1]


def test_agent_answers_calls_that_could_not_be_read() -> None:
    broken = [{"name": None, "args": "{", "id": "1", "error": None, "type": "invalid_tool_call"}]
    broken += [{**broken[0], "id": None}, {**broken[0], "id": "2", "name": "add"}]
    asked = AIMessage("", invalid_tool_calls=broken)
    messages = [asked, ToolMessage("3", tool_call_id="2"), HumanMessage("go on")]
    answer = AIMessage("done")
    told = {"MODEL": Model(messages=iter([answer])), "INSTRUCTIONS": [], "NAME": None}
    found = ours("ask_repaired", named=named, **told)({"messages": messages})["messages"]
    content = (
        "Tool call unknown with id 1 could not be executed - arguments were malformed or truncated."
    )
    made = ToolMessage(content, name="unknown", tool_call_id="1", status="error")
    assert [x.type for x in found] == ["remove", "ai", "tool", "tool", "human", "ai"]
    assert found[0].id == REMOVE_ALL_MESSAGES
    assert found[2] == made
