# ruff: noqa
# (written as users write)
"""Lists, dicts, sets and tuples."""

import copy
from copy import deepcopy
from typing import Any


def list_items(xs: list[int], i: int) -> list[Any]:
    return [xs[i], xs[-1], xs[:i], xs[i:], xs[::2], xs[::-1], len(xs), i in xs, xs + [i], xs * 2]


def list_changes(n: int) -> list[int]:
    xs = [3, 1, 2]
    xs.append(n)
    xs.extend([n, 0])
    xs.insert(1, 9)
    xs[0] = 7
    xs[-1] += 5
    del xs[2]
    xs.sort()
    xs.reverse()
    last = sorted(xs, reverse=True)
    return xs + last


def dict_changes(n: int) -> dict[str, int]:
    counts: dict[str, int] = {"a": 1}
    counts["b"] = n
    counts["a"] += 2
    counts.update({"c": 3, "a": counts["a"] + 1})
    del counts["c"]
    merged = dict(counts)
    merged["d"] = merged.get("zz", 0) - n
    return merged | {"e": len(counts)}


def missing(key: str) -> int:
    table = {"a": 1, "b": 2}
    return table[key]


def found(key: str) -> int | None:
    table = {"a": 1, "b": 2}
    return table.get(key)


def pairs(table: dict[str, int]) -> list[str]:
    lines = []
    for index, (key, value) in enumerate(table.items(), start=1):
        if value < 0:
            continue
        lines.append(f"{index}. {key}={value}")
    return lines


