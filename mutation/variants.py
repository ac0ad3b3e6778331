"""Every tree that differs from a given one in one place."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from langferry.mutation.change import Change

Changes = Callable[[Any], Iterable[Change]]
"""The changes of one part, seen alone."""

_NO_CODE = frozenset({"comments", "constants", "doc", "item", "span", "spec", "type"})
"""Fields in which nothing is looked for: they say what is known of the code or how it reads.

`constants` are captured values, which every use of the factory shares; `spec` is not code of its own.
"""


def variants(part: Any, changes: Changes) -> Iterator[tuple[Change, Any]]:
    """`part` with one change in it, once for every change that it or something within it allows."""
    if isinstance(part, tuple):
        for position, item in enumerate(part):
            for change, new in variants(item, changes):
                yield change, (*part[:position], new, *part[position + 1 :])
    elif isinstance(part, msgspec.Struct):
        for change in changes(part):
            yield change, change.new
        for name in part.__struct_fields__:
            if name not in _NO_CODE:
                for change, new in variants(getattr(part, name), changes):
                    yield change, msgspec.structs.replace(part, **{name: new})
