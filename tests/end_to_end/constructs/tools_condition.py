"""Functions that ask whether the last message calls tools, of a state and of its messages."""

from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import tools_condition


class State(MessagesState):
    """What is answered, and what comes of it."""

    calls: list
    said: str


def ask(state: State) -> dict:
    if state["calls"] == ["none"]:
        return {"said": "nothing"}
    return {"messages": [AIMessage("done", tool_calls=state["calls"], id="1")]}


def decide(state: State) -> str:
    decision = tools_condition(state)
    return "tell" if decision == "tools" else decision


def tell(state: State) -> dict:
    return {"said": tools_condition(state["messages"]).upper()}


builder = StateGraph(State)
builder.add_node("ask", ask)
builder.add_node("tell", tell)
builder.add_edge(START, "ask")
builder.add_conditional_edges("ask", decide, ["tell", END])
builder.add_edge("tell", END)
app = builder.compile()
