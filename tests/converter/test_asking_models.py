"""Models that are asked with arguments or a config of their own."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import Function

HEAD = """
from langchain.chat_models import init_chat_model
from langchain_core.output_parsers import StrOutputParser
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel

TAG = "final"
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
        'llm.with_config(tags=["last", TAG]).invoke(given)',
        'llm.with_config({"tags": [], "run_name": "x"}).invoke(given)',
        'llm.with_structured_output(Form).with_config(run_name="x").invoke(given).text',
        'llm.with_retry().with_config({"metadata": {"a": 1}}).invoke(given)',
        '(llm | StrOutputParser()).with_config(run_name="x").invoke(given)',
        "llm.with_config(temperature=0.1).with_structured_output(Form).invoke(given).text",
        "init_chat_model(given[0].text, temperature=0.5).invoke(given)",
    ],
)
def test_what_is_asked_is_the_same(answer: str, tmp_path: Path, types_cache: Path) -> None:
    assert _node(answer, tmp_path, types_cache).disposition == "native"


@pytest.mark.parametrize(
    "answer",
    [
        "llm.invoke(given, temperature=float(print() or 1))",
        "llm.invoke(given, logprobs=True)",
        "init_chat_model(given[0].text, use_responses_api=True).invoke(given)",
        'init_chat_model("google_genai:g").invoke(given, temperature=0.5)',
        'llm.with_config(tags=["nostream"]).invoke(given)',
        'llm.with_config(tags=["langsmith:nostream"]).invoke(given)',
        "llm.with_config(tags=[given[0].text]).invoke(given)",
        "llm.with_config(tags=given).invoke(given)",
        "llm.bind(**{'stop': given}).invoke(given)",
        'llm.with_config({"tags": ["nostream"]}).invoke(given)',
        'llm.with_config({"callbacks": []}).invoke(given)',
        "llm.with_config({**config}).invoke(given)",
        "llm.with_config(config).invoke(given)",
        'llm.with_config(configurable={"model": "n"}).invoke(given)',
        "llm.with_config(run_name=str(print())).invoke(given)",
    ],
)
def test_what_may_differ_stays_python(answer: str, tmp_path: Path, types_cache: Path) -> None:
    assert _node(answer, tmp_path, types_cache).disposition == "bridged"


@pytest.mark.parametrize(
    ("made", "asked", "disposition"),
    [
        ("Ollama(model='m', temperature=0)", "llm.invoke(given)", "native"),
        ("Ollama(model='m')", "llm.invoke('x', stop=['a']).strip()", "native"),
        ("Ollama()", "llm.bind(stop=given).invoke('x')", "native"),
        ("Ollama()", "(prompt | llm | StrOutputParser()).invoke({'x': 1})", "native"),
        ("Ollama()", "llm.with_config(run_name='x').invoke('x')", "native"),
        ("Ollama()", "(prompt | llm).with_retry().invoke({'x': 1})", "native"),
        ("OllamaLLM(model='m', num_ctx=9)", "await llm.ainvoke('x')", "native"),
        ("OllamaLLM(model='m')", "await (prompt | llm).ainvoke({'x': 1})", "native"),
        ("OpenAI(temperature=0)", "await llm.ainvoke(given)", "native"),
        ("OpenAI(streaming=True)", "llm.invoke(given)", "bridged"),
        ("Ollama(model='m')", "await llm.ainvoke('x')", "bridged"),
        ("Ollama(model='m')", "await (prompt | llm).ainvoke({'x': 1})", "bridged"),
        ("Ollama(model='m')", "await (prompt | llm).with_retry().ainvoke({'x': 1})", "bridged"),
        ("Ollama(model='m')", "llm.bind(temperature=1).invoke('x')", "bridged"),
        ("Ollama(model='m')", "llm.invoke('x', top_p=1)", "bridged"),
        ("Ollama(model='m', max_tokens=9)", "llm.invoke('x')", "bridged"),
        ("OllamaLLM(model='m', reasoning=True)", "llm.invoke('x')", "bridged"),
        ("ChatOllama(model='m', format='json')", "llm.invoke(given)", "native"),
        ("ChatOllama()", "(prompt | llm | StrOutputParser()).invoke({'x': 1})", "native"),
        ("ChatOllama()", "llm.bind(stop=['a']).invoke('x').content", "native"),
        ("ChatOllama()", "await llm.ainvoke(given)", "bridged"),
        ("ChatOllama()", "await (prompt | llm).ainvoke({'x': 1})", "bridged"),
        ("ChatOllama()", "llm.bind_tools([]).invoke(given)", "bridged"),
        ("ChatOllama()", "llm.with_structured_output(Form).invoke(given)", "bridged"),
        ("ChatOllama(model=None)", "llm.invoke(given)", "bridged"),
        ("ChatOllama(seed=1)", "llm.invoke(given)", "bridged"),
        ("ChatOllama()", "llm.bind(format='json').invoke(given)", "bridged"),
    ],
)
def test_models_that_are_only_asked(
    made: str, asked: str, disposition: str, tmp_path: Path, types_cache: Path
) -> None:
    head = (
        "from langchain_community.chat_models import ChatOllama\n"
        "from langchain_community.llms import Ollama\n"
        "from langchain_core.output_parsers import StrOutputParser\n"
        "from langchain_core.prompts import PromptTemplate\n"
        "from langchain_ollama import OllamaLLM\n"
        "from langchain_openai import OpenAI\n"
        "prompt = PromptTemplate.from_template('{x}')"
    )
    path = tmp_path / "program.py"
    text = HEAD.replace('ChatOpenAI(model="m")', made).replace("ANSWER", asked)
    path.write_text(f"{head}{text}")
    found = next(x for x in analyse(path, cache_dir=types_cache).functions if x.name == "node")
    assert found.disposition == disposition, found.reasons


