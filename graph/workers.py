"""Threads that run what blocks. They outlive the run they worked for, and work for the next one."""

import functools
import os
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

IDLE_SECONDS: Final = 60.0
"""How long a thread waits for its next crew before it ends."""

Work = Callable[[], object]


class Job(Protocol):
    """Work to be done once, by whoever begins it. It must not raise."""

    begun: bool

    @property
    def work(self) -> Work:
        """What there is to do."""


class Errand:
    """A job and no more."""

    __slots__ = ("begun", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.begun = False


class Crew:
    """The threads of one run: so many of its jobs run at the same time, in the order they came.

    A thread goes from job to job without sleeping. None is woken for a job that one already on its
    way will find.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = most_threads(limit)
        self._lock = threading.Lock()
        self._jobs: deque[Job] = deque()
        self._open = 0
        self._busy = 0
        self._waking = 0

    def submit(self, job: Job) -> None:
        """Have a job done."""
        with self._lock:
            self._jobs.append(job)
            self._open += 1
            if self._busy >= self._limit or self._open <= self._waking:
                return
            self._busy += 1
            self._waking += 1
        _hire(self._work)

    def take(self, job: Job) -> bool:
        """Begin a job oneself, or keep it from ever being begun; false if it has begun already."""
        with self._lock:
            if job.begun:
                return False
            job.begun = True
            self._open -= 1
            if self._jobs and self._jobs[-1] is job:
                self._jobs.pop()
            return True

    def _work(self) -> None:
        with self._lock:
            self._waking -= 1
        while (job := self._next()) is not None:
            job.work()

    def _next(self) -> Job | None:
        with self._lock:
            while self._jobs:
                job = self._jobs.popleft()
                if not job.begun:
                    job.begun = True
                    self._open -= 1
                    return job
            self._busy -= 1
            return None


class Share(Protocol):
    """The nodes of one step, of which a run's own thread runs some."""

    def take(self) -> tuple[int, Any, Callable[..., Any], Any, Any] | None:
        """The next job: key, context, what to run and its two arguments."""

    def put(self, key: int, ok: bool, result: Any) -> None:
        """Tell what came of a job."""

    def wants_help(self) -> bool:
        """Whether one more helper is of use; it is counted as there if so."""


def help_with(share: Share) -> None:
    """Have a thread take jobs of a share, if that is of use. It finds more helpers itself."""
    if share.wants_help():
        _hire(functools.partial(_help, share))


def _help(share: Share) -> None:
    while (job := share.take()) is not None:
        help_with(share)
        key, context, run, value, scope = job
        try:
            ok, result = True, context.run(run, value, scope)
        except BaseException as error:
            ok, result = False, error
        share.put(key, ok, result)
        # while it waits for its next share, a thread holds on to nothing
        del job, context, run, value, scope, result


def most_threads(limit: int | None) -> int:
    """How many of a run's nodes run at the same time, given its `max_concurrency`."""
    return limit or min(32, (os.cpu_count() or 1) + 4)


def on_worker() -> bool:
    """Whether this thread belongs to a crew."""
    return _place.works


class _Place(threading.local):
    works = False


class _Worker:
    def __init__(self) -> None:
        self.given: queue.SimpleQueue[Work] = queue.SimpleQueue()
        threading.Thread(target=self._live, name="langferry-worker", daemon=True).start()

    def _live(self) -> None:
        _place.works = True
        while (work := self._await_work()) is not None:
            work()
            del work
            _idle.append(self)

    def _await_work(self) -> Work | None:
        try:
            return self.given.get(timeout=IDLE_SECONDS)
        except queue.Empty:
            pass
        try:
            _idle.remove(self)
        except ValueError:
            # hired at the last moment
            return self.given.get()
        return None


def _hire(work: Work) -> None:
    try:
        worker = _idle.pop()
    except IndexError:
        worker = _Worker()
    worker.given.put(work)


_place: Final = _Place()
_idle: Final[list[_Worker]] = []

if hasattr(os, "register_at_fork"):
    # a child process has none of its parent's threads
    os.register_at_fork(after_in_child=_idle.clear)
