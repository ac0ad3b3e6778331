"""Programs that a rule has something to say of, what it says, and what its fixes make of them."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from langferry.cli.fixing import applicable, fixed
from langferry.converter import analyse
from langferry.diagnostics import Diagnostic, lookup
from langferry.model import Program

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
Mended = Callable[..., str]


@pytest.fixture
def said(tmp_path: Path, types_cache: Path) -> Said:
    """Each LF8 finding of a program, with the text it is about."""

    def run(body: str) -> list[tuple[str, str]]:
        path = tmp_path / "program.py"
        path.write_text(HEAD + body)
        lines = path.read_text().split("\n")
        found = []
        for item in _advice(analyse(path, cache_dir=types_cache)):
            assert item.span is not None
            end = item.span.end_column if item.span.line == item.span.end_line else None
            text = lines[item.span.line - 1][item.span.column : end]
            found.append((item.code, text))
        return found

    return run


@pytest.fixture
def mended(tmp_path: Path, types_cache: Path) -> Mended:
    """A program with its fixes made, after which there is nothing left to fix."""

    def run(body: str, head: str = HEAD, unsafe: bool = False) -> str:
        path = tmp_path / "program.py"
        path.write_text(head + body)

        def told(model: Program) -> list[Diagnostic]:
            return list(_advice(model))

        done = fixed(
            lambda files: analyse(path, cache_dir=types_cache, instead=files), path, told, unsafe
        )
        assert not applicable(told(done.model), unsafe)
        text = done.after[path].decode() if done.changed else head + body
        # a head that a fix changed is given back with the rest
        return text.removeprefix(head)

    return run


def runs(program: str, given: dict[str, Any], config: Any = None) -> dict[str, Any]:
    """What LangGraph makes of an input in a program whose graph is called `graph`."""
    module = ModuleType("advised")
    sys.modules["advised"] = module
    try:
        exec(program, module.__dict__)
        result: dict[str, Any] = asyncio.run(module.graph.ainvoke(given, config))
        return result
    finally:
        del sys.modules["advised"]


def _advice(model: Program) -> Iterator[Diagnostic]:
    for item in model.diagnostics:
        if item.code.startswith("LF8"):
            assert item.help
            if item.fix is not None:
                kinds = {remedy.applicability for remedy in lookup(item.code).fixes}
                assert item.fix.applicability in kinds
            yield item
