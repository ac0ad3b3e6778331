# ruff: noqa
# (written as users write)
"""Values of unknown type."""

from typing import Any


def subscripts(x: Any) -> Any:
    return x["a"][0]


def gets(x: Any) -> Any:
    return x.get("a", "none")


def truthy(x: Any) -> str:
    if x:
        return "yes"
    return "no" if x is not None else "none"


def kinds(x: Any) -> str:
    if isinstance(x, str):
        return "str " + x.upper()
    if isinstance(x, list):
        return f"list {len(x)}"
    if isinstance(x, (int, float)):
        return "number"
    return "other"


def iterated(x: Any) -> list[str]:
    return [str(item) for item in x]


def added(x: Any, y: Any) -> Any:
    return x + y


def compared(x: Any, y: Any) -> list[bool]:
    return [x == y, x != y, x == 1, x in [y, 2]]


def picked(x: Any) -> Any:
    val = x.get("k")
    val = {val: val} if isinstance(val, str) else val
    single = val[-1] if isinstance(val, list) else val
    many = val if isinstance(val, list) else [val]
    return {"single": single, "many": many}


def shown(x: Any) -> str:
    return f"{x} {x!r}"


def lowered(x: Any) -> str:
    decision = str(x["decision"]).strip().lower()
    who = x.get("by", "unknown")
    return f"{decision} by {who}"


def unannotated(x, y):
    return f"{x}-{y}"


def typed(x: Any) -> int:
    n: int = x["n"]
    return n + 1


CASES = {
    "subscripts": [({"a": [1]},), ({"a": []},), ({},), ({"a": "xyz"},), (None,), ({"a": 3},)],
    "gets": [({"a": 1},), ({},)],
    "truthy": [(0,), ("",), (None,), ([1],), (0.0,), ({},)],
    "kinds": [("a",), ([1],), (1,), (2.5,), (True,), (None,), ({},)],
    "iterated": [([1, "a", None],), ("abc",), ({"k": 1},), (5,)],
    "added": [(1, 2), ("a", "b"), ([1], [2]), (1, 2.5), ("a", 1), (None, 1)],
    "compared": [(1, 1), (1, 1.0), (True, 1), ("a", 1), ([1], [1])],
    "picked": [({"k": "s"},), ({"k": [1, 2]},), ({},), ({"k": []},)],
    "shown": [(1,), ("a'b",), ([1, "x"],), ({"k": None},), (1e20,), (True,)],
    "lowered": [({"decision": " Yes "},), ({"decision": 5, "by": "me"},), ({"by": "x"},)],
    "unannotated": [(1, "a"), ([], None)],
    "typed": [({"n": 4},)],
}
