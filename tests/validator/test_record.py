"""The recorder writes down what real LangGraph does, through its public streams."""

import random
import textwrap
from pathlib import Path
from typing import Any

import pytest

from langferry.diagnostics import Failure
from langferry.validator.cases import Case, CaseFile, Run, find_cases, read_cases
from langferry.validator.events import (
    Interrupt,
    InterruptValue,
    RunEnd,
    RunStart,
    Task,
    TaskResult,
    TraceError,
    Update,
    Values,
)
from langferry.validator.record import needs_async
from langferry.validator.recording import Recording, record_python

ROOT = Path(__file__).parents[2]


def example(name: str, out: Path) -> dict[str, list[Any]]:
    program = ROOT / "examples" / name / f"{name}.py"
    cases = read_cases(find_cases(program))
    recording = record_python("langgraph", program, cases, out, name)
    assert recording.version.startswith("1.2")
    return {case.name: trace for case, trace in zip(cases.cases, recording.traces, strict=True)}


def program(directory: Path, text: str) -> Path:
    path = directory / "agent.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


HEAD = """
import operator, random
from typing import Annotated, TypedDict
from langgraph.graph import END, START, StateGraph
class State(TypedDict, total=False):
    n: int
    log: Annotated[list, operator.add]
"""


def recorded(path: Path, out: Path, *cases: Case, **options: Any) -> Recording:
    chosen = list(cases) or [Case("only", [Run("input", {"n": 1})])]
    case_file = CaseFile("cases.yaml", options.pop("entry", "builder"), chosen, **options)
    return record_python("langgraph", path, case_file, out)


def test_ticket_triage(tmp_path: Path) -> None:
    traces = example("ticket_triage", tmp_path)
    trace = traces["refund-over-a-weekend"]
    steps = [(e.step, e.name) for e in trace if isinstance(e, Task)]
    assert steps == [
        (1, "classify"),
        (1, "extract"),
        (2, "score_urgency"),
        (3, "schedule"),
        (4, "draft_reply"),
        (5, "revise"),
        (6, "revise"),
        (7, "revise"),
    ]
    assert trace[3] == Task(0, 1, "classify", ["branch:to:classify"], trace[2].value)
    assert trace[9] == Values(
        0,
        1,
        {
            **trace[1].value,
            "customer": "Jane Doe",
            "order_id": "48213",
            "category": "billing",
            "log": ["category=billing (2 hits)", "extracted order='48213' customer=Jane Doe"],
        },
    )
    joined = next(e for e in trace if isinstance(e, Task) and e.name == "score_urgency")
    assert joined.triggers == [
        "branch:to:score_urgency",
        "join:extract+classify:score_urgency",
    ]
    result = next(e for e in trace if isinstance(e, TaskResult) and e.name == "schedule")
    assert result.writes == [("due", "2026-03-11"), ("log", ["due 11 Mar 2026"])]
    missing = traces["missing-body-is-an-error"]
    assert missing[-1] == RunEnd(0, "failed", None, TraceError("KeyError", "'body'"))
    limit = traces["recursion-limit"][-1]
    assert limit.error.type == "GraphRecursionError"
    assert limit.error.message.startswith("Recursion limit of 3 reached")


def test_map_reduce(tmp_path: Path) -> None:
    trace = example("map_reduce", tmp_path)["two-documents"]
    mapped = [e for e in trace if isinstance(e, Task) and e.name == "count_words"]
    assert [(e.step, e.triggers) for e in mapped] == [(2, ["__pregel_push"])] * 3
    assert [e.input["document"] for e in mapped] == [0, 0, 1]
    results = [e for e in trace if isinstance(e, TaskResult) and e.name == "count_words"]
    assert [write for write in results[2].writes if write[0] == "lengths"] == [("lengths", [1])]
    assert results[2].writes[0] == ("counts", {"dog": 1})


def test_approval(tmp_path: Path) -> None:
    traces = example("approval", tmp_path)
    trace = traces["approved-by-a-person"]
    asked = {
        "question": "Approve EUR 1351.98 for Ada?",
        "expenses": ["train", "hotel"],
        "asked_before": 0,
    }
    assert [e.interrupts for e in trace if isinstance(e, Interrupt)] == [
        [InterruptValue(asked)],
        [InterruptValue("Reason for the files?")],
    ]
    ends = [e.status for e in trace if isinstance(e, RunEnd)]
    assert ends == ["interrupted", "interrupted", "finished"]
    assert [e for e in trace if isinstance(e, RunStart)][2] == RunStart(2, "resume", "conference")
    assert [(e.run, e.step) for e in trace if isinstance(e, Values)] == [
        *[(0, 0), (0, 1), (1, 2), (2, 2), (2, 3), (2, 4)]
    ]
    assert [e.value for e in trace if isinstance(e, Update) and e.node == "check_rules"] == [None]
    bad = traces["malformed-answer-is-an-error"]
    assert bad[-1] == RunEnd(1, "failed", None, TraceError("KeyError", "'decision'"))


def test_a_case_sees_nothing_of_the_one_before(tmp_path: Path) -> None:
    path = program(
        tmp_path,
        HEAD
        + """
seen = []
def node(state):
    seen.append(1)
    print("noise on stdout")
    return {"log": [len(seen)]}
builder = StateGraph(State).add_node(node).add_edge(START, "node")
""",
    )
    run = Run("input", {"n": 1})
    cases = [Case(name, [run, run], {"configurable": {"thread_id": "1"}}) for name in "ab"]
    recording = recorded(path, tmp_path / "out", *cases, checkpointer="memory")
    outputs = [[e.output["log"] for e in t if isinstance(e, RunEnd)] for t in recording.traces]
    assert outputs == [[[1], [1, 2]], [[1], [1, 2]]]


