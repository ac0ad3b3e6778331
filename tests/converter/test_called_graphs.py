"""Which graphs nodes may run natively, and where that would mean something else."""

from pathlib import Path

import pytest

from langferry.converter import analyse

HEAD = """
import operator
from typing import Annotated, TypedDict
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import interrupt


class State(MessagesState, total=False):
    text: str
    others: Annotated[list, operator.add]
    words: list[str]


def speak(state: State):
    return {"text": "a"}


def ask_first(state: State):
    return {"text": helped()}


def helped():
    return interrupt("?")


def build(*nodes, **options):
    graph = StateGraph(State)
    for node in nodes:
        graph.add_node(node)
        graph.add_edge(START, node.__name__)
    return graph.compile(**options)


inner = build(speak)
asking = build(ask_first)
stopping = build(speak, interrupt_before=["speak"], checkpointer=InMemorySaver())
going_on = build(speak, checkpointer=True)
kept = build(speak, checkpointer=InMemorySaver())


def made_plainly():
    "A graph that is another one each time."
    graph = StateGraph(State)
    graph.add_node("speak", speak)
    graph.add_edge(START, "speak")
    return graph.compile()


def made_by_another():
    found = made_plainly()
    return found


def made_to_remember():
    graph = StateGraph(State)
    graph.add_node("speak", speak)
    graph.add_edge(START, "speak")
    return graph.compile(checkpointer=InMemorySaver())


def made_and_told():
    print("made")
    return made_plainly()


def run_of_local(text: str):
    local = made_plainly()
    return local.invoke({"text": text})


def run_of_one_of_two(text: str):
    local = made_plainly()
    if text:
        local = made_by_another()
    return local.invoke({"text": text})


def in_helper(messages: list):
    return inner.invoke({"messages": messages})


def with_text(text: str):
    return inner.invoke({"text": text})



"""

RUN = {
    'inner.invoke({"text": "a"})': True,
    "inner.invoke(state)": True,
    'inner.invoke({"messages": state["messages"], "words": state["words"]})': True,
    'kept.invoke({"text": "a"}, config=config)': True,
    'inner.invoke({"text": "a"}, {"recursion_limit": 7})': True,
    'inner.invoke({"text": "a"}, {"configurable": {"thread_id": "1"}})': False,
    'inner.invoke({"text": "a"}, stream_mode="updates")': False,
    'inner.invoke({"messages": state["others"]})': False,
    'inner.invoke({"others": state["others"]})': True,
    "inner.invoke(None)": False,
    'inner.stream({"text": "a"})': False,
    'asking.invoke({"text": "a"})': False,
    'stopping.invoke({"text": "a"})': False,
    'going_on.invoke({"text": "a"})': False,
    'with_text(state["text"])': True,
    'made_plainly().invoke({"text": "a"})': True,
    'made_by_another().invoke({"text": "a"})': True,
    'made_to_remember().invoke({"text": "a"})': False,
    'made_and_told().invoke({"text": "a"})': False,
    'run_of_local(state["text"])': True,
    'run_of_one_of_two(state["text"])': False,
    'in_helper(state["others"])': False,
}


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """Whether a node that does each of these is native."""
    nodes = "".join(
        f"def node_{number}(state: State, config: RunnableConfig):\n"
        f"    result = {run}\n"
        "    return {'text': result['text']}\n\n\n"
        for number, run in enumerate(RUN)
    )
    path = tmp_path_factory.mktemp("called") / "program.py"
    names = ", ".join(f"node_{number}" for number in range(len(RUN)))
    path.write_text(f"{HEAD}{nodes}app = build({names})\n")
    functions = {x.name: x.disposition == "native" for x in analyse(path, entry="app").functions}
    return {run: functions[f"node_{number}"] for number, run in enumerate(RUN)}


@pytest.mark.parametrize("run", RUN)
def test_runs_natively(native: dict[str, bool], run: str) -> None:
    assert native[run] == RUN[run]


def test_only_what_native_functions_run_is_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    text = "def node(state: State):\n    {}\n    return {{'text': inner.invoke(state)['text']}}\n"
    found = []
    for statement in ("pass", "exec('')"):
        path.write_text(f"{HEAD}{text.format(statement)}app = build(node)\n")
        program = analyse(path, entry="app")
        found.append([[node.name for node in graph.nodes] for graph in program.graphs])
    assert found == [[["node"], ["speak"]], [["node"]]]
