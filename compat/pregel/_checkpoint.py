"""Stands in for `langgraph.pregel._checkpoint`, as far as savers' tests use it."""

import datetime

from langgraph.checkpoint.base import Checkpoint
from langgraph.checkpoint.base.id import uuid6

__all__ = ("copy_checkpoint", "empty_checkpoint")


def empty_checkpoint() -> Checkpoint:
    """A checkpoint of a thread in which nothing has happened."""
    return Checkpoint(
        v=4,
        id=str(uuid6(clock_seq=-2)),
        ts=datetime.datetime.now(datetime.UTC).isoformat(),
        channel_values={},
        channel_versions={},
        versions_seen={},
        updated_channels=None,
    )


def copy_checkpoint(checkpoint: Checkpoint) -> Checkpoint:
    """A copy whose channels and versions can be changed on their own."""
    copied = checkpoint.copy()
    copied["channel_values"] = dict(checkpoint["channel_values"])
    copied["channel_versions"] = dict(checkpoint["channel_versions"])
    seen = checkpoint["versions_seen"]
    copied["versions_seen"] = {node: dict(versions) for node, versions in seen.items()}
    return copied
