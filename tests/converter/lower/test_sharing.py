"""Only what nobody else can hold may be changed in place."""

import ast
from collections.abc import Callable

import pytest

from langferry.converter.lower.sharing import Sharing


def _problem(body: str) -> bool:
    text = "def f(given):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return Sharing(ast.parse(text).body[0]).problem("xs") is not None


@pytest.mark.parametrize(
    "body",
    [
        "xs = []\nxs.append(1)",
        "xs = list(given)\nxs.sort()",
        "xs = [1]\nys = xs + [2]\nxs.append(3)",
        "xs = [1]\nxs.append(2)\nreturn {'a': xs}",
        "xs = [1]\nn = len(xs)\nxs.append(n)",
        "rows = []\nfor i in given:\n    xs = []\n    xs.append(i)\n    rows.append(xs)",
        "rows = []\nxs = []\nfor i in given:\n    xs.append(i)\n    rows.append(xs)\n    xs = []",
        "xs = [1]\nfor x in list(given):\n    xs.append(x)",
        "xs = [1]\nxs.append(2)\nif given:\n    xs = given",
        "xs = {1: 2}\nys = {**xs, 3: 4}\nxs[5] = ys",
        "xs = given\nxs = list(xs)\nxs.append(1)",
        "try:\n    xs = given\n    xs = list(xs)\n    xs.append(1)\nexcept E:\n    pass",
        "for i in c:\n    if i:\n        xs = given\n        xs = []\n        xs.append(1)",
    ],
)
def test_unshared(body: str) -> None:
    assert not _problem(body)


@pytest.mark.parametrize(
    "body",
    [
        "xs = given\nxs.append(1)",
        "xs = [1]\ndef get():\n    return xs\nys = get()\nxs.append(2)",
        "xs = [1]\ndef get():\n    return keep(xs)\nys = get()\nxs.append(2)",
        "xs = [1]\nif ys := xs:\n    xs.append(2)",
        "xs = given['a']\nxs.append(1)",
        "xs = []\nys = xs\nxs.append(1)",
        "xs = []\nrows = [xs]\nxs.append(1)",
        "rows = []\nxs = []\nfor i in given:\n    xs.append(i)\n    rows.append(xs)",
        "xs = [1]\nfor x in xs:\n    xs.append(x)",
        "xs = []\nkeep(xs)\nxs.append(1)",
        "xs = given or []\nxs.append(1)",
        "for xs in given:\n    xs.append(1)",
        "xs = ys = []\nxs.append(1)",
        "xs = [1]\nfor y in given:\n    xs.append(2)\n    if y:\n        xs = y",
        "if c:\n    xs = given\nelse:\n    xs = []\nxs.append(1)",
        "xs = []\nif c:\n    keep(xs)\nelse:\n    xs = []\nxs.append(1)",
        "try:\n    xs = given\nexcept E:\n    xs = []\nxs.append(1)",
        "try:\n    xs = given\n    may_raise()\n    xs = []\nexcept E:\n    pass\nxs.append(1)",
        "xs = []\nfor i in c:\n    xs.append(i)\n    try:\n        keep(xs)\n        xs = []\n    except E:\n        pass",
        "try:\n    pass\nexcept E:\n    xs = given\n    may_raise()\n    xs = []\nfinally:\n    xs.append(1)",
        "try:\n    xs = given\nexcept E:\n    pass\nelse:\n    xs = []\nxs.append(1)",
        "for i in c:\n    xs = given\nelse:\n    xs = []\nxs.append(1)",
        "for i in c:\n    xs = given\n    if i:\n        break\n    xs = []\nxs.append(1)",
        "xs = []\nfor i in c:\n    xs.append(i)\n    if keep(xs):\n        continue\n    xs = []",
        "xs = {1: 2}\nys = {3: xs}\nxs[5] = ys",
    ],
)
def test_maybe_shared(body: str) -> None:
    assert _problem(body)


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ("xs = {}\nfor i in given:\n    xs[i] = []\n    xs[i].append(1)\nreturn xs", True),
        ("xs = {}\nxs.setdefault(1, []).append(1)\nprint(len(xs), 1 in xs)\nreturn xs", True),
        ("xs = [[0] for _ in given]\nxs[0][0] = 1\nfor x in xs:\n    print(x)", True),
        ("xs = {'a': []}\nn = len(xs['a'])\nxs['a'].append(n)\nxs.clear()", True),
        ("xs = {'a': [], 'b': given}\nxs['a'].append(1)", False),
        ("xs = {'a': []}\nxs['b'] = given\ny = xs.get('b')\nxs['a'].append(1)", True),
        ("xs = {'a': []}\ny = xs.get('a')\nxs['a'].append(1)", False),
        ("xs = {'a': []}\nprint(f'{xs}')\nxs['a'].append(1)", True),
        ("xs = given\nxs[0].append(1)", False),
        ("xs = list(given)\nxs[0].append(1)", False),
        ("xs = [given]\nxs[0].append(1)", False),
        ("xs = {}\nxs['a'] = given\nxs['a'].append(1)", False),
        ("xs = {}\nxs.update(given)\nxs['a'].append(1)", False),
        ("xs = []\nxs.append(given)\nxs[0].append(1)", False),
        ("xs = {'a': []}\ny = xs['a']\nxs['a'].append(1)", False),
        ("xs = {'a': []}\nys = [xs]\nxs['a'].append(1)", False),
        ("xs = {'a': []}\ny = xs.setdefault('a', [])\nxs['a'].append(1)", False),
        ("xs = {}\nfor x in xs.values():\n    xs['a'].append(x)", False),
        ("xs = [[1]]\nfor x in xs[0]:\n    xs[0].append(x)", False),
    ],
)
def test_what_lies_in_a_container(body: str, may: bool) -> None:
    text = "def f(given):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    assert (Sharing(ast.parse(text).body[0]).item_problem("xs") is None) is may


def test_what_calls_are_known_to_give() -> None:
    text = "def f(given):\n    xs = made(given)\n    n = measured(xs)\n    xs['a'].append(n)\n"
    function = ast.parse(text).body[0]

    def named(name: str) -> Callable[[ast.expr], bool]:
        return lambda call: isinstance(call, ast.Call) and ast.unparse(call.func) == name

    known = Sharing(function, named("made"), named("measured"))
    assert known.item_problem("xs") is None
    assert known.problem("xs") is None
    assert Sharing(function, named("made")).problem("xs") is None
    assert Sharing(function).item_problem("xs") is not None
