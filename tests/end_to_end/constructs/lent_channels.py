"""Nodes that change in place what a channel holds, by a name of their own, and give it back."""

from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command


class State(TypedDict, total=False):
    docs: list[str]
    found: dict[str, int]
    messages: Annotated[list[AnyMessage], add_messages]
    word: str
    report: str


def speak(state: MessagesState) -> dict[str, Any]:
    return {"messages": [AIMessage(f"{len(state['messages'])}", id="spoken")]}


talk = StateGraph(MessagesState)
talk.add_node(speak)
talk.add_edge(START, "speak")
speaker = talk.compile()


def set_back(state: State) -> State:
    docs = state.get("docs", [])
    docs.append("first")
    if state["word"]:
        docs.append(state["word"])
    state["docs"] = docs
    return state


def maybe(state: State) -> dict[str, Any]:
    found = None
    if "found" in state:
        found = state["found"]
    if found is not None:
        found["again"] = len(found)
        found.update({"more": 1})
    else:
        found = {"new": 0}
    return {"found": found, "word": state["word"] + "!"}


def listed(state: State) -> dict[str, Any]:
    docs = None
    if "docs" in state:
        docs = state["docs"]
    if docs is not None:
        docs.append("listed")
    else:
        docs = [state["word"]]
    return {"docs": docs}


def either(state: State) -> dict[str, Any]:
    found = (state["found"] or {}) if "found" in state else {}
    found["either"] = len(found)
    docs = state.get("docs") or []
    docs.append("either")
    return {"found": found, "docs": docs}


def answer(state: State) -> dict[str, Any]:
    messages = state["messages"]
    messages.append(AIMessage(f"{len(messages)}"))
    return {"messages": messages}


def replaced(state: State) -> Command[Any]:
    result = speaker.invoke({"messages": list(state["messages"])})
    result["messages"][-1] = HumanMessage(content=result["messages"][-1].content, id="replaced")
    return Command(update={"messages": result["messages"]}, goto="commanded")


def commanded(state: State) -> Command[Any]:
    docs = state["docs"]
    docs.insert(0, "commanded")
    return Command(update={"docs": docs}, goto="tell")


def measure(docs: list[str], more: int) -> int:
    return len(docs) + more


def tell(state: State) -> State:
    count = measure(state["docs"], 1)
    state["docs"].append(str(count))
    state["report"] = f"{state['docs']} {state['found']} {len(state['messages'])}"
    return state


def show(state: State) -> State:
    print(f"{state}"[:9])
    state["word"] = "shown"
    return state


graph = StateGraph(State)
for node in (set_back, maybe, listed, either, answer, replaced, commanded, tell, show):
    graph.add_node(node.__name__, node)
for before, after in (
    (START, "set_back"),
    ("set_back", "maybe"),
    ("maybe", "listed"),
    ("listed", "either"),
    ("either", "answer"),
    ("answer", "replaced"),
    ("tell", "show"),
    ("show", END),
):
    graph.add_edge(before, after)
app = graph.compile()
