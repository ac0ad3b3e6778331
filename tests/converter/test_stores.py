"""Which stores native code has, and which stay Python."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import ir
from langferry.model.program import Program

HEAD = """
import os
from typing import Any, Optional, TypedDict

import elsewhere
from langgraph.config import get_store
from langgraph.graph import START, StateGraph
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore


class State(TypedDict, total=False):
    text: str
    found: Any


def build(*nodes, **options):
    graph = StateGraph(State)
    for node in nodes:
        graph.add_node(node.__name__, node)
        graph.add_edge(START, node.__name__)
    return graph.compile(**options)


def keep(state: State, store: BaseStore):
    store.put(("texts",), "last", {"text": state["text"]})


"""


def _analysed(text: str, tmp_path: Path, types_cache: Path) -> Program:
    path = tmp_path / "program.py"
    path.write_text(HEAD + text)
    return analyse(path, cache_dir=types_cache)


def _nodes(program: Program) -> dict[str, str]:
    return {x.name: x.disposition for x in program.functions if "node" in x.roles}


def _reasons(program: Program, name: str) -> str:
    return "; ".join(y.message for x in program.functions if x.name == name for y in x.reasons)


def _held(program: Program) -> list[ir.Expr]:
    (graph,) = program.graphs
    (found,) = (x for x in program.globals if x.id == graph.store)
    assert isinstance(found.value, ir.Call)
    return list(found.value.args)


def test_a_store_is_native_with_all_that_look_at_it(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def bridged(state: State):
    return {"found": elsewhere.ask(state["text"])}


store = InMemoryStore(index=None)
app = build(keep, bridged, store=store)
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": "native", "bridged": "bridged"}
    assert _held(program) == []
    assert not program.diagnostics


@pytest.mark.parametrize(
    "body",
    [
        "elsewhere.ask(get_store())",
        "helper(state)",
        "memory.search(('a',), filter=elsewhere.made())",
    ],
)
def test_one_that_stays_python_keeps_the_store_there(
    body: str, tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        f"""
memory = InMemoryStore()


def helper(state):
    from langmem import anything

    return elsewhere.ask(anything)


def bridged(state: State):
    return {{"found": {body}}}


