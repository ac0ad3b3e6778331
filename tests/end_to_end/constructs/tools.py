"""Tools that a program runs itself, by name and with the calls of a message."""

from functools import lru_cache

from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph


@tool
def add(a: int, b: int = 2) -> int:
    """Adds two numbers."""
    return a + b


@tool("shout", return_direct=True)
async def raise_voice(text: str, times: int = 1) -> str:
    """Shouts."""
    return text.upper() * times


tools = [add, raise_voice]
by_hand = {"add": add, "shout": raise_voice}
tools_by_name = {tool.name: tool for tool in tools}


class State(MessagesState):
    """What is asked for, and what came of it."""

    calls: list
    shown: str


def ask(state: State) -> dict:
    return {"messages": [AIMessage(content="", tool_calls=state["calls"], id="1")]}


async def answer(state: State) -> dict:
    answers = []
    for call in state["messages"][-1].tool_calls:
        chosen = tools_by_name[call["name"]]
        result = await chosen.ainvoke(call["args"])
        answers.append(
            ToolMessage(content=f"{chosen.name}: {result}", tool_call_id=call["id"], id=call["id"])
        )
    return {"messages": answers, "shown": f"{tools_by_name['add'].description} {len(answers)}"}


@lru_cache(maxsize=2)
def kept(name: str, loud: bool = False):
    if loud:
        tool = raise_voice
    elif name in by_hand:
        tool = by_hand[name]
    else:
        raise ValueError(f"no {name}")
    return tool


async def choose(state: State) -> dict:
    call = state["calls"][0]
    tool = kept(call["name"])
    if call["name"] == "shout":
        tool = kept("", True)
    return {"shown": f"{tool.name} {await tool.ainvoke(call['args'])} {kept('add').name}"}


async def answer_calls(state: State) -> dict:
    call = state["messages"][0].tool_calls[0]
    made = await tools_by_name[call["name"]].ainvoke(call)
    return {"shown": f"{made.name} {made.content} {made.tool_call_id} {made.status}"}


builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_node("answer", answer)
builder.add_node("answer_calls", answer_calls)
builder.add_node("choose", choose)
builder.add_edge(START, "ask")
builder.add_edge("ask", "answer")
builder.add_edge("answer", "answer_calls")
builder.add_edge("answer_calls", "choose")
builder.add_edge("choose", END)
app = builder.compile()
