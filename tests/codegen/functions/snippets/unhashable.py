# ruff: noqa
# (written as users write)
"""What cannot be hashed raises, whatever puts it among keys or into a set."""

from typing import Any


def set_of(xs: list[Any]) -> int:
    return len(set(xs))


def set_of_pairs(xs: list[tuple[str, Any]]) -> int:
    return len(set(xs))


def set_of_any(x: Any) -> int:
    return len(set(x))


def added(xs: list[Any]) -> int:
    seen: set[Any] = set()
    for x in xs:
        seen.add(x)
    return len(seen)


def updated(xs: list[Any]) -> int:
    seen: set[Any] = set()
    seen.update(xs)
    return len(seen)


def united(xs: list[Any]) -> int:
    seen: set[Any] = {1}
    return len(seen.union(xs))


def common(xs: list[Any]) -> int:
    seen: set[Any] = {1}
    return len(seen & set(xs))


def held(x: Any) -> bool:
    seen: set[Any] = {1, "a"}
    return x in seen


def dropped(x: Any) -> int:
    seen: set[Any] = {1, "a"}
    seen.discard(x)
    return len(seen)


def of_pairs(xs: list[tuple[Any, int]]) -> int:
    return len(dict(xs))


def from_keys(xs: list[Any]) -> int:
    return len(dict.fromkeys(xs))


def looked_up(x: Any) -> Any:
    known: dict[Any, int] = {1: 2}
    return known.get(x)


def popped(x: Any) -> Any:
    known: dict[Any, int] = {1: 2}
    return known.pop(x, 3)


def defaulted(x: Any) -> Any:
    known: dict[Any, int] = {1: 2}
    return known.setdefault(x, 3)


def is_key(x: Any) -> bool:
    known: dict[Any, int] = {1: 2}
    return x in known


def taken_out(x: Any) -> int:
    known: dict[Any, int] = {1: 2}
    del known[x]
    return len(known)


def written(x: Any) -> int:
    known: dict[Any, int] = {1: 2}
    known[x] = 4
    return len(known)


def is_a_word(x: Any) -> bool:
    return x in {"a": 1, "b": 2}


def is_one_of(x: Any) -> bool:
    return x in {"a", "b"}


def added_list(x: int) -> int:
    seen: set[Any] = set()
    seen.add([x])
    return len(seen)


def pop_statement(x: Any) -> int:
    known: dict[Any, int] = {1: 2}
    known.pop(x)
    return len(known)


_LISTS = [
    ([1, 2, 1],),
    ([1, [2]],),
    (["a", {}],),
    ([1, (1, [2])],),
    ([(1, 2), (1, 2)],),
    ([],),
    ([1, True, 1.0],),
]
_ONES = [(1,), ("a",), ([],), ({},), ((1, []),), (None,)]
CASES = {
    "set_of": _LISTS,
    "set_of_pairs": [([("a", 1), ("a", 1)],), ([("a", [])],)],
    "set_of_any": [*_LISTS, ("abca",), (1,), (None,)],
    "added": _LISTS,
    "updated": _LISTS,
    "united": _LISTS,
    "common": _LISTS,
    "held": _ONES,
    "dropped": _ONES,
    "of_pairs": [([(1, 2)],), ([([], 2)],)],
    "from_keys": _LISTS,
    "looked_up": _ONES,
    "popped": _ONES,
    "defaulted": _ONES,
    "is_key": _ONES,
    "taken_out": [*_ONES],
    "written": _ONES,
    "is_a_word": _ONES,
    "is_one_of": _ONES,
    "added_list": [(1,)],
    "pop_statement": _ONES,
}
REFUSED = {
    "set_of_pairs": "LF302",
    "updated": "LF303",
    "united": "LF307",
    "from_keys": "LF303",
    "popped": "LF302",
    "defaulted": "LF302",
}
