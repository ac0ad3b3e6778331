"""What nodes and routers of the libraries do, as Python that is lowered like a program's own.

Names in capitals are constants that a request gives.
"""

import ast
from itertools import product

from langferry.converter.module_scope import Definition, Function, ModuleScope
from langferry.converter.types import untyped

_SOURCE = """
import uuid
from typing import Annotated, Any

from langchain_core.messages import AIMessage, RemoveMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langferry.library import answer, answers, named, outputs, read_state, remaining_steps
from langferry.library import sent, with_remaining_steps
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.prebuilt import InjectedState
from langgraph.types import Command, Send


def tools_condition(state):
    messages = state.get("messages", [])
    if not messages:
        raise ValueError(f"No messages found in input state to tool_edge: {state}")
    last = messages[-1]
    if hasattr(last, "tool_calls") and len(last.tool_calls) > 0:
        return "tools"
    return "__end__"


def answer_in_form(state):
    return {"structured_response": FORMED.invoke([*INSTRUCTIONS, *state["messages"]])}


def ask_repaired(state):
    messages = state["messages"]
    answered = [message.tool_call_id for message in messages if isinstance(message, ToolMessage)]
    repaired = []
    for message in messages:
        repaired.append(message)
        if not isinstance(message, AIMessage):
            continue
        for call in message.invalid_tool_calls:
            id = call.get("id")
            if id is None or id in answered:
                continue
            name = call.get("name") or "unknown"
            content = (
                f"Tool call {name} with id {id} could not be executed - "
                "arguments were malformed or truncated."
            )
            repaired.append(
                ToolMessage(content=content, name=name, tool_call_id=id, status="error")
            )
            answered.append(id)
    answer = named(MODEL.invoke([*INSTRUCTIONS, *repaired]), NAME)
    if len(repaired) > len(messages):
        return {"messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES), *repaired, answer]}
    return {"messages": [answer]}


def run_tools(state):
    return outputs(KEY, answers(TOOLS, state.get(KEY, []), ERRORS, state))


def run_tools_of_object(state):
    return outputs(KEY, answers(TOOLS, getattr(state, KEY), ERRORS, state))


def run_one_tool(state):
    return outputs("messages", [answer(TOOLS, state["tool_call"], ERRORS, state["state"])])


def run_sent_tools(state):
    return outputs(
        "messages", [answer(TOOLS, call, ERRORS, read_state()) for call in state]
    )


def to_tools_at_once(state):
    last = state["messages"][-1]
    if not isinstance(last, AIMessage) or not last.tool_calls:
        return OTHERWISE
    return "tools"


def back_or_end(state):
    messages = state["messages"]
    others = [
        place for place, message in enumerate(messages) if not isinstance(message, ToolMessage)
    ]
    asking = others[-1] if others else -1
    names = [answer.name for answer in messages[asking + 1 :]]
    if others and isinstance(messages[asking], AIMessage):
        names.extend([call["name"] for call in messages[asking].tool_calls])
    return "__end__" if any(name in ENDING for name in names) else FIRST


def jump(state):
    to = state.get("jump_to")
    if to == "model":
        return FIRST
    if to == "end":
        return OTHERWISE
    return "tools" if to == "tools" else NEXT


def to_pending_tools(state):
    to = state.get("jump_to")
    if to:
        if to == "model":
            return FIRST
        if to == "end":
            return OTHERWISE
        if to == "tools":
            return "tools"
        raise KeyError(None)
    messages = state["messages"]
    places = [place for place, message in enumerate(messages) if isinstance(message, AIMessage)]
    if not places:
        return OTHERWISE
    last = places[-1]
    calls = messages[last].tool_calls
    if not calls:
        return OTHERWISE
    answered = [
        message.tool_call_id for message in messages[last + 1 :] if isinstance(message, ToolMessage)
    ]
    pending = [call for call in calls if call["id"] not in answered]
    if pending:
        return [Send("tools", [call]) for call in pending]
    return OTHERWISE if state.get("structured_response") is not None else FIRST


def making_hand_off(AGENT, NAME, DESCRIPTION):
    @tool(NAME, description=DESCRIPTION)
    def hand_off(
        state: Annotated[Any, InjectedState], tool_call_id: Annotated[str, InjectedToolCallId]
    ):
        content = f"Successfully transferred to {AGENT}"
        answer = ToolMessage(content=content, name=NAME, tool_call_id=tool_call_id)
        update = {"messages": [*state["messages"], answer], "active_agent": AGENT}
        return Command(goto=AGENT, graph=Command.PARENT, update=update)

    return hand_off


def making_supervised_hand_off(AGENT, NAME, DESCRIPTION, TELLS, KEYS):
    @tool(NAME, description=DESCRIPTION)
    def supervised_hand_off(
        state: Annotated[Any, InjectedState], tool_call_id: Annotated[str, InjectedToolCallId]
    ):
        messages = state["messages"]
        asking = messages[-1]
        others = {key: state[key] for key in KEYS if key in state}
        answer = ToolMessage(
            content=f"Successfully transferred to {AGENT}",
            name=NAME,
            tool_call_id=tool_call_id,
            response_metadata={"__handoff_destination": AGENT},
        )
        if len(asking.tool_calls) > 1:
            content = asking.content
            if isinstance(content, list) and len(content) > 1 and isinstance(content[0], dict):
                content = [
                    block
                    for block in content
                    if (block["type"] == "tool_use" and block["id"] == tool_call_id)
                    or block["type"] != "tool_use"
                ]
            alone = AIMessage(
                content=content,
                tool_calls=[call for call in asking.tool_calls if call["id"] == tool_call_id],
                name=asking.name,
                id=str(uuid.uuid4()),
            )
            told = [alone, answer] if TELLS else []
            handed = [*messages[:-1], *told]
            given = {**others, "messages": handed}
            return Command(graph=Command.PARENT, goto=[sent(AGENT, given)])
        kept = [*messages, answer] if TELLS else messages[:-1]
        update = {**others, "messages": kept}
        return Command(goto=AGENT, graph=Command.PARENT, update=update)

    return supervised_hand_off


def call_agent(state):
    output = AGENT.invoke(state)
    messages = output["messages"]
    if LAST_ONLY:
        messages = messages[-2:] if isinstance(messages[-1], ToolMessage) else messages[-1:]
    if TELLS:
        id = str(uuid.uuid4())
        called = {"name": BACK, "args": {}, "id": id, "type": "tool_call"}
        told = {"__is_handoff_back": True}
        asking = AIMessage(
            content=f"Transferring back to {SUPERVISOR}",
            tool_calls=[called],
            name=NAME,
            response_metadata=told,
        )
        answer = ToolMessage(
            content=f"Successfully transferred back to {SUPERVISOR}",
            name=BACK,
            tool_call_id=id,
            response_metadata=told,
        )
        messages = [*messages, asking, answer]
    return {**output, "messages": messages}


def to_active_agent(state):
    return state.get("active_agent", DEFAULT)


def back_to_model(state):
    return FIRST


def back_unless_all_end(state):
    messages = state["messages"]
    places = [place for place, message in enumerate(messages) if isinstance(message, AIMessage)]
    if not places:
        return FIRST
    last = places[-1]
    answers = [
        message
        for message in messages[last + 1 :]
        if isinstance(message, ToolMessage) and message.name in NAMES
    ]
    ran = []
    for call in messages[last].tool_calls:
        names = [item.name for item in answers if item.tool_call_id == call["id"]]
        name = names[-1] if names else call["name"]
        if name in NAMES:
            ran.append(name)
    return OTHERWISE if ran and all(name in ENDING for name in ran) else FIRST
"""