app = build(keep, bridged, store=memory)
""",
        tmp_path,
        types_cache,
    )
    if "memory" in body:
        # the name of a store leads to it as well
        assert _nodes(program)["keep"] == "bridged"
    assert _nodes(program) == {"keep": "bridged", "bridged": "bridged"}
    assert "the store that 'bridged' may look at, which stays Python" in _reasons(program, "keep")
    assert program.graphs[0].store is None


@pytest.mark.parametrize(
    "made",
    [
        "InMemoryStore(index={'dims': 3, 'embed': elsewhere.embed})",
        "elsewhere.PostgresStore()",
        "InMemoryStore() if os.getenv('KEEP') else None",
    ],
)
def test_other_stores_stay_python(made: str, tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(f"app = build(keep, store={made})", tmp_path, types_cache)
    assert _nodes(program) == {"keep": "bridged"}
    assert "the store that the graph is compiled with" in _reasons(program, "keep")


@pytest.mark.parametrize(
    "done",
    [
        "if os.getenv('SEED'):\n    store.put(('a',), 'b', {'c': 1})",
        "elsewhere.seed(store)",
        "store.delete(('a',), 'b')",
        "store.put(('a',), 'b', {})\nfound = store.get(('a',), 'b')",
        "store.put(('a', 'c'), 'b', {})\nfound = store.search(('a',))",
        "store.put(('a',), 'b', {})\nfound = store.search(elsewhere.names())",
        "store.put(('a.b',), 'b', {'c': 1})",
        "store.put(('a',), 'b', elsewhere.value)",
        "store.put(('a',), 'b', {'c': (1, 2)})",
        "for name in elsewhere.names():\n    store.put((name,), 'b', {'c': 1})",
    ],
)
def test_one_of_unknown_content_stays_python(done: str, tmp_path: Path, types_cache: Path) -> None:
    text = f"store = InMemoryStore()\n{done}\napp = build(keep, store=store)\n"
    program = _analysed(text, tmp_path, types_cache)
    assert _nodes(program) == {"keep": "bridged"}


@pytest.mark.parametrize(
    "done",
    [
        "for item in store.search(('a',)):\n    print(item.value)",
        "store.put(('b',), 'c', {})\nprint(store.search(namespace_prefix=('a',), limit=3))",
        "print(store.list_namespaces())\nprint(store.search(elsewhere.names()))",
    ],
)
def test_one_that_holds_nothing_to_be_found_may_be_searched(
    done: str, tmp_path: Path, types_cache: Path
) -> None:
    text = f"store = InMemoryStore()\n{done}\napp = build(keep, store=store)\n"
    assert _nodes(_analysed(text, tmp_path, types_cache)) == {"keep": "native"}


def test_what_is_put_in_before_is_there(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def seed(store, names):
    for name in names:
        store.put(("users", name), key="tags", value=shared)


shared = {"tags": ["first"]}
store = InMemoryStore()
seed(store, ["ada", "bob"])
app = build(keep, store=store)
store.put(("users", "ada"), "tags", {"tags": [2]})
shared["tags"].append("second")
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": "native"}
    shown = [_plain(x) for x in _held(program)]
    assert shown == [
        *(["users", "ada"], "tags", {"tags": [2]}),
        *(["users", "bob"], "tags", {"tags": ["first", "second"]}),
    ]


def test_what_is_asked_for_before_is_known(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def show(store, namespace):
    found = store.get(namespace, "b")
    print(found.value if found else "nothing")


store = InMemoryStore()
show(store, ("a", "b"))
store.put(("a", "b"), "c", {"d": 1})
store.put(("a", "b"), "b", {"d": 2})
app = build(keep, store=store)
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": "native"}
    assert [_plain(x) for x in _held(program)] == [
        *(["a", "b"], "", None),
        *(["a", "b"], "c", {"d": 1}),
        *(["a", "b"], "b", {"d": 2}),
    ]


def _plain(value: ir.Expr) -> object:
    match value:
        case ir.Convert(value=inner):
            return _plain(inner)
        case ir.ListLit(items=items):
            return [_plain(x) for x in items]
        case ir.DictLit(entries=entries):
            return {_plain(x): _plain(y) for x, y in entries}
        case ir.IntLit(digits=digits):
            return int(digits)
        case ir.NoneLit():
            return None
    assert isinstance(value, ir.StrLit)
    return value.value


def test_without_a_store_there_is_none(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
def asked(state: State, *, store: Optional[BaseStore]):
    if store is None:
        return {"found": get_store()  is None}
    return {"found": store.get(("texts",), "last")}


app = build(keep, asked)
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": "native", "asked": "native"}
    assert program.graphs[0].store is None


def test_a_parameter_that_langgraph_does_not_fill_is_refused(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
def asked(state: State, store: InMemoryStore):
    return {"found": store.get(("texts",), "last")}


app = build(asked, store=InMemoryStore())
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"asked": "bridged"}


def test_one_that_is_fixed_may_be_another_one(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
from functools import partial

graph = StateGraph(State)
graph.add_node("keep", partial(keep, store=InMemoryStore()))
graph.add_edge(START, "keep")
app = graph.compile()
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": "bridged"}
    assert "is fixed, and filled by LangGraph" in _reasons(program, "keep")


def test_objects_and_closures_hold_stores(tmp_path: Path, types_cache: Path) -> None:
    program = _analysed(
        """
class Notes:
    def __init__(self, memory):
        self.memory = memory

    def note(self, state: State):
        self.memory.put(("notes",), "last", {"text": state["text"]})


def noting(memory):
    def noted(state: State):
        return {"found": memory.get(("notes",), "last").value}

    return noted


memory = InMemoryStore()
app = build(Notes(memory).note, noting(memory), store=memory)
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"note": "native", "noted": "native"}


@pytest.mark.parametrize(
    "body",
    [
        "store.get(('a',), 'b').value['c'] = 1",
        "found = store.get(('a',), 'b').value\n    found['c'] = 1",
        "found = store.get(('a',), 'b')\n    found.value['c'] = 1",
        "found = store.get(('a',), 'b')\n    found.value.update(c=1)",
        "for item in store.search(('a',)):\n        item.value['c'] = 1",
        "found = [x.value for x in store.search(('a',))]\n    found[0]['c'] = 1",
        "value = {'c': [1]}\n    store.put(('a',), 'b', value)\n    value['c'].append(2)",
        "inner = [1]\n    store.put(('a',), 'b', {'c': inner})\n    inner.append(2)",
    ],
)
def test_what_a_store_holds_is_not_changed_in_place(
    body: str, tmp_path: Path, types_cache: Path
) -> None:
    text = f"def change(state: State, store: BaseStore):\n    {body}\n\n\n"
    program = _analysed(text + "app = build(change, store=InMemoryStore())", tmp_path, types_cache)
    assert _nodes(program) == {"change": "bridged"}


