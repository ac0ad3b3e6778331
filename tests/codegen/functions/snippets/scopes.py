# ruff: noqa
# (written as users write)
"""Functions within functions, names bound in tests, and what `map` and `filter` give."""

import os
import string
from typing import Any


def slugged(name: str, owner: str | None) -> str:
    separator = "-"

    def slug(text: str) -> str:
        # what is around it is looked at when it is called
        chars = []
        for ch in text.strip().lower():
            chars.append(ch if ch.isalnum() else separator)
        return "".join(chars)

    first = slug(name)
    separator = "_"
    return first + "/" + slug(name) + "/" + (slug(owner) if owner else "")


def counted(items: list[int]) -> list[int]:
    seen = []

    def known(item):
        return item in seen

    def fresh(item: int, more: int = 1) -> int:
        return 0 if known(item) else item + more

    found = []
    for item in items:
        found.append(fresh(item))
        seen.append(item)
    return found


def within_branches(flag: bool, x: int) -> int:
    if flag:

        def change(y: int) -> int:
            return y * 2

        return change(x)
    return x


def not_yet_defined(flag: bool) -> int:
    if flag:

        def late() -> int:
            return 1

    return late()


def gives_away(items: list[int]) -> list[list[int]]:
    mine = [1]

    def get() -> list[int]:
        return mine

    kept = [get()]
    mine.append(2)
    return kept


def counting() -> int:
    total = 0

    def add() -> None:
        nonlocal total
        total += 1

    add()
    return total


def chosen(a: str, b: int) -> str:
    if upper := a.strip():
        return upper.upper()
    elif (twice := b * 2) > 4 and twice != 8:
        return f"twice {twice}"
    elif not (left := b - 1):
        return f"left {left}"
    return f"{twice} {left}"


