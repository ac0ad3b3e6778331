"""What servers answered while a program ran, kept in a file, so that it can run again without them.

A request is the same as one that was kept when its server, method, path and body are, where a body of
JSON is compared without the order of its keys, and without ids and times, which each run draws anew. The
same request has its answers in the order in which they were given.
"""

import base64
import json
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from langferry.diagnostics import Failure

VERSION = 1

_DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+\d\d:\d\d|Z)?"
)
"""What a program draws or reads from the clock: ids and times."""


def without_drawn(text: str) -> str:
    """A text without the ids and times that each run has of its own."""
    return _DRAWN.sub("drawn", text)


class Request(msgspec.Struct, frozen=True):
    """A request to a server.

    Attributes:
        server: its name: "openai", say.
        method: of HTTP.
        path: below the server's base, with the query.
        body: JSON, or a text.
    """

    server: str
    method: str
    path: str
    body: Any = None

    @property
    def key(self) -> str:
        """The same for what counts as the same request."""
        return without_drawn(json.dumps(msgspec.to_builtins(self), sort_keys=True))

    def __str__(self) -> str:
        return f"{self.method} {self.server}{self.path}"


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a server answered. `body` is a text; where `is_base64`, it stands for bytes that are none."""

    status: int
    kind: str
    body: str
    is_base64: bool = False

    @classmethod
    def of(cls, status: int, kind: str, body: bytes) -> "Answer":
        """An answer with these bytes."""
        try:
            return cls(status, kind, body.decode("utf-8"))
        except UnicodeDecodeError:
            return cls(status, kind, base64.b64encode(body).decode(), is_base64=True)

    @property
    def content(self) -> bytes:
        """The bytes."""
        return base64.b64decode(self.body) if self.is_base64 else self.body.encode()


class Entry(msgspec.Struct, frozen=True):
    """A request with its answer."""

    request: Request
    answer: Answer


class _File(msgspec.Struct, frozen=True):
    version: int
    entries: list[Entry]


class Cassette:
    """Requests with their answers, in the order in which they were made."""

    def __init__(self, path: Path, entries: Sequence[Entry] = ()) -> None:
        self.path = path
        self.entries = list(entries)

    @classmethod
    def read(cls, path: Path, records: bool = False) -> "Cassette":
        """The cassette in a file; an empty one where there is none and it is recorded.

        Raises:
            Failure: LF515, there is none, or the file is no cassette.
        """
        if records and not path.exists():
            return cls(path)
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=_File)
        except (OSError, msgspec.DecodeError) as error:
            raise Failure("LF515", f"{path} is no cassette: {error}") from error
        if kept.version != VERSION:
            raise Failure("LF515", f"{path} is a cassette of version {kept.version}, not {VERSION}")
        return cls(path, kept.entries)

    def write(self) -> None:
        """Keep it in its file, in place of what that holds.

        Raises:
            Failure: LF515, it cannot be written.
        """
        encoded = msgspec.json.encode(_File(VERSION, self.entries))
        part = self.path.with_name(f"{self.path.name}.part")
        try:
            part.write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")
            part.replace(self.path)
        except OSError as error:
            raise Failure("LF515", f"cannot write {self.path}: {error}") from error


class Turn:
    """One engine's way through a cassette, which may be asked by several threads at once."""

    def __init__(self, cassette: Cassette) -> None:
        self.asked: list[Request] = []
        self.missed: list[Request] = []
        self.entries = cassette.entries
        self._lock = threading.Lock()
        self._left: dict[str, list[Answer]] = {}
        for entry in cassette.entries:
            self._left.setdefault(entry.request.key, []).append(entry.answer)

    def answer(self, request: Request) -> Answer | None:
        """The next answer to a request; None where it has no more."""
        with self._lock:
            self.asked.append(request)
            left = self._left.get(request.key)
            if not left:
                self.missed.append(request)
                return None
            return left.pop(0)

    def keep(self, request: Request, answer: Answer) -> None:
        """Note what a server answered to a request that was missed."""
        with self._lock:
            self.missed = [other for other in self.missed if other.key != request.key]
            self.entries.append(Entry(request, answer))

    def leave(self, request: Request) -> None:
        """Note that a server gave no answer to keep; it may when it is asked again."""
        with self._lock:
            self.asked.remove(request)

    def not_asked(self, other: "Turn") -> list[Request]:
        """What `other` asked and this one did not."""
        mine = Counter(request.key for request in self.asked)
        left = []
        for request in other.asked:
            mine[request.key] -= 1
            if mine[request.key] < 0:
                left.append(request)
        return left


def nearest(request: Request, entries: Sequence[Entry]) -> tuple[Request, list[str]] | None:
    """The kept request that is most like `request`, and where the two differ; None if there is none alike."""
    found = []
    for kept in (entry.request for entry in entries):
        if (kept.server, kept.method) == (request.server, request.method):
            moved = kept.path != request.path
            paths = [f"path: {kept.path} kept, {request.path} asked"] if moved else []
            found.append((kept, [*paths, *_differences(kept.body, request.body, "")]))
    return min(found, key=lambda pair: len(pair[1]), default=None)


def _differences(kept: Any, asked: Any, path: str) -> Iterator[str]:
    if isinstance(kept, dict) and isinstance(asked, dict):
        for key in sorted(kept.keys() | asked.keys()):
            at = f"{path}.{key}" if path else str(key)
            if key not in asked:
                yield f"{at}: {_shown(kept[key])} kept, nothing asked"
            elif key not in kept:
                yield f"{at}: nothing kept, {_shown(asked[key])} asked"
            else:
                yield from _differences(kept[key], asked[key], at)
    elif isinstance(kept, list) and isinstance(asked, list) and len(kept) == len(asked):
        for number, (one, other) in enumerate(zip(kept, asked, strict=True)):
            yield from _differences(one, other, f"{path}[{number}]")
    elif without_drawn(json.dumps(kept)) != without_drawn(json.dumps(asked)):
        yield f"{path or 'body'}: {_shown(kept)} kept, {_shown(asked)} asked"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:80]}…"
