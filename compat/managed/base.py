"""Stands in for `langgraph.managed.base`: values of a state that the run knows."""

import inspect
from abc import ABC, abstractmethod
from typing import Any, Generic, TypeGuard, TypeVar

from langferry.compat._internal._scratchpad import PregelScratchpad

V = TypeVar("V")

__all__ = ("ManagedValue", "ManagedValueMapping", "ManagedValueSpec", "is_managed_value")


class ManagedValue(ABC, Generic[V]):
    """A value that is worked out for each task."""

    @staticmethod
    @abstractmethod
    def get(scratchpad: PregelScratchpad) -> V:
        """The value for the task of a scratchpad."""

    @classmethod
    def at(cls, step: int, stop: int) -> V:
        """The value in a step of a run that may take `stop` steps."""
        nothing: Any = None
        return cls.get(PregelScratchpad(step, stop, nothing, nothing, nothing, [], nothing))


ManagedValueSpec = type[ManagedValue[Any]]
ManagedValueMapping = dict[str, ManagedValueSpec]


def is_managed_value(value: Any) -> TypeGuard[ManagedValueSpec]:
    """Whether an item of an annotation's metadata stands for a managed value."""
    return inspect.isclass(value) and issubclass(value, ManagedValue)
