"""Programs that a rule has something to say of, and what it says."""

from collections.abc import Callable
from pathlib import Path

import pytest

from langferry.converter import analyse

HEAD = """
import operator
from typing import Annotated, Literal, TypedDict
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph, START, END, MessagesState
from langgraph.types import Command, interrupt


class S(TypedDict):
    x: int
    y: int
    log: Annotated[list[str], operator.add]

"""

Said = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def said(tmp_path: Path, types_cache: Path) -> Said:
    """Each LF8 finding of a program, with the text it is about."""

    def run(body: str) -> list[tuple[str, str]]:
        path = tmp_path / "program.py"
        path.write_text(HEAD + body)
        lines = path.read_text().split("\n")
        found = []
        for item in analyse(path, cache_dir=types_cache).diagnostics:
            if item.code.startswith("LF8"):
                assert item.span is not None
                assert item.help
                end = item.span.end_column if item.span.line == item.span.end_line else None
                text = lines[item.span.line - 1][item.span.column : end]
                found.append((item.code, text))
        return found

    return run
