"""Stands in for `langgraph.channels.named_barrier_value`."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat import later
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels.base import BaseChannel, Value
from langferry.compat.errors import InvalidUpdateError

__all__ = ("NamedBarrierValue", "NamedBarrierValueAfterFinish")


class _Barrier(BaseChannel[Value, Value, Any]):
    """Waits until each of its names has been written."""

    __slots__ = ("names", "seen")

    names: set[Value]
    seen: set[Value]

    def __init__(self, typ: type[Value], names: set[Value]) -> None:
        super().__init__(typ)
        self.names = names
        self.seen = set()

    def __eq__(self, value: object) -> bool:
        return type(value) is type(self) and value.names == self.names

    @property
    def ValueType(self) -> Any:
        """The type of a name."""
        return self.typ

    @property
    def UpdateType(self) -> Any:
        """The type of a name."""
        return self.typ

    def _empty(self) -> Self:
        empty = self.__class__(self.typ, self.names)
        empty.key = self.key
        return empty

    def update(self, values: Sequence[Value]) -> bool:
        """Mark the names as written.

        Raises:
            InvalidUpdateError: For a name that is not waited for.
        """
        before = len(self.seen)
        for value in values:
            if value not in self.names:
                raise InvalidUpdateError(f"At key '{self.key}': Value {value} not in {self.names}")
            self.seen.add(value)
        return len(self.seen) > before

    def get(self) -> Any:
        """`None`, once all names have been written."""
        if not self.is_available():
            raise later.EmptyChannelError()


class NamedBarrierValue(_Barrier[Value]):
    """Available once each of its names has been written."""

    __slots__ = ()

    def copy(self) -> Self:
        """The same channel in the same state."""
        return self.from_checkpoint(self.seen.copy())

    def checkpoint(self) -> Any:
        """The names written so far."""
        return self.seen

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one in the state that was stored."""
        other = self._empty()
        if checkpoint is not MISSING:
            other.seen = checkpoint
        return other

    def is_available(self) -> bool:
        """Whether all names have been written."""
        return self.seen == self.names

    def consume(self) -> bool:
        """Wait again, if the wait was over."""
        if self.seen != self.names:
            return False
        self.seen = set()
        return True


class NamedBarrierValueAfterFinish(_Barrier[Value]):
    """Available once all names have been written and the run has nothing left to do."""

    __slots__ = ("finished",)

    def __init__(self, typ: type[Value], names: set[Value]) -> None:
        super().__init__(typ, names)
        self.finished = False

    def copy(self) -> Self:
        """The same channel in the same state."""
        return self.from_checkpoint((self.seen.copy(), self.finished))

    def checkpoint(self) -> Any:
        """The names written so far, and whether the end has come."""
        return (self.seen, self.finished)

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one in the state that was stored."""
        other = self._empty()
        if checkpoint is not MISSING:
            other.seen, other.finished = checkpoint
        return other

    def is_available(self) -> bool:
        """Whether the wait is over and the end has come."""
        return self.finished and self.seen == self.names

    def consume(self) -> bool:
        """Wait again, if the wait was over."""
        if not self.is_available():
            return False
        self.finished = False
        self.seen = set()
        return True

    def finish(self) -> bool:
        """Become available, if all names have been written."""
        if self.finished or self.seen != self.names:
            return False
        self.finished = True
        return True
