"""Threads that outlive the run they worked for."""

import threading
import time
from collections.abc import Callable

from langferry.graph.workers import Crew, Errand, on_worker


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_jobs_are_begun_in_order_and_no_more_than_the_limit_at_once() -> None:
    crew = Crew(2)
    begun: list[int] = []
    running: list[int] = []
    most: list[int] = []
    gate = threading.Event()

    def job(number: int) -> Errand:
        def work() -> None:
            begun.append(number)
            running.append(number)
            most.append(len(running))
            gate.wait(5)
            running.remove(number)

        return Errand(work)

    for number in range(6):
        crew.submit(job(number))
    until(lambda: len(running) == 2)
    gate.set()
    until(lambda: len(begun) == 6 and not running)
    assert begun[:2] == [0, 1]
    assert max(most) == 2


def test_a_job_that_was_taken_is_nobody_elses() -> None:
    crew = Crew(1)
    gate = threading.Event()
    done: list[str] = []
    crew.submit(Errand(lambda: gate.wait(5)))
    second, third = Errand(lambda: done.append("second")), Errand(lambda: done.append("third"))
    crew.submit(second)
    crew.submit(third)
    assert crew.take(second)
    assert not crew.take(second)
    gate.set()
    until(lambda: done == ["third"])


def test_threads_are_taken_up_again() -> None:
    names: set[int] = set()
    for _ in range(20):
        done = threading.Event()

        def work(done: threading.Event = done) -> None:
            assert on_worker()
            names.add(threading.get_ident())
            done.set()

        Crew(None).submit(Errand(work))
        assert done.wait(5)
        time.sleep(0.002)
    assert len(names) < 20
    assert not on_worker()
