"""In which order keys come into the dict of a node, and who else holds it."""

import ast
from textwrap import dedent, indent

import pytest

from langferry.converter.lower.sharing import Sharing
from langferry.converter.lower.state_writes import (
    comes_back,
    kept_elsewhere,
    lent_key,
    order_of_keys,
)


def _function(body: str) -> ast.FunctionDef:
    module = ast.parse("def node(state):\n" + indent(dedent(body), "    "))
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef)
    return function


@pytest.mark.parametrize(
    ("body", "order"),
    [
        ("state['b'] = 1\nstate['a'] = 2\nstate['b'] = 3", ("b", "a")),
        ("if x:\n    state['b'] = 1\nstate['a'] = 2", ("b", "a")),
        ("if x:\n    state['a'] = 1\nelse:\n    state['b'] = 1", ("a", "b")),
        ("for y in x:\n    state['a'] = y", ("a",)),
        ("pass", ()),
    ],
)
def test_an_order_that_every_way_agrees_on(body: str, order: tuple[str, ...]) -> None:
    assert order_of_keys(_function(body), "state") == order


@pytest.mark.parametrize(
    "body",
    [
        "if x:\n    state['a'] = 1\nelse:\n    state['b'] = 1\n    state['a'] = 2",
        "if x:\n    state['b'] = 1\nstate['a'] = 2\nstate['b'] = 3",
        "for y in x:\n    if y:\n        state['a'] = y\n    else:\n        state['b'] = y",
        "state[key] = 1",
    ],
)
def test_an_order_that_varies(body: str) -> None:
    assert order_of_keys(_function(body), "state") is None


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("state['a'] = state['b']\nreturn {**state}", False),
        ("print(state.get('a'))\nif 'a' in state:\n    return state", False),
        ("other = state\nstate['a'] = 1", True),
        ("others = [state]\nstate['a'] = 1", True),
        ("return {'inner': state}", True),
    ],
)
def test_whether_something_else_holds_it(body: str, kept: bool) -> None:
    assert (kept_elsewhere(_function(body), "state") is not None) is kept


@pytest.mark.parametrize(
    ("result", "told", "told_where_folded"),
    [
        ("state", True, True),
        ("{**state, 'b': 1}", True, True),
        ("{'a': state['a']}", True, True),
        ("{'a': state['a'] + [1]}", True, True),
        ("{'a': [1]}", True, False),
        ("{'a': state['a'][-1:]}", True, False),
        ("{'a': state['a'][1] + [1]}", True, False),
        ("{**state, 'a': []}", True, False),
        ("{'b': 1}", False, False),
    ],
)
def test_whether_a_change_comes_back(result: str, told: bool, told_where_folded: bool) -> None:
    function = _function(f"state['a'].append(1)\nreturn {result}")
    asked = (function, "state", "a", Sharing(function))
    assert comes_back(*asked) is told
    assert comes_back(*asked, is_folded=True) is told_where_folded


@pytest.mark.parametrize(
    ("body", "lent"),
    [
        ("xs = state['a']\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state.get('a', [])\nxs += [1]\nreturn {**state, 'a': xs}", True),
        ("xs = state['a']\nif not xs:\n    return {}\nxs.append(1)\nreturn {'a': xs}", True),
        ("ys = state['a']\nprint(ys)\nxs = state['a']\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state['a']\nprint(state['a'])\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state['a']\nys = state['a']\nxs.append(1)\nprint(ys)\nreturn {'a': xs}", False),
        ("ys = state['a']\nzs = [ys]\nxs = state['a']\nxs.append(1)\nreturn {'a': xs}", False),
        ("ys = state['a']\nys.append(2)\nxs = state['a']\nxs.pop()\nreturn {'a': xs}", False),
        ("xs = state['a']\nxs.append(1)\nreturn {'b': xs}", False),
        ("xs = state['a']\nxs.append(1)\nreturn {'a': list(xs)}", False),
        ("xs = state['a']\nxs.append(1)\nprint(state['a'])\nreturn {'a': xs}", False),
        ("xs = state['a']\nxs.append(1)\nhelper(state)\nreturn {'a': xs}", False),
        ("xs = state['a']\nxs.append(1)\nif xs:\n    return {}\nreturn {'a': xs}", False),
        ("xs = state['a']\nxs.append(1)\nif xs:\n    return {'a': xs}", False),
        ("xs = None\nif x:\n    xs = state['a']\n    xs.append(1)\nreturn {'a': xs}", True),
        ("xs = state['a']\nxs = []\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state['a']\nxs.append(1)\nstate['a'] = xs\nreturn state", True),
        ("xs = state['a']\nxs.append(1)\nreturn Command(update={'a': xs})", True),
        ("xs = state['a']\nxs.append(1)\nreturn Command(update={'b': xs})", False),
        ("xs = state['a']\nxs.append(1)\nif x:\n    state['a'] = xs\nreturn state", False),
        ("xs = state['a']\nxs.append(1)\nstate['b'] = xs\nreturn state", False),
        ("xs = state['a']\nxs.append(1)\nstate['a'] = []\nreturn state", False),
        (
            "xs = state['a']\nxs.append(1)\nif x:\n    return state\nstate['a'] = xs\nreturn state",
            False,
        ),
        ("for y in x:\n    xs = state['a']\n    xs.append(1)\nreturn {'a': xs}", False),
        ("xs = state['a'] or []\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state.get('a') or {}\nxs[1] = 1\nreturn {'a': xs}", True),
        ("xs = state['a'] if 'a' in state else []\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = [] if not x else state['a'] or []\nxs.append(1)\nreturn {'a': xs}", True),
        ("xs = state['a'] or y\nxs.append(1)\nreturn {'a': xs}", False),
        ("xs = state['a'] if y else state['b']\nxs.append(1)\nreturn {'a': xs}", False),
        ("xs = state.get('a', y)\nxs.append(1)\nreturn {'a': xs}", False),
        ("xs = state['a'] or []\nxs.append(1)\nreturn {'b': xs}", False),
        ("xs = state['a']\nxs = state['a']\nxs.append(1)\nreturn {'a': xs}", False),
    ],
)
def test_a_channels_value_under_another_name(body: str, lent: bool) -> None:
    function = _function(body)
    assert (lent_key(function, "xs", Sharing(function)) is not None) is lent
