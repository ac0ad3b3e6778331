"""Stands in for `langgraph.channels.binop`."""

import collections.abc
from collections.abc import Callable, Sequence
from typing import Any, NotRequired, Required, Self

from langferry.compat import later
from langferry.compat._internal._constants import OVERWRITE
from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value
from langferry.compat.errors import ErrorCode, InvalidUpdateError, create_error_message
from langferry.compat.types import Overwrite
from langferry.graph.channels import Channel

__all__ = ("BinaryOperatorAggregate",)

_INSTANTIABLE: dict[Any, type] = {
    collections.abc.Sequence: list,
    collections.abc.MutableSequence: list,
    collections.abc.Set: set,
    collections.abc.MutableSet: set,
    collections.abc.Mapping: dict,
    collections.abc.MutableMapping: dict,
}


def concrete(annotation: Any) -> Any:
    """The class an annotation starts from: its origin, and for an abstract one the usual class."""
    while hasattr(annotation, "__origin__"):
        if annotation.__origin__ in (Required, NotRequired):
            annotation = annotation.__args__[0]
        else:
            annotation = annotation.__origin__
    try:
        return _INSTANTIABLE.get(annotation, annotation)
    except TypeError:
        # what cannot be hashed is none of these classes
        return annotation


def same_reducer(one: Callable[..., Any], other: Callable[..., Any]) -> bool:
    """Whether two reducers may be taken for the same; a lambda may be any."""
    return "<lambda>" in (one.__name__, other.__name__) or one is other


def _get_overwrite(value: Any) -> tuple[bool, Any]:
    """Whether a value is an `Overwrite`, in any form it may come back in, and what it holds."""
    if isinstance(value, Overwrite):
        return True, value.value
    if isinstance(value, dict):
        if OVERWRITE in value and len(value) == 1:
            return True, value[OVERWRITE]
        if "value" in value and value.get("type") == OVERWRITE:
            return True, value["value"]
    return False, None


def two_overwrites() -> InvalidUpdateError:
    """The error for a step that overwrites a channel twice."""
    return InvalidUpdateError(
        create_error_message(
            message="Can receive only one Overwrite value per super-step.",
            error_code=ErrorCode.INVALID_CONCURRENT_GRAPH_UPDATE,
        )
    )


class BinaryOperatorAggregate(SingleValue[Value]):
    """Folds each write into its value by an operator."""

    __slots__ = ("operator",)

    def __init__(self, typ: type[Value], operator: Callable[[Value, Value], Value]) -> None:
        super().__init__(typ)
        self.operator = operator
        try:
            self.value = concrete(typ)()
        except Exception:
            self.value = MISSING

    def __eq__(self, value: object) -> bool:
        return isinstance(value, BinaryOperatorAggregate) and same_reducer(
            self.operator, value.operator
        )

    def _empty(self) -> Self:
        empty = self.__class__(self.typ, self.operator)
        empty.key = self.key
        return empty

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one that holds what was stored, also by a `DeltaChannel`."""
        stored = checkpoint.value if later.is_a(checkpoint, "_DeltaSnapshot") else checkpoint
        return super().from_checkpoint(stored)

    def update(self, values: Sequence[Value]) -> bool:
        """Fold the writes; after an `Overwrite` the step's other writes are dropped.

        Raises:
            InvalidUpdateError: For two `Overwrite`s.
        """
        if not values:
            return False
        rest = iter(values)
        if self.value is MISSING:
            self.value = next(rest)
        overwritten = False
        for value in rest:
            overwrites, new = _get_overwrite(value)
            if overwrites:
                if overwritten:
                    raise two_overwrites()
                overwritten = True
                self.value = new
            elif not overwritten:
                self.value = self.operator(self.value, value)
        return True

    def native(self) -> Channel | None:
        """The engine's own channel that does the same."""
        if type(self) is BinaryOperatorAggregate:
            return Channel(self.typ, self.operator)
        return None
