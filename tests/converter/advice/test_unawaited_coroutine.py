import pytest

from tests.converter.advice.conftest import HEAD, Mended, Said, runs

PROGRAM = """
async def later(state: S, model=None):
    return {{}}

def now(state: S):
    return {{}}

{node}

builder = StateGraph(S)
builder.add_node("a", {given})
builder.add_edge(START, "a")
builder.add_edge("a", END)
graph = builder.compile()
"""


@pytest.mark.parametrize(
    ("node", "given"),
    [
        ("", "lambda state: later(state, 1)"),
        ("def a(state: S):\n    return later(state, 1)", "a"),
    ],
)
def test_a_coroutine_is_no_update(said: Said, node: str, given: str) -> None:
    assert said(PROGRAM.format(node=node, given=given)) == [("LF808", "later(state, 1)")]


@pytest.mark.parametrize(
    ("node", "given"),
    [
        ("", "later"),
        ("", "lambda state: now(state)"),
        ("async def a(state: S):\n    return await later(state, 1)", "a"),
        ("later = now", "lambda state: later(state)"),
    ],
)
def test_what_is_awaited_or_none_is_not_meant(said: Said, node: str, given: str) -> None:
    assert said(PROGRAM.format(node=node, given=given)) == []


def test_the_function_itself_is_added_on_request(mended: Mended) -> None:
    body = PROGRAM.format(node="", given="(lambda state: later(state))")
    fixed = PROGRAM.format(node="", given="(later)")
    assert mended(body) == body
    assert mended(body, unsafe=True) == fixed
    assert runs(HEAD + fixed, {"x": 1})["x"] == 1


@pytest.mark.parametrize(
    "given",
    [
        "lambda state: later(state, 1)",
        "lambda state, more=1: later(state)",
        "lambda state: defined_behind(state)",
    ],
)
def test_a_lambda_that_does_more_is_kept(mended: Mended, given: str) -> None:
    behind = "\nasync def defined_behind(state: S):\n    return {}\n"
    body = PROGRAM.format(node="", given=given) + behind
    assert mended(body, unsafe=True) == body
