"""Stands in for `langgraph._internal._scratchpad`: what a managed value can know of its task."""

import dataclasses
from collections.abc import Callable
from typing import Any

__all__ = ("PregelScratchpad",)


@dataclasses.dataclass(frozen=True, slots=True)
class PregelScratchpad:
    """Where a task stands in its run."""

    step: int
    stop: int
    call_counter: Callable[[], int]
    interrupt_counter: Callable[[], int]
    get_null_resume: Callable[[bool], Any]
    resume: list[Any]
    subgraph_counter: Callable[[], int]
