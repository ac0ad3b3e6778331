"""What nodes and routers of the libraries do, as Python that is lowered like a program's own.

Names in capitals are constants that a request gives.
"""

from langferry.converter.lower.scope import Function, ModuleScope
from langferry.converter.types import Module, untyped

_SOURCE = """
from langchain_core.messages import AIMessage, SystemMessage, ToolMessage
from langferry.library import answer, answers
from langgraph.types import Send


def tools_condition(state):
    messages = state.get("messages", [])
    if not messages:
        raise ValueError(f"No messages found in input state to tool_edge: {state}")
    last = messages[-1]
    if hasattr(last, "tool_calls") and len(last.tool_calls) > 0:
        return "tools"
    return "__end__"


def ask(state):
    messages = state["messages"]
    calls = [
        call
        for message in messages
        if isinstance(message, AIMessage)
        for call in message.tool_calls
    ]
    answered = [message.tool_call_id for message in messages if isinstance(message, ToolMessage)]
    open_calls = [call for call in calls if call["id"] not in answered]
    if open_calls:
        raise ValueError(
            "Found AIMessages with tool_calls that do not have a corresponding ToolMessage. "
            f"Here are the first few of those tool calls: {open_calls[:3]}.\\n\\n"
            "Every tool call (LLM requesting to call a tool) in the message history MUST have a "
            "corresponding ToolMessage (result of a tool invocation to return to the LLM) - this "
            "is required by most LLM providers.\\nFor troubleshooting, visit: "
            "https://docs.langchain.com/oss/python/langgraph/errors/INVALID_CHAT_HISTORY"
        )
    before = [SystemMessage(content=text) for text in INSTRUCTIONS]
    return {"messages": [MODEL.invoke([*before, *messages])]}


def run_tools(state):
    return {"messages": answers(TOOLS, state.get("messages", []))}


def run_one_tool(state):
    return {"messages": [answer(TOOLS, state["tool_call"])]}


def to_tools_one_by_one(state):
    last = state["messages"][-1]
    if not isinstance(last, AIMessage) or not last.tool_calls:
        return OTHERWISE
    return [
        Send(
            "tools",
            {"__type": "tool_call_with_context", "tool_call": call, "state": state},
        )
        for call in last.tool_calls
    ]


def to_tools_at_once(state):
    last = state["messages"][-1]
    if not isinstance(last, AIMessage) or not last.tool_calls:
        return OTHERWISE
    return "tools"
"""

SCOPE = ModuleScope("", "langferry.library", _SOURCE)
TYPES = untyped([Module("", "langferry.library", _SOURCE)])


def library_function(name: str) -> Function:
    """The function that stands for one of the libraries' own.

    Raises:
        KeyError: there is none of this name.
    """
    (definition,) = SCOPE.bindings[name]
    assert isinstance(definition, Function)
    return definition
