"""What is done in a fork is told to this process, and changes nothing in it."""

import os
import signal
import time

import pytest

from langferry.diagnostics import Failure
from langferry.validator.forks import Died, in_fork

KEPT: list[int] = []


def _kept(number: int) -> list[int]:
    KEPT.append(number)
    return KEPT


def _fail() -> int:
    raise Failure("LF506", "no such module")


def _killed() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def _broken() -> int:
    raise ValueError("not foreseen")


def test_a_result_comes_back_and_nothing_else() -> None:
    assert in_fork(lambda: _kept(1), list[int]) == [1]
    assert in_fork(lambda: _kept(2), list[int]) == [2]
    assert KEPT == []


def test_a_failure_is_raised_here() -> None:
    with pytest.raises(Failure, match="LF506: no such module"):
        in_fork(_fail, int)


def test_how_a_fork_died_is_told() -> None:
    with pytest.raises(Died) as killed:
        in_fork(_killed, int)
    assert killed.value.status == -signal.SIGKILL


def test_what_was_not_foreseen_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Died) as broken:
        in_fork(_broken, int)
    assert broken.value.status == 1
    assert "ValueError: not foreseen" in capfd.readouterr().err


def _left_running() -> int:
    # holds what the fork had open, and ends long after it
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
    return 3


def test_what_a_fork_leaves_running_is_not_waited_for() -> None:
    started = time.monotonic()
    assert in_fork(_left_running, int) == 3
    assert time.monotonic() - started < 30
