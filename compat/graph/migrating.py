"""Brings checkpoints of LangGraph before 0.4 to the channels a graph has now.

Formats 1 and 2 had a channel per way of getting to a node (`start:NODE`, `branch:SOURCE:NAME:NODE`, and
for an edge the name of the node before it). Now all of them are `branch:to:NODE`.
"""

from collections.abc import Collection, Iterable
from typing import Any

from langferry.graph.constants import END, INTERRUPT, START

_JOINED = 3
"""The first format with one channel per node."""


def migrate(
    checkpoint: dict[str, Any], nodes: Collection[str], edges: Iterable[tuple[str, str]]
) -> None:
    """Changes a checkpoint in place; one that has today's channels stays as it is."""
    versions = checkpoint["channel_versions"]
    if not versions or checkpoint.get("v", _JOINED) >= _JOINED:
        return
    for channel in [name for name in versions if name.startswith("start:")]:
        _move(checkpoint, channel, [channel.split(":")[1]], nodes)
    branched = [name for name in versions if name.startswith("branch:") and name.count(":") == 3]
    for channel in branched:
        _move(checkpoint, channel, [channel.split(":")[-1]], nodes)
    after: dict[str, list[str]] = {}
    for source, target in edges:
        if source != START and target != END:
            after.setdefault(source, []).append(target)
    for channel in [name for name in versions if name in nodes and name != START]:
        _move(checkpoint, channel, after.get(channel, []), nodes, always=True)
        checkpoint["versions_seen"].get(INTERRUPT, {}).pop(channel, None)


def _move(
    checkpoint: dict[str, Any],
    channel: str,
    targets: Iterable[str],
    nodes: Collection[str],
    *,
    always: bool = False,
) -> None:
    """Replaces a channel by those of the nodes it led to; `always`: even if there are none."""
    targets = [target for target in targets if target in nodes]
    if not targets and not always:
        return
    values, all_seen = checkpoint["channel_values"], checkpoint["versions_seen"]
    versions = checkpoint["channel_versions"]
    version = versions.pop(channel)
    held = channel in values
    value = values.pop(channel, None)
    for target in targets:
        entry = f"branch:to:{target}"
        for seen in (all_seen.get(target, {}), all_seen.get(INTERRUPT, {})):
            if channel in seen:
                _raise(seen, entry, seen.pop(channel))
        if held and entry not in values:
            values[entry] = value
        _raise(versions, entry, version)


def _raise(versions: dict[str, Any], channel: str, version: Any) -> None:
    versions[channel] = max(versions.get(channel, version), version)
