"""Models that are told by Python of tools which only Python knows."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import ir
from langferry.model.program import Function
from langferry.model.walk import walk

HEAD = """
from langchain_core.tools import StructuredTool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from pydantic import BaseModel


class Ask(BaseModel):
    '''Asks.'''

    question: str


class Odd(BaseModel):
    '''Asks for what only pydantic knows.'''

    amount: complex


def search(query: str) -> str:
    return query


made = StructuredTool.from_function(search, name="made")
tools = [made]
changed = [made]
of_vendor = [{"type": "web_search"}]
llm = ChatOpenAI(model="m")


def build(node):
    graph = StateGraph(MessagesState)
    graph.add_node("node", node)
    graph.add_edge(START, "node")
    return graph.compile()


"""


def _functions(text: str, tmp_path: Path, types_cache: Path) -> dict[str, Function]:
    path = tmp_path / "program.py"
    path.write_text(HEAD + text + "\n\ngraph = build(node)\nchanged.append(made)\n")
    return {x.name: x for x in analyse(path, cache_dir=types_cache).functions}


def _node(tools: str) -> str:
    return (
        f"def node(state: MessagesState):\n    asked = llm.bind_tools({tools})\n"
        '    return {"messages": [asked.invoke(state["messages"])]}'
    )


@pytest.mark.parametrize("tools", ["tools", "[made, Ask]", "tools + [Ask]", "[*tools]", "[Odd]"])
def test_python_tells_of_what_its_module_holds(
    tools: str, tmp_path: Path, types_cache: Path
) -> None:
    found = _functions(_node(tools), tmp_path, types_cache)
    assert found["node"].disposition == "native"
    told = found[f"tools of {tools}"]
    assert told.disposition == "bridged"
    assert told.bridge is not None
    assert told.bridge.expression.endswith(f".convert_to_openai_tool, {tools})))")


def test_what_is_bound_when_the_module_is_made_is_told_too(
    tmp_path: Path, types_cache: Path
) -> None:
    text = """
bound = llm.bind_tools(tools, tool_choice="made")


def node(state: MessagesState):
    return {"messages": [bound.invoke(state["messages"])]}
"""
    found = _functions(text, tmp_path, types_cache)
    assert found["node"].disposition == "native"
    assert "tools of tools" in found


@pytest.mark.parametrize(
    "tools", ["changed", "[x for x in tools]", "of_vendor", "[{'type': 'web_search'}]"]
)
def test_what_may_be_something_else_later_is_not_told(
    tools: str, tmp_path: Path, types_cache: Path
) -> None:
    found = _functions(_node(tools), tmp_path, types_cache)
    assert found["node"].disposition == "bridged"
    assert not any(name.startswith("tools of") for name in found)


@pytest.mark.parametrize("tools", ["[Ask]", "[search, Ask]", "both", "again"])
def test_classes_are_told_of_natively(tools: str, tmp_path: Path, types_cache: Path) -> None:
    text = f"""
def described(query: str) -> str:
    "Looks for it."
    return query


both = [described, Ask]
again = [Ask, described]
bound = llm.bind_tools({tools.replace("search", "described")}, tool_choice="any")


def again(state: MessagesState):
    return {{"messages": []}}


def node(state: MessagesState):
    return {{"messages": [bound.invoke(state["messages"])]}}
"""
    found = _functions(text, tmp_path, types_cache)
    assert found["node"].disposition == "native"
    assert not [name for name in found if name.startswith("tools of")]


SUMS = """
def look(query: str) -> str:
    "Looks for it."
    return query


def find(query: str) -> str:
    "Finds it."
    return query


class Say(BaseModel):
    "Says."

    text: str


pair = [look, find]
fixed = (look, find)
grown = [look]
grown.append(find)


def node(state: MessagesState):
    asked = llm.bind_tools(TOOLS)
    return {"messages": [asked.invoke(state["messages"])]}
"""


def _told_of(tools: str, tmp_path: Path, types_cache: Path) -> list[str]:
    """The ids of what a model is told of, in order, `python` where that is Python's."""
    found = _functions(SUMS.replace("TOOLS", tools), tmp_path, types_cache)
    if any(name.startswith("tools of") for name in found):
        return ["python"]
    bound = [
        x
        for x in walk([] if found["node"].body is None else [found["node"].body])
        if isinstance(x, ir.MethodCall) and x.method == "bind_tools"
    ]
    told = bound[0].args[0] if bound else None
    if not isinstance(told, ir.ListLit):
        return ["nothing"]
    items = [x.args[0] for x in told.items if isinstance(x, ir.Call)]
    return [x.id for x in items if isinstance(x, ir.Global)]


@pytest.mark.parametrize(
    ("tools", "written_out"),
    [
        ("pair + [Ask]", "[look, find, Ask]"),
        ("[Say] + pair + [Ask, look]", "[Say, look, find, Ask, look]"),
        ("[Say, *pair] + ([Ask] + pair)", "[Say, look, find, Ask, look, find]"),
        ("[*pair, Ask]", "[look, find, Ask]"),
        ("[Ask, *fixed]", "[Ask, look, find]"),
    ],
)
def test_lists_that_go_into_others_are_told_in_their_order(
    tools: str, written_out: str, tmp_path: Path, types_cache: Path
) -> None:
    expected = _told_of(written_out, tmp_path, types_cache)
    assert len(expected) == written_out.count(",") + 1
    assert _told_of(tools, tmp_path, types_cache) == expected


@pytest.mark.parametrize(
    "tools", ["fixed + [Ask]", "pair + (Ask,)", "pair + fixed + [Ask]", "grown + [Ask]"]
)
def test_sums_that_are_no_lists_that_stay_the_same_are_not_told(
    tools: str, tmp_path: Path, types_cache: Path
) -> None:
    assert _told_of(tools, tmp_path, types_cache) in (["python"], ["nothing"])
