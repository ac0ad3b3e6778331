"""What of models, prompts and graphs is native however it is called."""

from pathlib import Path

from langferry.converter import analyse

HEAD = """
from typing import TypedDict

from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langgraph.graph import START, StateGraph


class State(TypedDict, total=False):
    text: str


llm = ChatOpenAI(model="gpt-4o")
prompt = ChatPromptTemplate.from_messages([("system", "Be {style}."), ("human", "{text}")])


"""
END = """

graph = StateGraph(State)
for node in nodes:
    graph.add_node(node)
    graph.add_edge(START, node.__name__)
app = graph.compile()
"""


def _reasons(text: str, tmp_path: Path, types_cache: Path, end: str = END) -> dict[str, str]:
    path = tmp_path / "program.py"
    path.write_text(HEAD + text + end)
    functions = analyse(path, cache_dir=types_cache).functions
    return {x.name: "".join(str(y.message) for y in x.reasons) for x in functions}


def test_the_value_of_a_prompt_is_kept_until_it_is_asked(tmp_path: Path, types_cache: Path) -> None:
    reasons = _reasons(
        """
async def kept(state: State, config: RunnableConfig):
    value = await prompt.ainvoke({"style": "kind", "text": state["text"]}, config)
    answer = await llm.ainvoke(value, config)
    return {"text": f"{len(value.to_messages())} {answer.content}"}


def shown(state: State):
    value = prompt.invoke({"style": "kind", "text": state["text"]})
    return {"text": str(value)}


nodes = [kept, shown]
""",
        tmp_path,
        types_cache,
    )
    assert reasons == {"kept": "", "shown": "the text of langchain.PromptValue is not native"}


def test_a_graph_keeps_what_it_is_when_its_runs_are_named(
    tmp_path: Path, types_cache: Path
) -> None:
    reasons = _reasons(
        """
def first(state: State):
    return {"text": "a"}


inner = StateGraph(State).add_node(first).add_edge(START, "first").compile()
named = inner.with_config({"tags": ["x"], "run_name": "y"})
limited = inner.with_config(recursion_limit=3)

graph = StateGraph(State)
graph.add_node("named", named)
graph.add_node("limited", limited)
graph.add_edge(START, "named")
graph.add_edge(START, "limited")
app = graph.compile()
""",
        tmp_path,
        types_cache,
        end="",
    )
    assert reasons.keys() == {"first", "limited"}
    assert "'with_config'" in reasons["limited"]


def test_prompts_parsers_and_tools_by_keyword(tmp_path: Path, types_cache: Path) -> None:
    reasons = _reasons(
        """
from langchain_core.output_parsers import JsonOutputParser
from pydantic import BaseModel


class Answer(BaseModel):
    text: str


def add(a: int) -> int:
    "Adds."
    return a


made = ChatPromptTemplate([("human", "{text}")])
named = ChatPromptTemplate(messages=[("human", "{text}")])
strange = ChatPromptTemplate([("human", "{{text}}")], template_format="mustache")
bound = llm.bind_tools(tools=[add], tool_choice="any")


def chained(state: State):
    read = made | bound | JsonOutputParser(pydantic_object=Answer)
    return {"text": read.invoke({"text": state["text"]})["text"]}


def of_keyword(state: State):
    return {"text": (named | llm).invoke(state).content if llm is not None else "none"}


def of_strange(state: State):
    return {"text": (strange | llm).invoke(state).content}


nodes = [chained, of_keyword, of_strange]
""",
        tmp_path,
        types_cache,
    )
    assert reasons["chained"] == ""
    assert reasons["of_keyword"] == ""
    assert "this form of `langchain_core.prompts.ChatPromptTemplate`" in reasons["of_strange"]


def test_what_is_set_on_an_answer(tmp_path: Path, types_cache: Path) -> None:
    reasons = _reasons(
        """
def replaced(state: State):
    answer = llm.invoke("hi")
    for word in ["a", "b"]:
        if word in answer.content:
            answer.content = answer.content.replace(word, "c")
    return {"text": answer.content}


def held(state: State):
    answer = llm.invoke("hi")
    kept = [answer]
    answer.content = "a"
    return {"text": kept[0].content}


def given(state: State):
    answer = known(llm)
    answer.content = "a"
    return {"text": answer.content}


def known(model):
    return model.invoke("hi")


nodes = [replaced, held, given]
""",
        tmp_path,
        types_cache,
    )
    assert {name: reasons[name] for name in ("replaced", "held")} == {
        "replaced": "",
        "held": "`answer` is changed after something else holds it",
    }
    assert reasons["given"]


def test_models_are_true_and_prompts_as_long_as_they_are(tmp_path: Path, types_cache: Path) -> None:
    reasons = _reasons(
        """
other = ChatOpenAI(model="gpt-4o-mini")


def asked(state: State):
    if not llm:
        return {"text": ""}
    answer = (llm or other).invoke(state["text"])
    return {"text": str(answer.content) if llm and other else ""}


def filled(state: State):
    return {"text": state["text"] if prompt else ""}


nodes = [asked, filled]
""",
        tmp_path,
        types_cache,
    )
    assert reasons["asked"] == ""
    assert reasons["filled"] == "the truth of a langchain.ChatPromptTemplate is not native"
