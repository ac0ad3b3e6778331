"""How a program's `logging` is set up, as far as its text says so for certain."""

import contextlib
import logging
import string
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

FIELDS = frozenset({"levelname", "name", "message", "asctime"})
"""What a format may show of a record."""

_LAST_RESORT = Handler("stderr")
_LAST_RESORT.level = logging.WARNING

_BASIC = Format(logging.BASIC_FORMAT)


class Written(msgspec.Struct, frozen=True):
    """Where a record goes, and as what."""

    stream: str | None
    """`stdout` or `stderr`; None for another place."""
    parts: tuple[tuple[str, str | None], ...] | None
    """A text and the field after it, as in `string.Formatter.parse`; None where they are not known."""


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
            Written(handler.stream, _parts(handler.format or Format()))
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
        self._found: dict[ModuleScope | None, LogSetup | None] = {}

    def of(self, own: ModuleScope) -> LogSetup | None:
        """How it is set up for functions of `own`; None where that is not certain."""
        # where no other module changes anything, it is the same for the functions of all
        shared = self._after(self._entry)
        return shared if shared or self._entry else self._after(own)

    def _after(self, first: ModuleScope | None) -> LogSetup | None:
        if first not in self._found:
            self._found[first] = None
            for text in self._texts:
                with contextlib.suppress(Unsure):
                    self._found[first] = self._told_after(first, text)
                    break
        return self._found[first]

    def _told_after(self, first: ModuleScope | None, text: LogText) -> LogSetup:
        run = LogRun(text)
        if first is not None:
            run.run(first)
        run.run_others()
        if run.logger("root").handlers or not text.logs_directly:
            return LogSetup(run)
        if text.has_loggers:
            # what their methods show depends on whether such a function was called before
            raise Unsure
        return LogSetup(run, by_functions=True)


def _parts(form: Format) -> tuple[tuple[str, str | None], ...] | None:
    """A `%`-format as texts and fields; None when it has more than plain fields."""
    if form.text is None or form.of_time is not None:
        return None
    braced = form.text.replace("{", "{{").replace("}", "}}")
    for field in FIELDS:
        braced = braced.replace(f"%({field})s", f"{{{field}}}")
    if "%" in braced:
        return None
    return tuple((text, field) for text, field, _, _ in string.Formatter().parse(braced))
