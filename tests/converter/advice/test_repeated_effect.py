import pytest

from tests.converter.advice.conftest import Said

GRAPH = """
builder = StateGraph(S)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile(checkpointer=InMemorySaver())
"""


@pytest.mark.parametrize(
    "effect",
    [
        'requests.post("http://x", json={})',
        'open("log.txt", "a")',
        'open("log.txt", mode="w")',
        'subprocess.run(["ls"])',
        'model.invoke("hello")',
    ],
)
def test_an_effect_before_the_question_is_repeated(said: Said, effect: str) -> None:
    body = (
        "import requests, subprocess\nfrom langchain_openai import ChatOpenAI\n"
        'model = ChatOpenAI(model="m")\n\n'
        f'def a(state: S):\n    z = {effect}\n    if state["x"]:\n        y = interrupt("?")\n    return {{}}\n'
    )
    assert said(body + GRAPH) == [("LF803", effect)]


@pytest.mark.parametrize(
    "body",
    [
        'y = interrupt("?")\n    requests.post("http://x")',
        'if state["x"]:\n        requests.post("http://x")\n    else:\n        y = interrupt("?")',
        'open("log.txt").read()\n    y = interrupt("?")',
        'def later():\n        requests.post("http://x")\n    y = interrupt("?")\n    later()',
        'requests.post("http://x")',
    ],
)
def test_what_does_not_come_before_is_not_repeated(said: Said, body: str) -> None:
    text = f"import requests\n\ndef a(state: S):\n    {body}\n    return {{}}\n"
    found = said(text + GRAPH)
    # what stands in the other branch comes before nothing
    assert found == []
