"""Stands in for `langgraph.pregel._checkpoint`, as far as it is used by others than LangGraph."""

import datetime
import os
from collections.abc import Mapping, Sequence
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver, ChannelVersions, Checkpoint
from langgraph.checkpoint.base.id import uuid6

from langferry.compat._internal._typing import MISSING
from langferry.compat.channels.base import BaseChannel
from langferry.compat.channels.binop import BinaryOperatorAggregate
from langferry.compat.channels.delta import DeltaChannel
from langferry.graph.exiting import exit_delta_late_task_id, exit_delta_task_id

__all__ = (
    "achannels_from_checkpoint",
    "channels_from_checkpoint",
    "copy_checkpoint",
    "delta_channels_to_snapshot",
    "empty_checkpoint",
    "exit_delta_late_task_id",
    "exit_delta_task_id",
)

LATEST_VERSION = 4
DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT = int(
    os.environ.get("LANGGRAPH_DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT", "5000")
)
"""Read when a run starts."""

Channels = tuple[Mapping[str, BaseChannel[Any, Any, Any]], Mapping[str, Any]]


def empty_checkpoint() -> Checkpoint:
    """A checkpoint of a thread in which nothing has happened."""
    return Checkpoint(
        v=LATEST_VERSION,
        id=str(uuid6(clock_seq=-2)),
        ts=datetime.datetime.now(datetime.UTC).isoformat(),
        channel_values={},
        channel_versions={},
        versions_seen={},
    )  # type: ignore[typeddict-item]  # in a new thread nothing has been updated


def copy_checkpoint(checkpoint: Checkpoint) -> Checkpoint:
    """A copy whose channels and versions can be changed on their own."""
    seen = checkpoint["versions_seen"]
    return Checkpoint(
        v=checkpoint["v"],
        ts=checkpoint["ts"],
        id=checkpoint["id"],
        channel_values=dict(checkpoint["channel_values"]),
        channel_versions=dict(checkpoint["channel_versions"]),
        versions_seen={node: dict(versions) for node, versions in seen.items()},
        updated_channels=checkpoint.get("updated_channels"),
    )


def delta_channels_to_snapshot(
    channels: Mapping[str, BaseChannel[Any, Any, Any]],
    counters_since_delta_snapshot: Mapping[str, tuple[int, int]],
    channel_versions: ChannelVersions,
) -> set[str]:
    """The delta channels that have gone long enough without being stored whole."""
    due = set()
    for name, channel in channels.items():
        updates, supersteps = counters_since_delta_snapshot.get(name, (0, 0))
        if (
            isinstance(channel, DeltaChannel)
            and channel.is_available()
            and name in channel_versions
            and (
                updates >= channel.snapshot_frequency
                or supersteps >= DELTA_MAX_SUPERSTEPS_SINCE_SNAPSHOT
            )
        ):
            due.add(name)
    return due


def channels_from_checkpoint(
    specs: Mapping[str, Any],
    checkpoint: Checkpoint,
    *,
    saver: BaseCheckpointSaver[Any] | None = None,
    config: Any = None,
) -> Channels:
    """Channel objects as a checkpoint has them, and the managed values among `specs`.

    Raises:
        ValueError: If a channel has a history and there is no saver to ask for it.
    """
    implied = _implied(specs, checkpoint, saver, config)
    history: Mapping[str, Any] = {}
    if implied and saver is not None:
        history = saver.get_delta_channel_history(config=config, channels=implied)
    return _opened(specs, checkpoint, history)


async def achannels_from_checkpoint(
    specs: Mapping[str, Any],
    checkpoint: Checkpoint,
    *,
    saver: BaseCheckpointSaver[Any] | None = None,
    config: Any = None,
) -> Channels:
    """As `channels_from_checkpoint`, with asyncio."""
    implied = _implied(specs, checkpoint, saver, config)
    history: Mapping[str, Any] = {}
    if implied and saver is not None:
        history = await saver.aget_delta_channel_history(config=config, channels=implied)
    return _opened(specs, checkpoint, history)


def _implied(
    specs: Mapping[str, Any], checkpoint: Checkpoint, saver: Any, config: Any
) -> Sequence[str]:
    versions, values = checkpoint["channel_versions"], checkpoint["channel_values"]
    implied = [
        name
        for name, spec in specs.items()
        if isinstance(spec, DeltaChannel | BinaryOperatorAggregate)
        and name in versions
        and values.get(name, MISSING) is MISSING
    ]
    if implied and (saver is None or config is None):
        raise ValueError(
            f"DeltaChannel {implied} has history to replay but no checkpointer or config was "
            "passed to read it"
        )
    return implied


def _opened(
    specs: Mapping[str, Any], checkpoint: Checkpoint, histories: Mapping[str, Any]
) -> Channels:
    channels, managed = {}, {}
    for name, spec in specs.items():
        if not isinstance(spec, BaseChannel):
            managed[name] = spec
            continue
        history = histories.get(name)
        held = checkpoint["channel_values"].get(name, MISSING)
        channel = spec.from_checkpoint(held if history is None else history.get("seed", MISSING))
        if isinstance(channel, DeltaChannel):
            channel.replay_writes(history["writes"] if history else ())
        else:
            for _, _, write in history["writes"] if history else ():
                channel.update([write])
        channels[name] = channel
    return channels, managed
