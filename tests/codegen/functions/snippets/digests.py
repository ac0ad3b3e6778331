# ruff: noqa
# (written as users write)
"""Digests of texts, and ranges that are kept."""

import hashlib
import random
from typing import Any

SIZES = range(3)


def digested(text: str) -> list[str]:
    return [
        hashlib.md5(text.encode()).hexdigest(),
        hashlib.sha1(text.encode("utf-8")).hexdigest(),
        hashlib.sha256(text.encode("utf8")).hexdigest()[:16],
        hashlib.sha512(text.strip().encode()).hexdigest(),
    ]


def chosen(text: str) -> str:
    kinds = ["a", "b", "c", "d", "e"]
    degrees = range(0, 35)
    number = int(hashlib.md5(text.encode()).hexdigest(), 16)
    return f"{kinds[number % len(kinds)]} {degrees[number % len(degrees)]} {number}"


def kept(start: int, stop: int, step: int, at: int) -> list[int]:
    within = range(start, stop, step)
    total = 0
    for item in within:
        total += item
    doubled = [2 * item for item in within]
    return [len(within), within[at], within[-1], total, sum(within), *doubled]


def kept_again(count: int) -> list[str]:
    every = range(count)
    found = []
    for a in every:
        for b in every:
            found.append(f"{a}{b}")
    if every:
        found.append("some")
    return found


def digest_of_any(text: Any) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def digest_of_bytes(text: str) -> str:
    return hashlib.md5(text.encode("latin-1")).hexdigest()


def shown_range(count: int) -> str:
    every = range(count)
    return f"{every}"


CASES = {
    "digested": [("",), ("héllo ✓",), ("a" * 200,), (" x\n",)],
    "chosen": [("London",), ("",), ("São Paulo",), ("東京",)],
    "kept": [
        (0, 10, 3, 2),
        (10, 0, -3, -4),
        (0, 10, 3, 4),
        (0, 10, 3, -5),
        (5, 5, 1, 0),
        (0, 1, 0, 0),
        (-7, 8, 5, 1),
    ],
    "kept_again": [(0,), (3,), (-2,)],
}

REFUSED = {"digest_of_any": "LF303", "digest_of_bytes": "LF303", "shown_range": "LF302"}
