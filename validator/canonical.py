"""Takes out of a trace what LangGraph leaves to timing or does not tell, so that it can be compared."""

from collections import Counter

import msgspec

from langferry.validator.addresses import without_addresses
from langferry.validator.drawn_ids import with_drawn_ids_named
from langferry.validator.events import Interrupt, RunEnd, Task, TaskResult, TraceEvent, Update
from langferry.validator.streams import grouped_writes


def canonical(events: list[TraceEvent]) -> list[TraceEvent]:
    """`events` with the writes of one channel put together, message ids drawn at random named by
    order, errors without the addresses of objects, and without the results and questions of a superstep of several tasks in which the run
    failed: which of them still end is a matter of timing."""
    timed = _left_to_timing(events)
    kept: list[TraceEvent] = []
    for event in events:
        if isinstance(event, TaskResult | Update | Interrupt) and (event.run, event.step) in timed:
            continue
        if isinstance(event, TaskResult):
            event = msgspec.structs.replace(event, writes=grouped_writes(event.writes))
        kept.append(without_addresses(event))
    return with_drawn_ids_named(kept)


def failed_together(events: list[TraceEvent], run: int) -> bool:
    """Whether more than one task of `run` raised in its last superstep, as far as the trace tells."""
    errors = Counter(
        event.step
        for event in events
        if isinstance(event, TaskResult) and event.run == run and event.error is not None
    )
    return any(count > 1 for count in errors.values())


def _left_to_timing(events: list[TraceEvent]) -> set[tuple[int, int]]:
    tasks = Counter((event.run, event.step) for event in events if isinstance(event, Task))
    failed_runs = {e.run for e in events if isinstance(e, RunEnd) and e.status == "failed"}
    last_step = {event.run: event.step for event in events if isinstance(event, Task)}
    raised = {
        (event.run, event.step)
        for event in events
        if isinstance(event, TaskResult) and event.error is not None
    }
    return {
        place
        for run, step in last_step.items()
        if run in failed_runs and tasks[place := (run, step)] > 1 and place in raised
    }