_ASKING = """

def ASKING:
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
    answer = named(ANSWER, NAME)
    asked_for = answer.tool_calls
    ending = [call for call in asked_for if call["name"] in ENDING]
    left = LEFT
    if FEW:
        content = "Sorry, need more steps to process this request."
        return {"messages": [AIMessage(id=answer.id, content=content)]}
    return {"messages": [answer]}
"""

_SENDING = """

def ONE_BY_ONE(state):
    last = state["messages"][-1]
    if not isinstance(last, AIMessage) or not last.tool_calls:
        return OTHERWISE
    seen = SEEN
    return [
        Send(
            "tools",
            {"__type": "tool_call_with_context", "tool_call": call, "state": seen},
        )
        for call in last.tool_calls
    ]


def AFTER_HOOK(state):
    messages = state["messages"]
    answered = [message.tool_call_id for message in messages if isinstance(message, ToolMessage)]
    asking = [message for message in messages if isinstance(message, AIMessage)]
    if not asking:
        # what Python makes of a StopIteration within the generator that runs the graph
        raise RuntimeError("generator raised StopIteration")
    pending = [call for call in asking[-1].tool_calls if call["id"] not in answered]
    if pending:
        seen = SEEN
        return [
            Send(
                "tools",
                {"__type": "tool_call_with_context", "tool_call": call, "state": seen},
            )
            for call in pending
        ]
    return FIRST if isinstance(messages[-1], ToolMessage) else OTHERWISE
"""

