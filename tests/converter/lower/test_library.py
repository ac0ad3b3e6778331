"""The libraries' routers as written in `lower.library` decide as the libraries' own do."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
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
    # what has no counterpart in Python is not called here
    exec(library.SCOPE.text.replace("from langferry.library import answer, answers\n", ""), scope)
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
    found = outcome(ours(name, OTHERWISE=otherwise), messages)
    assert repr(found) == repr(outcome(theirs, messages))


@pytest.mark.parametrize("messages", HISTORIES)
def test_tools_condition(messages: list[BaseMessage]) -> None:
    assert outcome(ours("tools_condition"), messages) == outcome(tools_condition, messages)
