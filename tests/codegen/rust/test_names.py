"""Rust identifiers from any text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langferry.codegen.rust.names import Scope, escaped, is_keyword, pascal, shouting, snake

IDENTIFIER = re.compile(r"(r#)?[A-Za-z_][A-Za-z0-9_]*")


@pytest.mark.parametrize(
    ("text", "as_snake", "as_pascal", "as_shouting"),
    [
        ("TicketState", "ticket_state", "TicketState", "TICKET_STATE"),
        ("merge_counts", "merge_counts", "MergeCounts", "MERGE_COUNTS"),
        ("HTTPCall", "http_call", "HTTPCall", "HTTP_CALL"),
        ("node-1", "node_1", "Node1", "NODE_1"),
        ("été", "ete", "Ete", "ETE"),
        ("9 lives", "n9_lives", "n9Lives", "N9_LIVES"),
        ("", "unnamed", "unnamed", "UNNAMED"),
        ("日本", "unnamed", "unnamed", "UNNAMED"),
    ],
)
def test_spellings(text: str, as_snake: str, as_pascal: str, as_shouting: str) -> None:
    assert (snake(text), pascal(text)) == (as_snake, as_pascal)
    assert shouting(text) == as_shouting


def test_keywords_are_raw_where_rust_lets_them() -> None:
    assert [escaped(name) for name in ("type", "self", "text")] == ["r#type", "self_", "text"]


def test_what_is_taken_gets_a_number() -> None:
    scope = Scope(["len"])
    assert [scope.claim(name) for name in ("f", "f", "len", "f_2")] == [
        "f",
        "f_2",
        "len_2",
        "f_2_2",
    ]
    assert [scope.claim("Chat", also=["Update"]) for _ in range(2)] == ["Chat", "Chat2"]
    assert scope.claim("ChatUpdate") == "ChatUpdate2"


@given(st.lists(st.text(), max_size=20))
def test_any_texts_become_distinct_identifiers(texts: list[str]) -> None:
    scope = Scope()
    names = [scope.claim(snake(text)) for text in texts]
    assert len(set(names)) == len(texts)
    for name in names:
        assert IDENTIFIER.fullmatch(name)
        assert name.startswith("r#") or not is_keyword(name)