_SOURCE += "".join(
    _SENDING.replace("ONE_BY_ONE", f"to_tools_one_by_one{ending}")
    .replace("AFTER_HOOK", f"after_hook{ending}")
    .replace("SEEN", seen)
    # where a program's own channel counts steps, the state is shown as it is
    for ending, seen in (("", "with_remaining_steps(state)"), ("_as_it_is", "state"))
)

_STEPS = "with_remaining_steps(state)"
_ANSWERS = {
    "ask(state)": "MODEL.invoke([*INSTRUCTIONS, *messages])",
    "ask_prompted(state)": "MODEL.invoke(PROMPT(state))",
    "ask_prompted_in_run(state, config)": "MODEL.invoke(PROMPT(state, config))",
    "ask_prompted_with_steps(state)": f"MODEL.invoke(PROMPT({_STEPS}))",
    "ask_prompted_with_steps_in_run(state, config)": f"MODEL.invoke(PROMPT({_STEPS}, config))",
}
"""How the model of an agent is asked, by what asks it."""

_FEW = "left < 1 and len(ending) == len(asked_for) or left < 2 and len(asked_for) > 0"


def _asking(name: str, answer: str, left: str, few: str) -> str:
    """A node that asks the model, and says that steps are lacking where `left` are too few."""
    function = _ASKING.replace("ASKING", name).replace("ANSWER", answer)
    return function.replace("LEFT", left).replace("FEW", few)


_SOURCE += "".join(
    _asking(name, answer, "remaining_steps()", _FEW)
    for name, answer in {
        **_ANSWERS,
        "ask_templated(state)": f"(PROMPT | MODEL).invoke({_STEPS})",
    }.items()
)

# a program's own channel counts what it likes, or nothing
_SOURCE += "".join(
    _asking(
        name.replace("(", "_as_it_is(", 1),
        answer,
        'state.get("remaining_steps")',
        f"left is not None and ({_FEW})",
    )
    for name, answer in {
        **_ANSWERS,
        "ask_templated(state)": "(PROMPT | MODEL).invoke(state)",
    }.items()
    if _STEPS not in answer
)


def _sequence(pattern: str) -> str:
    """A node that is a chain: "f" is a function in it, "r" an object that is invoked."""
    value, objects = "state", list[str]()
    for number, (kind, following) in enumerate(zip(pattern, f"{pattern[1:]}f", strict=True)):
        if kind == "f":
            value = f"STEP_{number}({value})"
            continue
        objects.append(f"STEP_{number}")
        if following == "f":
            # what stands side by side is asked as the one chain that it is
            value, objects = f"({' | '.join(objects)}).invoke({value})", []
    return f"\n\ndef sequence_{pattern}(state):\n    return {value}\n"


_SOURCE += "".join(
    _sequence("".join(kinds)) for size in (2, 3, 4) for kinds in product("fr", repeat=size)
)

SCOPE = ModuleScope("", "langferry.library", _SOURCE)
TYPES = untyped([SCOPE])


def hand_off(name: str = "hand_off") -> Definition:
    """The tool that hands a run over to another agent, by one of the functions that do so."""
    (making,) = SCOPE.bindings[f"making_{name}"]
    found = next(node for node in ast.walk(making) if getattr(node, "name", "") == name)
    assert isinstance(found, Definition)
    return found


def library_function(name: str) -> Function:
    """The function that stands for one of the libraries' own.

    Raises:
        KeyError: there is none of this name.
    """
    (definition,) = SCOPE.bindings[name]
    assert isinstance(definition, Function)
    return definition
