"""How a program's `logging` is set up, as far as its text says so for certain."""

import ast
import logging
import string
from collections.abc import Iterator, Sequence

import msgspec

from langferry.converter.module_scope import ModuleScope, only_in_scripts

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
"""The methods of a logger that log a text, with their levels."""

FIELDS = frozenset({"levelname", "name", "message", "asctime"})
"""What a format may show of a record."""

_OTHER_SETUP = frozenset(
    [
        "addFilter",
        "addHandler",
        "addLevelName",
        "captureWarnings",
        "dictConfig",
        "disable",
        "disabled",
        "fileConfig",
        "lastResort",
        "LoggerAdapter",
        "propagate",
        "removeHandler",
        "setLoggerClass",
    ]
)


class LogSetup(msgspec.Struct, frozen=True):
    """What is shown: records of `level` and above, each as these texts and fields of it.

    Some loggers have `levels` of their own, which those below them share; a handler has a `least` level for all.
    """

    level: int
    parts: tuple[tuple[str, str | None], ...]
    """A text and the field after it, as in `string.Formatter.parse`."""
    levels: tuple[tuple[str, int], ...] = ()
    least: int = logging.NOTSET

    def shows(self, level: int, logger: str) -> bool:
        """Whether a record of a logger is shown."""
        own, name = dict(self.levels), logger
        while name and name not in own:
            name = name.rpartition(".")[0]
        return level >= max(self.least, own.get(name, own.get("root", self.level)))


LAST_RESORT = LogSetup(logging.WARNING, (("", "message"),), least=logging.WARNING)
"""What Python does for a program that sets nothing up."""


_BASIC = (("", "levelname"), (":", "name"), (":", "message"))

SET_UP_BY_FUNCTIONS = LogSetup(logging.WARNING, _BASIC)
"""What `logging.info` and the like do first in such a program, whether they show anything or not."""


def log_setup(
    modules: Sequence[ModuleScope], own: ModuleScope, entry: ModuleScope | None = None
) -> LogSetup | None:
    """How logging is set up when functions of `own` run; None where that is not certain.

    They run after the whole of the module `entry`, in which the graph is made.
    """
    made: list[tuple[ModuleScope, ast.Call]] = []
    whole = [own] if entry is None else [own, entry]
    before, levels = set(_run_before(whole, modules)), dict[str, int]()
    for scope in modules:
        set_there = _levels_set(scope)
        for node in _nodes(scope):
            match node:
                case ast.Attribute(attr=name) | ast.alias(name=name) if name in _OTHER_SETUP:
                    return None
                case ast.Call(func=func) if _name(scope, func) == "logging.basicConfig":
                    made.append((scope, node))
                case ast.Attribute(attr="setLevel"):
                    found = set_there.get(node)
                    if found is None or scope not in before or found[0] in levels:
                        return None
                    levels[found[0]] = found[1]
                case ast.alias(name="basicConfig"):
                    return None
    if made and "root" in levels:
        # which of the two comes last is the root's level
        return None
    setup = _set_up(made, modules, before)
    return None if setup is None else msgspec.structs.replace(setup, levels=tuple(levels.items()))


def _nodes(scope: ModuleScope) -> Iterator[ast.AST]:
    """All of a module but what runs only where it is run as a script."""
    scripts = only_in_scripts(scope.tree)
    apart = {node for statement in scripts for node in ast.walk(statement)}
    return (node for node in scope.nodes if node not in apart)


def _levels_set(scope: ModuleScope) -> dict[ast.AST, tuple[str, int]]:
    """The places where a module gives loggers levels as soon as it runs: the loggers' names, and the levels."""
    found: dict[ast.AST, tuple[str, int]] = {}
    for statement in scope.tree.body:
        match statement:
            case ast.Expr(
                ast.Call(func=ast.Attribute(value=of, attr="setLevel") as place, args=[level])
            ):
                name = logger_name(scope, of)
                known = (_name(scope, level) or "").removeprefix("logging.").lower()
                if name is not None and known in LEVELS:
                    found[place] = (name, LEVELS[known])
    return found


