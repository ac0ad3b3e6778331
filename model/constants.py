"""Constant values the converter knows without running anything."""

import msgspec


class Constant(msgspec.Struct, frozen=True):
    """A constant: `value` is encoded as ARCHITECTURE.md's "encoding of values" says.

    `data` is that encoding as JSON text, so that it is hashable and keeps its key order.
    """

    data: str
