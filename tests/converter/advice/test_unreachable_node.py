import pytest

from tests.converter.advice.conftest import Said

PROGRAM = """
def a(state: S):
    return {result}

def lost(state: S):
    return {{}}

builder = StateGraph(S)
builder.add_node("a", a)
builder.add_node("lost", lost)
builder.add_edge(START, "a")
builder.add_edge("lost", END)
{more}
graph = builder.compile()
"""


def test_a_node_nothing_leads_to_never_runs(said: Said) -> None:
    found = said(PROGRAM.format(result="{}", more=""))
    assert [code for code, _ in found] == ["LF807"]


@pytest.mark.parametrize(
    ("result", "more"),
    [
        ('Command(goto="lost")', ""),
        ("{}", 'builder.add_edge("a", "lost")'),
        ("{}", 'NEXT = "lost"'),
        ("{}", 'builder.add_conditional_edges("a", lambda state: [*"ab"])'),
        ("{}", 'builder.add_conditional_edges("a", lambda state: "x", {"x": "lost"})'),
    ],
)
def test_whatever_may_lead_to_it_counts(said: Said, result: str, more: str) -> None:
    assert said(PROGRAM.format(result=result, more=more)) == []
