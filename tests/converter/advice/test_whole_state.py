import pytest

from tests.converter.advice.conftest import Said

GRAPH = """
builder = StateGraph({state})
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile()
"""


@pytest.mark.parametrize(
    ("result", "doubled"),
    [
        ("state", True),
        ('{**state, "x": 1}', True),
        ('{**state, "log": ["a"]}', False),
        ('{"x": state["x"]}', False),
    ],
)
def test_a_list_that_comes_back_is_added_to_itself(said: Said, result: str, doubled: bool) -> None:
    body = f"def a(state: S):\n    return {result}\n{GRAPH.format(state='S')}"
    assert said(body) == ([("LF802", result)] if doubled else [])


def test_a_key_that_was_set_anew_is_an_update(said: Said) -> None:
    body = 'def a(state: S):\n    state["log"] = ["a"]\n    return state\n'
    assert said(body + GRAPH.format(state="S")) == []


def test_without_an_adding_reducer_nothing_is_doubled(said: Said) -> None:
    body = "class P(TypedDict):\n    x: int\n\ndef a(state: P):\n    return state\n"
    assert said(body + GRAPH.format(state="P")) == []
