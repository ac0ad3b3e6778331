"""Reads and writes traces as JSON lines."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.events import SCHEMA_VERSION, Header, TraceEvent

_DECODER = msgspec.json.Decoder(TraceEvent)


def read_trace(path: Path) -> list[TraceEvent]:
    """The events of the trace at `path`, header first.

    Raises:
        Failure: LF509, a line is no event, or the header is missing or of another version.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise Failure("LF509", f"cannot read {path}: {error}") from error
    events = [_event(line, f"{path} line {number}") for number, line in enumerate(lines, 1)]
    if not events or not isinstance(events[0], Header):
        raise Failure("LF509", f"{path} does not begin with a header")
    if events[0].schema != SCHEMA_VERSION:
        version = events[0].schema
        raise Failure("LF509", f"{path} is of schema version {version}, not {SCHEMA_VERSION}")
    return events


def write_trace(path: Path, events: Iterable[TraceEvent]) -> None:
    """Write `events` to `path`, one a line."""
    path.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in events))


def _event(line: bytes, place: str) -> TraceEvent:
    try:
        event: TraceEvent = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Failure("LF509", f"{place}: {error}") from error
    return event
