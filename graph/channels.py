"""What a key of the state is: how it starts, and how writes to it combine."""

import collections.abc
import dataclasses
from collections.abc import Callable
from typing import Any, NotRequired, Required

from langferry.graph.fields import MISSING

Reducer = Callable[[Any, Any], Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Channel:
    """One key of the state.

    `reducer` is `None` for a key that holds the last value written. `annotation` is the type
    a reducer channel starts from, called without arguments.
    """

    annotation: Any
    reducer: Reducer | None = None
    hosted: Any = None
    """A channel object that does it all itself, in place of the engine's own kinds."""

    def initial(self) -> Any:
        """The value a reducer channel holds before the first write, or `MISSING`."""
        try:
            return _concrete(self.annotation)()
        except Exception:
            return MISSING

    def same_kind(self, other: "Channel") -> bool:
        """Whether two schemas that both declare a key mean the same by it."""
        if self.hosted is not None or other.hosted is not None:
            return bool(self.hosted == other.hosted)
        if self.reducer is None or other.reducer is None:
            return self.reducer is other.reducer
        names = {getattr(f, "__name__", None) for f in (self.reducer, other.reducer)}
        return "<lambda>" in names or self.reducer is other.reducer


_CONCRETE = {
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Set: set,
    collections.abc.MutableSet: set,
    collections.abc.Mapping: dict,
    collections.abc.MutableMapping: dict,
}


def _concrete(annotation: Any) -> Any:
    while hasattr(annotation, "__origin__"):
        if annotation.__origin__ in (Required, NotRequired):
            annotation = annotation.__args__[0]
        else:
            annotation = annotation.__origin__
    return _CONCRETE.get(annotation, annotation) if _hashable(annotation) else annotation


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
