"""mypy's types come back at the positions of the original text."""

import ast
from pathlib import Path

import pytest

from langferry.converter.annotated_copy import AnnotatedCopy, ParameterTypes
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import TypeTable, infer
from langferry.model import types as t

_TEXT = """
from typing import Any, Literal, TypedDict, Annotated
import operator


def build(n: int):
    class State(TypedDict):
        text: str
        best: Annotated[str, lambda a, b: b if len(b) > len(a) else a]

    def node(state, config=None): return {"é": state["text"].upper()}
    route = [1, lambda state: (
        state["text"].split()
    )]
    return node, route


def helper(xs: list[int], flag: bool | None) -> float:
    inner = [xs for xs in ["a"]]
    if flag:
        return xs[0] / 2
    return 1
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> TypeTable:
    wanted = []
    for node in ast.walk(ast.parse(_TEXT)):
        if isinstance(node, ast.Lambda):
            first = node.args.args[0].arg
            names = {"state": "State"} if first == "state" else {"a": "str", "b": "str"}
            wanted.append(ParameterTypes("m.py", node.lineno, node.col_offset, names))
        if isinstance(node, ast.FunctionDef) and node.name == "node":
            wanted.append(ParameterTypes("m.py", node.lineno, node.col_offset, {"state": "State"}))
    records = {"m.build.<locals>.State": "State"}
    cache = tmp_path_factory.mktemp("mypy")
    return infer([ModuleScope("m.py", "m", _TEXT)], wanted, records.get, [Path("/nowhere")], cache)


def _type(table: TypeTable, code: str, which: int = 0) -> t.Type | None:
    found = [
        node
        for node in ast.walk(ast.parse(_TEXT))
        if isinstance(node, ast.expr) and ast.unparse(node) == code
    ]
    node = found[which]
    return table.type_of(
        "m.py", node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0
    )


def test_state_given_to_a_function_on_one_line(table: TypeTable) -> None:
    assert _type(table, "state['text'].upper()") == t.StrType()


def test_state_given_to_a_lambda_over_several_lines(table: TypeTable) -> None:
    assert _type(table, "state['text'].split()") == t.ListType(t.StrType())


def test_lambda_in_a_class_body(table: TypeTable) -> None:
    assert _type(table, "len(b) > len(a)") == t.BoolType()
    assert _type(table, "b if len(b) > len(a) else a") == t.StrType()


def test_names_of_functions(table: TypeTable) -> None:
    line = _TEXT[: _TEXT.index("def helper")].count("\n") + 1
    assert table.name("m.py", line, 0, "xs") == t.ListType(t.IntType())
    assert table.name("m.py", line, 0, "flag") == t.OptionalType(t.BoolType())
    assert table.name("m.py", line, 0, "return") == t.FloatType()


def test_the_copy_is_valid_python() -> None:
    copy = AnnotatedCopy("f = lambda s: s\n", [ParameterTypes("m.py", 1, 4, {"s": 'Literal["a"]'})])
    ast.parse(copy.text)
    assert next(iter(copy.places((1, 14, 1, 15)))) == (3, 14, 3, 15)


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    def inferred(text: str) -> t.Type | None:
        module = ModuleScope("m.py", "m", text)
        table = infer([module], [], lambda _: None, [Path("/nowhere")], tmp_path)
        return table.type_of("m.py", 1, 4, 1, 6)

    assert inferred("x = 12\n") == t.IntType()
    databases = list(tmp_path.rglob("*.db"))
    assert databases
    for path in tmp_path.rglob("*.db*"):
        path.write_bytes(b"no database" * 1000)
    assert inferred("x = ''\n") == t.StrType()


def test_a_constant_that_no_cache_holds_is_typed(tmp_path: Path) -> None:
    text = "from typing import Final\nHALF: Final = '\\ud800'\nx = HALF + ''\n"
    table = infer(
        [ModuleScope("m.py", "m", text)], [], lambda _: None, [Path("/nowhere")], tmp_path
    )
    assert table.type_of("m.py", 3, 4, 3, 13) == t.StrType()


@pytest.mark.parametrize(
    ("names", "places"),
    [
        ("Send", {"Send": "langgraph.types"}),
        ("Send as S", {"S": "langgraph.types"}),
        ("Send, END", {"Send": "langgraph.types", "END": "langgraph.constants"}),
        (
            "(\n    START,\n    Send,\n)",
            {"Send": "langgraph.types", "START": "langgraph.constants"},
        ),
        ("START", {"START": "langgraph.constants"}),
    ],
)
def test_what_has_moved_is_typed_where_it_is_now(names: str, places: dict[str, str]) -> None:
    text = f"from langgraph.constants import {names}\nx = 1\n"
    body = ast.parse(AnnotatedCopy(text, []).text).body
    imports = [node for node in body if isinstance(node, ast.ImportFrom)]
    found = {name.asname or name.name: x.module for x in imports for name in x.names}
    assert places.items() <= found.items()
    assert body[-1].lineno == text.count("\n")
