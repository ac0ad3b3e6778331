"""Stands in for `langgraph.pregel._write`: what a node of a `Pregel` writes to channels."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from langferry.compat import later
from langferry.compat._internal._constants import CONF, CONFIG_KEY_SEND, TASKS
from langferry.compat._internal._runnable import RunnableCallable
from langferry.compat.errors import InvalidUpdateError
from langferry.compat.types import Send

if TYPE_CHECKING:
    # what is injected is told by this name
    from langchain_core.runnables import RunnableConfig

R = TypeVar("R", bound="later.Runnable[Any, Any]")
SKIP_WRITE: Final = object()
PASSTHROUGH: Final = object()
_STATIC: Final = "_is_channel_writer"


class ChannelWriteEntry(NamedTuple):
    """A write to one channel: of a value, or of what the node gave."""

    channel: str
    value: Any = PASSTHROUGH
    skip_none: bool = False
    mapper: Callable[[Any], Any] | None = None


class ChannelWriteTupleEntry(NamedTuple):
    """Writes that are worked out from a value, or from what the node gave."""

    mapper: Callable[[Any], Sequence[tuple[str, Any]] | None]
    value: Any = PASSTHROUGH
    static: Sequence[tuple[str, Any, str | None]] | None = None


Entry = ChannelWriteEntry | ChannelWriteTupleEntry | Send


class ChannelWrite(RunnableCallable):
    """Writes its input to channels, and hands it on."""

    def __init__(self, writes: Sequence[Entry], *, tags: Sequence[str] | None = None) -> None:
        super().__init__(self._write, self._awrite, tags=tags, trace=False)
        self.name = None
        self.writes = list(writes)

    def get_name(self, suffix: str | None = None, *, name: str | None = None) -> str:
        """A name that lists the channels."""
        return later.Runnable.get_name(
            self, suffix, name=name or f"ChannelWrite<{','.join(self._targets())}>"
        )

    def _targets(self) -> list[str]:
        names = []
        for write in self.writes:
            if isinstance(write, ChannelWriteEntry):
                names.append(write.channel)
            else:
                names.append(write.node if isinstance(write, Send) else "...")
        return names

    def _write(self, input: Any, config: "RunnableConfig") -> Any:
        filled = [
            write
            if isinstance(write, Send) or write.value is not PASSTHROUGH
            else write._replace(value=input)
            for write in self.writes
        ]
        self.do_write(config, filled)
        return input

    async def _awrite(self, input: Any, config: "RunnableConfig") -> Any:
        return self._write(input, config)

    @staticmethod
    def do_write(
        config: "later.RunnableConfig", writes: Sequence[Entry], allow_passthrough: bool = True
    ) -> None:
        """Write from inside a node.

        Raises:
            InvalidUpdateError: For the channel of tasks, or a value still to be filled in.
        """
        for write in writes:
            if isinstance(write, Send):
                continue
            if isinstance(write, ChannelWriteEntry) and write.channel == TASKS:
                raise InvalidUpdateError("Cannot write to the reserved channel TASKS")
            if write.value is PASSTHROUGH and not allow_passthrough:
                raise InvalidUpdateError("PASSTHROUGH value must be replaced")
        config[CONF][CONFIG_KEY_SEND](assemble_writes(writes))

    @staticmethod
    def is_writer(runnable: Any) -> bool:
        """Whether a runnable is there for what it writes."""
        return isinstance(runnable, ChannelWrite) or hasattr(runnable, _STATIC)

    @staticmethod
    def get_static_writes(runnable: Any) -> Sequence[tuple[str, Any, str | None]] | None:
        """The writes a writer declares for drawings."""
        if isinstance(runnable, ChannelWrite):
            tuples = (w for w in runnable.writes if isinstance(w, ChannelWriteTupleEntry))
            return [static for write in tuples for static in write.static or ()] or None
        declared = getattr(runnable, _STATIC, None)
        if not declared:
            return None
        writes = assemble_writes([entry for entry, _ in declared])
        labels = (label for _, label in declared)
        return [(*write, label) for write, label in zip(writes, labels, strict=False)]

    @staticmethod
    def register_writer(runnable: R, static: Sequence[tuple[Any, str | None]] | None = None) -> R:
        """Mark a runnable as being there for what it writes."""
        # pydantic models refuse a plain assignment
        object.__setattr__(runnable, _STATIC, static)
        return runnable


def assemble_writes(writes: Sequence[Entry]) -> list[tuple[str, Any]]:
    """Entries as pairs of channel and value.

    Raises:
        ValueError: For what is no entry.
    """
    assembled: list[tuple[str, Any]] = []
    for write in writes:
        if isinstance(write, Send):
            assembled.append((TASKS, write))
        elif isinstance(write, ChannelWriteTupleEntry):
            assembled.extend(write.mapper(write.value) or ())
        elif isinstance(write, ChannelWriteEntry):
            value = write.value if write.mapper is None else write.mapper(write.value)
            if value is not SKIP_WRITE and not (write.skip_none and value is None):
                assembled.append((write.channel, value))
        else:
            raise ValueError(f"Invalid write entry: {write}")
    return assembled
