"""Stands in for `langgraph.channels.delta`."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, Generic, Self

from langferry.compat import later
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value
from langferry.compat.channels.binop import (
    _get_overwrite,
    concrete,
    same_reducer,
    two_overwrites,
)

__all__ = ("DeltaChannel",)


class DeltaChannel(Generic[Value], SingleValue[Any]):
    """Folds the writes of a step at once, and is stored as its writes.

    A snapshot of the value is stored now and then; between two of them the value is what the
    writes since the last one make of it.

    Raises:
        ValueError: If `snapshot_frequency` is not positive.
    """

    __slots__ = ("reducer", "snapshot_frequency")

    def __init__(
        self,
        reducer: Callable[[Any, Sequence[Any]], Any],
        typ: type[Value] | None = None,
        *,
        snapshot_frequency: int = 100,
    ) -> None:
        if snapshot_frequency <= 0:
            raise ValueError(f"snapshot_frequency must be a positive int, got {snapshot_frequency}")
        super().__init__(list if typ is None else concrete(typ))
        self.reducer = reducer
        self.snapshot_frequency = snapshot_frequency
        self.value = MISSING

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DeltaChannel)
            and self.snapshot_frequency == other.snapshot_frequency
            and same_reducer(self.reducer, other.reducer)
        )

    def _empty(self) -> Self:
        empty = self.__class__(self.reducer, self.typ, snapshot_frequency=self.snapshot_frequency)
        empty.key = self.key
        return empty

    def typed(self, typ: Any) -> Self:
        """This channel for a key of a type, which decides what it starts from."""
        own = self._empty()
        own.typ = concrete(typ)
        return own

    def copy(self) -> Self:
        """The same channel with a copy of the value."""
        other = self._empty()
        if self.value is not MISSING:
            other.value = copy.copy(self.value)
        return other

    def checkpoint(self) -> Any:
        """Nothing: whoever makes a checkpoint decides when it holds a snapshot."""
        return MISSING

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one that starts from a snapshot, a plain value or nothing."""
        other = self._empty()
        if checkpoint is MISSING:
            other.value = self.typ()
        elif later.is_a(checkpoint, "_DeltaSnapshot"):
            other.value = checkpoint.value
        else:
            other.value = checkpoint
        return other

    def replay_writes(self, writes: Sequence[tuple[str, str, Any]]) -> None:
        """Fold stored writes, oldest first; the last `Overwrite` among them starts anew."""
        if not writes:
            return
        base = self.value
        since: list[Any] = []
        for _, _, value in writes:
            overwrites, new = _get_overwrite(value)
            if overwrites:
                base, since = self._fresh(new), []
            else:
                since.append(value)
        self.value = self.reducer(base, since) if since else base

    def update(self, values: Sequence[Any]) -> bool:
        """Fold the writes of a step; an `Overwrite` drops the others.

        Raises:
            InvalidUpdateError: For two `Overwrite`s.
        """
        if not values:
            return False
        found = [new for overwrites, new in map(_get_overwrite, values) if overwrites]
        if len(found) > 1:
            raise two_overwrites()
        if found:
            self.value = self._fresh(found[0])
            return True
        base = self.typ() if self.value is MISSING else self.value
        self.value = self.reducer(base, list(values))
        return True

    def _fresh(self, value: Any) -> Any:
        return self.typ() if value is None else copy.copy(value)
