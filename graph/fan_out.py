"""Runs several nodes at once on threads."""

import contextvars
import time
from collections import deque
from collections.abc import Callable, Generator
from typing import Any, Final

from langferry.graph.runtime import TaskScope
from langferry.graph.sink import Bell, Sink
from langferry.graph.workers import Crew, Errand

GRACE: Final = 0.02
"""Seconds for which a step whose node failed still takes the results of the nodes beside it.

LangGraph takes those that finish before it has noticed the failure; nodes that do no more than
compute practically always do.
"""

NodeCall = tuple[int, Callable[[Any, TaskScope], Any], Any, TaskScope]
Outcome = tuple[int, bool, Any]
FanOut = Generator[list[Outcome], list[NodeCall] | None, None]


def fan_out(
    crew: Crew,
    calls: list[NodeCall],
    sink: Sink | None,
    time_left: Callable[[], float | None],
) -> FanOut:
    """Run nodes on threads; give their results as they come, those that came together at once.

    Gives an empty list when a node has told something meanwhile. Nodes that are sent in join those
    that still run.

    Raises:
        TimeoutError: If the step takes too long.
    """
    bell = Bell()
    came: deque[Outcome] = deque()
    jobs: list[Errand] = []
    if sink is not None:
        sink.wake = bell.ring

    def start(calls: list[NodeCall]) -> int:
        started = [Errand(_work(call, came, bell)) for call in calls]
        jobs.extend(started)
        for job in started:
            crew.submit(job)
        return len(started)

    missing = start(calls)
    try:
        while missing:
            bell.wait(time_left())
            if sink is not None and sink.told:
                missing += start((yield []) or [])
            if not came:
                continue
            if not all(ok for _, ok, _ in came):
                _await_late(bell, came, missing)
            results = [came.popleft() for _ in range(len(came))]
            missing -= len(results)
            missing += start((yield sorted(results, key=lambda result: result[0])) or [])
    finally:
        missing -= sum(crew.take(job) for job in jobs if not job.begun)
        while missing > len(came):
            bell.wait(None)


def _work(
    call: NodeCall,
    came: deque[Outcome],
    bell: Bell,
) -> Callable[[], None]:
    key, run, value, scope = call
    context = contextvars.copy_context()

    def work() -> None:
        try:
            came.append((key, True, context.run(run, value, scope)))
        except BaseException as error:
            came.append((key, False, error))
        bell.ring()

    return work


def _await_late(bell: Bell, came: deque[Outcome], missing: int) -> None:
    deadline = time.monotonic() + GRACE
    while len(came) < missing and (left := deadline - time.monotonic()) > 0:
        try:
            bell.wait(left)
        except TimeoutError:
            return
