"""Turns what a node returned into writes to channels and targets to go to."""

from collections.abc import Iterable, Sequence
from typing import Any

from langferry.graph.branches import command_targets
from langferry.graph.constants import ROOT
from langferry.graph.errors import (
    ErrorCode,
    InvalidUpdateError,
    ParentCommand,
    create_error_message,
)
from langferry.graph.fields import annotated_keys, as_tuples
from langferry.graph.types import Command, Send

Writes = Sequence[tuple[str, Any]]
Targets = Sequence[str | Send]


def read_output(output: Any, keys: Sequence[str]) -> tuple[Writes, Targets]:
    """The writes and targets in a node's return value.

    Plain dicts and `None` never come here: the engine's binding reads those itself.

    Raises:
        InvalidUpdateError: If the value is no update.
        ParentCommand: For a command to the graph around this one.
    """
    if len(keys) == 1 and keys[0] == ROOT:
        return _root_writes(output), _targets(output)
    return _writes(output, keys), _targets(output)


def _writes(output: Any, keys: Sequence[str]) -> Writes:
    if output is None:
        return ()
    if isinstance(output, dict):
        return _known(output.items(), keys)
    if isinstance(output, Command):
        return _known(_update(output), keys)
    if _has_command(output):
        return [write for item in output for write in _writes(item, keys)]
    if annotated_keys(type(output)):
        return as_tuples(output, keys)
    raise InvalidUpdateError(
        create_error_message(
            message=f"Expected dict, got {output}",
            error_code=ErrorCode.INVALID_GRAPH_NODE_RETURN_VALUE,
        )
    )


def _known(writes: Iterable[tuple[str, Any]], keys: Sequence[str]) -> Writes:
    known = frozenset(keys)
    return [(key, value) for key, value in writes if key in known]


def _root_writes(output: Any) -> Writes:
    if isinstance(output, Command):
        return _update(output)
    if _has_command(output):
        writes: list[tuple[str, Any]] = []
        for item in output:
            if isinstance(item, Command):
                writes.extend(_update(item))
            else:
                writes.append((ROOT, item))
        return writes
    return () if output is None else [(ROOT, output)]


def _update(command: Command[Any]) -> Writes:
    return () if command.graph == Command.PARENT else command._update_as_tuples()


def _targets(output: Any) -> Targets:
    if isinstance(output, Send):
        return (output,)
    commands: Sequence[Any] = ()
    if isinstance(output, Command):
        commands = (output,)
    elif isinstance(output, list | tuple):
        commands = [item for item in output if isinstance(item, Command)]
    targets: list[str | Send] = []
    for command in commands:
        if command.graph == Command.PARENT:
            raise ParentCommand(command)
        targets.extend(command_targets(command.goto))
    return targets


def _has_command(output: Any) -> bool:
    return isinstance(output, list | tuple) and any(isinstance(i, Command) for i in output)
