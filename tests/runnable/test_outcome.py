"""What is said of a program: equal, or why not."""

from build_support.runnable.outcome import Outcome, compared, demanding, general, together
from build_support.runnable.proxy import Request
from langferry.diagnostics import Diagnostic
from langferry.validator.events import (
    Header,
    Interrupt,
    InterruptValue,
    RunEnd,
    RunStart,
    TraceEvent,
    Values,
)


def trace(output: str) -> list[TraceEvent]:
    return [
        Header(1, "langgraph", "1", "program", "case"),
        RunStart(0, "input", {}),
        RunEnd(0, "finished", {"text": output}, None),
    ]


def asks(text: str, body: str | None = None) -> Request:
    return Request("/chat", {}, text, body or text)


def test_the_same_trace_and_the_same_requests_in_any_order_are_equal() -> None:
    found = compared(trace("a"), trace("a"), [asks("1"), asks("2")], [asks("2"), asks("1")], [])
    assert (found.kind, found.same_bytes) == ("equal", True)


def test_the_same_json_in_other_bytes_is_equal_and_told() -> None:
    found = compared(trace("a"), trace("a"), [asks("1", " 1")], [asks("1", "1 ")], [])
    assert (found.kind, found.same_bytes) == ("equal", False)


def test_a_trace_or_a_request_more_or_less_differs() -> None:
    assert compared(trace("a"), trace("b"), [], [], []).kind == "differs"
    twice = [asks("1"), asks("1")]
    for wanted, asked in ((twice, twice[:1]), (twice[:1], twice), ([asks("1")], [asks("2")])):
        assert compared(trace("a"), trace("a"), wanted, asked, []).kind == "differs"


def test_a_crate_may_ask_what_python_asked_when_it_was_imported() -> None:
    assert compared(trace("a"), trace("a"), [], [asks("1")], [asks("1")]).kind == "equal"


def test_a_reason_names_no_program() -> None:
    problem = Diagnostic(
        "LF506", "error", "/home/x.py does not import: `agent` is 'wrong' (a.py:1:2)\nmore"
    )
    assert general(problem) == "LF506: … does not import: … is … …"


def test_what_runs_as_one_node_is_compared_by_how_its_runs_end() -> None:
    steps = [*trace("a")[:2], Values(0, 0, {}), *trace("a")[2:]]
    assert compared(steps, trace("a"), [], [], []).kind == "differs"
    assert compared(steps, trace("a"), [], [], [], as_one_node=True).kind == "equal"
    assert compared(steps, trace("b"), [], [], [], as_one_node=True).kind == "differs"


def test_what_runs_as_one_node_must_ask_the_same() -> None:
    def asking(step: int, question: str, shown: str | None) -> list[TraceEvent]:
        asked = Interrupt(0, step, [InterruptValue(question)])
        return [*trace("a")[:2], asked, RunEnd(0, "interrupted", shown, None)]

    same = compared(asking(0, "?", None), asking(1, "?", "in"), [], [], [], as_one_node=True)
    assert same.kind == "equal"
    other = compared(asking(0, "?", None), asking(1, "!", None), [], [], [], as_one_node=True)
    assert other.kind == "differs"


def test_a_program_is_equal_when_all_its_cases_are() -> None:
    first, second = Outcome("equal", "", 1, 2), Outcome("equal", "", 1, 3, True, False)
    assert together([first, second]) == Outcome("equal", "", 2, 5, True, False)
    assert together([first, Outcome("differs", "why")]) == Outcome("differs", "why")


def test_a_program_that_asks_models_must_do_so_in_a_case() -> None:
    assert demanding(Outcome("equal", "", 1, 0), [asks("1")]).kind == "not asked"
    assert demanding(Outcome("equal", "", 1, 2), [asks("1")]).kind == "equal"
    assert demanding(Outcome("equal", "", 1, 0), []).kind == "equal"
    assert demanding(Outcome("differs"), [asks("1")]).kind == "differs"
