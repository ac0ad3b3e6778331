import pytest

from tests.converter.advice.conftest import HEAD, Mended, Said, runs

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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "state['x'] = len(state.get('log'))\n    state[\"y\"] += state['x']\n    return state",
            "state['x'] = len(state.get('log'))\n    state[\"y\"] += state['x']\n"
            '    return {"x": state["x"], "y": state["y"]}',
        ),
        ("return state  # all", "return {}  # all"),
        ('return {**state, "x": 1, "y": 1}', 'return {"x": 1, "y": 1}'),
        (
            'return {\n        **state,\n        # more\n        "x": 1, "y": 1}',
            None,
        ),
        (
            'return {\n        **state,\n        "x": 1, "y": 1}',
            'return {\n        "x": 1, "y": 1}',
        ),
    ],
)
def test_a_node_returns_what_it_changes_on_request(
    mended: Mended, before: str, after: str | None
) -> None:
    body = f"def a(state: S):\n    {before}\n{GRAPH.format(state='S')}"
    expected = (
        body if after is None else f"def a(state: S):\n    {after}\n{GRAPH.format(state='S')}"
    )
    assert mended(body) == body
    assert mended(body, unsafe=True) == expected
    if after is not None:
        given = {"x": 0, "y": 0, "log": ["a"]}
        old, new = runs(HEAD + body, given), runs(HEAD + expected, given)
        assert (old.pop("log"), new.pop("log")) == (["a", "a"], ["a"])
        assert old == new


@pytest.mark.parametrize(
    "body",
    [
        "if state['x']:\n        state['x'] = 1\n    return state",
        "state['log'].append('b')\n    return state",
        "log = state['log']\n    log.append('b')\n    return state",
        "state.update(x=1)\n    return state",
        "print(state)\n    return state",
        "other = state\n    other['x'] = 1\n    return state",
        "state['x'] = 1\n    return {**state, 'y': 1}",
        "if state['x']:\n        return state\n    state['x'] = 1\n    return state",
        "del state['x']\n    return state",
        "[state for state in ()]\n    return state",
        "return {**state}",
    ],
)
def test_what_else_a_node_changes_is_not_lost(mended: Mended, body: str) -> None:
    program = f"def a(state: S):\n    {body}\n{GRAPH.format(state='S')}"
    assert mended(program, unsafe=True) == program
