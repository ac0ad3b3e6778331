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


def first_found(rows: list[dict[str, Any]], wanted: str) -> list[Any]:
    names = [str(row["name"]) for row in rows]
    found = next((name for name in names if name.startswith(wanted)), None)
    length = next((len(name) for name in names if wanted in name), -1)
    row = next((row for row in rows if row["name"] == wanted), {})
    score = next((row["score"] for row in rows if row["name"] == wanted), None)
    return [found, length, row, score, found.upper() if found is not None else "none"]


def ranked(rows: list[dict[str, Any]]) -> list[Any]:
    best = sorted(rows, key=lambda row: row["score"], reverse=True)
    names = [row["name"] for row in best]
    most = max(rows, key=lambda row: row["score"])
    scores = [row["score"] for row in rows]
    total = sum(row["score"] for row in rows)
    return [names, most, sorted(scores), min(scores), total, round(total / len(rows), 1)]


def unpacked(text: str, pair: Any, rows: list[list[int]]) -> list[Any]:
    found: list[Any] = []
    key, value = text.split("=")
    a, b = pair
    found.append([key, value, a, b])
    for x, y in rows:
        found.append(x + y)
    for name, score in pair:
        found.append(f"{name}{score}")
    return found


def paired(table: Any) -> list[str]:
    out = []
    for key, value in table.items():
        out.append(f"{key}: {value}")
    return out + [f"{key}" for key, value in table.items() if value]


def certain(flag: bool, given: Any) -> list[bool]:
    return [flag is True, flag is not False, given is True, given is not True, given is False]


def certain_parts(x: Any) -> list[bool]:
    return [x.get("a") is True, x.get("a") is not False, x["b"] is True]


def raised_by_one(table: dict[str, Any], more: Any) -> list[Any]:
    count = table.get("count", 0)
    count += 1
    text = table["text"]
    text += more
    return [count, text]


def named(given: Any) -> str:
    return type(given).__name__


def taken_apart_inside(rows: Any, item: int, table: dict[str, Any]) -> list[Any]:
    sums = [a + b + item for a, b in rows if a]
    named = {key: str(value) for key, value in table["pairs"]}
    nested = [x for row in [rows, rows] for x, _ in row]
    return [sums, named, nested, any(a > 1 for a, _ in rows)]


def class_text(given: Any, number: int) -> str:
    return f"{type(given)} {type(number)} " + str(type([given]))


def backwards(x: Any) -> list[Any]:
    found = [item for item in reversed(x)]
    for item in reversed(x):
        found.append(item)
    return found + list(reversed(x))


def as_new_dict(x: Any) -> Any:
    made = dict(x)
    made["new"] = 1
    return [made, x]


def dict_or_empty(x: Any) -> Any:
    made = dict(x or {})
    made["a"] = [2]
    return [made, x]


def each_or_none(xs: list[str] | None, y: str) -> list[str]:
    found = []
    for x in xs:
        found.append(x.upper())
    return found + [x for x in xs if x != y]


def rows_or_none(xs: list[dict[str, int]] | None) -> int:
    total = 0
    for x in xs:
        x = {**x, "a": 1}
        total += sum(x.values())
    return total


def within_or_none(xs: list[str] | None, ys: dict[str, int] | None, z: str | None) -> list[bool]:
    if "a" in xs or "b" not in ys:
        return [True]
    return ["c" in z]


def within_none(xs: list[int] | None) -> bool:
    return 1 in xs


CASES = {
    "certain_parts": [
        ({"a": True, "b": True},),
        ({"a": False, "b": 1},),
        ({"b": "True"},),
        ({},),
        (None,),
    ],
    "backwards": [
        ([1, "a", None],),
        ("abé",),
        ({"a": 1, "b": 2},),
        ((1, 2),),
        ([],),
        (None,),
        (3,),
        (1.5,),
        ({1, 2},),
    ],
    "as_new_dict": [
        ({"a": [1]},),
        ([["a", 1], ("b", 2), "cd"],),
        ([],),
        ("",),
        ((),),
        (None,),
        (3,),
        ([1],),
        (["a", "bc"],),
        ([["a", 1], ["b"]],),
        ([[[], 1]],),
        ("ab",),
        ({1: 2},),
        ([None],),
    ],
    "dict_or_empty": [({"a": [1]},), (None,), ({},), ([],), (5,)],
    "each_or_none": [(["a", "b"], "a"), ([], "a"), (None, "a")],
    "rows_or_none": [([{"b": 2}, {}],), (None,)],
    "within_or_none": [
        (["a"], None, None),
        (["b"], {"a": 1}, None),
        (["b"], {"b": 1}, None),
        (["b"], {"b": 1}, "abc"),
        (["b"], {"b": 1}, ""),
        (None, {}, "c"),
        (["b"], None, "c"),
    ],
    "within_none": [([1],), ([],), (None,)],
    "taken_apart_inside": [
        ([[1, 2], [0, 1], (3, 4)], 10, {"pairs": [["a", 1], "bc"]}),
        ([[1, 2, 3]], 1, {"pairs": []}),
        ([[1]], 1, {"pairs": []}),
        ([1], 1, {"pairs": []}),
        ([], 1, {"pairs": [["a"]]}),
    ],
    "class_text": [(None, 1), ("a", 2), (1.5, 3), ([1], 4), ({}, 5), (True, 6)],
    "first_found": [
        ([{"name": "ab", "score": 1}, {"name": "b", "score": 2.5}], "b"),
        ([{"name": "ab", "score": 1}], "x"),
        ([], ""),
    ],
    "ranked": [
        ([{"name": "a", "score": 1}, {"name": "b", "score": 2.5}, {"name": "c", "score": 1}],),
        ([{"name": "a", "score": "x"}, {"name": "b", "score": 1}],),
        ([{"name": "a", "score": True}, {"name": "b", "score": 3}],),
        ([{"name": "a"}],),
        ([],),
    ],
    "unpacked": [
        ("a=b", ["cd", [1, 2]], [[1, 2], [3, 4]]),
        ("a=b=c", [1, 2], []),
        ("a", [1, 2], []),
        ("a=b", [1], []),
        ("a=b", 3, []),
        ("a=b", "xy", []),
        ("a=b", [[1, 2], [3]], [[1, 2], [1, 2, 3]]),
        ("a=b", [[1, 2], [3]], []),
        ("a=b", {"ab": 1, "cd": 2}, []),
    ],
    "paired": [({"a": 1, "b": 0},), ({},), ([1],), (None,)],
    "certain": [(True, True), (False, False), (True, 1), (False, None), (True, "x")],
    "raised_by_one": [
        ({"count": 2, "text": "a"}, "b"),
        ({"text": 1.5}, 2),
        ({"text": "a"}, 2),
        ({"count": "x", "text": "a"}, "b"),
        ({"count": None, "text": "a"}, "b"),
        ({"count": 1, "text": 2}, "b"),
        ({}, 1),
    ],
    "named": [(1,), ("a",), (None,), ([1],), ({"a": 1},), (1.5,), (True,)],
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
