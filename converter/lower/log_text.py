"""What the text of a program's modules tells of `logging`, whatever of it is run."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from langferry.converter.lower.log_apart import Apart
from langferry.converter.lower.log_objects import LEVELS
from langferry.converter.module_scope import Definition, ModuleScope, only_in_scripts

DIRECT = frozenset({*LEVELS, "warn", "fatal", "exception", "log"})
"""Functions of `logging` that set up the root logger when nothing has."""

SETTING = frozenset(
    [
        "addFilter",
        "addHandler",
        "addLevelName",
        "basicConfig",
        "captureWarnings",
        "dictConfig",
        "disable",
        "disabled",
        "fileConfig",
        "lastResort",
        "LoggerAdapter",
        "propagate",
        "removeHandler",
        "setFormatter",
        "setLevel",
        "setLogRecordFactory",
        "setLoggerClass",
        "setStream",
        "_levelToName",
        "_nameToLevel",
    ]
)
"""Attributes that tell of a change of what is logged."""


class LogText:
    """What the text of a program's modules tells of logging, whatever of it is run.

    With `apart`, nothing is told of what is only done to loggers of certain names, but that they are `uncertain`.
    """

    def __init__(
        self, modules: Sequence[ModuleScope], entries: Iterable[str] = (), apart: bool = False
    ) -> None:
        set_apart = [Apart(scope) for scope in modules] if apart else []
        self.uncertain = frozenset(name for item in set_apart for name in item.names)
        self._apart = frozenset(node for item in set_apart for node in item.nodes)
        self.modules = {scope.name: scope for scope in modules}
        self.scripts = {scope.name: only_in_scripts(scope.tree) for scope in modules}
        live = [node for scope in modules for node in self._live(scope)]
        self.named = {name for name in map(name_of, live) if name}
        self.named |= {name for entry in entries for name in re.findall(r"\w+", entry)}
        functions = [_Inside(x) for x in live if isinstance(x, Definition | ast.ClassDef)]
        self.setting = _reaching(functions, self.sets)
        """Functions and classes that may change what is logged."""
        self.getting = _reaching(functions, lambda node: name_of(node) == "getLogger")
        """Those that may give a logger."""
        self.direct = _reaching(functions, is_direct)
        """Those that may set up the root logger, if nothing has."""
        self.rebinding = _reaching(functions, lambda node: isinstance(node, ast.Global))
        """Those that may set names of modules."""
        self.rebound = frozenset(
            name for x in live if isinstance(x, ast.Global) for name in x.names
        )
        self.logs_directly = any(map(is_direct, live))
        self.has_loggers = any(
            isinstance(x, ast.Attribute | ast.alias)
            and name_of(x) in ("getLogger", "Logger", "root")
            for x in live
        )

    def sets(self, node: ast.AST) -> bool:
        """Whether a node changes, or may change, what is logged."""
        return node not in self._apart and is_setting(node)

    def _live(self, scope: ModuleScope) -> Iterator[ast.AST]:
        for statement in scope.tree.body:
            if statement not in self.scripts[scope.name]:
                yield from ast.walk(statement)


def is_direct(node: ast.AST) -> bool:
    """Whether a node calls a function of `logging` that logs."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in DIRECT
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("logging", "_logging")
    )


def is_setting(node: ast.AST) -> bool:
    """Whether a node may change what some logger shows."""
    match node:
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=attr), _]):
            return attr in SETTING or attr in ("handlers", "level")
        case ast.Attribute(attr=attr) if attr in SETTING:
            return True
        case ast.Attribute(value=of, attr=attr, ctx=context) if attr in (
            "handlers",
            "filters",
        ) or not isinstance(context, ast.Load):
            text = ast.unparse(of).lower()
            if attr in ("handlers", "filters") and ("log" in text or "root" in text):
                # those of a logger are changed by what is done to the list
                return True
            if attr == "handlers" or (attr == "level" and not isinstance(context, ast.Load)):
                return text != "self"
            named = text.startswith("logging") or text.endswith(("log", "logger", "handler"))
            return named and not isinstance(context, ast.Load)
    return False


class _Inside:
    """What is in a function or class: all its nodes, and the names that they are."""

    def __init__(self, node: Definition | ast.ClassDef) -> None:
        self.name, self.nodes = node.name, list(ast.walk(node))
        self.names = {str(name_of(item)) for item in self.nodes}


def _reaching(functions: Sequence[_Inside], marks: Callable[[ast.AST], bool]) -> frozenset[str]:
    """The names of functions that have such a node in them, or name another such function."""
    found: set[str] = set()
    more = {item.name for item in functions if any(map(marks, item.nodes))}
    while more:
        found |= more
        more = {item.name for item in functions if item.names & found} - found
    return frozenset(found)


def name_of(node: ast.AST) -> str | None:
    """The name that a node is, asks for or imports."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return None
