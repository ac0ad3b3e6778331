"""Nodes, methods and helpers that decorators of the program have wrapped."""

import asyncio
import functools
import inspect
from functools import wraps
from typing import Any, Literal, TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    question: str
    answer: str
    seen: list[str]


def shouted(function):
    """Wraps by name, and looks at what comes back."""

    @wraps(function)
    def wrapper(state):
        found = function(state)
        return {"answer": found["answer"].upper() + "!"}

    return wrapper


def passed_on(function):
    """Knows nothing of what it gives on."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any):
        print(f"-> {function.__name__}")
        result = function(*args, **kwargs)
        print(f"<- {function.__name__}")
        return result

    return wrapper


def guarded(label: str, fallback: str = "nothing"):
    """With arguments of its own, and an answer where the node has none."""

    def decorate(function):
        @wraps(function)
        def wrapper(state: State) -> dict:
            try:
                return function(state)
            except KeyError as error:
                return {"answer": f"{label}/{function.__name__}: {fallback}, {error}"}

        return wrapper

    return decorate


def of_any_kind(function):
    """Tells coroutine functions apart."""
    if asyncio.iscoroutinefunction(function):

        @wraps(function)
        async def waiting(state: State) -> dict:
            found = await function(state)
            return {"answer": f"waited for {found['answer']}"}

        return waiting

    @wraps(function)
    def wrapper(state: State) -> dict:
        found = function(state)
        return {"answer": f"got {found['answer']}"}

    return wrapper


def ensure_async(function):
    """A function that can be waited for."""
    if inspect.iscoroutinefunction(function):
        return function

    async def waiting(state: State) -> dict:
        return function(state)

    return waiting


def named(method):
    """Wraps methods."""

    @wraps(method)
    def wrapper(self, state: State) -> dict:
        found = method(self, state)
        return {"answer": f"{self.name}.{method.__name__}: {found['answer']}"}

    return wrapper


def twice(function):
    """Wraps what nodes call."""

    def wrapper(text: str) -> str:
        return function(function(text))

    return wrapper


@twice
def quoted(text: str) -> str:
    """In quotes."""
    return f"'{text}'"


@shouted
def shout(state: State) -> dict:
    """Without a name in the graph it would be called so."""
    return {"answer": state["question"]}


@passed_on
def pass_on(state: State) -> dict:
    return {"answer": quoted(state["answer"])}


@guarded("guard", fallback="none")
def guard(state: State) -> dict:
    return {"answer": state["seen"][0] + state["answer"]}


@guarded("outer")
@of_any_kind
def both(state: State) -> dict:
    return {"answer": " ".join(state["seen"]) + state["answer"]}


@of_any_kind
async def wait(state: State) -> dict:
    return {"answer": state["answer"].title()}


def plain(state: State) -> dict:
    """Made a coroutine function."""
    return {"answer": state["answer"] + "."}


class Named:
    """Says who it is."""

    def whoami(self) -> str:
        """By its class."""
        return f"{self.__class__.__name__}, {type(self).__name__}"


class Agent(Named):
    """Has a wrapped method."""

    def __init__(self, name: str) -> None:
        self.name = name

    @functools.cached_property
    def title(self) -> str:
        """Made once."""
        return f"agent {self.name}"

    @named
    def run(self, state: State) -> dict:
        """Says who it is."""
        return {"answer": f"{self.whoami()}, {self.title}: {state['answer']}, {self.title}"}


@passed_on
def route(state: State) -> Literal["guard", "both"]:
    """By the annotations of the function itself."""
    return "guard" if "?" in state["question"] else "both"


builder = StateGraph(State)
builder.add_node(shout)
builder.add_node("pass_on", pass_on)
builder.add_node("guard", guard)
builder.add_node("both", both)
builder.add_node("wait", wait)
builder.add_node("plain", ensure_async(plain))
builder.add_node("run", Agent("ann").run)
builder.add_edge(START, "shout")
builder.add_edge("shout", "pass_on")
builder.add_conditional_edges("pass_on", route)
builder.add_edge("guard", "wait")
builder.add_edge("both", "wait")
builder.add_edge("wait", "plain")
builder.add_edge("plain", "run")
builder.add_edge("run", END)
app = builder.compile()
