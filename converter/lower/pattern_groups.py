"""Which groups of a regular expression are a part of whatever it matches."""

import importlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

_PARSER: Any = importlib.import_module("re._parser")
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def groups_always_found(pattern: str) -> frozenset[int | str]:
    """The numbers and names of groups that no match of `pattern` lacks; none where it is no pattern."""
    try:
        parsed = _PARSER.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return frozenset()
    found = frozenset(_groups(parsed))
    names: dict[str, int] = parsed.state.groupdict
    return found | {name for name, number in names.items() if number in found}


def _groups(parts: Iterable[tuple[Any, Any]]) -> Iterator[int]:
    for operation, given in parts:
        match str(operation):
            case "SUBPATTERN":
                if given[0] is not None:
                    yield given[0]
                yield from _groups(given[3])
            case name if name in _REPEATS and given[0] > 0:
                yield from _groups(given[2])
            case "ATOMIC_GROUP":
                yield from _groups(given)
            case "ASSERT":
                yield from _groups(given[1])
