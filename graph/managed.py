"""Values a node can ask for in its state that the run knows, not the channels."""

import enum
from typing import Annotated


class Managed(enum.Enum):
    """The managed values there are."""

    IS_LAST_STEP = "is_last_step"
    REMAINING_STEPS = "remaining_steps"

    def at(self, step: int, stop: int) -> bool | int:
        """The value in a step of a run that may take `stop` steps."""
        if self is Managed.IS_LAST_STEP:
            return step == stop - 1
        return stop - step


IsLastStep = Annotated[bool, Managed.IS_LAST_STEP]
RemainingSteps = Annotated[int, Managed.REMAINING_STEPS]


def is_managed(marker: object) -> bool:
    """Whether the last item of an annotation's metadata marks a managed value."""
    return isinstance(marker, Managed) or getattr(marker, "at", None) is not None
