"""Stands in for `langgraph.channels.any_value`."""

from collections.abc import Sequence
from typing import Any

from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value

__all__ = ("AnyValue",)


class AnyValue(SingleValue[Value]):
    """Holds one of the values of the last step, all of them being the same by assumption."""

    __slots__ = ()

    def __init__(self, typ: Any, key: str = "") -> None:
        super().__init__(typ, key)
        self.value = MISSING

    def __eq__(self, value: object) -> bool:
        return isinstance(value, AnyValue)

    def update(self, values: Sequence[Value]) -> bool:
        """Take the last value; without any, forget the one there is."""
        return self._take_last(values) if values else self._forget()
