"""Stands in for `langgraph.stream._convert`."""

import time
from typing import Any

from langferry.compat.stream._types import ProtocolEvent, _ProtocolEventParams


def convert_to_protocol_event(part: Any) -> ProtocolEvent:
    """A part of a `version="v2"` stream as an event."""
    params: _ProtocolEventParams = {
        "namespace": list(part["ns"]),
        "timestamp": int(time.time() * 1000),
        "data": part["data"],
    }
    if "interrupts" in part:
        params["interrupts"] = part["interrupts"]
    return {"type": "event", "method": part["type"], "params": params}
