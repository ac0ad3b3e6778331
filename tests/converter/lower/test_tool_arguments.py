"""Which arguments of tools runs give, and where a tool sees more of the state than a key."""

import ast
import textwrap

import pytest

from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.tool_arguments import hidden, injected, keyed_only
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import untyped
from langferry.model.ir import Injected

_HEAD = """
from typing import Annotated, Any
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import InjectedToolArg, InjectedToolCallId
from langgraph.graph import MessagesState
from langgraph.prebuilt import InjectedState, ToolRuntime

"""


def _read(text: str) -> tuple[list[Injected], list[str], ast.FunctionDef]:
    module = ModuleScope("program.py", "program", _HEAD + textwrap.dedent(text))
    names = ProgramLowering([module], untyped([module]), []).lowering(module)
    definition = module.tree.body[-1]
    assert isinstance(definition, ast.FunctionDef)
    return injected(names, definition), hidden(names, definition), definition


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ("x: RunnableConfig", Injected("x", "config")),
        ("x: Annotated[RunnableConfig, InjectedToolArg]", Injected("x", "config")),
        ("x: Annotated[str, InjectedToolCallId]", Injected("x", "tool_call_id")),
        ("x: ToolRuntime", Injected("x", "runtime")),
        ("x: ToolRuntime[None, MessagesState]", Injected("x", "runtime")),
        ("x: Annotated[dict, InjectedState]", Injected("x", "state")),
        ("x: Annotated[dict[str, Any], InjectedState()]", Injected("x", "state")),
        ("x: Annotated[MessagesState, InjectedState]", Injected("x", "state", ("messages",))),
        ("x: Annotated[str, InjectedState('a')]", Injected("x", "field", ("a",))),
        ("x: Annotated[str, InjectedState('a')] = ''", Injected("x", "field_if_there", ("a",))),
    ],
)
def test_what_runs_give(parameter: str, expected: Injected) -> None:
    assert _read(f"def f({parameter}): ...")[:2] == ([expected], [])


def test_what_models_are_not_told_of() -> None:
    assert _read("def f(a: int, b: Annotated[int, InjectedToolArg] = 1): ...")[:2] == ([], ["b"])


@pytest.mark.parametrize(
    "parameter",
    [
        "x: Annotated[Unknown, InjectedState]",
        "x: Annotated[dict, InjectedState(FIELD)]",
        "x: Annotated[int, InjectedToolArg]",
    ],
)
def test_what_is_not_known_is_refused(parameter: str) -> None:
    with pytest.raises(Refusal):
        _read(f"def f({parameter}): ...")


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("s['a'], s.get('b', 1), 'c' in s, r.state['d'], r.tool_call_id", None),
        ("len(s)", "s"),
        ("s[k]", "s"),
        ("s.get(k)", "s"),
        ("s.items()", "s"),
        ("r.state.values()", "r.state"),
        ("help(r)", "r"),
    ],
)
def test_where_more_than_keys_is_read(body: str, more: str | None) -> None:
    text = f"""
    def f(s: Annotated[dict, InjectedState], r: ToolRuntime, k: str):
        return {body}
    """
    given, _, definition = _read(text)
    found = keyed_only(definition, given)
    assert (None if found is None else ast.unparse(found)) == more
