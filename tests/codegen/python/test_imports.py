"""Imports of LangGraph move; nothing else does."""

import importlib

import pytest

import langferry.graph
from langferry.codegen.python.imports import rewritten
from langferry.codegen.python.names import OURS
from langferry.diagnostics import Failure


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from langgraph.graph import StateGraph, END\n",
            "from langferry.graph import StateGraph, END\n",
        ),
        (
            "from langgraph.types import Send as S  # why\n",
            "from langferry.graph import Send as S  # why\n",
        ),
        (
            "from langgraph.checkpoint.memory import MemorySaver\n",
            "from langferry.graph import InMemorySaver as MemorySaver\n",
        ),
        (
            "from langgraph.checkpoint.memory import MemorySaver as InMemorySaver\n",
            "from langferry.graph import InMemorySaver as InMemorySaver\n",
        ),
        (
            "from langgraph.graph import (  # a\n    END,  # b\n    StateGraph as SG,\n)\r\nx='é'\r",
            "from langferry.graph import (  # a\n    END,  # b\n    StateGraph as SG,\n)\r\nx='é'\r",
        ),
        (
            "'é'; from langgraph \\\n  .graph import END; import os\n",
            "'é'; from langferry.graph import END; import os\n",
        ),
        (
            "\ufeffdef f():\n\tfrom langgraph.types import interrupt\n",
            "\ufeffdef f():\n\tfrom langferry.graph import interrupt\n",
        ),
        ("x = 'from langgraph.graph import END'\n", "x = 'from langgraph.graph import END'\n"),
        (
            "import langgraph_swarm\nfrom .langgraph import x\n",
            "import langgraph_swarm\nfrom .langgraph import x\n",
        ),
        ("\f# page\nfrom langgraph.graph import END", "\f# page\nfrom langferry.graph import END"),
    ],
)
def test_rewriting_and_again(before: str, after: str) -> None:
    assert rewritten(before, "a.py") == after
    assert rewritten(after, "a.py") == after


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("import langgraph.graph as g\n", "LF611", 0),
        ("x = 1; import os, langgraph\n", "LF611", 7),
        ("from langgraph.graph import *\n", "LF611", 0),
        ("from langgraph import graph\n", "LF611", 0),
        ("from langgraph.prebuilt import ToolNode\n", "LF610", 0),
        ("from langgraph.types import Send, RetryPolicy\n", "LF610", 0),
    ],
)
def test_what_cannot_be_exact_is_refused(text: str, code: str, column: int) -> None:
    with pytest.raises(Failure) as raised:
        rewritten(text, "a.py")
    found = raised.value.diagnostic
    assert found.code == code
    assert found.span is not None
    assert (found.span.file, found.span.line, found.span.column) == ("a.py", 1, column)


@pytest.mark.parametrize(("module", "name"), sorted(OURS))
def test_every_name_is_on_both_sides(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)
    assert OURS[module, name] in langferry.graph.__all__
