"""Stands in for `langgraph._internal._typing`."""

from typing import Any, Final


class _Missing:
    """The type of `MISSING`."""


MISSING: Final = _Missing()
EMPTY_SEQ: Final[tuple[Any, ...]] = ()
