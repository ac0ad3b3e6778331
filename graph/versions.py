"""What a saver calls the versions that the engine counts.

Both grow together, so the n-th version the engine made is the n-th name the saver gave. Savers store a
channel only under a name of its own, though: a delta channel that is stored whole without having been
written to gets a new name for the same version, here called a bump. Who has seen the version has seen
the bump, too, which `__snapshot_bumps__` among the versions seen keeps account of: by
`node|channel` the bump, by `node:channel` the name that the node really read.
"""

from collections.abc import Mapping
from typing import Any

from langferry import _engine
from langferry.graph.constants import INTERRUPT, NS_END, NS_SEP

INPUT = "__input__"
BUMPS = "__snapshot_bumps__"

Seen = dict[str, dict[str, Any]]


class Versions:
    """The names of one thread's versions, as a run goes on.

    Attributes:
        names: What the saver calls the versions that the engine counts from 1.
    """

    def __init__(self, saver: Any) -> None:
        self._saver = saver
        self.names: list[Any] = []
        self._newest: Any = None
        self._stored: dict[str, Any] = {}
        # by channel: what the engine's version is called, if it was written to, and the bump
        self._bumped: dict[str, tuple[Any, Any]] = {}
        self._marks: dict[str, Any] = {}
        self._seen: Seen = {INPUT: {}}
        # what the engine does not know of: who has seen the bump of a channel that was never written to
        self._seen_unwritten: Seen = {}

    def read(self, checkpoint: Mapping[str, Any]) -> dict[str, Any]:
        """A stored checkpoint's versions, with the `numbers` by which the engine counts them."""
        versions, all_seen = checkpoint["channel_versions"], dict(checkpoint["versions_seen"])
        if BUMPS in all_seen:
            self._marks = dict(all_seen.pop(BUMPS))
        self._seen.update(all_seen)
        self.names, numbers, interrupt_seen = _engine.number_versions(versions, self._seen)
        self._newest = self.names[-1] if self.names else None
        self._stored = dict(versions)
        all_seen.pop(INTERRUPT, None)
        all_seen.pop(INPUT, None)
        return {
            "numbers": numbers,
            "versions": versions,
            "versions_seen": all_seen,
            "interrupt_seen": interrupt_seen,
        }

    def write(self, made: Mapping[str, Any]) -> tuple[dict[str, Any], Seen, dict[str, Any]]:
        """For a checkpoint of the engine: versions, versions seen, and the versions that are new."""
        versions, seen, bumped = made["versions"], self._seen, self._bumped
        if (resumed_at := made["resumed_at"]) is not None:
            seen[INTERRUPT] = {**seen.get(INTERRUPT, {}), **self._with_bumps(resumed_at)}
        seen.update(made["versions_seen"])
        whole = made.get("whole")
        engine_names = {channel: versions.get(channel) for channel in whole} if whole else {}
        if bumped:
            self._with_bumps(versions)
            for channel, (own, bump) in bumped.items():
                if own is None:
                    versions.setdefault(channel, bump)
            for node, own_seen in made["versions_seen"].items():
                unwritten = self._seen_unwritten.get(node, {})
                seen[node] = {**unwritten, **self._with_bumps(own_seen)}
        if whole:
            for channel, subscribers in whole.items():
                if versions.get(channel) == self._stored.get(channel):
                    self._bump(channel, engine_names[channel], versions, subscribers)
        all_seen = {**seen, BUMPS: self._marks} if self._marks else dict(seen)
        changed = _engine.changed_versions(versions, self._stored)
        self._stored = versions
        return versions, all_seen, changed

    def add_name(self) -> None:
        """Ask the saver for the name of one more version."""
        self.names.append(self._next(self._newest))

    def _bump(self, channel: str, own: Any, versions: dict[str, Any], subscribers: Any) -> None:
        seen = self._seen
        old = versions.get(channel)
        newest = self._newest
        bump = versions[channel] = self._next(old)
        if newest is not None and newest > bump:
            self._newest = newest
        self._bumped[channel] = own, bump
        if old is None:
            for node in subscribers:
                seen.setdefault(node, {})
        marks = self._marks = dict(self._marks)
        for who, versions_seen in seen.items():
            if versions_seen.get(channel) != old:
                continue
            advanced, read = f"{who}{NS_SEP}{channel}", f"{who}{NS_END}{channel}"
            if old is not None and marks.get(advanced) != old:
                marks[read] = old
            marks[advanced] = bump
            seen[who] = {**versions_seen, channel: bump}
            if old is None or channel in self._seen_unwritten.get(who, {}):
                self._seen_unwritten.setdefault(who, {})[channel] = bump

    def _next(self, current: Any) -> Any:
        self._newest = self._saver.get_next_version(current, None)
        return self._newest

    def _with_bumps(self, names: dict[str, Any]) -> dict[str, Any]:
        """Puts bumps in place of the names of the same versions."""
        for channel, (own, bump) in self._bumped.items():
            if own is not None and names.get(channel) == own:
                names[channel] = bump
        return names


def seen_without_bumps(all_seen: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Which versions nodes have really read."""
    marks = all_seen.get(BUMPS)
    if not marks:
        return all_seen
    read: Seen = {}
    for who, seen in all_seen.items():
        if who == BUMPS:
            continue
        own = read[who] = {}
        for channel, version in seen.items():
            key = f"{who}{NS_END}{channel}"
            if marks.get(f"{who}{NS_SEP}{channel}") != version:
                own[channel] = version
            elif key in marks:
                own[channel] = marks[key]
    return read
