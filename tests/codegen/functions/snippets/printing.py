# ruff: noqa
# (written as users write)
"""`print`."""

import sys
from typing import Any

from termcolor import colored, cprint


def lines(text: str, n: int, x: float, items: list[str], anything: Any) -> int:
    print()
    print(text)
    print("n:", n, x, sep=" | ")
    print(f"--- {text!r:>12} {n:05d}", n == 3, None, end="")
    print("", items, anything, {"a": [n]}, (text, n), sep="\n", end="!\n")
    print("{}", "literal {braces}", flush=True)
    print("to errors", n, file=sys.stderr)
    return len(items)


def announce(text: str) -> None:
    if not text:
        print("nothing")
        return
    print("announced", text)


def through_helper(text: str) -> str:
    announce(text)
    announce("")
    return text.upper()


def before_raising(n: int) -> int:
    print("dividing", n)
    result = 10 // n
    print("divided", result)
    return result


def in_order(xs: list[int]) -> str:
    found = []
    for i, x in enumerate(xs):
        try:
            print(i, before_raising(x), sep=":")
        except ZeroDivisionError as error:
            print("caught", error)
        else:
            found.append(str(x))
    return ",".join(found)


def open_dict(xs: list[str]) -> dict:
    counts: dict[str, int] = {}
    for x in xs:
        counts[x] = len(x)
    return counts


def typed_again(anything: Any) -> list[str]:
    found: list[str] = [x["name"] for x in anything]
    return found


def coloured(text: str, n: int) -> str:
    cprint(f"told {n}", "cyan")
    print(colored("--- start ---", "red", attrs=["bold"]), colored(n, on_color="on_light_blue"))
    return colored(text) + colored(text.upper(), "green", "on_black", ["bold", "dark"])


def coloured_by_name(text: str, name: str) -> str:
    return colored(text, name)


CASES = {
    "lines": [
        ("héllo\n", 3, 2.0, ["a", "it's"], {"k": None, 1: (1,)}),
        ("", 10**20, 1e22, [], [True, 0.1]),
        ("\r \r\n", 0, 0.5, ["\r"], None),
    ],
    "coloured": [("a", 3)],
    "announce": [("x",), ("",)],
    "through_helper": [("abc",)],
    "before_raising": [(2,), (0,)],
    "in_order": [([1, 0, 3],), ([],)],
    "open_dict": [(["a", "bcd"],), ([],)],
    "typed_again": [([{"name": "x"}, {"name": ""}],), ([],)],
}
REFUSED = {"coloured_by_name": "LF303"}
