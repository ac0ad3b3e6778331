"""Keys of the state: last values, reducers, overwrites, schemas that differ."""

import collections.abc
import dataclasses
import operator
from typing import Annotated, Any, NotRequired, TypedDict

from langgraph.managed import IsLastStep, RemainingSteps
from pydantic import BaseModel

from .faces import same


def test_reducers_and_what_they_start_from() -> None:
    class State(TypedDict, total=False):
        total: Annotated[int, operator.add]
        text: Annotated[str, lambda a, b: a + b]
        maybe: Annotated[int | None, lambda a, b: (a or 0) + b]
        table: Annotated[collections.abc.Mapping[str, int], operator.or_]
        rare: NotRequired[Annotated[list[int], operator.add]]
        plain: str

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"total": 2, "text": "x", "maybe": 1, "table": {"a": 1}})
        graph.add_node("b", lambda state: {"total": 3, "rare": [1], "plain": "p"})
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        return graph.compile()

    same(build, {}, {"total": 5, "maybe": 7, "plain": "q"})


def test_two_writes_to_a_plain_key_are_an_error() -> None:
    class State(TypedDict):
        x: int

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"x": 1})
        graph.add_node("b", lambda state: {"x": 2})
        graph.add_edge(api.START, "a")
        graph.add_edge(api.START, "b")
        return graph.compile()

    same(build, {"x": 0})


def test_a_failing_reducer() -> None:
    class State(TypedDict):
        x: Annotated[list[int], operator.add]

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"x": 5})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, {"x": [1]}, {"x": 3})


def test_overwrite() -> None:
    class State(TypedDict):
        x: Annotated[list[int], operator.add]

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"x": [1]})
        graph.add_node("b", lambda state: {"x": api.Overwrite([9])})
        graph.add_node("c", lambda state: {"x": {"__overwrite__": [7]}})
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        graph.add_edge("b", "c")
        return graph.compile()

    assert same(build, {"x": [0]})[-1][-1] == ("values", {"x": [7]})


def test_input_and_output_schemas() -> None:
    class Input(TypedDict):
        question: str

    class Output(TypedDict):
        answer: str

    class State(Input, Output):
        notes: Annotated[list[str], operator.add]

    class Private(TypedDict):
        secret: int

    def first(state: Input) -> Any:
        assert dict(state) == {"question": "q"}
        return {"secret": 3, "notes": ["n"]}

    def second(state: Private) -> Any:
        return {"answer": str(state["secret"])}

    def build(api: Any) -> Any:
        graph = api.StateGraph(State, input_schema=Input, output_schema=Output)
        graph.add_node(first)
        graph.add_node("peek", lambda state: {"notes": ["p"]}, input_schema=Private)
        graph.add_node(second)
        graph.add_edge(api.START, "first")
        graph.add_edge("first", "peek")
        graph.add_edge("peek", "second")
        return graph.compile()

    same(build, {"question": "q", "answer": "ignored"})


def test_dataclass_and_pydantic_states() -> None:
    @dataclasses.dataclass
    class Data:
        x: int = 1
        log: Annotated[list[str], operator.add] = dataclasses.field(default_factory=list)

    class Model(BaseModel):
        x: int = 1
        log: Annotated[list[str], operator.add] = []

    for schema in (Data, Model):

        def node(state: Any, schema: Any = schema) -> Any:
            assert isinstance(state, schema)
            return {"x": state.x + 1, "log": [str(state.x)]}

        def whole(state: Any, schema: Any = schema) -> Any:
            return schema(x=state.x * 10)

        def build(api: Any, schema: Any = schema, node: Any = node, whole: Any = whole) -> Any:
            graph = api.StateGraph(schema)
            graph.add_node("node", node)
            graph.add_node("whole", whole)
            graph.add_edge(api.START, "node")
            graph.add_edge("node", "whole")
            graph.add_conditional_edges("whole", lambda state: api.END if state.x else "node")
            return graph.compile()

        same(build, {"x": 4}, schema(x=5), {})


def test_a_pydantic_state_that_does_not_validate() -> None:
    class Model(BaseModel):
        x: int

    def build(api: Any) -> Any:
        graph = api.StateGraph(Model)
        graph.add_node("a", lambda state: {"x": "text"})
        graph.add_node("b", lambda state: None)
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        return graph.compile()

    same(build, {"x": 4})


def test_a_state_that_is_one_value() -> None:
    def build(api: Any) -> Any:
        graph = api.StateGraph(Annotated[list[int], operator.add])
        graph.add_node("a", lambda state: [len(state)])
        graph.add_edge(api.START, "a")
        graph.add_conditional_edges("a", lambda state: "a" if len(state) < 4 else api.END)
        return graph.compile()

    same(build, [1])


def test_input_that_is_no_input() -> None:
    class State(TypedDict):
        x: int

    def build(api: Any) -> Any:
        graph = api.StateGraph(State)
        graph.add_node("a", lambda state: {"x": 1})
        graph.add_edge(api.START, "a")
        return graph.compile()

    same(build, None, {}, {"unknown": 1})


def test_managed_values() -> None:
    def build(api: Any) -> Any:
        import langferry.graph
        from tests.compat.faces import REAL

        last, remaining = (
            (IsLastStep, RemainingSteps)
            if api is REAL
            else (langferry.graph.IsLastStep, langferry.graph.RemainingSteps)
        )

        class State(TypedDict):
            x: int
            is_last: last  # type: ignore[valid-type]
            left: remaining  # type: ignore[valid-type]

        class Plain(TypedDict):
            x: int

        def node(state: Any) -> Any:
            return {"x": state["left"] * 100 + state["is_last"]}

        graph = api.StateGraph(State, input_schema=Plain, output_schema=Plain)
        graph.add_node("a", node)
        graph.add_node("b", node)
        graph.add_edge(api.START, "a")
        graph.add_edge("a", "b")
        return graph.compile()

    same(build, {"x": 0}, config={"recursion_limit": 3})
