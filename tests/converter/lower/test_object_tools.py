"""Which objects of the program's classes are native tools."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

_PROGRAM = """
from typing import Type, TypedDict

from langchain_core.tools import BaseTool
from langgraph.graph import START, StateGraph
from pydantic import BaseModel, Field


class Given(BaseModel):
    query: str = Field(description="what")


class Search(BaseTool):
    name: str = "search"
    description: str = {description}
    args_schema: Type[BaseModel] = Given
    {more}

    def _run(self, {taken}) -> str:
        return {gives}


search = Search({made})
{after}


class State(TypedDict):
    text: str


def work(state: State):
    return {{"text": search.invoke(state["text"])}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""

_ARUN = "async def _arun(self, query: str) -> str:\n        return "


def _is_native(tmp_path: Path, **parts: str) -> bool:
    given = {
        "description": "'Looks.'",
        "more": "",
        "taken": "query: str",
        "gives": "self.name + query",
        "made": "",
        "after": "",
    }
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(**given | parts))
    (work,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if x.name == "work")
    return work.disposition == "native"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"more": "return_direct: bool = True"},
        {"more": f"{_ARUN}self._run(query)"},
        {"more": f"{_ARUN}self._run(query=query)"},
        {"taken": "query: str = 'x'"},
    ],
)
def test_native(tmp_path: Path, parts: dict[str, str]) -> None:
    assert _is_native(tmp_path, **parts)


@pytest.mark.parametrize(
    "parts",
    [
        # made with more than the class says, or changed
        {"made": "description='Other'"},
        {"after": "search.description = 'Other'"},
        {"more": "limit: int = 3"},
        {"more": "handle_tool_error: bool = True"},
        {"description": "'Looks.' * 2"},
        # what is called runs something else, too
        {"more": f"{_ARUN}'awaited'"},
        {"more": f"{_ARUN}self._run('x')"},
        {"more": "def invoke(self, given, config=None, **kwargs):\n        return given"},
        {"more": "def model_post_init(self, context):\n        pass"},
        # its schema is not of what it takes
        {"taken": "query: str, top: int = 2"},
        {"taken": "text: str", "gives": "text"},
        {"taken": "query: str, run_manager=None"},
        {"taken": "**kwargs", "gives": "kwargs['query']"},
    ],
)
def test_not_native(tmp_path: Path, parts: dict[str, str]) -> None:
    assert not _is_native(tmp_path, **parts)
