"""When a checkpoint was made, as it is stored."""

import datetime
import time
from typing import Any

import pytest

from langferry.graph.saving import now


def test_now_is_told_as_datetime_tells_it() -> None:
    before = datetime.datetime.now(datetime.UTC)
    told = datetime.datetime.fromisoformat(now())
    assert before <= told <= datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize("nanoseconds", [0, 10**18, 10**18 + 1_000, 10**18 + 999_999_999])
def test_a_moment_has_microseconds_unless_there_are_none(
    monkeypatch: Any, nanoseconds: int
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: nanoseconds)
    microseconds = datetime.timedelta(microseconds=nanoseconds // 1000)
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + microseconds
    assert now() == moment.isoformat()
