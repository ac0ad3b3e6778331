"""Comments silence what a rule says, and are told when they silence nothing."""

from pathlib import Path

from langferry.converter import analyse
from tests.converter.advice.conftest import HEAD

PROGRAM = """
def a(state: S):
    return state  {on_line}

builder = StateGraph(S)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile()
"""


def codes(tmp_path: Path, cache: Path, body: str) -> list[str]:
    path = tmp_path / "program.py"
    path.write_text(HEAD + body)
    return [item.code for item in analyse(path, cache_dir=cache).diagnostics]


def test_a_comment_silences_its_line_or_the_next(tmp_path: Path, types_cache: Path) -> None:
    assert codes(tmp_path, types_cache, PROGRAM.format(on_line="")) == ["LF802"]
    on_line = PROGRAM.format(on_line="# langferry: ignore[LF802]")
    assert codes(tmp_path, types_cache, on_line) == []
    above = PROGRAM.replace("    return", "    # langferry: ignore[LF801, LF802]\n    return")
    assert codes(tmp_path, types_cache, above.format(on_line="")) == ["LF234"]


def test_a_comment_behind_a_line_does_not_speak_of_the_next(
    tmp_path: Path, types_cache: Path
) -> None:
    body = PROGRAM.replace("(state: S):", "(state: S):  # langferry: ignore[LF802]", 1)
    assert sorted(codes(tmp_path, types_cache, body.format(on_line=""))) == ["LF234", "LF802"]


def test_a_comment_that_is_not_understood_is_an_error(tmp_path: Path, types_cache: Path) -> None:
    assert "LF233" in codes(
        tmp_path, types_cache, PROGRAM.format(on_line="# langferry: ignore[everything]")
    )


def test_errors_cannot_be_silenced(tmp_path: Path, types_cache: Path) -> None:
    body = PROGRAM.format(on_line="# langferry: ignore[LF802]")
    lost = 'builder.add_edge("a", "b")  # langferry: ignore[LF202]\ngraph ='
    assert "LF202" in codes(tmp_path, types_cache, body.replace("graph =", lost))


def test_a_graph_that_is_not_read_whole_is_not_judged(tmp_path: Path, types_cache: Path) -> None:
    body = PROGRAM.format(on_line="").replace("graph =", 'builder.add_edge("a", "b")\ngraph =')
    assert codes(tmp_path, types_cache, body) == ["LF202"]
