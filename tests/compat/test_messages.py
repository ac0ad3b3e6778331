"""add_messages and states that are conversations."""

from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, RemoveMessage

from .faces import OURS, REAL, plain, same


def test_a_conversation() -> None:
    def build(api: Any) -> Any:
        def answer(state: Any) -> Any:
            return {"messages": [AIMessage(f"{len(state['messages'])}", id="a1"), ("user", "more")]}

        def edit(state: Any) -> Any:
            return {"messages": [RemoveMessage(id="h1"), AIMessage("edited", id="a1")]}

        graph = api.StateGraph(api.MessagesState)
        graph.add_node("answer", answer)
        graph.add_node("edit", edit)
        graph.add_edge(api.START, "answer")
        graph.add_edge("answer", "edit")
        return graph.compile()

    same(build, {"messages": [HumanMessage("hi", id="h1")]}, {"messages": "text"})


CASES: list[tuple[Any, Any, dict[str, Any]]] = [
    ([], [HumanMessage("x", id="1")], {}),
    ([HumanMessage("x", id="1")], HumanMessage("y", id="1"), {}),
    ([HumanMessage("x", id="1")], [RemoveMessage(id="2")], {}),
    ([HumanMessage("x", id="1")], [RemoveMessage(id="1"), HumanMessage("z", id="1")], {}),
    (
        [HumanMessage("x", id="1")],
        [RemoveMessage(id="__remove_all__"), HumanMessage("z", id="2")],
        {},
    ),
    ([HumanMessage("x", id="1")], [AIMessageChunk(content="c", id="3")], {}),
    (
        [],
        [{"role": "user", "content": [{"type": "text", "text": "t"}]}],
        {"format": "langchain-openai"},
    ),
    ([], [HumanMessage("x", id="1")], {"format": "other"}),
    (None, [HumanMessage("x", id="1")], {}),
    ([HumanMessage("x", id="1")], None, {}),
]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_merging(case: tuple[Any, Any, dict[str, Any]]) -> None:
    left, right, options = case

    def merged(api: Any) -> Any:
        try:
            result = api.add_messages(left, right, **options)
        except Exception as error:
            return type(error).__name__, str(error)
        return [(type(m).__name__, m.content, m.id if options == {} else "") for m in result]

    assert [plain(merged(api)) for api in OURS.values()] == [plain(merged(REAL))] * len(OURS)