def test_tools_that_only_python_knows_may_look_at_a_store(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
from langgraph.graph import MessagesState
from langgraph.prebuilt import ToolNode


class Chat(MessagesState):
    text: str


def keep(state: Chat, store: BaseStore):
    store.put(("texts",), "last", {"text": state["text"]})


graph = StateGraph(Chat)
graph.add_node("keep", keep)
graph.add_node("tools", ToolNode([elsewhere.tool]))
graph.add_edge(START, "keep")
graph.add_edge("keep", "tools")
app = graph.compile(store=InMemoryStore())
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program)["keep"] == "bridged"
    assert "a tool that only Python knows may look at" in _reasons(program, "keep")


def test_channels_are_not_changed_in_place_beside_a_store(
    tmp_path: Path, types_cache: Path
) -> None:
    text = """
def longer(state: State):
    found = state["found"]
    found.append(1)
    return {"found": found}


def listed(state: State):
    return {"found": [1]}


"""
    beside = _analysed(
        text + "app = build(longer, keep, store=InMemoryStore())\n", tmp_path, types_cache
    )
    assert _nodes(beside)["longer"] == "bridged"
    alone = _analysed(text + "app = build(listed, longer)\n", tmp_path, types_cache)
    assert _nodes(alone)["longer"] == "native"


def test_a_tool_that_is_given_a_store_keeps_its_node_in_python(
    tmp_path: Path, types_cache: Path
) -> None:
    program = _analysed(
        """
import uuid
from typing import Annotated

from langgraph.graph import MessagesState
from langgraph.prebuilt import InjectedStore, ToolNode


def kept(text: str, at: Optional[uuid.UUID] = None, *, store: Annotated[Any, InjectedStore]):
    "Keep a text."
    store.put(("texts",), str(at), {"text": text})


graph = StateGraph(MessagesState)
graph.add_node("tools", ToolNode([kept]))
graph.add_edge(START, "tools")
app = graph.compile()
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program)["tools"] == "bridged"


@pytest.mark.parametrize(
    ("parameter", "body", "keep", "tools"),
    [
        ("", "elsewhere.ask(text)", "native", "native"),
        ("runtime: ToolRuntime", "elsewhere.ask(runtime.state)", "native", "native"),
        ("runtime: ToolRuntime", "elsewhere.ask(runtime.tool_call_id)", "native", "native"),
        # LangGraph alone tells a tool of these
        ("runtime: ToolRuntime", "elsewhere.ask(runtime.store)", "bridged", "bridged"),
        ("runtime: ToolRuntime", "elsewhere.ask(runtime.context)", "bridged", "bridged"),
        ("runtime: ToolRuntime", "elsewhere.ask(runtime)", "bridged", "bridged"),
        ("", "elsewhere.ask(memory)", "bridged", "native"),
        ("", "elsewhere.ask(helper)", "bridged", "native"),
    ],
)
def test_a_tool_that_stays_python_keeps_the_store_there_if_it_may_look_at_it(
    parameter: str, body: str, keep: str, tools: str, tmp_path: Path, types_cache: Path
) -> None:
    given = f", {parameter}" if parameter else ""
    program = _analysed(
        f"""
from langchain.tools import ToolRuntime, tool
from langgraph.prebuilt import ToolNode

memory = InMemoryStore()


class Called(TypedDict, total=False):
    text: str
    messages: list


def helper(text):
    from langmem import anything

    return anything


@tool
def look(text: str{given}) -> str:
    "Looks."
    return {body}


graph = StateGraph(Called)
graph.add_node("keep", keep)
graph.add_node("tools", ToolNode([look]))
graph.add_edge(START, "keep")
graph.add_edge("keep", "tools")
app = graph.compile(store=memory)
""",
        tmp_path,
        types_cache,
    )
    assert _nodes(program) == {"keep": keep, "tools": tools}
