"""What the channels have in common that hold one value or none."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat import later
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels.base import BaseChannel, Value


class SingleValue(BaseChannel[Value, Value, Any]):
    """Holds a value of type `typ`, or `MISSING`."""

    __slots__ = ("value",)

    value: Any

    @property
    def ValueType(self) -> Any:
        """The type of the value."""
        return self.typ

    @property
    def UpdateType(self) -> Any:
        """The type of one update."""
        return self.typ

    def _empty(self) -> Self:
        """A channel with the same settings."""
        empty = self.__class__(self.typ)
        empty.key = self.key
        return empty

    def copy(self) -> Self:
        """The same channel in the same state."""
        other = self._empty()
        other.value = self.value
        return other

    def checkpoint(self) -> Any:
        """The value, or `MISSING`."""
        return self.value

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one that holds what was stored."""
        other = self._empty()
        if checkpoint is not MISSING:
            other.value = checkpoint
        return other

    def get(self) -> Value:
        """The value."""
        if not self.is_available():
            raise later.EmptyChannelError()
        value: Value = self.value
        return value

    def is_available(self) -> bool:
        """Whether there is a value."""
        return self.value is not MISSING

    def _forget(self) -> bool:
        changed = self.value is not MISSING
        self.value = MISSING
        return changed

    def _take_last(self, values: Sequence[Value]) -> bool:
        self.value = values[-1]
        return True
