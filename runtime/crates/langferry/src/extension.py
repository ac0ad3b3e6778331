"""What Python sees of a compiled graph: LangGraph's way of calling one.

LangGraph itself is not imported. Where the caller has imported it, its classes are used, so that an
`except GraphRecursionError` or a look at an `Interrupt` means the same.
"""

import ast
import asyncio
import builtins
import importlib
import sys
import threading

_MODES = ("values", "updates", "custom")


class Interrupt:
    """What a run stopped at: the value given to `interrupt()`, and the id to answer it by."""

    def __init__(self, value, id):
        self.value, self.id = value, id

    def __repr__(self):
        return f"Interrupt(value={self.value!r}, id={self.id!r})"

    def __eq__(self, other):
        return (self.value, self.id) == (getattr(other, "value", None), getattr(other, "id", None))

    __hash__ = None


class Command:
    """LangGraph's `Command` as an input, for callers that do not import LangGraph."""

    graph = None

    def __init__(self, *, resume=None, update=None, goto=()):
        self.resume, self.update, self.goto = resume, update, goto


class Graph:
    """A compiled graph: `invoke`, `ainvoke`, `stream` and `astream` as LangGraph has them.

    An option that is not supported raises `NotImplementedError` with the code LF408 or LF404.
    """

    def __init__(self, native, name):
        self._native = native
        self.name = name

    def __repr__(self):
        return f"<compiled graph {self.name!r}>"

    def invoke(self, input, config=None, **options):
        """Run the graph to its end or its next interrupt; the state then."""
        if options.pop("stream_mode", "values") != "values":
            raise NotImplementedError("LF404: invoke() with a stream_mode")
        _refuse(options)
        values, interrupts = self._native.invoke(input, _config(config))
        if interrupts:
            values["__interrupt__"] = [_interrupt(value, id) for value, id in interrupts]
        return values

    async def ainvoke(self, input, config=None, **options):
        """`invoke` on a thread of its own."""
        return await asyncio.to_thread(self.invoke, input, config, **options)

    def stream(self, input, config=None, *, stream_mode=None, **options):
        """Run the graph and yield what happens; a list of modes yields pairs of mode and data."""
        steps, several = self._steps(input, config, stream_mode, options)
        while (chunk := steps.next()) is not None:
            yield _chunk(*chunk, several)

    async def astream(self, input, config=None, *, stream_mode=None, **options):
        """`stream`, with every step on a thread of its own."""
        steps, several = self._steps(input, config, stream_mode, options)
        while (chunk := await asyncio.to_thread(steps.next)) is not None:
            yield _chunk(*chunk, several)

    def _steps(self, input, config, stream_mode, options):
        _refuse(options)
        several = isinstance(stream_mode, list)
        modes = stream_mode if several else [stream_mode or "updates"]
        for mode in modes:
            if mode not in _MODES:
                raise NotImplementedError(f"LF404: stream_mode {mode!r}; there are {_MODES}")
        wanted = (mode in modes for mode in _MODES)
        return self._native.stream(input, _config(config), *wanted), several

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(
            f"LF408: {name} of a compiled graph; run the Python program for it"
        )


def _refuse(options):
    """An option that says nothing may be given; any other would be lost silently."""
    for name, value in options.items():
        if value is not None and value is not False:
            raise NotImplementedError(f"LF408: the option {name} of a compiled graph's run")


def _config(config):
    known = {}
    for key, value in (config or {}).items():
        if key in ("recursion_limit", "configurable"):
            known[key] = value
        elif value and key not in ("tags", "metadata", "run_name"):
            raise NotImplementedError(f"LF408: {key!r} in the config of a compiled graph's run")
    return known


def _chunk(mode, data, several):
    if mode != "custom" and isinstance(data, dict) and "__interrupt__" in data:
        asked = data["__interrupt__"]
        data = {**data, "__interrupt__": tuple(_interrupt(**interrupt) for interrupt in asked)}
    return (mode, data) if several else data


def _interrupt(value, id):
    types = sys.modules.get("langgraph.types")
    return (types.Interrupt if types else Interrupt)(value=value, id=id)


class Rest:
    """What a compiled module does not hold: the program's own source, run once, in that module."""

    def __init__(self, module, file, source):
        self._module, self._file, self._source = module, file, source
        self._lock = threading.RLock()

    def load(self):
        """Run the source, if that has not been done; the module's compiled graphs stay what they are."""
        with self._lock:
            source, self._source = self._source, None
            if source is not None:
                names = sys.modules[self._module].__dict__
                compiled = dict(names)
                exec(compile(source, self._file, "exec", dont_inherit=True), names)
                names.update(compiled)

    def name(self, name):
        """The program's `name`, for the module's `__getattr__`."""
        missing = AttributeError(f"module {self._module!r} has no attribute {name!r}")
        if name.startswith("__"):
            raise missing
        self.load()
        try:
            return sys.modules[self._module].__dict__[name]
        except KeyError:
            raise missing from None


def exception(name, bases, message):
    """The exception of a run, as an object of the class that has its name."""
    kind = _class(name, bases)
    if kind is KeyError:
        # what str() shows of it is the repr of its argument
        try:
            return kind(ast.literal_eval(message))
        except (SyntaxError, ValueError):
            return kind(message)
    try:
        return kind(message) if message else kind()
    except TypeError:
        # it takes other arguments: one of its kind that only has the message
        return type(kind.__name__, (kind,), {"__init__": Exception.__init__})(message)


def _class(name, bases):
    module, _, name = name.rpartition(".")
    if module:
        return _of_library(module, name) or type(name, (_known(bases),), {})
    places = (builtins, sys.modules.get("langgraph.errors"))
    for place in places:
        found = getattr(place, name, None)
        if isinstance(found, type) and issubclass(found, BaseException):
            return found
    return type(name, (_known(bases),), {})


def _of_library(module, name):
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _known(bases):
    known = (getattr(builtins, base, None) for base in bases)
    return next((found for found in known if isinstance(found, type)), Exception)
