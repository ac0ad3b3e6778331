"""Coroutines are run one after the other only where nothing shows that."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
import asyncio
import os
from typing import TypedDict
from langchain_openai import ChatOpenAI
from langgraph.config import get_stream_writer
from langgraph.graph import START, StateGraph

class S(TypedDict):
    texts: list[str]
    numbers: list[int]

model = ChatOpenAI(model="gpt-4o")

async def ask(text: str) -> str:
    return (await model.ainvoke(text)).content

async def ask_aloud(text: str) -> str:
    print(text)
    return (await model.ainvoke(text)).content

COUNT = 0

async def count(text: str, before: int) -> str:
    global COUNT
    COUNT += 1
    return text * before

async def note(text: str) -> str:
    os.system("echo " + text)
    return text

async def node(state: S):
    {body}

graph = StateGraph(S).add_node(node).add_edge(START, "node").compile()
"""


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("return {'texts': await asyncio.gather(*[ask(x) for x in state['texts']])}", True),
        ("return {'texts': await asyncio.gather(*(ask(text=x) for x in state['texts']))}", True),
        (
            "asked = [ask(x) for x in state['texts'] if x]\n"
            "    found = await asyncio.gather(*asked)\n"
            "    return {'texts': found}",
            True,
        ),
        # what each of them prints comes before any is answered
        ("return {'texts': await asyncio.gather(*[ask_aloud(x) for x in state['texts']])}", False),
        ("return {'texts': await asyncio.gather(*[note(x) for x in state['texts']])}", False),
        # what the others have counted while one waits, or before it is asked
        (
            "return {'texts': await asyncio.gather(*[count(x, COUNT) for x in state['texts']])}",
            False,
        ),
        # which may be looked at, or never waited for
        (
            "asked = [ask(x) for x in state['texts']]\n"
            "    asked.reverse()\n"
            "    return {'texts': await asyncio.gather(*asked)}",
            False,
        ),
        (
            "asked = [ask(x) for x in state['texts']]\n"
            "    print(len(state['texts']))\n"
            "    return {'texts': await asyncio.gather(*asked)}",
            False,
        ),
        (
            "await asyncio.gather(*[ask(x) for x in state['texts']], return_exceptions=True)\n"
            "    return {}",
            False,
        ),
        ("asyncio.gather(*[ask(x) for x in state['texts']])\n    return {}", False),
    ],
)
def test_what_runs_at_once(body: str, is_native: bool, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.replace("{body}", body))
    (node,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if "node" in x.roles)
    assert (node.disposition == "native") is is_native, node.reasons
