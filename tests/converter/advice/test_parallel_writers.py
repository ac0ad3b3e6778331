import pytest

from tests.converter.advice.conftest import Mended, Said, runs

GRAPH = """
builder = StateGraph(S)
builder.add_node("a", a)
builder.add_node("b", b)
builder.add_edge(START, "a")
builder.add_edge({after}, "b")
builder.add_edge("a", END)
builder.add_edge("b", END)
graph = builder.compile()
"""


def program(a: str, b: str, after: str = "START") -> str:
    return f"def a(state: S):\n    {a}\n\ndef b(state: S):\n    {b}\n{GRAPH.format(after=after)}"


def test_a_key_without_a_reducer_takes_one_value_a_step(said: Said) -> None:
    body = program('return {"x": 1, "log": ["a"]}', 'return {"y": 2, "x": 2, "log": ["b"]}')
    assert said(body) == [("LF801", '"x"')]


def test_nodes_of_different_steps_may_write_the_same_key(said: Said) -> None:
    assert said(program('return {"x": 1}', 'return {"x": 2}', after='"a"')) == []


def test_what_only_one_way_writes_is_not_certain(said: Said) -> None:
    sometimes = 'if state["y"]: return {"x": 1}\n    return {"y": 1}'
    assert said(program(sometimes, 'return {"x": 2}')) == []
    assert said(program("return dict(x=1)", 'return {"x": 2}')) == []


LISTS = """
from typing import List

class L(TypedDict):
    x: List[
        int
    ]  # both
    n: int

"""


def test_lists_are_added_on_request(mended: Mended) -> None:
    body = program('return {"x": [1]}', 'return {"x": [2]}').replace("(S)", "(L)")
    assert mended(LISTS + body) == LISTS + body
    # a graph without its imports, so that they are put where they belong
    head = '"""Doc."""\nfrom __future__ import annotations\n# first\nfrom langgraph.graph import END, START, StateGraph\n'
    head += "from typing import TypedDict as TypedDict\n"
    body = (LISTS + body).replace("(state: S)", "(state)")
    fixed = mended(body, head=head, unsafe=True)
    annotated = body.replace(
        "List[\n        int\n    ]", "Annotated[List[\n        int\n    ], operator.add]"
    )
    new = "# first\nfrom typing import Annotated\nimport operator\nfrom langgraph"
    assert fixed == head.replace("# first\nfrom langgraph", new) + annotated
    assert runs(fixed, {"x": [0], "n": 0})["x"] == [0, 1, 2]


def test_a_module_that_has_the_names_gets_no_imports(mended: Mended) -> None:
    body = program('return {"x": [1]}', 'return {"x": [2]}').replace("(S)", "(L)")
    fixed = mended(LISTS + body, unsafe=True)
    assert fixed == (LISTS + body).replace(
        "List[\n        int\n    ]", "Annotated[List[\n        int\n    ], operator.add]"
    )


@pytest.mark.parametrize("kept", ["x: int", 'x: "list[int]"'])
def test_what_else_is_meant_only_a_person_knows(mended: Mended, kept: str) -> None:
    state = f"\nclass L(TypedDict):\n    {kept}\n    n: int\n\n"
    body = state + program('return {"x": [1]}', 'return {"x": [2]}').replace("(S)", "(L)")
    assert mended(body, unsafe=True) == body
    taken = body.replace(kept, "x: list[int]").replace(
        "class L", "def f(operator):\n    pass\n\nclass L"
    )
    head = "from langgraph.graph import END, START, StateGraph\nfrom typing import TypedDict\n"
    taken = taken.replace("(state: S)", "(state)")
    assert mended(taken, head=head, unsafe=True) == taken


def test_a_key_that_the_state_lacks_has_no_reducer_to_give(said: Said, mended: Mended) -> None:
    body = program('return {"other": 1}', 'return {"other": 2}')
    assert mended(body, unsafe=True) == body
    assert {code for code, _ in said(body)} <= {"LF801"}


def test_an_import_that_comes_later_does_not_count(mended: Mended) -> None:
    head = "from langgraph.graph import END, START, StateGraph\nfrom typing import TypedDict\n"
    late = LISTS + "import operator\n"
    body = late + program('return {"x": [1]}', 'return {"x": [2]}').replace("(S)", "(L)")
    body = body.replace("(state: S)", "(state)")
    assert mended(body, head=head, unsafe=True) == body
