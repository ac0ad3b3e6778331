"""What the engine's binding has to know about the values exchanged with a graph."""

import dataclasses
import sys
from collections.abc import Mapping
from typing import Any

from langferry import _engine
from langferry.graph import errors
from langferry.graph.config import without_task_ids
from langferry.graph.constants import NS_SEP
from langferry.graph.fields import MISSING
from langferry.graph.outputs import read_output
from langferry.graph.retrying import StartOver
from langferry.graph.types import Command, GraphOutput, Interrupt, Overwrite, Send


class Face:
    """The types and readers of one graph API; the own one's here."""

    send_type: type = Send
    overwrite_type: type = Overwrite
    interrupt_type: type = Interrupt
    interrupt_error: type[BaseException] = errors.GraphInterrupt
    bubble_up: type[BaseException] = errors.GraphBubbleUp
    refuses_answer = staticmethod(errors.is_invalid_resume)
    start_over: type[BaseException] = StartOver
    parent_command: type[BaseException] = errors.ParentCommand
    read_output = staticmethod(read_output)
    missing: Any = MISSING
    """What a channel object gives when there is nothing to store."""
    delta_type: Any = ()
    """Channel objects that checkpoints hold as the writes made to them."""
    replayed_types: Any = ()
    """Channel objects whose value may be such writes, of a time when they were of `delta_type`."""
    untracked_type: Any = ()
    """Channel objects whose values are not for savers."""
    new_checkpoint_id: Any = None
    """`new_checkpoint_id(step, saves)`, where ids are not the engine's to make."""

    def made_checkpoint_id(self, step: int) -> str:
        """The id of a checkpoint made without the engine."""
        if self.new_checkpoint_id is None:
            return _engine.new_checkpoint_id(step)
        id: str = self.new_checkpoint_id(step, True)
        return id

    def stable(self, channel: Any, write: Any) -> Any:
        """A write to a delta channel in the form that gives the same value each time it is folded in."""
        return write

    @property
    def snapshot_type(self) -> Any:
        """Wraps the whole value of a delta channel in a checkpoint, where it is in `value`."""
        return None

    def supersteps_bound(self) -> int:
        """Supersteps after which a delta channel is stored whole, even if nothing was written to it."""
        return 5000

    def stores_at_once(self, saver: Any) -> bool:
        """Whether a saver never waits, and its asyncio methods do the same as its others."""
        return False

    def native_twin(self, saver: Any) -> Any:
        """What stores and finds the same as a saver that `stores_at_once`; `None` without one."""
        return None

    @staticmethod
    def as_failure(raised: BaseException, node: str) -> BaseException | None:
        """What a node has failed with that raised something that is no `Exception`.

        A node that cancels itself has failed; all else (an interrupt from the keyboard) is not
        the node's.
        """
        asyncio = sys.modules.get("asyncio")
        if asyncio is None or not isinstance(raised, asyncio.CancelledError):
            return None
        error = errors.NodeCancelledError(node)
        error.__cause__ = raised
        return error

    def engine_error(self, class_name: str, message: str) -> BaseException:
        """The exception for an error the engine found itself."""
        if class_name == "NotImplementedError":
            return errors.Unsupported("LF403", message)
        error: type[BaseException] = getattr(errors, class_name, None) or _BUILTIN[class_name]
        return error(message) if message else error()

    def graph_output(self, state: Any, interrupts: tuple[Any, ...]) -> Any:
        """What `invoke(version="v2")` returns."""
        return GraphOutput(state, interrupts)

    def take_command(self, raised: errors.ParentCommand, namespace: str, node: str) -> Any:
        """The command a task raised, if it is for the task's own graph.

        Otherwise the exception goes on; one that says "parent" is first given that graph's name.
        """
        command = raised.args[0]
        if command.graph in (namespace, without_task_ids(namespace), node):
            return dataclasses.replace(command, graph=None)
        if command.graph == Command.PARENT:
            raised.args = (dataclasses.replace(command, graph=_parent_of(namespace)),)
        return None

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


def _parent_of(namespace: str) -> str:
    """The namespace of the graph around a task's graph, numbers of frames left out."""
    parts = namespace.split(NS_SEP)
    _drop_numbers(parts)
    del parts[-1:]
    _drop_numbers(parts)
    return NS_SEP.join(parts)


def _drop_numbers(parts: list[str]) -> None:
    while parts and parts[-1].isdigit():
        parts.pop()


_BUILTIN: dict[str, type[BaseException]] = {
    "ValueError": ValueError,
    "RuntimeError": RuntimeError,
}
