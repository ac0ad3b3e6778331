"""The chunks a server streams, told as a graph in this process would tell them."""

from collections.abc import Iterator
from typing import Any

from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_NS,
    CONFIG_KEY_STREAM,
    INTERRUPT,
    NS_SEP,
)
from langferry.compat.errors import GraphInterrupt, ParentCommand
from langferry.compat.types import Command, Interrupt


class RemoteException(Exception):
    """Raised when a graph on a server fails."""


class RemoteChunks:
    """What the caller of a graph on a server asked to be told, and how.

    Attributes:
        modes: The modes to ask the server for. `updates` are always among them: they tell of
            interrupts.
        subgraphs: Whether to ask it for the chunks of subgraphs.
    """

    def __init__(self, stream_mode: Any, config: Any, *, subgraphs: bool, version: str) -> None:
        conf = (config or {}).get(CONF, {})
        self._outer = conf.get(CONFIG_KEY_STREAM)
        namespace = conf.get(CONFIG_KEY_CHECKPOINT_NS)
        self._around = tuple(namespace.split(NS_SEP)) if namespace else ()
        self._several = bool(stream_mode) and not isinstance(stream_mode, str)
        self._with_subgraphs = subgraphs
        self._version = version
        asked = list(stream_mode) if self._several else [stream_mode or "updates"]
        self._wanted = {"messages" if mode == "messages-tuple" else mode for mode in asked}
        self.modes = _server_modes([*asked, *(self._outer.modes if self._outer else ())])
        self.subgraphs = subgraphs or self._outer is not None

    def read(self, chunk: Any) -> Iterator[Any]:
        """What to tell the caller of a chunk, if anything; an outer run is told on the way.

        Raises:
            ParentCommand: For a command to the graph around this one.
            GraphInterrupt: When the graph asks a question and another graph is around it.
            RemoteException: When the graph failed.
        """
        mode, *levels = chunk.event.split(NS_SEP)
        data = chunk.data
        if mode == "command" and data.get("graph") == Command.PARENT:
            raise ParentCommand(Command(**data))
        # the server does not know what is around the graph
        namespace = (*self._around, *levels)
        if self._outer is not None and mode in self._outer.modes:
            self._outer.put((namespace, mode, data))
        if mode.startswith("updates"):
            if self._around and isinstance(data, dict) and INTERRUPT in data:
                raise GraphInterrupt([Interrupt(**asked) for asked in data[INTERRUPT]])
        elif mode.startswith("error"):
            raise RemoteException(data)
        # a server sends a message once only, be it a subgraph's or not
        inner = bool(levels) and not self._with_subgraphs and mode != "messages"
        if mode in self._wanted and not inner:
            if mode.startswith("messages"):
                chunk = chunk._replace(data=tuple(data))
            yield self._shaped(chunk, mode, namespace)

    def _shaped(self, chunk: Any, mode: str, namespace: tuple[str, ...]) -> Any:
        if self._version == "v2":
            asked: Any = ()
            if mode == "values" and isinstance(chunk.data, dict):
                asked = chunk.data.pop(INTERRUPT, ())
            interrupts = tuple(Interrupt(**i) if isinstance(i, dict) else i for i in asked)
            return {"type": mode, "ns": namespace, "data": chunk.data, "interrupts": interrupts}
        if self._with_subgraphs:
            middle = (mode,) if self._several else ()
            return (namespace, *middle, chunk.data)
        return chunk if self._several else chunk.data


def _server_modes(modes: list[str]) -> list[str]:
    """Modes in the server's words, which gives messages as tuples and no `events`."""
    asked = list(modes)
    if "messages" in asked:
        asked.remove("messages")
        asked.append("messages-tuple")
    if "updates" not in asked:
        asked.append("updates")
    if "events" in asked:
        asked.remove("events")
    return asked
