"""Only addresses in the text of an error are taken out."""

import pytest

from langferry.validator.addresses import without_addresses
from langferry.validator.events import RunEnd, Task, TaskResult, TraceError


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Expected dict, got <coroutine object f at 0x7f96e54f8280>\nFor", "at 0x0>\nFor"),
        ("<__main__.A object at 0x1> and <__main__.A object at 0x2>", "at 0x0>"),
        ("the register at 0x10 is empty", "at 0x10 is empty"),
    ],
)
def test_addresses_of_objects_are_taken_out(said: str, kept: str) -> None:
    error = TraceError("InvalidUpdateError", said)
    for event in (TaskResult(0, 1, "a", [], error, []), RunEnd(0, "failed", None, error)):
        found = without_addresses(event)
        assert isinstance(found, type(event))
        assert found.error is not None
        assert found.error.message.endswith(kept)
        assert "7f96" not in found.error.message


def test_what_raised_nothing_is_as_it_was() -> None:
    for event in (Task(0, 1, "at 0x1>", [], None), TaskResult(0, 1, "a", [], None, [])):
        assert without_addresses(event) is event
