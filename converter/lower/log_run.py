"""What the modules of a program do to `logging` when they are imported, found by going through them."""

import ast
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from langferry.converter.lower.log_objects import (
    Format,
    Handler,
    Logger,
    Unsure,
    reaching_handlers,
)
from langferry.converter.lower.log_text import (
    DIRECT,
    SETTING,
    LogText,
    is_direct,
    name_of,
)
from langferry.converter.module_scope import Definition, Function, ModuleScope, own_nodes

_CONSTANTS = {f"logging.{name}": getattr(logging, name) for name in logging.getLevelNamesMapping()}
_DEPTH = 20
"""How many calls within each other are gone through."""


class _Function(msgspec.Struct, frozen=True, eq=False):
    scope: ModuleScope
    node: ast.FunctionDef


class _Qualified(msgspec.Struct, frozen=True):
    """A thing of a library, or one of the program's modules."""

    name: str


class _Unknown:
    pass


UNKNOWN = _Unknown()


class _Returned(Exception):
    def __init__(self, value: object) -> None:
        self.value = value


class _Frame:
    def __init__(self, scope: ModuleScope, names: dict[str, object], depth: int = 0) -> None:
        self.scope, self.names, self.depth = scope, names, depth
        self.globals: set[str] = set()


class LogRun:
    """Goes through modules as Python runs them, as far as `logging` minds."""

    def __init__(self, text: LogText) -> None:
        self._text, self._modules = text, text.modules
        self._values: dict[str, dict[str, object]] = {}
        self.loggers: dict[str, Logger] = {}
        self.uncertain = set(text.uncertain)
        """The names of loggers of which it is not known what they, and those below, show."""
        self._seen: set[ast.AST] = set()
        self._perhaps_set_up = False
        self._before: dict[str, object] | None = None
        """What was told of loggers before what runs in an order that is not known."""
        self._looked_at: set[str] = set()
        """The names of loggers that what had run by then looked at."""

    def run(self, scope: ModuleScope) -> None:
        """What importing a module does."""
        if scope.name in self._values:
            return
        package = scope.name.rpartition(".")[0]
        if package in self._modules:
            self.run(self._modules[package])
        frame = _Frame(scope, self._values.setdefault(scope.name, {}))
        try:
            self._block(frame, scope.tree.body)
        except _Returned:
            raise Unsure from None

    def run_others(self) -> None:
        """Checks that what may or may not have run by then changes nothing that is logged."""
        before = self._before = self.told()
        for scope in self._modules.values():
            self.run(scope)
        for scope in self._modules.values():
            self._check_functions(scope)
        after = self.told()
        for name in before.keys() | after.keys():
            if self.is_uncertain(name):
                continue
            # what only one module's own logger is told, only its functions see
            shown = name == "root" or any(_is_below(x, name) for x in before)
            if before.get(name) != after.get(name) and (shown or name not in self._modules):
                self._set_apart(self.logger(name))

    def told(self) -> dict[str, object]:
        """What is set of each logger that was got."""
        return {name: logger.told() for name, logger in self.loggers.items()}

    def is_uncertain(self, name: str) -> bool:
        """Whether it is not known what a logger shows, though it is of those above."""
        return any(_is_below(name, above) for above in self.uncertain)

    def value(self, scope: ModuleScope, name: str) -> object:
        """What a name of a module stands for, after the module has run."""
        return self._values.get(scope.name, {}).get(name, UNKNOWN)

    def logger(self, name: str) -> Logger:
        """The logger of a name."""
        return self.loggers.setdefault(name, Logger(name))

    def _check_functions(self, scope: ModuleScope) -> None:
        """Calls that were not gone through have to change nothing."""
        for statement in scope.tree.body:
            if statement not in self._text.scripts[scope.name]:
                self._check_within(scope, statement, None)

    def _check_within(
        self, scope: ModuleScope, node: ast.AST, local: frozenset[str] | None
    ) -> None:
        if isinstance(node, Function):
            local = (local or frozenset()).union(scope.bound_in(node))
        if isinstance(node, Definition):
            special = node.name.startswith("__") or node.decorator_list
            if node in self._seen or not (special or node.name in self._text.named):
                return
        if local is not None and isinstance(node, ast.Call) and self._calls_function(node):
            # what was said once may be said again
            before = self.told()
            self._value(_Frame(scope, dict.fromkeys(local, UNKNOWN), 1), node)
            if self.told() != before:
                raise Unsure
            return
        if self._sets(node) and local is not None and node not in self._seen:
            raise Unsure
        for child in ast.iter_child_nodes(node):
            self._check_within(scope, child, local)

    def _calls_function(self, node: ast.Call) -> bool:
        """Whether a call names a function that changes logging."""
        return isinstance(node.func, ast.Name) and self._sets(node.func)

    def _sets(self, node: ast.AST) -> bool:
        """Whether a node names what changes logging."""
        return self._text.sets(node) or (
            isinstance(node, ast.Name | ast.Attribute) and name_of(node) in self._text.setting
        )

    def _block(self, frame: _Frame, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            if frame.depth or statement not in self._text.scripts[frame.scope.name]:
                self._statement(frame, statement)

    def _statement(self, frame: _Frame, node: ast.stmt) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(frame, node)
            case ast.FunctionDef(decorator_list=[]):
                self._skip_expressions(node.args)
                self._bind(frame, node.name, _Function(frame.scope, node))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for part in (*node.decorator_list, node.args):
                    self._skip_expressions(part)
                self._bind(frame, node.name, UNKNOWN)
            case ast.ClassDef():
                for part in (*node.bases, *node.decorator_list, *node.body):
                    if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                        self._skip_expressions(part)
                self._bind(frame, node.name, UNKNOWN)
            case ast.Expr(value=value):
                self._value(frame, value)
            case ast.Assign(targets=targets, value=value):
                made = self._value(frame, value)
                for target in targets:
                    self._assign(frame, target, made)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(frame, target, self._value(frame, value))
            case ast.Return(value=value):
                raise _Returned(None if value is None else self._value(frame, value))
            case ast.Global(names=names):
                frame.globals |= set(names)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._assign(frame, target, UNKNOWN)
            case ast.Pass() | ast.AnnAssign():
                pass
            case ast.If():
                self._if(frame, node)
            case ast.For(target=ast.Name(id=name), orelse=[]) if self._touches(node):
                items = self._value(frame, node.iter)
                if not isinstance(items, list) or _breaks(node):
                    raise Unsure
                for item in items:
                    self._bind(frame, name, item)
                    self._block(frame, node.body)
            case _:
                self._skip(frame, node)

    def _if(self, frame: _Frame, node: ast.If) -> None:
        test = self._value(frame, node.test)
        if isinstance(test, _Unknown | _Qualified | _Function):
            self._skip(frame, node)
        else:
            self._block(frame, node.body if test else node.orelse)

    def _import(self, frame: _Frame, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            bound = alias.asname or alias.name
            if isinstance(node, ast.Import) and alias.asname is None:
                bound = alias.name.split(".")[0]
            if alias.name == "*" or (alias.name in SETTING and _of_logging(node)):
                self._import_all(frame, node)
                continue
            qualified = frame.scope.imported(node, bound)
            if qualified is None:
                raise Unsure
            whole = alias.name if isinstance(node, ast.Import) else qualified
            for prefix in _prefixes(whole):
                if prefix in self._modules:
                    self.run(self._modules[prefix])
            self._bind(frame, bound, self._member(qualified))

    def _import_all(self, frame: _Frame, node: ast.Import | ast.ImportFrom) -> None:
        base = node.module if isinstance(node, ast.ImportFrom) and not node.level else None
        if _of_logging(node):
            raise Unsure
        if base in self._modules:
            scope = self._modules[base]
            self.run(scope)
            frame.names.update(
                (name, value) for name, value in self._values[base].items() if name[:1] != "_"
            )

    def _member(self, qualified: str) -> object:
        """What a qualified name of the program or of a library is."""
        module, _, name = qualified.rpartition(".")
        if qualified not in self._modules and module in self._values:
            return self._values[module].get(name, UNKNOWN)
        return _CONSTANTS.get(qualified, _Qualified(qualified))

    def _skip(self, frame: _Frame, node: ast.stmt) -> None:
        """Goes past what logging does not mind."""
        self._skip_expressions(node)
        for item in _shallow(node):
            if frame.depth and isinstance(item, ast.Return | ast.Break | ast.Continue):
                raise Unsure
            match item:
                case ast.Name(id=name, ctx=ast.Store()) | ast.ExceptHandler(name=str(name)):
                    self._bind(frame, name, UNKNOWN)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self._bind(frame, name, UNKNOWN)
                case ast.Import() | ast.ImportFrom():
                    for alias in item.names:
                        self._bind(frame, (alias.asname or alias.name).split(".")[0], UNKNOWN)

    def _skip_expressions(self, node: ast.AST) -> None:
        if self._touches(node):
            raise Unsure
        for item in _shallow(node):
            if isinstance(item, ast.Call) and (
                name_of(item.func) in self._text.direct or is_direct(item)
            ):
                self._perhaps_set_up = True

    def _touches(self, node: ast.AST) -> bool:
        return any(self._sets(item) for item in _shallow(node))

    def _bind(self, frame: _Frame, name: str, value: object) -> None:
        if isinstance(value, _Qualified) and value.name.rpartition(".")[2] in SETTING:
            raise Unsure
        if isinstance(value, _Function) and value.node.name != name:
            self._check_kept(value)
        own = self._values.setdefault(frame.scope.name, {})
        (own if name in frame.globals else frame.names)[name] = value

    def _assign(self, frame: _Frame, target: ast.expr, value: object) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(frame, name, value)
            case ast.Attribute(value=of, attr="propagate"):
                logger = self._value(frame, of)
                if not isinstance(logger, Logger):
                    raise Unsure
                if isinstance(value, bool):
                    logger.propagate = value
                else:
                    self._set_apart(logger)
            case ast.Attribute(value=of, attr="disabled" | "handlers" | "filters") if isinstance(
                logger := self._value(frame, of), Logger
            ):
                self._set_apart(logger)
            case _:
                self._skip_expressions(target)
                if isinstance(target, ast.Attribute | ast.Subscript) and isinstance(
                    self._value(frame, target.value), Logger | Handler | list
                ):
                    raise Unsure
                for item in ast.walk(target):
                    if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
                        self._bind(frame, item.id, UNKNOWN)

    def _value(self, frame: _Frame, node: ast.expr) -> object:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id="__name__"):
                return frame.scope.name
            case ast.Name(id=name):
                if name in frame.names:
                    return frame.names[name]
                own = self._values.get(frame.scope.name, {})
                return own[name] if name in own else _Qualified(f"builtins.{name}")
            case ast.Attribute(value=of, attr=attr):
                return self._attribute(self._value(frame, of), attr, node)
            case ast.Call():
                return self._call(frame, node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                held = [self._value(frame, item) for item in items]
                for element in held:
                    self._check_kept(element)
                return held
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                whether = self._value(frame, operand)
                return UNKNOWN if isinstance(whether, _Unknown | _Qualified) else not whether
            case ast.IfExp(test=test, body=body, orelse=orelse):
                whether = self._value(frame, test)
                if not isinstance(whether, _Unknown | _Qualified):
                    return self._value(frame, body if whether else orelse)
            case ast.BoolOp(op=op, values=values):
                return self._bool_op(frame, op, values)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(self._value(frame, left), op, self._value(frame, right))
            case ast.Lambda():
                return UNKNOWN
        self._skip_expressions(node)
        return UNKNOWN

    def _bool_op(self, frame: _Frame, op: ast.boolop, values: Sequence[ast.expr]) -> object:
        value: object = UNKNOWN
        for number, item in enumerate(values):
            value = self._value(frame, item)
            if isinstance(value, _Unknown | _Qualified):
                for rest in values[number + 1 :]:
                    self._skip_expressions(rest)
                return UNKNOWN
            if bool(value) is isinstance(op, ast.Or):
                break
        return value

    def _compare(self, left: object, op: ast.cmpop, right: object) -> object:
        plain = str | int | bool | None
        if not isinstance(left, plain) or not isinstance(right, plain):
            known = isinstance(left, Logger | Handler | list) and right is None
            return isinstance(op, ast.IsNot | ast.NotEq) if known else UNKNOWN
        match op:
            case ast.Eq() | ast.Is():
                return left == right
            case ast.NotEq() | ast.IsNot():
                return left != right
        return UNKNOWN

    def _attribute(self, of: object, attr: str, node: ast.expr) -> object:
        if isinstance(of, _Qualified):
            return self._member(f"{of.name}.{attr}")
        if isinstance(of, Logger):
            if attr in ("handlers", "level", "propagate") and self.is_uncertain(of.name):
                return UNKNOWN
            if attr in ("handlers", "level", "propagate"):
                self._look_at(of)
            if attr in ("name", "handlers", "level", "propagate"):
                return getattr(of, attr)
            raise Unsure
        if self._text.sets(node):
            raise Unsure
        return UNKNOWN

    def _call(self, frame: _Frame, node: ast.Call) -> object:
        func = node.func
        if isinstance(func, ast.Attribute):
            of = self._value(frame, func.value)
            if isinstance(of, Logger | Handler | list | str):
                return self._method(of, func.attr, *self._arguments(frame, node))
            called = self._attribute(of, func.attr, func)
        else:
            called = self._value(frame, func)
        if isinstance(called, _Qualified):
            return self._library(called.name, *self._arguments(frame, node))
        if isinstance(called, _Function):
            return self._program(frame, called, node)
        if self._sets(func):
            raise Unsure
        if name_of(func) in self._text.direct:
            self._perhaps_set_up = True
        self._arguments(frame, node)
        self._rebind(name_of(func))
        return UNKNOWN

    def _arguments(
        self, frame: _Frame, node: ast.Call
    ) -> tuple[list[object], dict[str | None, object]]:
        args = [self._value(frame, arg) for arg in node.args]
        keywords = {item.arg: self._value(frame, item.value) for item in node.keywords}
        for value in (*args, *keywords.values()):
            self._check_kept(value)
        return args, keywords

    def _check_kept(self, value: object) -> None:
        """Looks that what something else may call, by another name, changes nothing."""
        if isinstance(value, _Function) and value.node.name in self._text.setting:
            raise Unsure

    def _program(self, frame: _Frame, called: _Function, node: ast.Call) -> object:
        args, keywords = self._arguments(frame, node)
        definition = called.node
        sets = definition.name in self._text.setting
        if not sets and definition.name in self._text.direct:
            self._perhaps_set_up = True
        if not sets:
            self._rebind(definition.name)
        if not sets and definition.name not in self._text.getting:
            return UNKNOWN
        try:
            inner = self._entered(called, args, keywords, frame.depth + 1)
            self._seen |= {definition, *ast.walk(node.func)}
            self._block(inner, definition.body)
        except _Returned as returned:
            return returned.value
        except Unsure:
            if sets:
                raise
            return UNKNOWN
        return None

    def _rebind(self, called: str | None) -> None:
        """Forgets the names of modules that a call, which is not gone through, may set."""
        if called in self._text.rebinding:
            for own in self._values.values():
                own.update(dict.fromkeys(own.keys() & self._text.rebound, UNKNOWN))

    def _entered(
        self,
        called: _Function,
        args: Sequence[object],
        keywords: Mapping[str | None, object],
        depth: int,
    ) -> _Frame:
        definition, given = called.node.args, dict(keywords)
        generator = any(isinstance(x, ast.Yield | ast.YieldFrom) for x in own_nodes(called.node))
        parameters = [*definition.posonlyargs, *definition.args]
        if depth > _DEPTH or generator or len(args) > len(parameters) or None in keywords:
            raise Unsure
        if definition.vararg or definition.kwarg:
            raise Unsure
        outer = _Frame(called.scope, self._values[called.scope.name])
        names: dict[str, object] = {}
        required = len(parameters) - len(definition.defaults)
        defaults = [
            *zip(parameters[required:], definition.defaults, strict=True),
            *zip(definition.kwonlyargs, definition.kw_defaults, strict=True),
        ]
        for parameter, default in defaults:
            if default is not None:
                names[parameter.arg] = self._value(outer, default)
        names |= {x.arg: arg for x, arg in zip(parameters, args, strict=False)}
        every = {x.arg for x in (*parameters, *definition.kwonlyargs)}
        names |= {name: value for name, value in given.items() if name in every}
        if not every >= set(given) or not every <= set(names):
            raise Unsure
        return _Frame(called.scope, names, depth)

    def _library(self, name: str, args: list[object], keywords: dict[str | None, object]) -> object:
        match name, args:
            case "logging.getLogger", [] | [None] if not keywords:
                return self.logger("root")
            case "logging.getLogger", [str(of)] if not keywords:
                return self.logger(of or "root")
            case "logging.getLogger", _:
                return UNKNOWN
            case "logging.basicConfig", []:
                self._basic_config(keywords)
                return None
            case "logging.StreamHandler", _:
                [stream] = args or [keywords.get("stream", keywords.get("strm"))]
                return Handler(_stream(stream))
            case "logging.Formatter", _:
                return _format(args, keywords)
            case "logging.NullHandler", []:
                return Handler("nowhere")
            case "builtins.getattr", [_Qualified("logging"), str(attr), *default]:
                found = getattr(logging, attr, *default)
                return found if isinstance(found, int) else UNKNOWN
            case "builtins.list", [list() as items]:
                return list(items)
            case "builtins.setattr", [Logger() | Handler(), *_]:
                raise Unsure
            case "builtins.isinstance" | "builtins.hasattr" | "builtins.getattr", _:
                return UNKNOWN
        if name == "logging.FileHandler":
            options = ("filename", "mode", "encoding", "delay")
            return Handler(self._file({**dict(zip(options, args, strict=False)), **keywords}))
        if name.startswith("logging.handlers."):
            return Handler(None)
        function = name.removeprefix("logging.")
        if function in DIRECT and name != function:
            if not self.logger("root").handlers:
                self._basic_config({})
            return None
        if name.startswith("coloredlogs.") or name.rpartition(".")[2] in SETTING:
            raise Unsure
        return UNKNOWN

    def _file(self, options: Mapping[Any, object]) -> str | None:
        """What a handler that adds to a file writes to, if that is one in the folder that a program runs in."""
        name, encoding = options.get("filename"), options.get("encoding")
        known = options.keys() <= {"filename", "mode", "encoding", "delay"}
        adds = options.get("mode", "a") == "a" and "chdir" not in self._text.named
        in_utf8 = encoding is None or str(encoding).lower() in ("utf-8", "utf8")
        if not known or not adds or not in_utf8 or not isinstance(name, str):
            return None
        return f"file:{name}" if re.fullmatch(r"[\w-][\w.-]*", name, re.ASCII) else None

    def _basic_config(self, keywords: dict[str | None, object]) -> None:
        root = self.logger("root")
        known = {"level", "format", "datefmt", "style", "stream", "handlers", "force"}
        known |= {"filename", "filemode", "encoding"}
        force = keywords.get("force", False)
        if not keywords.keys() <= known or not isinstance(force, bool):
            raise Unsure
        if force:
            root.handlers = []
        elif self._perhaps_set_up:
            raise Unsure
        if root.handlers and self._before is not None:
            # it may have been the first
            made = LogRun(self._text)
            made._basic_config(keywords)
            if made.logger("root").told() != root.told():
                raise Unsure
        if root.handlers:
            return
        handlers = keywords.get("handlers")
        if handlers is None:
            if keywords.get("filename") is None:
                handlers = [Handler(_stream(keywords.get("stream")))]
            else:
                options = {"filename": "filename", "filemode": "mode", "encoding": "encoding"}
                file = {to: keywords[key] for key, to in options.items() if key in keywords}
                handlers = [Handler(self._file(file))]
        if not isinstance(handlers, list):
            raise Unsure
        given = [keywords.get("format", logging.BASIC_FORMAT), keywords.get("datefmt")]
        form = _format(given, {"style": keywords.get("style", "%")})
        for handler in handlers:
            if not isinstance(handler, Handler):
                raise Unsure
            handler.format = handler.format or form
        root.handlers = list(handlers)
        if keywords.get("level") is not None:
            root.level = _level(keywords["level"])

    def _set_apart(self, logger: Logger) -> None:
        """Knows no more what a logger shows, and those below it."""
        late = self._before is not None and logger.name in self._looked_at
        if logger.name == "root" or late:
            raise Unsure
        self.uncertain.add(logger.name)

    def _look_at(self, logger: Logger) -> None:
        """Looks whether what is known of a logger does not depend on what has run by then."""
        if self._before is None:
            self._looked_at.add(logger.name)
        elif logger.told() != self._before.get(logger.name, Logger(logger.name).told()):
            raise Unsure

    def _method(
        self, of: object, name: str, args: list[object], keywords: dict[str | None, object]
    ) -> object:
        match of, name, args:
            case Logger(), "setLevel", [level] if not _is_level(level):
                self._set_apart(of)
            case Logger(), "addFilter" | "removeFilter", [_]:
                self._set_apart(of)
            case Logger(), "addHandler" | "removeHandler", [handler] if not isinstance(
                handler, Handler
            ):
                self._set_apart(of)
            case Logger(), "hasHandlers", [] if self.is_uncertain(of.name):
                return UNKNOWN
            case Logger() | Handler(), "setLevel", [level]:
                of.level = _level(level)
            case Logger(), "addHandler", [Handler() as handler]:
                if handler not in of.handlers:
                    of.handlers.append(handler)
            case Logger(), "removeHandler", [Handler() as handler]:
                of.handlers = [item for item in of.handlers if item is not handler]
            case Logger(), "hasHandlers", []:
                for above in _prefixes(of.name):
                    self._look_at(self.logger(above))
                return bool(reaching_handlers(self.loggers, of.name))
            case Handler(), "setFormatter", [Format() as form]:
                of.format = form
            case list(), "clear", []:
                of.clear()
            case list(), "copy", []:
                return list(of)
            case str(), "upper" | "lower" | "strip", []:
                return getattr(of, name)()
            case Logger(), "getChild", [str(suffix)]:
                return self.logger(suffix if of.name == "root" else f"{of.name}.{suffix}")
            case Handler(), "set_name" | "close" | "flush", _:
                pass
            case ((Logger() | Handler()), _, _) if name not in DIRECT:
                raise Unsure
            case list(), _, _ if any(isinstance(x, Handler) for x in (*of, *args)):
                raise Unsure
            case list(), ("append" | "extend" | "insert"), _:
                of.append(UNKNOWN)
            case _:
                return UNKNOWN
        return None


def _is_level(value: object) -> bool:
    try:
        _level(value)
    except Unsure:
        return False
    return True


def _shallow(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but not in functions that it defines."""
    yield node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in ast.iter_child_nodes(node):
        yield from _shallow(child)


def _of_logging(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "logging"


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])


def _is_below(name: str, above: str) -> bool:
    return name == above or name.startswith(f"{above}.")


def _breaks(node: ast.For) -> bool:
    return any(isinstance(x, ast.Break | ast.Continue) for x in ast.walk(node))


def _level(value: object) -> int:
    if isinstance(value, str) and value in logging.getLevelNamesMapping():
        return logging.getLevelNamesMapping()[value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unsure


def _stream(value: object) -> str | None:
    if value is None:
        return "stderr"
    if isinstance(value, _Qualified) and value.name in ("sys.stdout", "sys.stderr"):
        return value.name.removeprefix("sys.")
    return None


def _format(args: Sequence[object], keywords: Mapping[str | None, object]) -> Format:
    given = {"fmt": None, "datefmt": None, "style": "%", **{str(k): v for k, v in keywords.items()}}
    given |= dict(zip(("fmt", "datefmt", "style"), args, strict=False))
    text, of_time = given["fmt"], given["datefmt"]
    if len(given) > 3 or given["style"] != "%" or not isinstance(of_time, str | None):
        return Format(None)
    if text is None:
        return Format(of_time=of_time)
    return Format(text if isinstance(text, str) else None, of_time)
