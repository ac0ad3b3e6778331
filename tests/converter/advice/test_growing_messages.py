from tests.converter.advice.conftest import Said

PROGRAM = """
def a(state: MessagesState):
    return {{"messages": [{message}]}}

builder = StateGraph(MessagesState)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile({options})
"""


def test_a_thread_that_nothing_shortens_grows(said: Said) -> None:
    body = PROGRAM.format(message='("ai", "yes")', options="checkpointer=InMemorySaver()")
    assert [
        code
        for code, _ in said(
            "class M(MessagesState):\n    n: int\n"
            + body.replace("(MessagesState)", "(M)").replace(": MessagesState", ": M")
        )
    ] == ["LF805"]


def test_without_a_saver_nothing_is_kept(said: Said) -> None:
    assert said(PROGRAM.format(message='("ai", "yes")', options="")) == []


def test_a_program_that_removes_messages_knows(said: Said) -> None:
    head = "from langchain_core.messages import RemoveMessage\n"
    body = PROGRAM.format(message='RemoveMessage("1")', options="checkpointer=InMemorySaver()")
    assert said(head + body) == []
