import pytest

from tests.converter.advice.conftest import Said

GRAPH = """
builder = StateGraph(S)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile(checkpointer=InMemorySaver())
"""


def program(handlers: str) -> str:
    return f'def a(state: S):\n    try:\n        y = interrupt("?")\n    {handlers}\n    return {{}}\n{GRAPH}'


@pytest.mark.parametrize("caught", ["", " Exception", " (ValueError, Exception) as error"])
def test_a_handler_that_takes_any_exception_swallows_the_question(said: Said, caught: str) -> None:
    found = said(program(f"except{caught}:\n        y = 1"))
    assert [code for code, _ in found] == ["LF804"]
    assert found[0][1].startswith("except")


@pytest.mark.parametrize(
    "handlers",
    [
        "except ValueError:\n        y = 1",
        "except Exception:\n        raise",
        "finally:\n        y = 1",
    ],
)
def test_other_handlers_do_not(said: Said, handlers: str) -> None:
    assert said(program(handlers)) == []
