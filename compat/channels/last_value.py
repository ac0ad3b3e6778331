"""Stands in for `langgraph.channels.last_value`."""

from collections.abc import Sequence
from typing import Any, Self

from langferry.compat._internal._typing import MISSING
from langferry.compat.channels._single import SingleValue
from langferry.compat.channels.base import Value
from langferry.compat.errors import ErrorCode, InvalidUpdateError, create_error_message
from langferry.graph.channels import Channel

__all__ = ("LastValue", "LastValueAfterFinish")


class LastValue(SingleValue[Value]):
    """Holds the last value; a step may write one only."""

    __slots__ = ()

    def __init__(self, typ: Any, key: str = "") -> None:
        super().__init__(typ, key)
        self.value = MISSING

    def __eq__(self, value: object) -> bool:
        return isinstance(value, LastValue)

    def update(self, values: Sequence[Value]) -> bool:
        """Take the one value.

        Raises:
            InvalidUpdateError: For several values.
        """
        if not values:
            return False
        if len(values) > 1:
            raise InvalidUpdateError(
                create_error_message(
                    message=f"At key '{self.key}': Can receive only one value per step. "
                    "Use an Annotated key to handle multiple values.",
                    error_code=ErrorCode.INVALID_CONCURRENT_GRAPH_UPDATE,
                )
            )
        return self._take_last(values)

    def native(self) -> Channel | None:
        """The engine's own channel that does the same."""
        return Channel(self.typ) if type(self) is LastValue else None


class LastValueAfterFinish(SingleValue[Value]):
    """Holds the last value, shows it when the run has nothing left to do, and for one step."""

    __slots__ = ("finished",)

    def __init__(self, typ: Any, key: str = "") -> None:
        super().__init__(typ, key)
        self.value = MISSING
        self.finished = False

    def __eq__(self, value: object) -> bool:
        return isinstance(value, LastValueAfterFinish)

    def copy(self) -> Self:
        """The same channel in the same state."""
        return self.from_checkpoint(self.checkpoint())

    def checkpoint(self) -> Any:
        """The value and whether it is shown, or `MISSING`."""
        return MISSING if self.value is MISSING else (self.value, self.finished)

    def from_checkpoint(self, checkpoint: Any) -> Self:
        """A channel like this one in the state that was stored."""
        other = self._empty()
        if checkpoint is not MISSING:
            other.value, other.finished = checkpoint
        return other

    def is_available(self) -> bool:
        """Whether there is a value to be seen."""
        return self.finished and self.value is not MISSING

    def update(self, values: Sequence[Value]) -> bool:
        """Take the last value, hidden until the end."""
        if not values:
            return False
        self.finished = False
        return self._take_last(values)

    def consume(self) -> bool:
        """Forget a value that was shown."""
        if not self.finished:
            return False
        self.finished = False
        self.value = MISSING
        return True

    def finish(self) -> bool:
        """Show the value there is."""
        if self.finished or self.value is MISSING:
            return False
        self.finished = True
        return True