def halved(n: int) -> list[int]:
    found = []
    while (half := n // 2) > 0:
        if half == 3:
            n = 2
            continue
        found.append(half)
        n = half
    return found


def found_last(text: str) -> str:
    while place := text.find("/") + 1:
        text = text[place:]
    return text


def mapped(scores: list[int], words: list[str]) -> str:
    def shown(word: str) -> str:
        return f"<{word}>"

    return "|".join(
        [
            ", ".join(map(str, scores)),
            ",".join(map(str.strip, words)),
            ",".join(map(shown, words)),
            str(list(map(lambda n: n * n, scores))),
            str(sorted(filter(lambda n: n > 1, scores))),
            "".join(filter(None, words)),
            "".join(filter(str.isalpha, words)),
            str(sum(map(len, words))),
            str(max(map(abs, scores), default=0)),
            str(any(map(str.isdigit, words))),
        ]
    )


def mapped_numbers(texts: list[str]) -> int | str:
    try:
        return sum(map(int, texts))
    except ValueError as error:
        return str(error)


def how_many(items: list[Any], flags: list[bool]) -> int:
    return sum(isinstance(item, str) for item in items) * 100 + sum(flags)


def kept_map(items: list[int]) -> Any:
    lazy = map(str, items)
    return list(lazy)


def only_one_way(given: dict[str, int]) -> int:
    if isinstance(given, list):
        return given[0]
    elif isinstance(given, dict):
        return len(given)
    return -1


def optional_sum(a: int | None, b: int, text: str | None) -> str:
    try:
        if a >= b:
            return f"{a + 1} {a - b}"
        return text + "!"
    except TypeError as error:
        return str(error)


def optional_parts(items: list[int] | None, rows: dict[str, int] | None) -> str:
    try:
        return f"{items[-1]} {items[:1]} {rows['a']}"
    except (TypeError, IndexError, KeyError) as error:
        return f"{type(error).__name__} {error}"


def letters(text: str) -> str:
    kept = "".join(ch for ch in text if ch in string.ascii_letters + string.digits)
    rest = "".join(ch for ch in text if ch in string.punctuation)
    return kept + os.sep + rest + os.linesep + string.ascii_uppercase[:2]


def mixed(ok: bool, n: int) -> Any:
    result = {"eligible": ok, "joint": None}
    if n > 3:
        result["tier"] = "gold"
        result["joint"] = result["tier"] + "!"
    result["n"] = n
    return {"whole": result, "tier": result.get("tier"), "text": f"{result['n']:>4} {result}"}


def counted_anything(names: list[str], rest: dict[str, Any]) -> Any:
    found: dict[str, Any] = {"n": 1, "text": "a", "items": [1]}
    for name in names:
        found["n"] += len(name)
        found["text" + name[:0]] += name
    try:
        found["lacking"] += 1
    except KeyError as error:
        found["lacking"] = str(error)
    counts = dict(rest)
    counts["a"] *= 2
    return [found, counts, rest]


def reused(names: list[str], n: int) -> Any:
    value = n
    for name in names:
        value = name
    score = n
    score += 0.5 * len(names)
    if score > 3:
        score = "high"
    label = "none"
    if names:
        label = None
    return [value, score, score == "high", label is None, label or "nothing"]


def collected(names: list[str], n: int) -> Any:
    found = [n]
    for name in names:
        found.append(name)
    found.extend([None, 2.5])
    return [found, found[0], len(found)]


def looped_twice(by_name: dict[str, list[int]], names: list[str]) -> Any:
    found: list[Any] = []
    for item in by_name.values():
        found.append(sum(item))
    for item in names:
        found.append(item.upper())
    return found


def nested_loops(rows: list[list[int]], limit: int) -> Any:
    item, where = 0, (0, 0)
    found: list[Any] = []
    for row in rows:
        for item in row:
            if item > limit:
                break
        for where in enumerate(row):
            found.append(where[0])
        found.append(item)
    return found, item, where[1]


def listed(numbers: list[int], words: list[str]) -> list[Any]:
    """What a name used twice holds is put into a list that the type checker takes for one of numbers."""
    out = []
    for x in numbers:
        out.append(x)
    for x in words:
        out.append(x)
    return out


def grown(number: int) -> Any:
    value = number
    if value > 3:
        value = "big"
    return value + 1 if isinstance(value, int) else value + "!"


CASES = {
    "listed": [([1, 2], ["a"]), ([], [])],
    "grown": [(1,), (7,)],
    "counted_anything": [([], {"a": 1}), (["xy", "z"], {"a": "b", "c": 0.5})],
    "mixed": [(True, 1), (False, 4)],
    "reused": [([], 1), (["a"], 2), (["a", "b"], 7)],
    "collected": [([], 1), (["a", "b"], 2)],
    "looped_twice": [({"x": [1, 2]}, ["a"]), ({}, [])],
    "nested_loops": [([[1, 5, 2], [], [3]], 4), ([], 0)],
    "slugged": [("Ab c", None), (" x ", "Y z"), ("", "")],
    "counted": [([],), ([1, 2, 1, 3, 2],)],
    "within_branches": [(True, 4), (False, 4)],
    "chosen": [(" a ", 0), ("", 3), ("", 1), ("", 0), (" ", 4)],
    "halved": [(0,), (100,), (7,)],
    "found_last": [("a/b/c",), ("",), ("/",)],
    "mapped": [([], []), ([1, 2, -3], [" a", "", "b1", "7"])],
    "mapped_numbers": [(["1", " 2 "],), (["x"],), ([],)],
    "how_many": [([1, "a", None, "b"], [True, False, True]), ([], [])],
    "only_one_way": [({},), ({"a": 1},)],
    "optional_sum": [(None, 1, None), (3, 2, None), (1, 2, None), (1, 2, "x")],
    "optional_parts": [(None, None), ([1, 2], None), ([], {"a": 1}), ([1], {"a": 1}), ([1], {})],
    "letters": [("a1!é _",), ("",)],
}

REFUSED = {
    "not_yet_defined": "LF308",
    "gives_away": "LF305",
    "counting": "LF304",
    "kept_map": "LF302",
}
