# ruff: noqa
# (written as users write)
"""Functions that give and are given something else than they say."""

from typing import Any, TypedDict

SUFFIXES = ("ing", "ed", "s")
LIMITS: tuple[int, ...] = (3, 5, 8)


class Letter(TypedDict):
    title: str
    pages: int


def parts(letter: dict[str, str]) -> dict:
    return (letter["author"], letter["to"])


def taken_apart(letter: dict[str, str]) -> str:
    author, to = parts(letter)
    return f"{author}>{to}"


def ticket(number: int) -> str:
    if number > 2:
        return f"T{number}"
    elif number < 0:
        return None


def ticket_or_not(number: int) -> str:
    found = ticket(number)
    shown = f"{found} {found is None} "
    try:
        return shown + found.lower()
    except AttributeError as error:
        return shown + str(error)


def guarded(number: int) -> str:
    found = ticket(number)
    if found:
        return louder(found)
    return "none"


def louder(text: str) -> str:
    try:
        return text.upper() + "!"
    except AttributeError as error:
        return f"{text} {error}"


def louder_or_not(text: str | None) -> str:
    return louder(text)


def greeted(name: str) -> str:
    def greeting(name: str = None, mark: str = "!") -> str:
        if name is None:
            return "nobody" + mark
        return name + mark

    return greeting() + greeting(name) + greeting(mark="?") + greeting(None)


def twice(x: int) -> int:
    return x + x


def twice_each(text: str, items: list[str], number: int) -> str:
    return f"{twice(text)} {twice(items)} {twice(number)}"


def titled(row: dict) -> str:
    return row["title"] + str(len(row["title"]))


def titled_letter(letter: Letter) -> str:
    return titled(letter)


def text_of(anything: Any) -> str:
    return f"{anything}"


def texts_of_letters(count: int, one: Letter) -> str:
    made: list[Letter] = [{"title": "a", "pages": 1}, one]
    letters = made[:count]
    first = letters[0] if letters else None
    return text_of(letters) + text_of(made) + text_of(first)


def other_order() -> str:
    letter: Letter = {"pages": 1, "title": "a"}
    return f"{letter}"


def stem(word: str) -> str:
    for suffix in SUFFIXES:
        if word.endswith(suffix):
            return word[: -len(suffix)]
    return word


def limited(n: int, text: str) -> str:
    return f"{n in LIMITS} {text not in SUFFIXES} {[x * 2 for x in LIMITS]} {sum(LIMITS)}"


def described(title: str, size: int = 2, *, end: str = "", **others) -> str:
    shown = {"title": title, **others}
    if others:
        shown["size"] = size
    return "; ".join(f"{key}={value!r}" for key, value in shown.items()) + end


def numbered(**counts: int) -> int:
    return sum(counts.values()) + len(counts)


def passed_on(word: str, n: int) -> list[str]:
    return [
        described(word),
        described(word, n, end="."),
        described(word, colour="red", end="!", size=n, weight=n),
        described(title=word, others=[n], kwargs={"a": n}),
        described(word, title_=word.upper(), tags=[word] * n),
        str(numbered() + numbered(a=n, b=2)),
    ]


CASES = {
    "passed_on": [("a", 3), ("", 0)],
    "taken_apart": [({"author": "a", "to": "b"},), ({"author": "a"},)],
    "ticket_or_not": [(3,), (0,), (-1,)],
    "guarded": [(3,), (1,)],
    "louder_or_not": [("a",), (None,)],
    "greeted": [("you",)],
    "twice_each": [("a", ["b"], 2)],
    "titled_letter": [({"title": "t", "pages": 2},)],
    "texts_of_letters": [
        (0, {"title": "t", "pages": 2}),
        (2, {"title": "t", "pages": 2}),
    ],
    "stem": [("going",), ("go",), ("goes",)],
    "limited": [(3, "ed"), (4, "e")],
}

REFUSED = {"other_order": "LF305"}
