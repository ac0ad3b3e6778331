"""Stands in for `langgraph.channels.topic`."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat import later
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels.base import BaseChannel, Value

__all__ = ("Topic",)


class Topic(BaseChannel[Sequence[Value], Value | list[Value], list[Value]]):
    """Collects the values of a step, or of all steps; a list counts as its items."""

    __slots__ = ("accumulate", "values")

    def __init__(self, typ: type[Value], accumulate: bool = False) -> None:
        super().__init__(typ)
        self.accumulate = accumulate
        self.values: list[Value] = []

    def __eq__(self, value: object) -> bool:
        return isinstance(value, Topic) and value.accumulate == self.accumulate

    @property
    def ValueType(self) -> Any:
        """A sequence of values."""
        return Sequence[self.typ]  # type: ignore[name-defined]

    @property
    def UpdateType(self) -> Any:
        """A value, or a list of them."""
        return self.typ | list[self.typ]  # type: ignore[name-defined]

    def copy(self) -> Self:
        """The same channel in the same state."""
        return self.from_checkpoint(self.values.copy())

    def checkpoint(self) -> list[Value]:
        """The values."""
        return self.values

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one that holds what was stored."""
        other = self.__class__(self.typ, self.accumulate)
        other.key = self.key
        if checkpoint is not MISSING:
            # a pair is how versions before 0.2 stored it
            other.values = checkpoint[1] if isinstance(checkpoint, tuple) else checkpoint
        return other

    def update(self, values: Sequence[Value | list[Value]]) -> bool:
        """Take values; unless it accumulates, instead of those of the step before."""
        changed = False
        if not self.accumulate:
            changed = bool(self.values)
            self.values = []
        for value in values:
            new = value if isinstance(value, list) else [value]
            changed = changed or bool(new)
            self.values.extend(new)
        return changed

    def get(self) -> Sequence[Value]:
        """The values.

        Raises:
            EmptyChannelError: If there are none.
        """
        if not self.values:
            raise later.EmptyChannelError
        return list(self.values)

    def is_available(self) -> bool:
        """Whether there are values."""
        return bool(self.values)
