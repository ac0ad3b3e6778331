"""Stands in for `langgraph.stream.transformers`: one stream for each mode."""

from typing import Any, ClassVar

from langferry.compat.stream._lifecycle import (
    LifecyclePayload,
    LifecycleTransformer,
    SubgraphStatus,
    SubgraphTransformer,
    _TasksLifecycleBase,
)
from langferry.compat.stream._message_streams import MessagesTransformer
from langferry.compat.stream._types import ProtocolEvent, StreamTransformer
from langferry.compat.stream.stream_channel import StreamChannel

__all__ = (
    "CheckpointsTransformer",
    "CustomTransformer",
    "DebugTransformer",
    "LifecyclePayload",
    "LifecycleTransformer",
    "MessagesTransformer",
    "SubgraphStatus",
    "SubgraphTransformer",
    "TasksTransformer",
    "UpdatesTransformer",
    "ValuesTransformer",
    "_TasksLifecycleBase",
)


class _OneMode(StreamTransformer):
    """A stream of the payloads of one mode, from the graph itself."""

    _native = True
    name: ClassVar[str]

    def __init__(self, scope: tuple[str, ...] = ()) -> None:
        super().__init__(scope)
        self._log: StreamChannel[Any] = StreamChannel()

    def init(self) -> dict[str, Any]:
        """The one stream."""
        return {self.name: self._log}

    def process(self, event: ProtocolEvent) -> bool:
        """Push the payload."""
        params = event["params"]
        if event["method"] == self.name and tuple(params["namespace"]) == self.scope:
            self._log.push(params["data"])
        return True


class UpdatesTransformer(_OneMode):
    """The stream `updates`."""

    name = "updates"
    required_stream_modes = ("updates",)


class CustomTransformer(_OneMode):
    """The stream `custom`."""

    name = "custom"
    required_stream_modes = ("custom",)


class CheckpointsTransformer(_OneMode):
    """The stream `checkpoints`."""

    name = "checkpoints"
    required_stream_modes = ("checkpoints",)


class DebugTransformer(_OneMode):
    """The stream `debug`."""

    name = "debug"
    required_stream_modes = ("debug",)


class TasksTransformer(_OneMode):
    """The stream `tasks`."""

    name = "tasks"
    required_stream_modes = ("tasks",)


class ValuesTransformer(_OneMode):
    """The stream `values`."""

    name = "values"
    required_stream_modes = ("values",)

    @property
    def error(self) -> BaseException | None:
        """What the run failed with."""
        return self._log._error
