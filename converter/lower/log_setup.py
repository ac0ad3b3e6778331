"""How a program's `logging` is set up, as far as its text says so for certain."""

import contextlib
import logging
import re
from collections.abc import Iterable, Sequence

import msgspec

from langferry.converter.lower.log_objects import (
    Format,
    Handler,
    Logger,
    Unsure,
    lineage,
    reaching_handlers,
)
from langferry.converter.lower.log_run import LogRun
from langferry.converter.lower.log_text import LogText
from langferry.converter.module_scope import ModuleScope

_FIELD = re.compile(r"%(?:(%)|\((levelname|name)\)(-?)((?:[1-9]\d*)?)s|\((message|asctime)\)s)")
"""What a format may show of a record."""

_TIME = re.compile(r"(?:[^%]|%[YymdHMSjIpBbAa%])+")
"""The formats of times that are shown natively."""

_LAST_RESORT = Handler("stderr")
_LAST_RESORT.level = logging.WARNING

_BASIC = Format(logging.BASIC_FORMAT)


class Written(msgspec.Struct, frozen=True):
    """Where a record goes, and as what."""

    stream: str | None
    """As of handlers."""
    parts: tuple[tuple[str, str | None], ...] | None
    """Texts and the fields after them, with what is between `:` and the end of a field of an f-string; None where they
    are not known."""
    of_time: str | None = None
    """How `asctime` is shown, if it is not as `logging` does by itself."""


class LogSetup:
    """What is shown of the records of each logger."""

    def __init__(self, run: LogRun, by_functions: bool = False) -> None:
        self._run, self._loggers = run, dict[str, Logger](run.loggers)
        if by_functions:
            handler = Handler("stderr")
            handler.format = _BASIC
            root = Logger("root")
            root.level, root.handlers = run.logger("root").level, [handler]
            self._loggers["root"] = root

    def logger(self, scope: ModuleScope, name: str) -> str | None:
        """The name of the logger that a name of a module stands for."""
        found = self._run.value(scope, name)
        return found.name if isinstance(found, Logger) else None

    def written(self, level: int, logger: str) -> list[Written]:
        """What becomes of a record of a logger."""
        if self._run.is_uncertain(logger):
            return [Written(None, None)]
        above = list(lineage(self._loggers, logger))
        least = next((item.level for item in above if item.level), logging.NOTSET)
        if level < least:
            return []
        handlers = reaching_handlers(self._loggers, logger) or [_LAST_RESORT]
        return [
            _written(handler.stream, handler.format or Format())
            for handler in handlers
            if level >= handler.level and handler.stream != "nowhere"
        ]


class LogSetups:
    """How logging is set up when functions of each module of a program run.

    They run after the whole of the module `entry`, in which the graph is made, by one of the expressions `made_by`.
    """

    def __init__(
        self,
        modules: Sequence[ModuleScope],
        entry: ModuleScope | None = None,
        made_by: Iterable[str] = (),
    ) -> None:
        self._texts = [LogText(modules, made_by, apart) for apart in (False, True)]
        self._entry = entry
        self._found: dict[ModuleScope, LogSetup | None] = {}

    def of(self, own: ModuleScope) -> LogSetup | None:
        """How it is set up for functions of `own`; None where that is not certain."""
        return self._after(self._entry or own)

    def _after(self, first: ModuleScope) -> LogSetup | None:
        if first not in self._found:
            self._found[first] = None
            for text in self._texts:
                with contextlib.suppress(Unsure):
                    self._found[first] = self._told_after(first, text)
                    break
        return self._found[first]

    def _told_after(self, first: ModuleScope, text: LogText) -> LogSetup:
        run = LogRun(text)
        run.run(first)
        run.run_others()
        if run.logger("root").handlers or not text.logs_directly:
            return LogSetup(run)
        if text.has_loggers:
            # what their methods show depends on whether such a function was called before
            raise Unsure
        return LogSetup(run, by_functions=True)


def _written(stream: str | None, form: Format) -> Written:
    parts = None if form.text is None else _parts(form.text)
    shows_time = parts is not None and any(field == "asctime" for _, field in parts)
    if not shows_time or form.of_time is None:
        return Written(stream, parts)
    return Written(stream, parts if _TIME.fullmatch(form.of_time) else None, form.of_time)


def _parts(form: str) -> tuple[tuple[str, str | None], ...] | None:
    """A `%`-format as texts and fields; None when it has others than those that are known."""
    parts: list[tuple[str, str | None]] = []
    text, at = "", 0
    for found in _FIELD.finditer(form):
        sign, padded, left, width, field = found.groups()
        text += form[at : found.start()] + (sign or "")
        if "%" in form[at : found.start()]:
            return None
        at = found.end()
        if not sign:
            side = "<" if left else ">"
            parts.append((text, field or (f"{padded}:{side}{width}" if width else padded)))
            text = ""
    if "%" in form[at:]:
        return None
    rest = text + form[at:]
    return (*parts, (rest, None)) if rest else tuple(parts)
