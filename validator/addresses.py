"""Takes out of errors where an object lay in memory, which no two runs have in common."""

import re

import msgspec

from langferry.validator.events import RunEnd, TaskResult, TraceError, TraceEvent

_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]+(?=>)")
"""How Python ends the text of an object that has none of its own."""


def without_addresses(event: TraceEvent) -> TraceEvent:
    """`event`, in whose error every address is `0x0`."""
    if not isinstance(event, TaskResult | RunEnd) or event.error is None:
        return event
    said = TraceError(event.error.type, _ADDRESS.sub("0x0", event.error.message))
    return msgspec.structs.replace(event, error=said)
