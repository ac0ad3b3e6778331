"""Graphs that nodes, routers and the functions they call run themselves."""

import operator
from typing import Annotated, TypedDict

from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph


class Counted(TypedDict, total=False):
    word: str
    left: int
    seen: Annotated[list[str], operator.add]
    private: str


class Shown(TypedDict, total=False):
    seen: list[str]
    left: int


def count(state: Counted) -> dict:
    if state["left"] < 0:
        raise ValueError(f"{state['word']} {state['left']}")
    return {"left": state["left"] - 1, "seen": [state["word"] * state["left"]], "private": "x"}


def more(state: Counted) -> str:
    return "count" if state["left"] > 0 else END


counting = StateGraph(Counted, output_schema=Shown)
counting.add_node("count", count)
counting.add_edge(START, "count")
counting.add_conditional_edges("count", more, ["count", END])
counter = counting.compile()


def speak(state: MessagesState) -> dict:
    return {"messages": [AIMessage(f"{len(state['messages'])}", id="spoken")]}


def build(*nodes):
    talk = StateGraph(MessagesState)
    before = START
    for node in nodes:
        talk.add_node(node)
        talk.add_edge(before, node.__name__)
        before = node.__name__
    return talk.compile()


speaker = build(speak)


def speaking() -> CompiledStateGraph:
    """A graph that is another one each time."""
    talk = StateGraph(MessagesState)
    talk.add_node("speak", speak)
    talk.add_edge(START, "speak")
    return talk.compile()


class State(MessagesState, total=False):
    """What a graph was asked, and what it said."""

    word: str
    left: int
    text: str
    limit: bool
    thread: str


def plain(state: State) -> dict:
    result = counter.invoke({"word": state["word"], "left": state["left"], "unknown": 1})
    return {"text": f"{sorted(result)} {result['seen']} {result.get('private')}"}


async def limited(state: State, config: RunnableConfig) -> dict:
    try:
        given = {"word": "w", "left": state["left"]}
        if state.get("limit"):
            await counter.ainvoke(given, {"recursion_limit": 2})
        else:
            await counter.ainvoke(given, config)
        return {"text": state["text"] + " enough"}
    except RecursionError:
        return {"text": state["text"] + " too many"}
    except ValueError as error:
        return {"text": f"{state['text']} {error}"}


def said(text: str) -> str:
    result = speaker.invoke({"messages": [HumanMessage(text, id="asked")]})
    return " ".join([message.content for message in result["messages"]])


def talked(state: State) -> dict:
    whole = speaker.invoke(state)
    words = [f"{message.type} {message.content}" for message in whole["messages"]]
    made = speaking()
    messages = [HumanMessage("b", id="asked"), AIMessage("c", id="answered")]
    counted = made.invoke({"messages": messages})["messages"][-1].content
    return {"text": f"{state['text']} {said('a')} {words} {counted}"}


def by_count(state: State) -> str:
    return "last" if len(counter.invoke({"word": "r", "left": 2})["seen"]) == 2 else END


def last(state: State) -> dict:
    return {"text": state["text"] + "!"}


graph = StateGraph(State)
for node in (plain, limited, talked, last):
    graph.add_node(node)
graph.add_edge(START, "plain")
graph.add_edge("plain", "limited")
graph.add_edge("limited", "talked")
graph.add_conditional_edges("talked", by_count)
app = graph.compile()