def logger_name(scope: ModuleScope, node: ast.expr) -> str | None:
    """The name of the logger that an expression of a module is, if it is certain."""
    match node:
        case ast.Name(id=bound):
            made = [
                x.value
                for x in scope.tree.body
                if isinstance(x, ast.Assign) and x.targets == scope.bindings.get(bound)
            ]
            is_one = len(made) == 1 and bound not in scope.global_names
            return logger_name(scope, made[0]) if is_one else None
        case ast.Call(func=func, args=args, keywords=[]):
            if _name(scope, func) != "logging.getLogger":
                return None
            match args:
                case []:
                    return "root"
                case [ast.Constant(value=str(text))] if text:
                    return text
                case [ast.Name(id="__name__")]:
                    return scope.name
    return None


def _set_up(
    made: Sequence[tuple[ModuleScope, ast.Call]],
    modules: Sequence[ModuleScope],
    before: set[ModuleScope],
) -> LogSetup | None:
    if not made:
        # a function of the module, not of a logger, would set up the root logger
        direct = any(_logs_directly(scope) for scope in modules)
        if direct and any(_has_loggers(scope) for scope in modules):
            # what their methods show depends on whether such a function was called before
            return None
        return SET_UP_BY_FUNCTIONS if direct else LAST_RESORT
    (scope, call), *more = made
    at_top = any(isinstance(x, ast.Expr) and x.value is call for x in scope.tree.body)
    if more or not at_top or scope not in before:
        return None
    return _configured(scope, call)


def _configured(scope: ModuleScope, call: ast.Call) -> LogSetup | None:
    level, shown = logging.WARNING, logging.BASIC_FORMAT
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg="level", value=ast.Attribute() as value):
                name = (_name(scope, value) or "").removeprefix("logging.")
                if name.lower() not in LEVELS:
                    return None
                level = LEVELS[name.lower()]
            case ast.keyword(arg="format", value=ast.Constant(value=str(text))):
                shown = text
            case _:
                return None
    if call.args:
        return None
    return LogSetup(level, parts) if (parts := _parts(shown)) is not None else None


def _parts(shown: str) -> tuple[tuple[str, str | None], ...] | None:
    """A `%`-format as texts and fields; None when it has more than plain fields."""
    braced = shown.replace("{", "{{").replace("}", "}}")
    for field in FIELDS:
        braced = braced.replace(f"%({field})s", f"{{{field}}}")
    if "%" in braced:
        return None
    return tuple((text, field) for text, field, _, _ in string.Formatter().parse(braced))


def _run_before(
    whole: Sequence[ModuleScope], modules: Sequence[ModuleScope]
) -> Iterator[ModuleScope]:
    """Modules and those they import before anything of them can be called."""
    by_name = {scope.name: scope for scope in modules}
    pending, seen = list(whole), {scope.name for scope in whole}
    while pending:
        scope = pending.pop()
        yield scope
        for statement in scope.tree.body:
            if not isinstance(statement, ast.Import | ast.ImportFrom):
                continue
            for alias in statement.names:
                qualified = scope.imported(statement, alias.asname or alias.name) or alias.name
                for name in (qualified, qualified.rpartition(".")[0]):
                    if name in by_name and name not in seen:
                        seen.add(name)
                        pending.append(by_name[name])


def _has_loggers(scope: ModuleScope) -> bool:
    getting = ("getLogger", "Logger", "root")
    return any(
        isinstance(node, ast.Attribute | ast.alias)
        and (node.attr if isinstance(node, ast.Attribute) else node.name) in getting
        for node in _nodes(scope)
    )


def _logs_directly(scope: ModuleScope) -> bool:
    return any(
        isinstance(node, ast.Call)
        and (_name(scope, node.func) or "").removeprefix("logging.")
        in {*LEVELS, "exception", "log"}
        for node in _nodes(scope)
    )


def _name(scope: ModuleScope, node: ast.expr) -> str | None:
    """The qualified name of an imported thing, wherever in the module it is named."""
    if isinstance(node, ast.Attribute):
        base = _name(scope, node.value)
        return None if base is None else f"{base}.{node.attr}"
    if not isinstance(node, ast.Name):
        return None
    found = [scope.imported(item, node.id) for item in scope.bindings.get(node.id, [])]
    return next((name for name in found if name is not None), None)
