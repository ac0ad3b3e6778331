"""Stands in for `langgraph.channels.untracked_value`."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value
from langferry.compat.errors import InvalidUpdateError

__all__ = ("UntrackedValue",)


class UntrackedValue(SingleValue[Value]):
    """Holds the last value, which no checkpoint ever holds."""

    __slots__ = ("guard",)

    def __init__(self, typ: type[Value], guard: bool = True) -> None:
        super().__init__(typ)
        self.guard = guard
        self.value = MISSING

    def __eq__(self, value: object) -> bool:
        return isinstance(value, UntrackedValue) and value.guard == self.guard

    def _empty(self) -> Self:
        empty = self.__class__(self.typ, self.guard)
        empty.key = self.key
        return empty

    def checkpoint(self) -> Any:
        """Nothing."""
        return MISSING

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one, empty."""
        return self._empty()

    def update(self, values: Sequence[Value]) -> bool:
        """Take the one value.

        Raises:
            InvalidUpdateError: For several values, with a guard.
        """
        if not values:
            return False
        if self.guard and len(values) > 1:
            raise InvalidUpdateError(
                f"At key '{self.key}': UntrackedValue(guard=True) can receive only one value per "
                "step. Use guard=False if you want to store any one of multiple values."
            )
        return self._take_last(values)
