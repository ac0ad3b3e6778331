"""What is native of LangChain's functions on lists of messages, and what is refused."""

from pathlib import Path

import pytest

from langferry.converter import analyse

HEAD = """
from langchain_core.messages import (
    BaseMessage, HumanMessage, convert_to_messages, filter_messages, get_buffer_string,
    merge_message_runs, trim_messages,
)
from langchain_core.messages.utils import count_tokens_approximately
from langchain.messages import AIMessage
from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph


trimmer = trim_messages(max_tokens=9, token_counter=len)


class State(MessagesState):
    text: str
    wanted: list[str]


def node(state: State):
    messages = state["messages"]
    return {"text": str(%s)}


graph = StateGraph(State)
graph.add_node(node)
graph.add_edge(START, "node")
app = graph.compile()
"""


def _reason(given: str, tmp_path: Path, types_cache: Path) -> str:
    path = tmp_path / "program.py"
    path.write_text(HEAD % given)
    (function,) = analyse(path, cache_dir=types_cache).functions
    return "".join(str(reason.message) for reason in function.reasons)


@pytest.mark.parametrize(
    "given",
    [
        "get_buffer_string(messages)",
        "get_buffer_string(messages=state.get('messages', []), ai_prefix='Bot')",
        "len(filter_messages(messages, include_types=state['wanted']))",
        "len(filter_messages(messages, exclude_types=[HumanMessage, 'tool'], include_ids=['1']))",
        "len(convert_to_messages(messages))",
        "AIMessage(content='imported twice')",
        "merge_message_runs(messages, chunk_separator=' ')",
        "trim_messages(messages, max_tokens=9, token_counter=len, start_on=state['wanted'])",
        "trim_messages(messages, max_tokens=9, token_counter=count_tokens_approximately)",
        "trim_messages(messages, max_tokens=9, token_counter=len, allow_partial=True)",
        "count_tokens_approximately(messages)",
        "trimmer.invoke(messages)",
    ],
)
def test_is_native(given: str, tmp_path: Path, types_cache: Path) -> None:
    assert _reason(given, tmp_path, types_cache) == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("get_buffer_string(messages, format='xml')", "this form of `get_buffer_string`"),
        ("get_buffer_string('text')", "messages that are no list"),
        ("filter_messages(messages, exclude_tool_calls=True)", "(exclude_tool_calls=)"),
        ("filter_messages(messages, include_names='me')", "this `include_names`"),
        ("filter_messages(messages, include_types=[BaseMessage])", "messages of `BaseMessage`"),
        ("filter_messages(include_types=['ai'])", "this form of `filter_messages`"),
        ("merge_message_runs()", "this form of `merge_message_runs`"),
        ("trim_messages(messages, token_counter=len)", "this form of `trim_messages`"),
        (
            "trim_messages(messages, max_tokens=9, token_counter=len, strategy=state['text'])",
            "this form of `trim_messages`",
        ),
        (
            "trim_messages(messages, max_tokens=9, token_counter='approximate', allow_partial=True)",
            "this form of `trim_messages`",
        ),
        (
            "trim_messages(messages, max_tokens=9, token_counter=str)",
            "this counter of tokens",
        ),
        (
            "trim_messages(messages, max_tokens=9, token_counter=len, end_on=state)",
            "this `end_on`",
        ),
    ],
)
def test_is_refused(given: str, why: str, tmp_path: Path, types_cache: Path) -> None:
    assert why in _reason(given, tmp_path, types_cache)
