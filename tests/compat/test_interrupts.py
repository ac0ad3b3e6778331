"""interrupt() and resuming, with a saver."""

import operator
from typing import Annotated, Any, TypedDict

import pytest

from .faces import OURS, REAL, SAVER, plain, same

THREAD = {"configurable": {"thread_id": "1"}}


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def resume(value: Any) -> Any:
    return lambda api: api.Command(resume=value)


def ask(api: Any, *questions: str) -> Any:
    def node(state: State) -> Any:
        return {"log": [f"{question}={api.interrupt(question)}" for question in questions]}

    return node


def one_node(node: Any) -> Any:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("before", lambda state: {"x": 1})
        graph.add_node("ask", node(api))
        graph.add_node("after", lambda state: {"log": ["after"]})
        graph.add_edge(api.START, "before")
        graph.add_edge("before", "ask")
        graph.add_edge("ask", "after")
        return graph.compile(checkpointer=api.InMemorySaver())

    return build


def test_one_question() -> None:
    same(one_node(lambda api: ask(api, "who")), {"x": 0}, resume("me"), config=THREAD)


def test_several_questions_of_one_node() -> None:
    build = one_node(lambda api: ask(api, "who", "when", "why"))
    same(build, {"x": 0}, resume("me"), resume({"day": 1}), resume(False), config=THREAD)


def test_resuming_with_more_than_an_answer() -> None:
    same(
        one_node(lambda api: ask(api, "who")),
        {"x": 0},
        lambda api: api.Command(resume="me", update={"x": 7, "log": ["given"]}),
        config=THREAD,
    )


def test_going_on_without_an_answer_asks_again() -> None:
    build = one_node(lambda api: ask(api, "who"))
    same(build, {"x": 0}, None, None, resume("me"), None, config=THREAD)


def test_new_input_while_a_question_is_open() -> None:
    build = one_node(lambda api: ask(api, "who"))
    same(build, {"x": 0}, {"log": ["again"]}, resume("me"), {"x": 5}, config=THREAD)


def test_a_falsy_answer() -> None:
    same(one_node(lambda api: ask(api, "who")), {"x": 0}, resume(0), config=THREAD)


def test_nodes_beside_the_asking_one_do_not_run_again() -> None:
    runs: list[str] = []

    def build(api: Any) -> Any:
        def beside(state: State) -> Any:
            runs.append("beside")
            return {"log": ["beside"]}

        graph = api.StateGraph(State)
        graph.add_node("ask", ask(api, "who"))
        graph.add_node("beside", beside)
        graph.add_node("end", lambda state: {"log": ["end"]})
        graph.add_edge(api.START, "ask")
        graph.add_edge(api.START, "beside")
        graph.add_edge(["ask", "beside"], "end")
        return graph.compile(checkpointer=api.InMemorySaver())

    same(build, {"x": 0}, resume("me"), config=THREAD)
    # 2 faces and the original, 4 ways each, and the original once more
    assert len(runs) == (len(OURS) * 4 + 4) + 1


def test_one_answer_for_several_questions_is_an_error() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", ask(api, "a"))
        graph.add_node("b", ask(api, "b"))
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        return graph.compile(checkpointer=api.InMemorySaver())

    same(build, {"x": 0}, resume("both"), config=THREAD)


def test_answers_by_id() -> None:
    told = {}
    for name, api in {"real": REAL, **OURS}.items():
        graph = api.StateGraph(State)
        graph.add_node("a", ask(api, "a"))
        graph.add_node("b", ask(api, "b", "c"))
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        graph = graph.compile(checkpointer=api.InMemorySaver())
        results = [graph.invoke({"x": 0}, THREAD)]
        for _ in range(2):
            open = results[-1]["__interrupt__"]
            answers = {interrupt.id: interrupt.value.upper() for interrupt in open}
            results.append(graph.invoke(api.Command(resume=answers), THREAD))
        told[name] = plain(results)
    assert told["real"][-1]["log"] == ["a=A", "b=B", "c=C"]
    assert told["shim"] == told["own"] == told["real"]


