"""Stands in for `langgraph.managed.is_last_step`."""

from typing import Annotated

from langferry.compat._internal._scratchpad import PregelScratchpad
from langferry.compat.managed.base import ManagedValue

__all__ = ("IsLastStep", "IsLastStepManager", "RemainingSteps", "RemainingStepsManager")


class IsLastStepManager(ManagedValue[bool]):
    """Whether no step may follow."""

    @staticmethod
    def get(scratchpad: PregelScratchpad) -> bool:
        """Whether this is the last step."""
        return scratchpad.stop - scratchpad.step == 1


class RemainingStepsManager(ManagedValue[int]):
    """How many steps may follow."""

    @staticmethod
    def get(scratchpad: PregelScratchpad) -> int:
        """The steps left, this one included."""
        return scratchpad.stop - scratchpad.step


IsLastStep = Annotated[bool, IsLastStepManager]
RemainingSteps = Annotated[int, RemainingStepsManager]
