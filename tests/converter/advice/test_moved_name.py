import importlib
import warnings

import pytest

from langferry.converter.advice.moved_name import MOVED
from tests.converter.advice.conftest import Mended, Said

GRAPH = """
builder = StateGraph(S)
builder.add_node("a", lambda state: {"x": 1})
builder.add_edge(START, "a")
graph = builder.compile()
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from langgraph.constants import Send\n", "from langgraph.types import Send\n"),
        (
            "from  langchain.schema import (\n    Document as D,  # it\n)\n",
            "from  langchain_core.documents import (\n    Document as D,  # it\n)\n",
        ),
        (
            "if True:\n    from langgraph.constants import START as S0, Send, Interrupt  # all\n",
            "if True:\n    from langgraph.constants import START as S0\n"
            "    from langgraph.types import Send, Interrupt  # all\n",
        ),
        (
            "import os; from langchain.schema import HumanMessage, Document\n",
            "import os; from langchain_core.documents import Document;"
            " from langchain_core.messages import HumanMessage\n",
        ),
        (
            "def f():\n\tfrom langgraph.pregel import Pregel, RetryPolicy\n",
            "def f():\n\tfrom langgraph.pregel import Pregel\n\tfrom langgraph.types import RetryPolicy\n",
        ),
    ],
)
def test_names_are_imported_from_where_they_are(mended: Mended, before: str, after: str) -> None:
    assert mended(before + GRAPH) == after + GRAPH


def test_comments_between_names_are_for_a_person(said: Said, mended: Mended) -> None:
    body = "from langgraph.constants import (\n    START as A,  # here\n    Send,\n)\n" + GRAPH
    assert said(body) == [("LF809", "Send")]
    assert mended(body) == body


def test_what_is_tried_or_where_it_is_is_left_alone(said: Said) -> None:
    tried = "try:\n    from langgraph.types import Send\nexcept ImportError:\n"
    assert said(tried + "    from langgraph.constants import Send\n" + GRAPH) == []
    assert said("from langgraph.constants import END as E\n" + GRAPH) == []


@pytest.mark.parametrize("new", sorted(set(MOVED.values())))
def test_every_name_is_where_it_is_said_to_be(new: str) -> None:
    module = pytest.importorskip(new)
    for (old, name), other in MOVED.items():
        if other != new:
            continue
        assert hasattr(module, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                before = getattr(importlib.import_module(old), name)
            except (ImportError, AttributeError):
                continue
        assert before is getattr(module, name)
