"""What a test of a suite needs, and what kind of test that makes it."""

from pathlib import Path

import pytest

from conformance import needs

CONFTEST = """
import pytest
from langgraph.pregel._loop import Loop
from langgraph.graph import StateGraph

@pytest.fixture
def loop():
    return Loop()

@pytest.fixture
def graph():
    return StateGraph(dict)
"""
HELPERS = """
from langgraph.types import _secret

def peek():
    return _secret
"""
TESTS = """
from langgraph.types import Send
from langgraph.checkpoint.base import _own
from tests.helpers import peek

def packet():
    return Send("a", _own)

def test_public(graph):
    assert packet()

def test_by_fixture(loop):
    pass

def test_by_helper():
    assert peek()

def test_by_attribute(graph):
    assert graph._inner

def test_by_patch(monkeypatch):
    monkeypatch.setattr("langgraph.pregel._algo.now", 1)

def test_remote():
    from langgraph.pregel.remote import RemoteGraph

class TestGroup:
    def test_method(self, graph):
        self._own = graph._asdict()
"""


@pytest.fixture
def kinds(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "tests"
    folder.mkdir()
    for name, text in (("conftest", CONFTEST), ("helpers", HELPERS), ("test_it", TESTS)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    found = needs.of_suite(tmp_path)
    assert list(found) == ["tests/test_it.py"]
    return {name: need.kind("tests/test_it.py") for name, need in found["tests/test_it.py"].items()}


def test_kinds(kinds: dict[str, str]) -> None:
    assert kinds == {
        "test_public": "public",
        "test_by_fixture": "internals",
        "test_by_helper": "internals",
        "test_by_attribute": "internals",
        "test_by_patch": "internals",
        "test_remote": "remote",
        "TestGroup::test_method": "public",
    }
