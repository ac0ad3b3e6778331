# ruff: noqa
# (written as users write)
"""Functions that tenacity calls again."""

import time

import tenacity
from tenacity import (
    retry,
    retry_if_exception_type,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential,
    wait_fixed,
    wait_none,
)

thrice = retry(
    stop=stop_after_attempt(3),
    wait=wait_exponential(multiplier=0.001, min=0, max=0.002),
    retry=retry_if_exception_type((ValueError, KeyError)),
    reraise=True,
)


@thrice
def read(text: str) -> int:
    """Reads a number, and tells of it."""
    print("reading", text)
    if text == "key":
        numbers = {"one": 1}
        return numbers[text]
    if text == "other":
        raise RuntimeError(text)
    return int(text)


@retry(stop=stop_after_attempt(2), wait=wait_fixed(1.2))
def late(since: float):
    print("asked")
    if time.perf_counter() - since < 1:
        raise ValueError("early")
    for part in "ab":
        if part == "c":
            return part


@retry(stop=stop_after_attempt(2))
def told(text: str) -> str:
    number = 0
    for part in text.split():
        print("part", part)
        number += int(part)
    return f"{text} is {number}"


@tenacity.retry(stop=stop_after_attempt(1), wait=wait_none())
def once(text: str) -> int:
    return int(text)


@retry(stop=stop_after_delay(1))
def for_a_while(text: str) -> int:
    return int(text)


def read_all(text: str) -> str:
    try:
        return str(read(text))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def asked_late() -> bool:
    return late(time.perf_counter()) is None


def told_all(text: str) -> str:
    try:
        return told(text)
    except Exception as error:
        return type(error).__name__


def asked_once(text: str) -> str:
    try:
        return str(once(text))
    except ValueError:
        return "never"
    except Exception as error:
        return type(error).__name__


def asked_for_a_while(text: str) -> int:
    return for_a_while(text)


@retry(stop=stop_after_attempt(3), reraise=True)
def bound_again(n: int) -> int:
    n = n + 1
    if n < 3:
        raise ValueError(str(n))
    return n


CASES = {
    "read_all": [("1",), ("x",), ("key",), ("other",)],
    "asked_late": [()],
    "told_all": [("1 2",), ("1 x",), ("",)],
    "asked_once": [("1",), ("x",)],
}
REFUSED = {"asked_for_a_while": "LF309", "for_a_while": "LF309", "bound_again": "LF309"}
