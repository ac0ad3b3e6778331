import warnings

import pytest

from tests.converter.advice.conftest import HEAD, Mended, Said, runs

PROGRAM = """
def a(state):
    return {{"x": 1}}

builder = StateGraph(S{of_graph})
builder{chained}.add_node("a", a{of_node}).add_node("b", a, input=S)
builder.add_edge(START, "a")
graph = builder.compile()
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"of_graph": ", input = S, output=S", "of_node": "", "chained": ""},
            {"of_graph": ", input_schema = S, output_schema=S", "of_node": "", "chained": ""},
        ),
        (
            {"of_graph": "", "of_node": ",\n  retry=None", "chained": ".add_edge('a', 'b')"},
            {"of_graph": "", "of_node": ",\n  retry_policy=None", "chained": ".add_edge('a', 'b')"},
        ),
    ],
)
def test_old_names_become_new_ones(
    mended: Mended, before: dict[str, str], after: dict[str, str]
) -> None:
    expected = PROGRAM.format(**after).replace('"b", a, input', '"b", a, input_schema')
    assert mended(PROGRAM.format(**before)) == expected


def test_other_functions_and_given_new_names_are_left_alone(said: Said) -> None:
    graph = "\ndef a(state):\n    return {'x': 1}\n\ng = StateGraph(S, input=S, input_schema=S)\n"
    graph += "g.add_node('a', a)\ng.add_edge(START, 'a')\ngraph = g.compile()\n"
    assert said(graph) == []
    other = "\ndef use(builder):\n    builder.add_node('a', input=1)\n    print(input=2)\n"
    assert said(other + graph) == []


@pytest.mark.parametrize(
    "other",
    [
        "try:\n    from mine import b\nexcept ImportError:\n    b = StateGraph(S)",
        "b = StateGraph(S)\n\ndef b():\n    pass\n",
        "b = StateGraph(S)\n\nclass b:\n    pass\n",
        "b = StateGraph(S)\nwith open('x') as b:\n    pass\n",
        "b = StateGraph(S)\ntry:\n    pass\nexcept ValueError as b:\n    pass\n",
        "b = StateGraph(S)\nmatch S:\n    case b:\n        pass\n",
    ],
)
def test_a_name_that_may_be_of_something_else_is_left_alone(said: Said, other: str) -> None:
    graph = "\ndef a(state):\n    return {'x': 1}\n\ng = StateGraph(S)\n"
    graph += "g.add_node('a', a)\ng.add_edge(START, 'a')\ngraph = g.compile()\n"
    assert said(f"{other}\nb.add_node('x', print, retry=None)\n{graph}") == []


def test_langgraph_does_the_same_and_warns_no_more(mended: Mended) -> None:
    before = PROGRAM.format(of_graph=", input=S, output=S", of_node=", retry=None", chained="")
    after = mended(before)
    with pytest.warns(DeprecationWarning, match="is deprecated"):
        old = runs(HEAD + before, {"y": 2, "log": ["a"]})
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        assert runs(HEAD + after, {"y": 2, "log": ["a"]}) == old
