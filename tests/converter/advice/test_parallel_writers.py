from tests.converter.advice.conftest import Said

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