def test_an_interrupt_in_a_task_of_a_send() -> None:
    def build(api: Any) -> Any:
        def work(state: Any) -> Any:
            return {"log": [f"{state['item']}={api.interrupt(state['item'])}"]}

        graph = api.StateGraph(State)
        graph.add_node("work", work)
        graph.add_conditional_edges(
            api.START, lambda state: [api.Send("work", {"item": i}) for i in range(state["x"])]
        )
        return graph.compile(checkpointer=api.InMemorySaver())

    same(build, {"x": 1}, resume("one"), config=THREAD)
    same(build, {"x": 3}, None, config=THREAD)


def test_without_a_saver_the_run_just_stops() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("ask", ask(api, "who"))
        graph.add_edge(api.START, "ask")
        return graph.compile()

    same(build, {"x": 0})


def test_an_error_beside_an_interrupt() -> None:
    def build(api: Any) -> Any:
        def fail(state: State) -> Any:
            raise ValueError("no")

        graph = api.StateGraph(State)
        graph.add_node("fail", fail)
        graph.add_edge(api.START, "fail")
        return graph.compile(checkpointer=api.InMemorySaver())

    same(build, {"x": 0}, None, config=THREAD)


def test_a_failed_step_goes_on_where_it_stopped() -> None:
    def build(api: Any) -> Any:
        attempts: list[int] = []

        def flaky(state: State) -> Any:
            attempts.append(1)
            if len(attempts) == 1:
                raise ValueError("first")
            return {"log": ["flaky"]}

        graph = api.StateGraph(State)
        graph.add_node("before", lambda state: {"log": ["before"]})
        graph.add_node("flaky", flaky)
        graph.add_edge(api.START, "before")
        graph.add_edge("before", "flaky")
        return graph.compile(checkpointer=api.InMemorySaver())

    same(build, {"x": 0}, None, config=THREAD)


@pytest.mark.parametrize("first", ["real", "shim"])
def test_a_thread_begun_on_one_engine_goes_on_on_the_other(first: str) -> None:
    def build(api: Any, saver: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", ask(api, "a"))
        graph.add_node("b", ask(api, "b"))
        graph.add_node("join", lambda state: {"log": ["join"]})
        graph.add_node("work", lambda state: {"log": [str(state["item"])]})
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        graph.add_edge(["a", "b"], "join")
        graph.add_conditional_edges("join", lambda s: [api.Send("work", {"item": i}) for i in "xy"])
        return graph.compile(checkpointer=saver)

    sides = [REAL, OURS["shim"]] if first == "real" else [OURS["shim"], REAL]
    told = []
    for begin, go_on in (sides, [REAL, REAL]):
        saver = SAVER()
        results = [build(begin, saver).invoke({"x": 0}, THREAD)]
        results.append(build(go_on, saver).invoke(go_on.Command(resume="A"), THREAD))
        results.append(build(begin, saver).invoke(begin.Command(resume="B"), THREAD))
        told.append(plain(results))
    assert told[0] == told[1]
    assert told[0][-1]["log"] == ["a=A", "b=B", "join", "x", "y"]


def test_an_interrupt_is_stored_as_langgraph_stores_it() -> None:
    from langgraph import types as theirs
    from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

    from langferry.compat import types as ours

    stored = JsonPlusSerializer().dumps_typed
    for schema in (None, {"type": "string"}):
        asked = [
            t.Interrupt({"q": [1]}, id="0" * 32, response_schema=schema) for t in (ours, theirs)
        ]
        assert stored(asked[0]) == stored(asked[1])
        assert stored([asked[0]]) == stored([asked[1]])


def _side_by_side(*asks: bool) -> Any:
    """Nodes of one superstep that all write the same key, some after a question."""

    def build(api: Any) -> Any:
        def node(number: int) -> Any:
            def run(state: State) -> Any:
                return {"x": api.interrupt(number) if asks[number] else number}

            return run

        graph = api.StateGraph(State)
        for number in range(len(asks)):
            graph.add_node(str(number), node(number))
            graph.add_edge(api.START, str(number))
        return graph.compile(checkpointer=api.InMemorySaver())

    return build


@pytest.mark.parametrize("asks", [(False, True), (False, False, True)])
def test_a_step_of_conflicting_writes_fails_again_when_its_thread_goes_on(
    asks: tuple[bool, ...],
) -> None:
    # None first: whoever asked is asked again before it is answered
    same(_side_by_side(*asks), {"x": 0}, None, resume(1), None, config=THREAD)
