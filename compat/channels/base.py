"""Stands in for `langgraph.channels.base`: what every channel can do."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, Self, TypeVar

from langferry.compat import later
from langferry.compat._internal._typing import MISSING
from langferry.graph.channels import Channel

__all__ = ("BaseChannel",)

Value = TypeVar("Value")
Update = TypeVar("Update")
Checkpoint = TypeVar("Checkpoint")


class _AsAnnotation:
    """Lets a key of a state be annotated with a channel, or with a class of channels."""

    def __get__(self, channel: Any, cls: type) -> Any:
        def made(annotation: Any) -> Channel:
            typ = getattr(annotation, "__origin__", annotation)
            own = cls(typ) if channel is None else channel.typed(typ)
            native: Channel | None = own.native()
            return Channel(annotation, hosted=own) if native is None else native

        return made


class BaseChannel(Generic[Value, Update, Checkpoint], ABC):
    """One place of a graph's state, and the rules by which writes change it.

    A subclass of this class can annotate a key of a state or be a channel of a `Pregel`.
    """

    __slots__ = ("key", "typ")

    langferry_channel = _AsAnnotation()

    def __init__(self, typ: Any, key: str = "") -> None:
        self.typ = typ
        self.key = key

    def typed(self, typ: Any) -> Self:
        """This channel for a key of a type."""
        return self

    def native(self) -> Channel | None:
        """The engine's own channel that does the same, if there is one."""
        return None

    @property
    @abstractmethod
    def ValueType(self) -> Any:
        """The type of what `get` returns."""

    @property
    @abstractmethod
    def UpdateType(self) -> Any:
        """The type of one update."""

    def copy(self) -> Self:
        """The same channel in the same state, to be changed on its own."""
        return self.from_checkpoint(self.checkpoint())

    def checkpoint(self) -> Checkpoint | Any:
        """The state to store, or `MISSING`."""
        try:
            return self.get()
        except later.EmptyChannelError:
            return MISSING

    @abstractmethod
    def from_checkpoint(self, checkpoint: Checkpoint | Any) -> Self:
        """A channel like this one in the state that was stored, or without any for `MISSING`."""

    @abstractmethod
    def get(self) -> Value:
        """The value.

        Raises:
            EmptyChannelError: If there is none.
        """

    def is_available(self) -> bool:
        """Whether there is a value."""
        try:
            self.get()
        except later.EmptyChannelError:
            return False
        return True

    @abstractmethod
    def update(self, values: Sequence[Update]) -> bool:
        """Take the writes of a step, possibly none, and tell whether anything changed.

        Raises:
            InvalidUpdateError: If these writes cannot come together.
        """

    def consume(self) -> bool:
        """A task that this channel triggers has run. Tell whether anything changed."""
        return False

    def finish(self) -> bool:
        """The run has nothing left to do. Tell whether anything changed."""
        return False
