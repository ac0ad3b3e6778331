# ruff: noqa
# (written as users write)
"""Numbers."""

from typing import Any, TypedDict


class Numbers(TypedDict, total=False):
    count: int
    ratio: float
    name: str
    tags: list[str]
    note: str | None
    extra: Any


def arithmetic(a: int, b: int) -> list[int]:
    return [a + b, a - b, a * b, -a, a // b, a % b, a**3, ~a, a & b, a | b, a ^ b]


def division(a: int, b: int) -> float:
    return a / b


def floats(a: float, b: float) -> list[float]:
    return [a + b, a - b, a * b, -a, a / b, a // b, a % b, a * 2, 3 - b, a**2]


def shifts(a: int, b: int) -> list[int]:
    return [a << b, a >> b]


def compare(a: int, b: float) -> list[bool]:
    return [a < b, a <= b, a > 3, b >= 2, a == b, a != 7, 1 < a < 10, not a == 1]


def rounding(a: float, n: int) -> list[Any]:
    return [round(a, n), round(a), abs(a), int(a), float(n), round(n, -1)]


def promoted(n: int) -> str:
    total: float = 0
    for i in range(n):
        total += i
    return f"{total} {total / 2}"


def big(n: int) -> str:
    return str(n * 1000000000000000000000 + 12345678901234567890)


def formats(a: float, n: int) -> str:
    return f"{a:.2f}|{a:>10.1f}|{n:05d}|{n:,}|{a:e}|{n!r}|{n:x}|{a:.1%}|{n=}|{a:{n}.1f}"


def extremes(a: float, b: int) -> list[float]:
    return [max(a, b), min(a, b), max(0.35, a * 0.002), min([a, a + 1])]


def parse(text: str) -> int:
    return int(text)


def parse_float(text: str) -> float:
    return float(text)


def count_down(n: int) -> list[int]:
    found = []
    while n > 0 and len(found) < 5:
        found.append(n)
        break
    steps = n
    while True:
        steps -= 2
        if steps < 0:
            break
        if steps % 3 == 0:
            continue
        found.append(steps)
    return found


def collatz(n: int) -> int:
    value = n
    steps = 0
    while value != 1:
        value = value // 2 if value % 2 == 0 else 3 * value + 1
        steps += 1
    return steps


def truth(a: int, b: float, c: str, d: list[int]) -> list[bool]:
    return [bool(a), not b, bool(c and d), bool(a or b), bool(c) and bool(d)]


def sums(xs: list[int], ys: list[float]) -> str:
    return f"{sum(xs)} {sum(ys)} {sum(x * x for x in xs if x > 1)} {sum(len(str(x)) for x in xs)}"


def read_state(state: Numbers) -> str:
    ratio = state["ratio"]
    return f"{state['count'] + 1} {ratio * 2} {state.get('note')!r} {state.get('name', 'none')} {'tags' in state}"


def note_of(state: Numbers) -> str:
    note = state.get("note")
    if note is None:
        return "nothing"
    if not note:
        return "empty"
    return note.upper()


def extra_of(state: Numbers) -> Any:
    return state.get("extra")


def powers(a: int, b: int, x: float, y: float) -> list[Any]:
    return [a**b, x**b, x**y, a**y, (1 + x) ** b * 2, round(a**b, 2), f"= {x**y:.2f}"]


def of_maybe(text: str | None, items: list[int] | None) -> str:
    try:
        return f"{float(text)} {int(text)} {len(items)} {len(text)}"
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__} {error}"


def halves(number: int, by: int) -> str:
    whole, rest = divmod(number, by)
    return f"{whole} {rest} {divmod(number, 7)}"


def spans(seconds: float) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours} {minutes} {rest} {int(rest)}"


CASES = {
    "halves": [(17, 5), (-17, 5), (17, -5), (0, 3), (10**30, 7), (1, 0)],
    "spans": [(7325.25,), (-1.5,), (0.0,), (1e300,), (float("inf"),), (float("nan"),), (59,)],
    "powers": [(2, 5, 1.5, 2.0), (2, -1, 0.5, -1.5), (0, -1, 1.0, 1.0), (-3, 3, 2.0, 1.0)],
    "of_maybe": [("3", [1]), (None, [1]), ("3", None), ("x", [])],
    "arithmetic": [(7, 3), (-7, 3), (7, -3), (-7, -3), (0, 5), (2**70, 3), (1, 0), (9**18, 9**18)],
    "division": [(7, 2), (-7, 2), (1, 0), (10**40, 3)],
    "floats": [(7.5, 2.0), (-7.5, 2.0), (7, 2), (7.0, -2), (0.1, 0.2), (1.0, 0.0), (1e300, 1e300)],
    "shifts": [(1, 70), (-5, 1), (5, -1)],
    "compare": [(1, 1.0), (5, 2.5), (7, 7), (2**60, float(2**60))],
    "rounding": [(2.675, 2), (0.5, 0), (1.5, 0), (-2.5, 1), (1e20, 15), (7, 3), (float("nan"), 1)],
    "promoted": [(0,), (3,)],
    "big": [(3,), (-1,)],
    "formats": [(3.14159, 42), (-0.5, -7), (1e10, 1234567), (2, 8)],
    "extremes": [(1.5, 2), (2, 2), (2.0, 2), (1000.0, -1)],
    "parse": [("42",), (" -7 ",), ("x",), ("",), ("1_000",), ("4.0",)],
    "parse_float": [("4.5",), ("nan",), ("abc",), ("1e3",)],
    "count_down": [(0,), (9,), (12,)],
    "collatz": [(1,), (27,)],
    "truth": [(0, 0.0, "", []), (1, 2.5, "a", [1]), (0, 1.0, "a", [])],
    "sums": [([], []), ([1, 2, 30], [0.1, 0.2, 0.3])],
    "read_state": [
        ({"count": 1, "ratio": 0.5, "name": "x", "tags": [], "note": None},),
        ({"count": 1, "ratio": 2},),
        ({"ratio": 2},),
        ({"count": 3},),
        ({"count": 3, "ratio": 1.5, "note": "n"},),
    ],
    "note_of": [({},), ({"note": None},), ({"note": ""},), ({"note": "abc"},)],
    "extra_of": [({},), ({"extra": [1, {"a": None}]},)],
}
