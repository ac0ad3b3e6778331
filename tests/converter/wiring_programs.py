"""Small programs, each building its graph in another way; the last expression is the entry."""

HEAD = """
import operator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal, NotRequired, Optional, Required, TypedDict, Union

from langgraph.checkpoint.memory import InMemorySaver, MemorySaver
from langgraph.graph import END, START, MessageGraph, MessagesState, StateGraph, add_messages
from langgraph.types import Command, Send
from langgraph._internal._runnable import RunnableCallable


class State(TypedDict):
    x: int
    log: Annotated[list[str], operator.add]


class Other(TypedDict, total=False):
    x: int
    y: Required[str]
    z: NotRequired[list[int]]


def a(state: State) -> dict:
    return {"x": 1}


def b(state: State) -> dict:
    return {"x": 2}


def c(state):
    return {"x": 3}


def other(state: Other) -> dict:
    return {}


async def later(state: State) -> dict:
    return {}


def route(state: State) -> Literal["a", "b"]:
    return "a"


def free_route(state):
    return "a"


def route_other(state: Other) -> str:
    return "a"

"""

PROGRAMS: dict[str, tuple[str, str]] = {
    "flat": (
        """
g = StateGraph(State)
g.add_node("a", a)
g.add_node("b", b)
g.add_edge(START, "a")
g.add_edge("a", "b")
g.add_edge("b", END)
""",
        "g",
    ),
    "chained": (
        """
graph = (
    StateGraph(State)
    .add_node("a", a)
    .add_node(b)
    .add_edge(START, "a")
    .add_edge("a", "b")
    .set_finish_point("b")
    .compile(checkpointer=MemorySaver())
)
""",
        "graph",
    ),
    "names-from-functions": (
        """
g = StateGraph(State)
g.add_node(a)
g.add_node(later)
g.add_node(partial(b))
g.add_node(RunnableCallable(c, later))
g.add_node(lambda state: {"x": 1})
g.set_entry_point("a")
""",
        "g",
    ),
    "sequence": (
        """
g = StateGraph(State).add_sequence([a, ("second", b), c])
g.add_edge(START, "a")
""",
        "g",
    ),
    "loop": (
        """
def build(count, prefix="n"):
    g = StateGraph(State)
    previous = START
    for i in range(count):
        name = f"{prefix}_{i:02d}"
        g.add_node(name, a if i % 2 else b)
        g.add_edge(previous, name)
        previous = name
    g.add_edge(previous, END)
    return g
""",
        "build(7, prefix='step')",
    ),
    "loop-over-table": (
        """
TABLE = {"one": a, "two": b}
EDGES = [(START, "one"), ("one", "two"), ("two", END)]
g = StateGraph(State)
for name, function in TABLE.items():
    g.add_node(name, function)
for start, end in EDGES:
    g.add_edge(start, end)
""",
        "g",
    ),
    "helper-adds": (
        """
def add_all(graph, nodes):
    for i, (name, function) in enumerate(nodes):
        graph.add_node(name, function)
        if i:
            graph.add_edge(nodes[i - 1][0], name)
        else:
            graph.set_entry_point(name)
    return graph


g = add_all(StateGraph(State), [("a", a), ("b", b)])
""",
        "g",
    ),
    "factory-closures": (
        """
def make(i):
    def node(state: State) -> dict:
        return {"x": i}

    return node


g = StateGraph(State)
for i in range(3):
    g.add_node(f"n{i}", make(i))
    g.add_edge(START, f"n{i}")
""",
        "g",
    ),
    "join": (
        """
g = StateGraph(State)
for f in (a, b, c):
    g.add_node(f)
g.add_edge(START, "a")
g.add_edge(START, "b")
g.add_edge(["a", "b"], "c")
g.add_edge(["a"], "c")
""",
        "g",
    ),
    "branch-map": (
        """
g = StateGraph(State)
g.add_node(a)
g.add_node(b)
g.add_conditional_edges(START, free_route, {"first": "a", "second": "b", True: END, 3: "a"})
g.add_conditional_edges("a", free_route, ["b", END])
g.add_conditional_edges("b", route)
""",
        "g",
    ),
    "branch-lambda-and-partial": (
        """
def pick(where, state: State) -> Literal["a"]:
    return where


g = StateGraph(State)
g.add_node(a)
g.set_conditional_entry_point(lambda state: "a")
g.add_conditional_edges("a", partial(pick, "a"))
g.add_conditional_edges("a", route_other)
""",
        "g",
    ),
    "branch-tuple-map-is-ignored": (
        """
g = StateGraph(State)
g.add_node(a)
g.add_node(b)
g.add_edge(START, "a")
g.add_conditional_edges("a", route, ("b",))
""",
        "g",
    ),
    "input-and-output-schemas": (
        """
class In(TypedDict):
    x: int


class Out(TypedDict):
    log: list[str]


class Private(TypedDict):
    secret: Annotated[list[int], lambda left, right: right]


def hidden(state: Private) -> dict:
    return {}


g = StateGraph(State, input_schema=In, output_schema=Out)
g.add_node(a)
g.add_node(hidden)
g.add_node("typed", c, input_schema=In)
g.add_node("other", other)
g.add_edge(START, "a")
""",
        "g",
    ),
    "old-schema-names": (
        """
g = StateGraph(State, input=Other, output=Other)
g.add_node("a", a, input=Other)
g.add_edge(START, "a")
""",
        "g",
    ),
    "messages": (
        """
class Chat(MessagesState):
    topic: str


def talk(state: MessagesState) -> dict:
    return {"messages": []}


g = StateGraph(Chat)
g.add_node(talk)
g.add_edge(START, "talk")
""",
        "g",
    ),
    "reducers": (
        """
def keep(left: list, right: list) -> list:
    return left


class Rich(TypedDict):
    a: Annotated[list, operator.add]
    b: Annotated[dict, operator.or_]
    c: Annotated[list, keep]
    d: Annotated[Optional[str], lambda left, right: right]
    e: Annotated[list, add_messages]
    f: Annotated[str, "only words"]
    g: Optional[Annotated[list, operator.add]]
    h: NotRequired[Annotated[int, operator.add]]
    i: Annotated[Annotated[int, operator.add], "words"]
    j: Annotated[NotRequired[int], operator.add]


g = StateGraph(Rich)
g.add_node("n", c)
g.add_edge(START, "n")
""",
        "g",
    ),
    "message-graph": (
        """
g = MessageGraph()


@g.add_node
def first(state: list):
    return [("ai", "hello")]


g.add_node("second", lambda state: [])
g.add_edge(START, "first")
g.add_conditional_edges("first", lambda messages: END, [END, "second"])
g.set_finish_point("second")
""",
        "g",
    ),
    "inherited-state": (
        """
class Base(TypedDict, total=False):
    one: int
    log: Annotated[list, operator.add]


class Mixin(TypedDict):
    two: str


class Child(Base, Mixin):
    three: "float"
    one: str


def node(state: "Child") -> "dict":
    return {}


g = StateGraph(Child)
g.add_node(node)
g.add_edge(START, "node")
""",
        "g",
    ),
    "commands": (
        """
def go(state: State) -> Command[Literal["a", "b"]]:
    return Command(goto="a")


def maybe(state: State) -> Union[dict, Command[Literal["b"]]]:
    return {}


def perhaps(state: State) -> Command[Literal["a"]] | None:
    return None


g = StateGraph(State)
g.add_node(go)
g.add_node(maybe)
g.add_node(perhaps)
g.add_node(a)
g.add_node(b)
g.add_node("dest", c, destinations=("a", END))
g.add_edge(START, "go")
""",
        "g",
    ),
    "defer-and-interrupts": (
        """
g = StateGraph(State)
g.add_node(a)
g.add_node("b", b, defer=True)
g.add_edge(START, "a")
g.add_edge("a", "b")
graph = g.compile(checkpointer=InMemorySaver(), interrupt_before=["b"], interrupt_after="*")
""",
        "graph",
    ),
    "subgraph": (
        """
class Inner(TypedDict):
    x: int


def inner(state: Inner) -> dict:
    return {}


sub = StateGraph(Inner)
sub.add_node(inner)
sub.add_edge(START, "inner")
sub.add_edge("inner", END)

g = StateGraph(State)
g.add_node("sub", sub.compile())
g.add_node(sub.compile(name="Named"))
g.add_node(sub.compile())
g.add_edge(START, "sub")
""",
        "g",
    ),
    "compiled-then-changed": (
        """
g = StateGraph(State)
g.add_node(a)
g.add_edge(START, "a")
graph = g.compile()
g.add_node(b)
g.add_edge("a", "b")
""",
        "graph",
    ),
    "conditions": (
        """
DEBUG = False
LEVEL = 2
g = StateGraph(State)
g.add_node(a)
g.add_edge(START, "a")
if DEBUG:
    g.add_node(b)
elif LEVEL > 1 and not DEBUG:
    g.add_node(c)
if __name__ == "__main__":
    g.add_node("main", b)
while LEVEL > 0:
    g.add_node(f"level{LEVEL}", a)
    LEVEL -= 1
try:
    import json
except ImportError:
    g.add_node("no_json", b)
with open(__file__) as source:
    g.add_node("within", b)
""",
        "g",
    ),
    "comprehensions": (
        """
names = [f"n{i}" for i in range(4) if i != 2]
table = {name: a for name in names}
pairs = list(zip(names, names[1:]))
g = StateGraph(State)
[g.add_node(name, function) for name, function in table.items()]
for pair in pairs:
    g.add_edge(*pair)
g.add_edge(START, names[0])
g.add_edge(names[-1], END)
options = dict(defer=True)
g.add_node("last", b, **options)
""",
        "g",
    ),
    "text-annotation-of-local-class": (
        """
def build():
    class Local(TypedDict):
        q: int

    def node(state: "Local") -> dict:
        return {}

    def seen(state: Local) -> dict:
        return {}

    g = StateGraph(State)
    g.add_node(node)
    g.add_node(seen)
    g.add_edge(START, "node")
    return g
""",
        "build()",
    ),
    "runnable-callables": (
        """
g = StateGraph(State)
g.add_node("x", RunnableCallable(a, later))
g.add_node("y", RunnableCallable(None, later))
g.add_node(a)
g.add_node(b)
g.add_conditional_edges(START, RunnableCallable(route, later))
""",
        "g",
    ),
    "runnable-lambdas": (
        """
from langchain_core.runnables import RunnableLambda, chain


def typed(state: Other) -> dict:
    return {"x": 1}


g = StateGraph(State)
g.add_node(chain(typed))
g.add_node("x", RunnableLambda(a))
g.add_node(RunnableLambda(b))
g.add_sequence([RunnableLambda(lambda state: {"x": 1}), c])
g.add_conditional_edges(START, RunnableLambda(route), ["x", "b"])
""",
        "g",
    ),
    "string-methods": (
        """
PARTS = "a,b , c".split(",")
g = StateGraph(State)
for part in sorted(p.strip().upper() for p in PARTS):
    g.add_node(part.lower() + "_" + str(len(part)), a)
g.add_edge(START, "%s_%d" % ("a", 1))
""",
        "g",
    ),
    "quotes-and-braces": (
        """
ODD = "it's \\"#{{ jinja }}\\" {% raw %} \\\\ \\n fn main() {}"
g = StateGraph(State)
g.add_node(ODD, a)
g.add_edge(START, ODD)
""",
        "g",
    ),
    "global-and-nonlocal": (
        """
COUNT = 0


def fresh():
    global COUNT
    COUNT += 1
    return f"n{COUNT}"


def build():
    last = START

    def add(g):
        nonlocal last
        name = fresh()
        g.add_node(name, a)
        g.add_edge(last, name)
        last = name

    g = StateGraph(State)
    add(g)
    add(g)
    g.add_edge(last, END)
    return g
""",
        "build()",
    ),
    "what-objects-have": (
        """
class Base:
    def run(self, state: State) -> dict:
        return {}


class Step(Base):
    def __init__(self, made=None):
        self.made = made


def other(state: State) -> dict:
    return {}


def action(given):
    if hasattr(given, "run"):
        return given.run
    return a


def function(given):
    if not callable(given):
        raise TypeError(given)
    return given


g = StateGraph(State)
g.add_node("first", action(Step()))
g.add_node("second", function(other))
g.add_edge(START, "first")
""",
        "g",
    ),
    "walrus-and-unpacking": (
        """
first, *rest = ["a", "b", "c"]
g = StateGraph(State)
if (size := len(rest)) == 2:
    g.add_node(first, a)
for name in rest:
    g.add_node(name, b)
g.add_edge(START, first)
(g.add_edge(first, rest[size - 1]),)
""",
        "g",
    ),
    "first-parameter-is-not-a-schema": (
        """
def plain(state: dict) -> dict:
    return {}


def anything(state: Any) -> dict:
    return {}


def typed(state: dict[str, Any]) -> dict:
    return {}


def late(config: int, state: Other) -> dict:
    return {}


g = StateGraph(State)
for f in (plain, anything, typed, late):
    g.add_node(f)
g.add_edge(START, "plain")
g.add_conditional_edges("plain", plain)
""",
        "g",
    ),
    "shadowed-and-rebound": (
        """
def node(state: State) -> dict:
    return {"x": 1}


first = node


def node(state: Other) -> dict:
    return {"x": 2}


g = StateGraph(State)
g.add_node("first", first)
g.add_node("second", node)
g.add_edge(START, "first")
""",
        "g",
    ),
}
