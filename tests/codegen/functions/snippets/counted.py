# ruff: noqa
# (written as users write)
"""Counters, hashes, quotients with remainders, commands of a shell and the place's time."""

import os
import re
import time
from collections import Counter
from typing import Any


def counted(text: str, top: int) -> dict[str, Any]:
    words = re.findall(r"\b\w+\b", text.lower())
    found = Counter(words)
    return {"total": len(words), "unique": len(found), "top": dict(found.most_common(top))}


def looked_through(words: list[str]) -> list[Any]:
    counts = Counter(words)
    if not counts:
        return ["none"]
    most = max(counts.values())
    leaders = [word for word, number in counts.items() if number == most]
    once = []
    for word in counts:
        if counts[word] == 1:
            once.append(word)
    return [leaders, once, counts["not there"], sum(counts.values()), counts.most_common()]


def counter_or_none(text: str, wanted: bool) -> str:
    found = Counter(text) if wanted else None
    if not found:
        return "none"
    return "some"


def letters(text: str) -> list[tuple[str, int]]:
    return Counter(text).most_common(2)


def counter_of_dict(counts: dict[str, int]) -> int:
    return len(Counter(counts))


def shown_counter(text: str) -> str:
    return f"{Counter(text)}"


def changed_counter(text: str) -> int:
    counts = Counter(text)
    counts["a"] += 1
    return counts["a"]


def hashes(number: int, text: str) -> list[Any]:
    same = [hash(x) for x in [text]] == [hash(f"{text}")]
    again = hash(f"{text}{number}") == hash(text + str(number))
    return [hash(number), hash(-number), hash(number > 0), same, again, hash("")]


def hash_of_list(values: list[int]) -> int:
    return hash(values)


def quotients(a: int, b: int) -> tuple[int, int]:
    return divmod(a, b)


def float_quotients(a: float, b: int) -> list[Any]:
    hours, rest = divmod(a, b)
    minutes, seconds = divmod(rest, 60)
    return [hours, rest, minutes, seconds, int(hours)]


def ran(command: str) -> int:
    return os.system(command)


def told() -> str:
    result = os.system("exit 3")
    return f"{result}"


def place_and_time() -> bool:
    shown = time.strftime("%Y-%m-%d %Z %z 100%%")
    again = time.strftime("%Y-%m-%d %Z %z 100%%")
    return shown == again and shown.endswith("100%")


def zone() -> str:
    return time.strftime("%Z|%z|%%Z")


CASES = {
    "counted": [
        ("the cat and the dog and THE end", 2),
        ("", 5),
        ("b a b a c", 2),
        ("b a", 0),
        ("b a", -1),
        ("Éa éa", 9),
    ],
    "looked_through": [([],), (["a"],), (["b", "a", "b", "c", "a"],)],
    "counter_or_none": [("", True), ("a", True), ("", False), ("a", False)],
    "letters": [("",), ("hello",), ("zyxw",)],
    "hashes": [
        (0, "a"),
        (1, "é"),
        (2**61 - 1, "東京"),
        (2**61, "😀 x"),
        (-(2**70), "x" * 50),
        (5, ""),
    ],
    "quotients": [(7, 2), (-7, 2), (7, -2), (0, 5), (1, 0), (2**70, 3)],
    "float_quotients": [(3725.5, 60), (-1.0, 3), (0.0, 7), (1.5, 0), (5, 2), (5, 0)],
    "ran": [("true",), ("exit 3",), ("kill -9 $$",), ("a\0b",), ("",)],
    "told": [()],
    "place_and_time": [()],
    "zone": [()],
}

REFUSED = {
    "counter_of_dict": "LF303",
    "shown_counter": "LF302",
    "changed_counter": "LF305",
    "hash_of_list": "LF303",
}
