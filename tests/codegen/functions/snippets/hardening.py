# ruff: noqa
# (written as users write)
"""Places where a careless translation would differ."""

import random
from typing import Any

LIMITS = {"low": 1, "high": 10}
CHANGED: dict[str, int] = {"a": 1}
ORDER = [3, 1, 2]


def change() -> int:
    CHANGED["b"] = 2
    return 1


def changed_global() -> int:
    return CHANGED["a"]


def eager_default(table: dict[str, int], text: str) -> int:
    return table.get("a", int(text))


def loop_name_again(xs: list[int]) -> int:
    x = 0
    for x in xs:
        pass
    return x


def loop_name_before(xs: list[int], text: str) -> list[str]:
    word = "first"
    found = [word]
    for word in text.split():
        again = word
        found.append(again + "!")
    for x in xs:
        found.append(str(x))
    for x in xs[1:]:
        x = x * 2
        found.append(str(x))
    for text in found[:2]:
        print(text)
    word = "last"
    return found + [word]


def after_loop(xs: list[int]) -> int:
    for x in xs:
        pass
    return x


def rebound_while_iterated(xs: list[int]) -> list[int]:
    ys = list(xs)
    total = []
    for y in ys:
        ys = [y]
        total.append(y + len(ys))
    return total


def rebound_loop_name(words: list[str]) -> list[str]:
    out = []
    for word in words:
        word = word.strip()
        if word:
            out.append(word)
    return out


def own_augment(n: int) -> list[Any]:
    s = "ab"
    s += s
    k = n
    k += k
    k *= k
    xs = [n]
    xs += xs
    xs[0] = xs[1] + 1
    xs.insert(len(xs), xs[0])
    xs.append(xs[-1])
    del xs[len(xs) - 1]
    return [s, k, xs]


def popped(n: int) -> list[int]:
    xs = [1, 2, 3]
    last = xs.pop()
    first = xs.pop(0)
    table = {"a": n}
    value = table.pop("a")
    other = table.pop("b", -1)
    return [last, first, value, other, len(xs), len(table)]


def popped_empty(n: int) -> int:
    xs: list[int] = []
    last = xs.pop()
    return last + n


def recursive(n: int) -> int:
    return 1 if n == 0 else recursive(n - 1)


def partly_returned(text: str) -> int:
    try:
        if text:
            return int(text)
    except ValueError:
        return -1
    return 0


def dead_code(n: int) -> int:
    if n:
        return 1
    else:
        return 2
    return 3


def endless(n: int) -> int:
    while True:
        n2 = n + 1
        if n2 > 0:
            return n2


def early(xs: list[int]) -> str:
    for index, x in enumerate(xs):
        if x < 0:
            return f"negative at {index}"
        if x == 0:
            break
    else_ = "done"
    return else_


def shadowed_builtin(len: int) -> int:
    return len + 1


def sorted(xs: list[int]) -> list[int]:
    return [0, *xs]


def user_sorted() -> list[int]:
    return sorted(ORDER)


def truthy_choice(xs: list[str], name: str | None) -> str:
    chosen = name or "anonymous"
    label = xs and "some" or "none"
    return f"{chosen} {label}"


def optional_chain(table: dict[str, str], key: str) -> str:
    found = table.get(key)
    if found is not None and found.startswith("a"):
        return found.upper()
    if found:
        found = found + "!"
    return found if found is not None else "missing"


def optional_number(table: dict[str, int], key: str) -> str:
    number = table.get(key)
    if number:
        return f"truthy {number + 1}"
    if number is None:
        return "none"
    return f"zero {number}"


def not_optional(name: str | None) -> str:
    if not name:
        return "nobody"
    return name.title()


def unpacked(pairs: dict[str, int]) -> str:
    out = ""
    for k, v in pairs.items():
        a, b = k, v + 1
        out += f"{a}{b};"
    return out


def nested_lists(rows: list[list[int]]) -> list[int]:
    return [cell for row in rows for cell in row if cell] + [len(row) for row in rows]


def tuple_keys(xs: list[int]) -> list[str]:
    seen: dict[tuple[int, str], int] = {}
    for x in xs:
        seen[(x % 2, "k")] = x
    return [f"{a}{b}{v}" for (a, b), v in seen.items()]


def many_types(x: int, y: float) -> list[Any]:
    return [x, y, x + y, None, True, "s", [1, 2.5], {"a": None}, (x, y)]


def mixed_floats(n: int) -> list[float]:
    values: list[float] = [n, 1.5, 2]
    best: float = 3
    return values + [best, n * 1.0]


def none_default(table: dict[str, str], key: str) -> str | None:
    return table.get(key, None)


def seeded(n: int) -> int:
    return len([random.random() for _ in range(n)])


