"""Names of modules that functions assign to, and that others look at."""

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode

HEALTHY = False
COUNT = 0
LAST: str | None = None
RATE = 1.5


def reset():
    """Back to how it was."""
    global HEALTHY, COUNT, LAST, RATE
    HEALTHY = False
    COUNT = 0
    LAST = None
    RATE = 1.5


@tool
def look(service: str) -> str:
    """Looks."""
    if not HEALTHY:
        return f"{service} is ill, {COUNT} {LAST} {RATE}"
    return f"{service} is well, {COUNT} {LAST!r} {RATE}"


@tool
def heal(service: str) -> str:
    """Heals."""
    global HEALTHY, COUNT, LAST
    HEALTHY = True
    COUNT += 1
    LAST = service
    return f"{LAST} healed"


def double() -> None:
    global COUNT, RATE
    COUNT = 2
    COUNT *= 3
    RATE = 0.25
    RATE *= 3.0


class State(MessagesState):
    """The calls of each round."""

    calls: list
    seen: str


def start(state: State) -> dict:
    reset()
    HEALTHY = "a local of its own"
    return {"messages": [AIMessage("", tool_calls=state["calls"][:1], id="1")], "seen": HEALTHY}


def more(state: State) -> dict:
    return {"messages": [AIMessage("", tool_calls=state["calls"][1:], id="2")]}


def finish(state: State) -> dict:
    double()
    names = [LAST for HEALTHY in range(2)]
    return {"seen": f"{state['seen']} {COUNT} {COUNT + 1} {RATE} {names} {LAST is None}"}


def way(state: State) -> str:
    return "more" if HEALTHY and COUNT < 2 else "finish"


graph = StateGraph(State)
graph.add_node("start", start)
graph.add_node("tools", ToolNode([look, heal]))
graph.add_node("more", more)
graph.add_node("tools_again", ToolNode([look, heal]))
graph.add_node("finish", finish)
graph.add_edge(START, "start")
graph.add_edge("start", "tools")
graph.add_conditional_edges("tools", way, ["more", "finish"])
graph.add_edge("more", "tools_again")
graph.add_edge("tools_again", "finish")
graph.add_edge("finish", END)
app = graph.compile()