def test_a_seed_decides_what_the_program_draws_in_every_run(tmp_path: Path) -> None:
    path = program(
        tmp_path,
        HEAD
        + """
def node(state):
    return {"n": random.randrange(10**9)}
builder = StateGraph(State).add_node(node).add_edge(START, "node")
""",
    )
    run = Run("input", {"n": 1})
    config = {"configurable": {"thread_id": "1"}}
    case = Case("a", [run, run], config, seed=7)
    (trace,) = recorded(path, tmp_path / "out", case, checkpointer="memory").traces
    first, second = (e.output["n"] for e in trace if isinstance(e, RunEnd))
    assert first == second == random.Random(7).randrange(10**9)


def test_graphs_that_must_be_awaited_are(tmp_path: Path) -> None:
    path = program(
        tmp_path,
        HEAD
        + """
async def node(state):
    return {"n": state["n"] + 1}
inner = StateGraph(State).add_node(node).add_edge(START, "node").compile()
builder = StateGraph(State).add_node("outer", inner).add_edge(START, "outer")
""",
    )
    recording = recorded(path, tmp_path / "out")
    assert recording.run_async is True
    end = recording.traces[0][-1]
    assert isinstance(end, RunEnd)
    assert end.output["n"] == 2


def test_graphs_that_need_not_be_awaited_are_not() -> None:
    from langgraph.graph import START, MessagesState, StateGraph

    def route(state: MessagesState) -> str:
        return "node"

    async def aroute(state: MessagesState) -> str:
        return "node"

    builder = StateGraph(MessagesState).add_node("node", lambda state: None)
    assert not needs_async(builder.add_conditional_edges(START, route, ["node"]).compile())
    assert needs_async(builder.add_conditional_edges(START, aroute, ["node"]).compile())


@pytest.mark.parametrize("is_async", [False, True])
def test_tools_that_can_only_be_awaited_are(is_async: bool) -> None:
    from langgraph.graph import START, MessagesState, StateGraph
    from langgraph.prebuilt import ToolNode

    def look(text: str) -> str:
        """Looks."""
        return text

    async def alook(text: str) -> str:
        """Looks."""
        return text

    node = ToolNode([look, alook] if is_async else [look])
    builder = StateGraph(MessagesState).add_node("tools", node).add_edge(START, "tools")
    assert needs_async(builder.compile()) is is_async


@pytest.mark.parametrize(
    ("text", "entry", "words"),
    [
        ("import nowhere", "graph", "LF506: .*agent.py does not import: ModuleNotFoundError"),
        ("raise SystemExit(3)", "graph", "LF506: .*does not import: SystemExit: 3"),
        ("x = 3", "x", "LF505: entry 'x' gives a int, which is no graph"),
        ("", "y + 1", "LF505: entry 'y \\+ 1' raised NameError"),
        ("", "y +", "LF505: entry 'y \\+' raised SyntaxError"),
    ],
)
def test_what_cannot_be_recorded_is_told(tmp_path: Path, text: str, entry: str, words: str) -> None:
    with pytest.raises(Failure, match=words):
        recorded(program(tmp_path, text), tmp_path / "out", entry=entry)


def test_a_node_that_kills_the_process_is_told(tmp_path: Path) -> None:
    path = program(
        tmp_path,
        HEAD
        + """
import os
builder = StateGraph(State).add_node("node", lambda state: os._exit(9)).add_edge(START, "node")
""",
    )
    with pytest.raises(Failure, match="LF506: the process of a case ended"):
        recorded(path, tmp_path / "out")


def test_a_value_without_encoding_is_told(tmp_path: Path) -> None:
    path = program(
        tmp_path,
        HEAD
        + """
builder = StateGraph(State).add_node("node", lambda s: {"n": object()}).add_edge(START, "node")
""",
    )
    with pytest.raises(Failure, match=r"LF503: n is a builtins\.object"):
        recorded(path, tmp_path / "out")


def test_a_module_of_a_package_imports_its_neighbours(tmp_path: Path) -> None:
    package = tmp_path / "app"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "steps.py").write_text("def node(state):\n    return {'n': 5}\n")
    text = HEAD + "from .steps import node\n"
    text += "builder = StateGraph(State).add_node(node).add_edge(START, 'node')\n"
    recording = recorded(program(package, text), tmp_path / "out")
    end = recording.traces[0][-1]
    assert isinstance(end, RunEnd)
    assert end.output == {"n": 5, "log": []}


def test_a_node_that_passes_every_name_on_is_not_asked_for_more(tmp_path: Path) -> None:
    """A runnable with fallbacks reads the hints of whatever its runnable has under a name."""
    path = program(
        tmp_path,
        HEAD
        + """
from langchain_core.runnables import Runnable
class Passes(Runnable):
    def invoke(self, given, config=None, **options):
        return {"n": given["n"] + 1}
    def __getattr__(self, name):
        raise NameError(name)
builder = StateGraph(State)
builder.add_node("node", Passes())
builder.add_edge(START, "node")
""",
    )
    (trace,) = recorded(path, tmp_path / "out").traces
    assert trace[-1] == RunEnd(0, "finished", {"n": 2, "log": []}, None)


def test_a_module_may_await(tmp_path: Path) -> None:
    text = HEAD + "import asyncio\nbuilder = StateGraph(State)\n"
    text += 'builder.add_node("node", lambda state: {"n": await_ed})\n'
    text += 'builder.add_edge(START, "node")\nawait_ed = await asyncio.sleep(0, 5)\n'
    (trace,) = recorded(program(tmp_path, text), tmp_path / "out").traces
    assert trace[-1] == RunEnd(0, "finished", {"n": 5, "log": []}, None)
