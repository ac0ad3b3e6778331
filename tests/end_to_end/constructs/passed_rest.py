"""Nodes and routers that take the rest of the arguments, of which LangGraph gives them none."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    text: str
    n: int


def timed(name, node):
    def wrapper(state: State, *args, **kwargs) -> State:
        print("start", name)
        result = node(state, *args, **kwargs)
        print("end", name)
        return result

    return wrapper


def passing(node):
    async def wrapper(state: State, **kwargs) -> dict:
        return await node(state, **kwargs)

    return wrapper


def a(state: State) -> dict:
    return {"n": state["n"] + 1}


async def b(state: State) -> dict:
    return {"n": state["n"] * 2}


def c(state: State, *rest) -> dict:
    return a(*rest, state)


def route(state: State, *args, **kwargs) -> str:
    return "c" if state["n"] > 3 else END


builder = StateGraph(State)
builder.add_node("a", timed("a", a))
builder.add_node("b", passing(b))
builder.add_node("c", c)
builder.add_edge(START, "a")
builder.add_edge("a", "b")
builder.add_conditional_edges("b", route)
builder.add_edge("c", END)
app = builder.compile()
