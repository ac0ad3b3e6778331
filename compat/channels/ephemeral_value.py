"""Stands in for `langgraph.channels.ephemeral_value`."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value
from langferry.compat.errors import InvalidUpdateError

__all__ = ("EphemeralValue",)


class EphemeralValue(SingleValue[Value]):
    """Holds the value of the step before, for one step."""

    __slots__ = ("guard",)

    def __init__(self, typ: Any, guard: bool = True) -> None:
        super().__init__(typ)
        self.guard = guard
        self.value = MISSING

    def __eq__(self, value: object) -> bool:
        return isinstance(value, EphemeralValue) and value.guard == self.guard

    def _empty(self) -> Self:
        empty = self.__class__(self.typ, self.guard)
        empty.key = self.key
        return empty

    def update(self, values: Sequence[Value]) -> bool:
        """Take the one value; without any, forget the one there is.

        Raises:
            InvalidUpdateError: For several values, with a guard.
        """
        if not values:
            return self._forget()
        if self.guard and len(values) > 1:
            raise InvalidUpdateError(
                f"At key '{self.key}': EphemeralValue(guard=True) can receive only one value per "
                "step. Use guard=False if you want to store any one of multiple values."
            )
        return self._take_last(values)