def nested_function(n: int) -> int:
    def inner(k: int) -> int:
        return k * n

    return inner(2)


def walrus(n: int) -> int:
    if (m := n + 1) > 2:
        return m
    return 0


def starred(xs: list[int]) -> int:
    first, *rest = xs
    return first + len(rest)


def global_view() -> str:
    return f"{LIMITS} {list(LIMITS)} {max(LIMITS.values())} {sum(LIMITS.values())}"


def boolean_arithmetic(a: bool) -> int:
    return a + 1


def shared_row(n: int) -> list[list[int]]:
    row = [n]
    rows = [row]
    row.append(2)
    return rows


def reset_row(n: int) -> list[list[int]]:
    rows = []
    row: list[int] = []
    for i in range(n):
        row.append(i)
        if i % 2:
            rows.append(row)
            row = []
    rows.append(row)
    return rows


def with_default(a: int, b: int = 3, c: str = "x") -> str:
    return f"{a}{b}{c}"


def calls_defaults(n: int) -> str:
    return with_default(n) + with_default(n, 4) + with_default(n, c="y")


def string_building(parts: list[str]) -> str:
    result = ""
    for part in parts:
        if result:
            result = result + "/" + part
        else:
            result = part
    return result


def conditional_comprehension(xs: list[int]) -> list[str]:
    return ["even" if x % 2 == 0 else "odd" for x in xs]


def deep(x: Any) -> str:
    total = 0
    for item in x["items"]:
        if item.get("price") is not None and item["price"] > 10:
            total += 1
    return f"{total}/{len(x['items'])}"


def views(table: dict[str, int], n: int) -> list[bool]:
    return [
        "a" in table.keys(),
        n in table.values(),
        n in range(3),
        len(table.items()) == n,
        len(range(n)) == 3,
        sorted_pairs(table) == [],
    ]


def sorted_pairs(table: dict[str, int]) -> list[tuple[str, int]]:
    own = dict(zip(table.keys(), table.values()))
    return [pair for pair in own.items()] + list(enumerate_names(table))


def enumerate_names(table: dict[str, int]) -> list[tuple[str, int]]:
    return [(name, at) for at, name in enumerate(table)]


def kept_view(table: dict[str, int]) -> str:
    return f"{table.keys()}"


def kept_generator(xs: list[int]) -> int:
    doubled = (x * 2 for x in xs)
    return sum(doubled) + sum(doubled)


def kept_range(n: int) -> str:
    return str(range(n))


CASES = {
    "nested_function": [(3,)],
    "walrus": [(1,), (2,)],
    "loop_name_before": [([1, 2], "a b"), ([], "")],
    "views": [({"a": 1}, 1), ({}, 3)],
    "eager_default": [({"a": 1}, "x"), ({}, "7"), ({"a": 1}, "2")],
    "rebound_while_iterated": [([1, 2, 3],)],
    "rebound_loop_name": [([" a ", "", " b"],)],
    "own_augment": [(3,)],
    "popped": [(4,)],
    "popped_empty": [(1,)],
    "dead_code": [(0,), (1,)],
    "endless": [(1,)],
    "early": [([1, 2],), ([1, -1],), ([0, -1],)],
    "shadowed_builtin": [(1,)],
    "user_sorted": [()],
    "truthy_choice": [([], None), (["a"], ""), (["a"], "n")],
    "optional_chain": [({"k": "abc"}, "k"), ({"k": "b"}, "k"), ({}, "k"), ({"k": ""}, "k")],
    "optional_number": [({"k": 0}, "k"), ({"k": 2}, "k"), ({}, "k")],
    "not_optional": [(None,), ("",), ("ada l",)],
    "unpacked": [({"a": 1, "b": 2},)],
    "nested_lists": [([[1, 0], [], [2]],)],
    "tuple_keys": [([1, 2, 3],)],
    "many_types": [(1, 2.0), (1, 2)],
    "mixed_floats": [(2,)],
    "none_default": [({}, "a"), ({"a": "b"}, "a")],
    "seeded": [(3,)],
    "global_view": [()],
    "reset_row": [(5,), (0,)],
    "calls_defaults": [(1,)],
    "string_building": [([],), (["a", "b", "c"],)],
    "conditional_comprehension": [([1, 2],)],
    "deep": [
        ({"items": [{"price": 20}, {"price": None}, {}, {"price": 1.5}]},),
        ({},),
        ({"items": 3},),
    ],
    "change": [],
}
REFUSED = {
    "change": "LF304",
    "changed_global": "LF304",
    "loop_name_again": "LF308",
    "after_loop": "LF308",
    "recursive": "LF302",
    "starred": "LF302",
    "boolean_arithmetic": "LF302",
    "shared_row": "LF305",
    "kept_view": "LF302",
    "kept_generator": "LF302",
    "kept_range": "LF302",
}
