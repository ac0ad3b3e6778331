"""Work that is done in a fork of this process, which nothing that it leaves behind comes back to."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import TypeVar, cast

import msgspec

from langferry.diagnostics import Diagnostic, Failure

T = TypeVar("T")

CAN_FORK = hasattr(os, "fork")
"""Whether this system has forks; where it has none, work is done in the process itself."""


class Died(Exception):
    """The fork ended before its work did.

    Attributes:
        status: its exit code, or minus the number of the signal that ended it.
    """

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def in_fork(work: Callable[[], T], kind: type[T]) -> T:
    """What `work` returns, a `kind` that msgspec can encode, done in a fork of this process.

    Raises:
        Failure: the one that `work` raised.
        Died: the fork died, or `work` raised something else.
    """
    if not CAN_FORK:
        return work()
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        # not to its end: what the work has started may hold the other one for long
        answer = pipe.readline()
    _, status = os.waitpid(child, 0)
    if not answer:
        raise Died(os.waitstatus_to_exitcode(status))
    result, problem = msgspec.json.decode(answer, type=tuple[kind | None, Diagnostic | None])  # type: ignore[valid-type]
    if problem is not None:
        raise Failure(problem.code, problem.message, problem.span)
    return cast(T, result)


def _answer(work: Callable[[], T], writing: int) -> None:
    """Write what `work` returns to `writing`, and end the process without any clean-up: what the
    program registered for its exit belongs to the parent."""
    status = 1
    try:
        answer: tuple[T | None, Diagnostic | None]
        try:
            answer = work(), None
        except Failure as problem:
            answer = None, problem.diagnostic
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(msgspec.json.encode(answer) + b"\n")
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
