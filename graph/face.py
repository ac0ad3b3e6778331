"""What the engine's binding has to know about the values exchanged with a graph."""

from collections.abc import Mapping
from typing import Any

from langferry.graph import errors
from langferry.graph.outputs import read_output
from langferry.graph.types import Interrupt, Overwrite, Send


class Face:
    """The types and readers of one graph API; the own one's here."""

    send_type: type = Send
    overwrite_type: type = Overwrite
    interrupt_type: type = Interrupt
    interrupt_error: type[BaseException] = errors.GraphInterrupt
    bubble_up: type[BaseException] = errors.GraphBubbleUp
    read_output = staticmethod(read_output)
    new_checkpoint_id: Any = None
    """`new_checkpoint_id(step, saves)`, where ids are not the engine's to make."""

    def engine_error(self, class_name: str, message: str) -> BaseException:
        """The exception for an error the engine found itself."""
        if class_name == "NotImplementedError":
            return errors.Unsupported("LF403", message)
        error: type[BaseException] = getattr(errors, class_name, None) or _BUILTIN[class_name]
        return error(message) if message else error()

    def read_interrupt(self, stored: Any) -> Any:
        """An interrupt as it came back from a saver, which may not know its class."""
        if isinstance(stored, self.interrupt_type):
            return stored
        if isinstance(stored, Mapping):
            fields = dict(stored)
        else:
            names = ("value", "id", "response_schema")
            fields = {name: getattr(stored, name, None) for name in names}
        return self.interrupt_type(
            fields["value"], fields["id"], response_schema=fields.get("response_schema")
        )


_BUILTIN: dict[str, type[BaseException]] = {
    "ValueError": ValueError,
    "RuntimeError": RuntimeError,
}
