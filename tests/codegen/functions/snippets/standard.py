# ruff: noqa
# (written as users write)
"""What programs take of the standard library beside numbers, dates and patterns."""

import json
import os
import time
import uuid
from datetime import date, datetime, timezone
from typing import Any, TypedDict, cast

TEMPLATE = "Hi {name}, {count:>4} of {{total}} {name!r}"
NOT_SET = os.getenv("LANGFERRY_NOT_SET", "constant")


class Whole(TypedDict):
    title: str


class Ticket(TypedDict, total=False):
    title: str
    count: int


def filled(name: str, count: int) -> str:
    return TEMPLATE.format(name=name, count=count)


def filled_again(a: str, b: int) -> str:
    return "{0} {b} {0!r:>5}|{{}}".format(a, b=b) + "{} {}".format(b + 1, a.upper())


def filled_in_order(template: str, a: str | None, b: float) -> str:
    return template.format(a, b)


def joined(values: Any, sep: str) -> str:
    return sep.join(values)


def joined_parts(rows: list[Any]) -> str:
    return ", ".join(row["name"] for row in rows) + ";".join([row["name"] for row in rows])


def dumped(anything: Any, text: str) -> str:
    return (
        json.dumps(anything, indent=2)
        + json.dumps({"b": text, "a": [1]}, ensure_ascii=False, sort_keys=True)
        + json.dumps(anything, indent=None)
    )


def dumped_as_text(when: str, pairs: Any) -> str:
    moment = datetime.fromisoformat(when)
    made: dict[str, Any] = {"day": moment.date(), "few": {1}, "all": dict(pairs)}
    return json.dumps(made, default=str, indent=1) + json.dumps([moment, {"a"}], default=str)


def parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return f"{type(error).__name__}"
    except ValueError:
        return "never"


def parsed_or_value_error(text: str) -> str:
    try:
        json.loads(text)
    except ValueError as e:
        return "caught " + type(e).__name__
    return "fine"


def not_decoded(text: str, place: int) -> str:
    try:
        if place > 99:
            raise json.JSONDecodeError("too far", text, 2**70)
        raise json.JSONDecodeError(f"at {place}", doc_of(text), place)
    except (TypeError, json.JSONDecodeError) as error:
        return f"{error} {error!r} {type(error).__name__}"


def doc_of(text: str) -> str:
    return text + "\nz\n"


def environment() -> list[str]:
    found = os.getenv("LANGFERRY_NOT_SET")
    if found is None:
        found = os.environ.get("LANGFERRY_NOT_SET", "default")
    return [found, os.getenv("LANGFERRY_NOT_SET", "other"), NOT_SET]


def missing_variable() -> str:
    return os.environ["LANGFERRY_NOT_SET"]


def clocks() -> bool:
    start = time.time()
    time.sleep(0.001)
    earlier = time.perf_counter()
    now = datetime.now()
    today = date.today()
    aware = datetime.now(timezone.utc).isoformat()
    return (
        time.time() - start > 0
        and time.perf_counter() >= earlier
        and now.year >= 2024
        and today.year >= 2024
        and aware.endswith("+00:00")
        and len(datetime.now().strftime("%Y-%m-%d %H:%M")) == 16
    )


def slept(seconds: float) -> None:
    time.sleep(seconds)


def identifiers() -> list[int]:
    first, second = str(uuid.uuid4()), uuid.uuid4().hex
    return [len(first), len(second), len(f"run-{uuid.uuid4()}"), int(first[14:15])]


def split_by_name(text: str) -> list[list[str]]:
    return [
        text.split(",", maxsplit=1),
        text.split(sep=","),
        text.rsplit(maxsplit=1),
        text.split(maxsplit=2),
    ]


def known_classes(text: str, n: int, xs: list[int], maybe: str | None, t: Ticket) -> list[bool]:
    return [
        isinstance(text, str),
        isinstance(text, (int, list)),
        isinstance(n, int),
        isinstance(n, bool),
        isinstance(xs, list),
        isinstance(maybe, str),
        isinstance(t, dict),
        hasattr(t, "title"),
    ]


def local_import(text: str) -> int:
    import json
    from math import floor

    return floor(len(json.dumps(text)) / 2)


def cast_away(anything: Any) -> str:
    value = cast(str, anything)
    return value.upper()


def optional_title(ticket: Whole) -> str:
    title = ticket.get("title")
    if title:
        return title.upper()
    return "nothing"


def any_keys(ticket: Ticket, there: bool) -> list[bool]:
    other = ticket if there else None
    found = [bool(ticket), not other]
    if other and other.get("title"):
        found.append(True)
    return found


CASES = {
    "any_keys": [
        (ticket, there)
        for ticket in ({}, {"title": "a"}, {"title": ""}, {"count": 0})
        for there in (True, False)
    ],
    "optional_title": [({"title": "a"},), ({"title": ""},), ({},)],
    "filled": [("Ada", 3), ("it's", 12345)],
    "filled_again": [("a", 1), ("it's", -5)],
    "filled_in_order": [
        ("{} and {:.2f}", "x", 1.5),
        ("{1} {0!r}", "x", 2),
        ("{0} {}", "1", 2.0),
        ("{2}", "1", 2.0),
        ("{name}", None, 2.0),
        ("{", "1", 1.0),
        ("{0:>{1}}", "r", 4),
        ("{0:d}", "text", 4.0),
    ],
    "joined": [
        (["a", "b"], "-"),
        (("x",), ", "),
        ([1, "b"], "-"),
        ("abc", "."),
        (5, "-"),
        ({"k": 1}, "-"),
    ],
    "joined_parts": [([{"name": "a"}, {"name": "b"}],), ([],), ([{"name": 1}],)],
    "dumped": [({"é": [1, 2.5, None, {}], "b": []}, "naïve"), ([], "")],
    "dumped_as_text": [("2024-05-06T07:08:09", {"k": (1, None)}), ("2024-05-06", [["a", 1], "bc"])],
    "parsed": [('{"a": [1, 2]}',), ("{",), ("",)],
    "parsed_or_value_error": [("[1]",), ("[1",)],
    "not_decoded": [("a\nb", at) for at in (0, 2, 3, 6, 7, -1, -3, -20, 100)],
    "environment": [()],
    "missing_variable": [()],
    "clocks": [()],
    "slept": [(0.0,), (-1.0,), (float("nan"),), (1e300,)],
    "identifiers": [()],
    "split_by_name": [("a,b c,d e",), ("",), ("  one   two three four ",)],
    "known_classes": [("x", 3, [1], None, {}), ("", 0, [], "s", {"title": "t"})],
    "local_import": [("héllo",)],
    "cast_away": [("abc",)],
}
