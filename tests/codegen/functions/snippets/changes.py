# ruff: noqa
# (written as users write)
"""Changes in place of what is of unknown type, and what is sure after loops."""

import json
from typing import Any, TypedDict


def grouped(outputs: list[dict]) -> Any:
    by_agent = {}
    for output in outputs:
        agent = output["agent"]
        if agent not in by_agent:
            by_agent[agent] = []
        by_agent[agent].append(output["output"])
    parts = []
    for name in ["a", "b"]:
        if name in by_agent:
            parts.append(f"now {by_agent}")
            for output in by_agent[name]:
                parts.append(output)
    return parts


def merged(left: list[Any], right: list[Any]) -> Any:
    merged = {}
    for item in left:
        merged[item["n"]] = item.copy()
    for item in right:
        if item["n"] in merged:
            merged[item["n"]].update(item)
        else:
            merged[item["n"]] = item.copy()
    return list(merged.values()) + [left, right]


def loaded(text: str, more: Any) -> Any:
    data = json.loads(text)
    data["new"] = more
    data["new"] = [data["new"], 1]
    del data["old"]
    data["list"].append(len(data))
    data["list"][0] = more
    count = data.pop("count", 0)
    label: str = data.pop("label")
    data["n"] += 2
    data.update({"z": label})
    return data


def loaded_whole(text: str, key: Any) -> Any:
    data = json.loads(text)
    data[key] = "x"
    del data[key]
    data[key] = 1
    return data


def deleted(text: str, key: Any) -> Any:
    data = json.loads(text)
    del data[key]
    return data


def called(text: str, given: Any) -> Any:
    data = json.loads(text)
    data.append(given)
    last = data.pop()
    data.extend([last, last])
    data.insert(0, given)
    data.reverse()
    data.remove(given)
    return data


def loaded_or_not(text: str) -> Any:
    found = {}
    try:
        found = json.loads(text)
        if not found:
            for word in text:
                found[word] = text
    except ValueError as error:
        found = {"a": str(error)}
    found["b"] = 1
    return found


def looked_up(given: Any) -> Any:
    key = given["k"]
    found: list[Any] = []
    for at in range(5):
        own: dict[Any, int] = {}
        if at == 3:
            own["a"] = 1
        try:
            match_ = own.get(key, 7)
            found.append(match_)
        except TypeError as error:
            found.append(str(error))
        try:
            if key in own:
                found.append("there")
        except TypeError as error:
            found.append(str(error))
        try:
            own[key] = at
            own[key] += at
            found.append(own[key])
            del own[key]
        except TypeError as error:
            found.append(f"{at} {error}")
    return found


def set_default(text: str) -> Any:
    data = json.loads(text)
    data.setdefault("a", 1)
    data.setdefault("b", []).append(2)
    return data


class Part(TypedDict):
    name: str
    size: int


def spread_records(name: str, more: Any) -> Any:
    parts: list[Part] = [{"name": name, "size": len(name)}]
    whole: dict[str, Any] = {"parts": [*parts, more]}
    whole["count"] = len(parts)
    return whole


def spread(given: dict[str, Any]) -> Any:
    own: dict[str, Any] = {"a": 1}
    before = {**given, **own}
    own["b"] = 2
    return [before, own]


def measure(items: list[str], more: int) -> int:
    return len(items) + more


def measured(items: list[str]) -> list[str]:
    own = list(items)
    count = measure(own, 1)
    own.append(str(count))
    other = [measure(own, 2) for _ in items]
    own.append(str(other))
    return own


def rebound_after(items: list[int], other: list[int]) -> list[int]:
    own = []
    for item in items:
        own.append(item)
    if not own:
        own = other
    return own


def until(xs: list[str]) -> str:
    i = 0
    while True:
        x = xs[i]
        i += 1
        if x == "d":
            found = "D"
            count = 0
            break
        if x == "a":
            found = "A"
            count = 1
            break
        elif x == "b":
            found = f"{x}{i}"
            count = i
            break
        elif x == "c":
            count = 4
            print(count)
            continue
        print(x)
    return found + str(count)


def searched(xs: list[str], wanted: str) -> str:
    for at, x in enumerate(xs):
        if x == wanted:
            print("at", at)
            break
        for other in xs[:at]:
            if other == x:
                break
        else:
            print("new", x)
    else:
        print("nowhere")
        if not xs:
            return "empty"
    while wanted:
        wanted = wanted[1:]
        if wanted == "b":
            break
    else:
        print("all of it")
    for x in xs:
        print(x)
    else:
        last = len(xs)
    try:
        for x in xs:
            if int(x) > 3:
                break
        else:
            print("small")
    except ValueError as error:
        print(error)
    return f"{last} {wanted}"


def named_in_test(xs: list[str]) -> str:
    while x := xs[0]:
        if x:
            break
    else:
        return "all"
    return x


def from_item(given: Any) -> Any:
    own = given["a"]
    own.append(1)
    return own


def kept_item(given: Any) -> Any:
    own = {}
    for item in given:
        own["a"] = item
        own["a"].append(1)
    return own


