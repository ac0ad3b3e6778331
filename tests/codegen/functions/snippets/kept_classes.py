# ruff: noqa
# (written as users write)
"""Ranges and counters wherever values go."""

import random
from collections import Counter
from typing import Any


def equal(n: int) -> bool:
    a = range(n)
    return a == range(n)


def within(n: int) -> bool:
    a = range(n)
    return n in a


def through(n: int) -> list[Any]:
    a, b = range(n), range(1, n)
    return [
        sorted(a, reverse=True),
        sum(a),
        list(a),
        [*a],
        list(enumerate(a)),
        list(zip(a, b)),
        ", ".join(str(i) for i in a),
        any(a),
        max(a, default=0),
        {i: i for i in b},
    ]


def backwards(n: int) -> list[int]:
    a = range(n)
    return list(reversed(a))


def listed(n: int) -> list[int]:
    a = range(n)
    return [*a, n]


def either(n: int) -> int:
    a = range(n) if n > 2 else range(2)
    return len(a)


def again(n: int) -> int:
    a = range(n)
    a = range(n + 1)
    b = a
    return len(a) + len(b) + a[0]


def in_a_dict(n: int) -> int:
    held = {"r": range(n)}
    return len(held["r"])


def sliced(n: int) -> int:
    a = range(n)
    return len(a[1:])


def picked(n: int) -> int:
    a = range(n)
    return random.choice(a)


def maybe(n: int) -> int:
    a = None
    if n > 1:
        a = range(n)
    return len(a) if a else 0


def from_lambda(n: int) -> list[int]:
    a = range(n)
    return sorted([0, 1], key=lambda x: a[x])


def tuples(n: int) -> int:
    a, b = (range(n), 3)
    return len(a) + b


def counters_equal(text: str) -> bool:
    return Counter(text) == Counter(text)


def counter_within(text: str) -> bool:
    c = Counter(text)
    return "a" in c


def counter_through(text: str) -> list[Any]:
    c = Counter(text)
    return [
        sorted(c),
        list(c),
        sorted(c.items(), key=lambda x: -x[1]),
        [k for k, v in c.items() if v > 1],
        max(c, key=lambda x: x),
        list(c.values()),
        sum(c.values()),
        [i for i, _ in enumerate(c)],
    ]


def counter_maybe(text: str) -> int:
    c = Counter(text) if text else None
    return len(c) if c is not None else 0


def counter_got(text: str) -> int:
    c = Counter(text)
    return c.get("a", 0)


def counter_copied(text: str) -> int:
    c = Counter(text)
    d = c
    return len(dict(d)) + d["a"]


def counter_total(text: str) -> int:
    return Counter(text).total()


def ranges_equal(a: int, b: int, step: int) -> list[bool]:
    one, other = range(a, b, step), range(a, b + 1, step)
    return [one == other, one != other, one == range(a, b, step), range(a) == range(b)]


CASES = {
    "equal": [(0,), (3,)],
    "within": [(0,), (3,)],
    "ranges_equal": [(0, 5, 2), (0, 4, 2), (5, 0, 1), (0, 1, 3), (2, 2, 1), (0, -3, -1), (0, 3, 0)],
    "listed": [(3,), (0,)],
    "tuples": [(3,)],
    "counters_equal": [("aab",), ("",)],
    "counter_within": [("abc",), ("xyz",), ("",)],
    "through": [(4,), (1,), (0,)],
    "either": [(0,), (5,)],
    "again": [(3,)],
    "from_lambda": [(5,)],
    "counter_through": [("banana",)],
}

REFUSED = {
    **dict.fromkeys(["through", "again", "in_a_dict", "maybe"], "LF307"),
    **dict.fromkeys(["backwards", "picked", "counter_maybe", "counter_got"], "LF303"),
    **dict.fromkeys(["counter_copied", "counter_total"], "LF303"),
    "sliced": "LF302",
}
