"""Loggers and what they write to, as a program sets them up."""

import logging
from collections.abc import Iterator, Mapping

import msgspec

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
"""The methods of a logger that log a text, with their levels."""


class Unsure(Exception):
    """It is not known what happens to `logging`."""


class Format(msgspec.Struct, frozen=True):
    """How a handler writes a record: a `%` format, or None for one that is not known, and one of its time."""

    text: str | None = "%(message)s"
    of_time: str | None = None


class Handler:
    """A handler: `stream` is `stdout` or `stderr`, `nowhere`, `file:` and a name, or None for another place."""

    def __init__(self, stream: str | None) -> None:
        self.stream = stream
        self.level = logging.NOTSET
        self.format: Format | None = None

    def told(self) -> object:
        """What it is, to be compared."""
        return (self.stream, self.level, self.format)


class Logger:
    """A logger of that name; the root's is `root`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.level = logging.WARNING if name == "root" else logging.NOTSET
        self.handlers: list[object] = []
        self.propagate: object = True

    def told(self) -> object:
        """What was set of it, to be compared."""
        return (self.level, self.propagate, [x.told() for x in self.own_handlers()])

    def own_handlers(self) -> list[Handler]:
        """Its handlers, if they are known."""
        if not all(isinstance(item, Handler) for item in self.handlers):
            raise Unsure
        return [item for item in self.handlers if isinstance(item, Handler)]


def reaching_handlers(loggers: Mapping[str, Logger], name: str) -> list[Handler]:
    """The handlers that a record of a logger reaches."""
    found: list[Handler] = []
    for logger in lineage(loggers, name):
        found += logger.own_handlers()
        if not logger.propagate:
            break
    return found


def lineage(loggers: Mapping[str, Logger], name: str) -> Iterator[Logger]:
    """A logger and those above it, as far as something was set of them."""
    while name and name != "root":
        if name in loggers:
            yield loggers[name]
        name = name.rpartition(".")[0]
    yield loggers.get("root") or Logger("root")