def item_named(text: str) -> Any:
    data = json.loads(text)
    part = data["a"]
    data["a"].append(1)
    return [part, data]


def rebound_before(items: list[int], other: list[int]) -> list[int]:
    own = []
    if not items:
        own = other
    for item in items:
        own.append(item)
    return own


def looped(text: str) -> Any:
    data = json.loads(text)
    for item in data:
        item["a"] = 1
    return data


REFUSED = {
    "named_in_test": "LF302",
    "from_item": "LF305",
    "kept_item": "LF305",
    "item_named": "LF305",
    "rebound_before": "LF305",
    "looped": "LF305",
    "listed_inside": "LF305",
}

_A, _B = {"agent": "a", "output": 1}, {"agent": "b", "output": [2]}


def in_sets(part: dict[str, Any], more: list[Any]) -> list[str]:
    bad = part["k"]
    found: list[str] = []
    try:
        found.append(str(len({bad, "a"})))
    except TypeError as error:
        found.append(str(error))
    try:
        found.append(str(len({bad: 1, "a": 2})))
    except TypeError as error:
        found.append(str(error))
    try:
        found.append(str(len({item for item in more})))
    except TypeError as error:
        found.append(str(error))
    try:
        found.append(str(len({item: n for n, item in enumerate(more)})))
    except TypeError as error:
        found.append(str(error))
    known: set[Any] = {"a", 1}
    try:
        found.append(str(bad in known))
    except TypeError as error:
        found.append(str(error))
    return found


def listed_inside(word: str) -> list[Any]:
    first = [word]
    held = dict(first=first)
    first.append("x")
    second = [word]
    rest = list([second])
    second.append("y")
    third = [word]
    joined = ["z"] + [third]
    third.append("w")
    return [held, rest, joined]


def numbers_shown() -> list[str]:
    found = [str(n) for n in (1, 2.5)]
    for n in [1, 2.5]:
        found.append(str(n))
    return found + [str([1, 2.5])]


CASES = {
    "in_sets": [
        ({"k": [1]}, [[1]]),
        ({"k": "a"}, ["a", 1, "a"]),
        ({"k": {}}, [{}]),
        ({"k": None}, [None, 1.5]),
    ],
    "numbers_shown": [()],
    "grouped": [([_A, _B, _A],), ([],), ([{"agent": [], "output": 1}],), ([{"agent": "a"}],)],
    "merged": [
        ([{"n": 1, "a": 1}], [{"n": 1, "b": [2]}, {"n": 2}]),
        ([{"n": 1}], [{"n": True, "c": 1}]),
        ([{"n": "x"}], [{}]),
        ([{"n": []}], []),
        ([], [3]),
    ],
    "loaded": [
        ('{"old": 1, "list": [3], "count": 4, "label": "l", "n": 1.5}', 7),
        ('{"old": 1, "list": [3], "label": "l", "n": 1, "set": null}', [1]),
        ('{"list": [3]}', 1),
        ('{"old": 1}', 1),
        ('{"old": 1, "list": []}', 1),
        ('{"old": 1, "list": {}}', 1),
        ('{"old": 1, "list": null}', 1),
        ('{"old": 1, "list": "ab"}', 1),
        ('{"old": 1, "list": [1]}', 1),
        ('{"old": 1, "list": [1], "label": "l", "n": null}', 1),
        ("[1]", 1),
        ("1", 1),
        ("null", 1),
        ('"a"', 1),
        ("x", 1),
    ],
    "loaded_whole": [
        ("{}", "k"),
        ("[1, 2]", 1),
        ("[1, 2]", 2),
        ("[1, 2]", "a"),
        ("{}", [1]),
        ("true", 1),
        ('"a"', 0),
    ],
    "deleted": [
        ('{"a": 1}', "a"),
        ('{"a": 1}', "b"),
        ('{"a": 1}', {}),
        ("[1, 2]", -1),
        ("[1, 2]", 2),
        ("[1, 2]", "a"),
        ("null", 1),
        ("1.5", 1),
        ("true", 1),
        ('"a"', 0),
    ],
    "set_default": [("{}",), ('{"a": 2, "b": [1]}',), ('{"b": {}}',), ("[]",)],
    "called": [("[1]", 2), ("[]", None), ("{}", 1), ('"a"', 1), ("3", 1), ("null", 1)],
    "loaded_or_not": [("{}",), ('{"a": 2}',), ("",), ("x",)],
    "looked_up": [({"k": "a"},), ({"k": [1]},), ({"k": {}},), ({"k": 1.5},), ({"k": None},)],
    "spread_records": [("a", 2), ("", {"name": "b"})],
    "spread": [({"b": 3, "c": 4},), ({},)],
    "measured": [(["a", "b"],), ([],)],
    "rebound_after": [([1], [2]), ([], [2])],
    "searched": [
        (["a", "b", "a"], "b"),
        (["a", "b", "a"], "abc"),
        (["1", "2"], "b"),
        (["1", "4"], "cab"),
        ([], ""),
    ],
    "until": [(["a"],), (["x", "c", "b"],), (["d"],), (["c"],), ([],)],
}