def ranked(table: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(table.items(), key=lambda item: (-item[1], item[0]))


def longest(words: list[str]) -> str:
    return max(words, key=len, default="-") + min(words, default="+")


def largest(xs: list[int]) -> int:
    return max(xs)


def comprehensions(xs: list[int]) -> list[Any]:
    squares = [x * x for x in xs]
    odd = [x for x in xs if x % 2]
    table = {str(x): x for x in xs if x > 1}
    unique = sorted({x % 3 for x in xs})
    nested = [a * b for a in xs for b in xs if a < b]
    shadow = [xs for xs in odd]
    return [squares, odd, table, unique, nested, shadow]


def quantified(xs: list[int], words: list[str]) -> list[bool]:
    return [
        any(x > 2 for x in xs),
        all(x > 2 for x in xs),
        any(words),
        all(words),
        any(10 // x == 5 for x in xs),
        all(w for w in words if len(w) < 3),
    ]


def zipped(xs: list[int], words: list[str]) -> list[str]:
    return [f"{x}{w}" for x, w in zip(xs, words)] + [w for w in reversed(words)]


def swapped(a: int, b: int) -> list[int]:
    a2, b2 = b, a
    (x, y), z = (a2, b2), a2 + b2
    x, y = y, x
    return [a2, b2, x, y, z]


def tuples(a: int, s: str) -> tuple[int, str, tuple[int, int]]:
    pair = (a, s)
    return pair[0], pair[1], (a, -a)


def sets(xs: list[int], ys: list[int]) -> list[list[int]]:
    a = set(xs)
    b = {y for y in ys}
    b.add(99)
    b.discard(1)
    return [sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b)]


def grouped(words: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for word in words:
        row = []
        row.append(word)
        row.append(word.upper())
        rows.append(row)
    return rows


def chunks(xs: list[int], size: int) -> list[list[int]]:
    return [xs[i : i + size] for i in range(0, len(xs), size)]


def ranges(n: int) -> list[int]:
    return [*range(n), *range(2, n), *range(n, 0, -2), -1]


def stacked(n: int) -> int:
    stack = [1, 2, 3]
    top = 0
    while stack:
        top = top * 10 + 1
        stack.pop()
        if n == top:
            break
    return top + len(stack)


def running(xs: list[int]) -> list[int]:
    totals: list[int] = []
    total = 0
    for x in xs:
        total += x
        totals.append(total)
    return totals


def shown(xs: list[str], table: dict[str, float], flag: bool, nothing: str | None) -> str:
    return f"{xs} {table} {flag} {nothing} {(1, 'a')} {xs!r:>20}"


def first_or(xs: list[str]) -> str:
    return xs[0] if xs else "none"


def copied(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.append(1)
    zs = xs.copy()
    zs.clear()
    return ys + zs + xs


def lookups(table: dict[str, list[str]], key: str) -> list[str]:
    return table.get(key, []) + [k for k in table] + list(table.keys())


def removed(n: int) -> list[int]:
    xs = [1, 2, 3, 2]
    xs.remove(n)
    return xs


def equal(xs: list[int], ys: list[int], a: str | None) -> list[bool]:
    return [xs == ys, xs < ys, xs != ys, a == "x", a is None, a is not None]


def shared_list(n: int) -> list[int]:
    xs = [n]
    ys = xs
    ys.append(1)
    return xs


def parameter_changed(xs: list[int]) -> list[int]:
    xs.append(1)
    return xs


def changed_while_iterated(n: int) -> list[int]:
    xs = [1, 2]
    for x in xs:
        if len(xs) < 5:
            xs.append(x)
    return xs


def set_order(xs: list[str]) -> list[str]:
    return list(set(xs))


def maybe_unbound(n: int) -> int:
    if n > 1:
        value = n
    return value


def grouped(keys: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for value, key in enumerate(keys):
        if key not in found:
            found[key] = []
        found[key].append(value)
    return found


def grouped_at_once(words: list[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(len(word), []).append(word.upper())
    if 1 in found:
        found[1].sort()
    return found


def table(rows: int, columns: int) -> list[list[int]]:
    cells = [[0] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            cells[row][column] = row * columns + column
            cells[row - 1][column] += len(cells[row])
    return cells


def nested_counts(words: list[str]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {"first": {}, "last": {}}
    for word in words:
        counts["first"][word[0]] = counts["first"].get(word[0], 0) + 1
        counts["last"].setdefault(word[-1], 0)
        counts["last"][word[-1]] += 1
    return counts


def missing_group(key: str) -> str:
    found: dict[str, list[int]] = {"a": []}
    try:
        found[key].append(1 // len(found))
        found["a"].append(1 // 0)
    except (KeyError, ZeroDivisionError) as error:
        return f"{error!r} {found}"
    return str(found)


def order_of_errors(rows: list[list[int]]) -> str:
    mine = [[1]]
    try:
        mine[5][0] = rows[0][0]
    except IndexError as error:
        return str(error)
    return ""


def shared_rows() -> list[list[int]]:
    row = [0]
    rows = [row, row]
    rows[0].append(1)
    return rows


def kept_row() -> list[list[int]]:
    rows = [[0], [1]]
    first = rows[0]
    rows[0].append(1)
    return [first]


def given_row(row: list[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    found["a"] = row
    found["a"].append(1)
    return found


def looped_row() -> list[int]:
    rows = [[1], [2]]
    for item in rows[0]:
        if len(rows[0]) < 3:
            rows[0].append(item)
    return rows[0]


def of_a_set(words: list[str]) -> str:
    found = set(words)
    short = sorted(word.upper() for word in found if len(word) < 3)
    by_length = sorted([len(word) for word in found], reverse=True)
    firsts = {word[:1] for word in found} | set(word[-1:] for word in found)
    return f"{short} {by_length} {sorted(firsts)} {any(w == 'b' for w in found)} {all(found)}"


def ties_of_a_set(words: list[str]) -> list[str]:
    return sorted((word for word in set(words)), key=len)


def listed_set(words: list[str]) -> list[str]:
    return [word for word in set(words)]


def pairs_of_a_set(words: list[str]) -> list[list[str]]:
    return sorted([word] for word in set(words))


def over_tuples(word: str, numbers: list[int]) -> list[str]:
    found: list[str] = []
    for part in ("a", word, "c"):
        found.append(part * 2)
    for name, size in (("x", 1), (word, 2)):
        found.append(f"{name}{size}")
    found.extend([str(n) for n in (*numbers, 7) if n not in (2, 3)])
    found += [repr(item) for item in (None, word, 1)]
    found.append(",".join(key.upper() for key in ("k", word)))
    return found


def over_kept_tuples(word: str, n: int) -> list[Any]:
    terms = ("a", word, "b")
    numbers = (n, n + 1)
    found = [term.upper() for term in terms if term in word]
    for number in numbers:
        numbers = (number, 0)
        found.append(str(number))
    return [
        found,
        any(term in word for term in terms),
        sorted(terms),
        list(numbers),
        ",".join(terms),
    ]


def zipped_by_three(xs: list[int], ys: list[str], zs: dict[str, int]) -> list[Any]:
    lines = [f"{a}{b}{c}" for a, b, c in zip(xs, ys, zs, strict=False)]
    for at, (a, b, c, d) in enumerate(zip(xs, ys, zs.items(), "abc")):
        lines.append(f"{at}{a}{b}{c}{d}")
    return [lines, list(zip(xs, ys, strict=False)), list(zip(xs, ys, xs))]


def copies_of_data(d: dict[str, Any], xs: list[list[int]], ys: set[int]) -> list[Any]:
    whole = copy.deepcopy(d)
    whole["new"] = 1
    outer = copy.copy(xs)
    outer.append([9])
    deep = deepcopy(xs)
    deep.append([0])
    more = copy.copy(ys)
    more.add(7)
    return [
        d,
        whole,
        xs,
        outer,
        deep,
        sorted(ys),
        sorted(more),
        deepcopy(d.get("a", {})),
        copy.copy("x"),
    ]


def copy_of_anything(value: Any) -> Any:
    kept = copy.deepcopy(value)
    kept["x"] = len(value)
    return [value, kept]


def copied_parts_may_be_one(xs: list[int]) -> dict[str, list[int]]:
    one = {"a": xs, "b": xs}
    other = copy.deepcopy(one)
    other["a"].append(1)
    return other


CASES = {
    "copies_of_data": [
        ({"a": {"b": [1]}}, [[1], [2]], {1, 2}),
        ({}, [], set()),
    ],
    "copy_of_anything": [({"a": [1, {"b": None}]},), ({},)],
    "over_kept_tuples": [("ab", 1), ("", 0)],
    "zipped": [
        ([1, 2, 3], ["x", "y"], {"k": 1, "l": 2, "m": 3}),
        ([], ["x"], {}),
        ([1], ["a", "b"], {"q": 0}),
    ],
    "over_tuples": [("w", [1, 2]), ("", [])],
    "of_a_set": [([],), (["b", "abc", "a", "b", "zz", ""],)],
    "grouped": [([],), (["a", "b", "a"],)],
    "grouped_at_once": [(["b", "a", "cc"],)],
    "table": [(0, 3), (3, 2)],
    "nested_counts": [(["ab", "ac", "b"],)],
    "missing_group": [("a",), ("b",)],
    "order_of_errors": [([],), ([[1]],)],
    "list_items": [([1, 2, 3], 1), ([5], 0), ([], 0), ([1, 2], -1), ([1], 4)],
    "list_changes": [(5,), (-1,)],
    "dict_changes": [(2,)],
    "missing": [("a",), ("it's",)],
    "found": [("a",), ("x",)],
    "pairs": [({},), ({"x": 1, "y": -1, "z": 0},)],
    "ranked": [({},), ({"b": 2, "a": 2, "c": 3},)],
    "longest": [([],), (["aa", "b", "cc"],)],
    "largest": [([],), ([1, 3, 2],)],
    "comprehensions": [([],), ([1, 2, 3, 4, 5],)],
    "quantified": [([], []), ([3, 4], ["a", ""]), ([2, 0], ["abc"]), ([0, 2], []), ([5], ["x"])],
    "zipped": [([1, 2], ["a"]), ([], []), ([1], ["a", "b"])],
    "swapped": [(1, 2)],
    "tuples": [(1, "x")],
    "sets": [([1, 2, 3], [1, 2]), ([], [])],
    "maybe_unbound": [(0,), (3,)],
    "grouped": [([],), (["a", "b"],)],
    "chunks": [([1, 2, 3, 4, 5], 2), ([], 1), ([1], 0)],
    "ranges": [(0,), (5,)],
    "stacked": [(0,), (11,)],
    "running": [([1, 2, 3],)],
    "shown": [([], {}, True, None), (["a'b", 'c"'], {"k": 1.0, "é": 2}, False, "n")],
    "first_or": [([],), (["x", "y"],)],
    "copied": [([],), ([7],)],
    "lookups": [({"a": ["x"]}, "a"), ({}, "b")],
    "removed": [(2,), (9,)],
    "equal": [([1], [1], "x"), ([1], [2], None), ([], [], "y")],
    "shared_list": [],
}
REFUSED = {
    "copied_parts_may_be_one": "LF305",
    "ties_of_a_set": "LF311",
    "listed_set": "LF311",
    "pairs_of_a_set": "LF311",
    "shared_rows": "LF305",
    "kept_row": "LF305",
    "given_row": "LF305",
    "looped_row": "LF305",
    "shared_list": "LF305",
    "parameter_changed": "LF305",
    "changed_while_iterated": "LF305",
    "set_order": "LF311",
}