CHOOSING = """
import os
from functools import lru_cache
from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

small = ChatOpenAI(model="m")
models = {"small": small, "other": ChatAnthropic(model="claude-x")}
several: list[Any] = [small, small]


@lru_cache(maxsize=4)
def chosen(name: str):
    if name == "small":
        model = small
    elif name == "other":
        model = ChatAnthropic(model="claude-x")
    else:
        raise ValueError(name)
    model = model.bind(stop=["x"])
    return model


@lru_cache
async def coroutine(name: str):
    return small


@lru_cache
def of_unknown(name):
    return small


def by_name(state: MessagesState, config: RunnableConfig):
    model = chosen(config["configurable"].get("name", "small"))
    return {"messages": [model.invoke(state["messages"])]}


def by_key(state: MessagesState, config: RunnableConfig):
    model = models[config["configurable"].get("name", "small")]
    if len(state["messages"]) > 3:
        model = several[1]
    return {"messages": [model.invoke(state["messages"])]}


def either(state: MessagesState):
    if os.getenv("X"):
        model: Any = ChatOpenAI(model="n", disable_streaming=True)
    else:
        model = models["other"]
    return {"messages": [model.invoke(state["messages"])]}


def mixed(state: MessagesState):
    model = small
    if os.getenv("X"):
        model = "none"
    return {"messages": [model.invoke(state["messages"])]}


async def of_coroutine(state: MessagesState):
    return {"messages": [(await coroutine("a")).invoke(state["messages"])]}


def of_any(state: MessagesState):
    return {"messages": [of_unknown("a").invoke(state["messages"])]}


graph = StateGraph(MessagesState)
for node in [by_name, by_key, either, mixed, of_coroutine, of_any]:
    graph.add_node(node)
    graph.add_edge(START, node.__name__)
app = graph.compile()
"""


def test_a_model_may_be_chosen_when_it_is_asked(tmp_path: Path, types_cache: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(CHOOSING)
    functions = analyse(path, cache_dir=types_cache).functions
    why = {x.name: "".join(x.message for x in x.reasons) for x in functions if x.roles == ("node",)}
    assert {name for name, reason in why.items() if not reason} == {"by_name", "by_key", "either"}
    assert "where langchain.ChatModel is expected" in why["mixed"]
    assert "decorated functions are not native" in why["of_coroutine"]
    assert "decorated functions are not native" in why["of_any"]
