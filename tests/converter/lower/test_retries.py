"""How tenacity calls a function again, as it is read of its decorator, is how tenacity does."""

import ast
from pathlib import Path

import pytest
import tenacity

from langferry.converter import analyse
from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.retries import Retries, Retry
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import untyped
from tests.types_cache import TYPES_CACHE

HEAD = """
import tenacity
from tenacity import (
    retry, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_fixed, wait_none,
    wait_random,
)
named = retry(stop=stop_after_attempt(2), wait=wait_fixed(3))
bound_twice = named
bound_twice = retry(stop=stop_after_attempt(2))
"""

SURE = [
    "retry(stop=stop_after_attempt(1))",
    "retry(stop=stop_after_attempt(4), wait=wait_none())",
    "tenacity.retry(stop=stop_after_attempt(max_attempt_number=3), wait=wait_fixed(wait=2))",
    "retry(stop=stop_after_attempt(5), wait=wait_exponential())",
    "retry(stop=stop_after_attempt(6), wait=wait_exponential(multiplier=1, min=4, max=10))",
    "retry(stop=stop_after_attempt(6), wait=wait_exponential(0.5, 7, 3))",
    "retry(stop=stop_after_attempt(2), reraise=True, retry=retry_if_exception_type())",
    "retry(stop=stop_after_attempt(2), retry=retry_if_exception_type((KeyError, ValueError)))",
    "named",
]
UNSURE = [
    "retry",
    "retry()",
    "retry(wait=wait_fixed(1))",
    "retry(stop=stop_after_attempt(count))",
    "retry(stop=stop_after_attempt(2) | stop_after_attempt(3))",
    "retry(stop=stop_after_attempt(2), wait=wait_random(1, 2))",
    "retry(stop=stop_after_attempt(2), before_sleep=print)",
    "retry(stop=stop_after_attempt(2), retry=retry_if_exception_type(unknown))",
]


def _read(decorator: str) -> Retry | None:
    text = f"{HEAD}@{decorator}\ndef f(): pass\n"
    scope = ModuleScope("program.py", "program", text)
    program = ProgramLowering([scope], untyped([scope]), [])
    (function,) = scope.bindings["f"]
    assert isinstance(function, ast.FunctionDef)
    return Retries(program.names_at(scope, function)).retry_of(function)


@pytest.mark.parametrize("decorator", SURE)
def test_waits_are_tenacitys(decorator: str) -> None:
    known: dict[str, object] = {}
    exec(HEAD + f"made = {decorator}(lambda: None)", known)
    policy = known["made"].retry  # type: ignore[attr-defined]
    waits, state = [], tenacity.RetryCallState(policy, None, (), {})
    while not policy.stop(state):
        waits.append(policy.wait(state))
        state.attempt_number += 1
    read = _read(decorator)
    assert read is not None
    assert list(read.waits) == waits
    assert read.reraises == policy.reraise
    classes = policy.retry.exception_types
    told = classes if isinstance(classes, tuple) else (classes,)
    assert read.classes == tuple(item.__name__ for item in told)


@pytest.mark.parametrize("decorator", UNSURE)
def test_what_is_not_certain_is_refused(decorator: str) -> None:
    with pytest.raises(Refusal):
        _read(decorator)


NODES = """
from langgraph.graph import START, MessagesState, StateGraph
policies = {"often": retry(stop=stop_after_attempt(9))}
@named
def sure(state: MessagesState):
    return {"messages": []}
@bound_twice
def unsure(state: MessagesState):
    return {"messages": []}
@policies["often"]
def looked_up(state: MessagesState):
    return {"messages": []}
graph = StateGraph(MessagesState)
for node in (sure, unsure, looked_up):
    graph.add_node(node)
    graph.add_edge(START, node.__name__)
app = graph.compile()
"""


def test_nodes_are_native_only_where_it_is_certain(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(HEAD + NODES)
    found = {x.name: x.disposition for x in analyse(path, cache_dir=TYPES_CACHE).functions}
    assert found == {"sure": "native", "unsure": "bridged", "looked_up": "bridged"}


def test_other_decorators_are_none() -> None:
    assert _read("print") is None
    assert _read("unknown.retry") is None
