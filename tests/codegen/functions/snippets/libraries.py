# ruff: noqa
# (written as users write)
"""Library calls, one form each."""

import math
import random
import re
import urllib.parse
from datetime import date, datetime, timedelta
from urllib.parse import quote, quote_plus, unquote, unquote_plus

PAIR = re.compile(r"(\w)=(\d+)")


def patterns(s: str) -> list[str]:
    found = [m.group(0) for m in PAIR.finditer(s)]
    found.append(PAIR.sub("<\\1>", s))
    found.append(PAIR.sub("-", s, 1))
    text, count = PAIR.subn("*", s)
    found.append(f"{text}{count}")
    found.append(re.escape(s))
    found.append(re.sub("[A-Z]", "^", s, flags=re.I | re.M))
    return found


def spans(s: str) -> str:
    m = PAIR.search(s)
    if m is None:
        return "none"
    return f"{m.start()} {m.end(1)} {m.span()} {m.span(2)} {m[1]!r}"


def whole(s: str) -> list[bool]:
    return [
        bool(PAIR.match(s)),
        PAIR.fullmatch(s) is not None,
        not re.match(r"a", s),
        bool(re.fullmatch("a.*", s, re.DOTALL)),
    ]


def split_up(s: str) -> list[str | None]:
    return re.split(r"(,)|;", s)


def named(s: str) -> str:
    m = re.search(r"(?P<year>\d{4})", s)
    return m.group("year") or "" if m else "no year"


def maths(x: float, n: int) -> list[float]:
    return [
        math.sqrt(x),
        math.floor(x),
        math.ceil(x),
        math.trunc(x),
        math.gcd(n, 12),
        round(math.log(x), 9),
        math.pi,
    ]


def dates(text: str) -> list[str]:
    when = datetime.fromisoformat(text)
    day = when.date()
    later = day + timedelta(days=30)
    return [
        day.isoformat(),
        later.strftime("%A %d %B %Y"),
        when.strftime("%a %b %-d, %Y %-I:%M %-m %-H %-S %-y %-j %-U"),
        f"{when:%H:%M}",
        str(later.weekday()),
        str((later - day).days),
        str(day < later),
        f"{when.year}-{when.month}",
        str((when + timedelta(hours=1, minutes=30)).isoformat()),
        str(timedelta(days=2).total_seconds()),
        date(2024, 2, 29).isoformat(),
        datetime(2024, 1, 2, 3, 4).isoformat(),
        str(day == later),
        str(when),
        f"{day}",
    ]


def parsed(text: str) -> str:
    return datetime.strptime(text, "%d.%m.%Y").isoformat()


def chances(n: int) -> list[bool]:
    share = random.random()
    number = random.randint(1, n)
    spread = random.uniform(2, 3)
    return [
        0 <= share < 1,
        1 <= number <= n,
        random.choice([1, 2]) in (1, 2),
        random.choice("ab") in ("a", "b"),
        2.0 <= spread <= 3.0,
    ]


def numerals(n: int) -> list[str]:
    return [bin(n), oct(n), hex(n), chr(n + 65), str(int("ff", 16))]


def set_methods(xs: list[int], ys: list[int]) -> list[bool]:
    a = set(xs)
    b = set(ys)
    a.add(1)
    c = a.union(b)
    d = c.copy()
    d.clear()
    return [
        a.issubset(c),
        c.issuperset(b),
        a.isdisjoint(b),
        len(a.intersection(b)) > 0,
        len(a.difference(b)) > 0,
        len(a.symmetric_difference(b)) > 0,
        2 in c,
        not d,
    ]


def remove_from_set(xs: list[int], x: int) -> list[int]:
    a = set(xs)
    a.remove(x)
    return sorted(a)


def list_methods(xs: list[int], x: int) -> list[int]:
    ys = xs.copy()
    ys.extend(xs)
    return [ys.count(x), ys.index(x), *ys]


def dict_methods(table: dict[str, int]) -> list[str]:
    own = table.copy()
    own.setdefault("z", 9)
    own.setdefault("z", 10)
    pair = own.popitem()
    key, value = pair
    own.clear()
    return [f"{key}{value}{len(own)}", *table.keys(), *[str(v) for v in table.values()]]


def groups(s: str) -> str:
    found = re.search(r"(?P<key>\w)=(\d+)(!)?", s)
    if found is None:
        return "none"
    key = found.group("key").upper()
    return f"{key} {len(found.group(2))} {found.group(3)}"


def compiled(s: str) -> str:
    pairs = re.compile(r"(\w)=(\d+)")
    joined = [f"{pair[0]}:{pair[1]}" for pair in re.findall(pairs, s)]
    first = re.search(pairs, s)
    head = first.group(1) if first else "-"
    return f"{joined} {head} {re.sub(pairs, 'x', s)} {re.split(pairs, s)}"


def products(numbers: list[int], pairs: dict[str, int]) -> list[int]:
    return [
        math.prod(numbers),
        math.prod(number + 1 for number in numbers),
        math.prod([number for number in pairs.values() if number > 1]),
        math.prod((2, 3)),
    ]


def in_addresses(text: str, safe: str) -> list[str]:
    return [
        quote(text),
        quote(text, safe=""),
        quote(text, safe),
        quote_plus(text),
        quote_plus(text, safe=safe),
        urllib.parse.unquote(text),
        unquote_plus(text),
        unquote_plus(quote_plus(text)),
    ]


CASES = {
    "products": [
        ([], {}),
        ([1, 2, 3], {"a": 1, "b": 5}),
        ([10**12, 10**12], {"a": 2}),
        ([0, -3], {"a": 2, "b": 3}),
    ],
    "in_addresses": [
        ("a b/c?d=e&f", "/&"),
        ("", ""),
        ("ünï %41 ~x_.-", "é/ü"),
        ("%c3%bc%C3%zz%4", " "),
        ("%e2%82x%ff%ed%a0%80", ""),
        ("%f0%9f%98", "%"),
        ("é%c3é%a9", "~"),
        ("100% + 2%2B", "+"),
        ("日本 語\n\x00", ""),
    ],
    "groups": [("a=12",), ("ü=3! b=4",), ("",), ("a=",)],
    "compiled": [("a=12 ü=3",), ("",), ("=1",)],
    "patterns": [("a=1 b=22",), ("",), ("A.b",)],
    "spans": [("xx a=1",), ("",)],
    "whole": [("a=1",), ("a=1\n",), ("b",)],
    "split_up": [("a,b;c",), ("",)],
    "named": [("in 2024",), ("never",)],
    "maths": [(2.5, 18), (4, 7), (-1.0, 2), (0.0, 0)],
    "dates": [("2024-01-31T23:30:00",), ("2024-12-31",), ("nope",)],
    "parsed": [("03.02.2024",), ("x",)],
    "chances": [(3,)],
    "numerals": [(0,), (10,)],
    "set_methods": [([1, 2], [2, 3]), ([], [])],
    "remove_from_set": [([1, 2], 2), ([1], 5)],
    "list_methods": [([1, 2, 1], 1), ([2], 1)],
    "dict_methods": [({"a": 1},), ({},)],
}
