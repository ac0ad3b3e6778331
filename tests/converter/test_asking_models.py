"""Models that are asked with arguments or a config of their own."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Function

HEAD = """
from langchain.chat_models import init_chat_model
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel

llm = ChatOpenAI(model="m")


class Form(BaseModel):
    text: str


async def node(state: MessagesState):
    warm = 0.5
    given = state["messages"]
    answer = ANSWER
    return {"messages": [answer]}


graph = StateGraph(MessagesState)
graph.add_node("node", node)
graph.add_edge(START, "node")
graph = graph.compile()
"""


def _node(answer: str, tmp_path: Path, types_cache: Path) -> Function:
    path = tmp_path / "program.py"
    path.write_text(HEAD.replace("ANSWER", answer))
    return next(x for x in analyse(path, cache_dir=types_cache).functions if x.name == "node")


@pytest.mark.parametrize(
    "answer",
    [
        "llm.invoke(given, temperature=0.5)",
        "await llm.ainvoke(given, temperature=warm, stop=given)",
        'llm.with_config(run_name="x", metadata={"a": 1}).invoke(given)',
        "llm.with_config(temperature=0.1).with_structured_output(Form).invoke(given).text",
    ],
)
def test_what_is_asked_is_the_same(answer: str, tmp_path: Path, types_cache: Path) -> None:
    assert _node(answer, tmp_path, types_cache).disposition == "native"


@pytest.mark.parametrize(
    "answer",
    [
        "llm.invoke(given, temperature=float(print() or 1))",
        "llm.invoke(given, logprobs=True)",
        'init_chat_model("google_genai:g").invoke(given, temperature=0.5)',
        'llm.with_config(tags=["nostream"]).invoke(given)',
        'llm.with_config({"tags": []}).invoke(given)',
        'llm.with_config(configurable={"model": "n"}).invoke(given)',
        "llm.with_config(run_name=str(print())).invoke(given)",
    ],
)
def test_what_may_differ_stays_python(answer: str, tmp_path: Path, types_cache: Path) -> None:
    assert _node(answer, tmp_path, types_cache).disposition == "bridged"
