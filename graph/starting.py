"""Starts a run: from which checkpoint, with which settings, and how it tells what happens."""

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from langferry import _engine
from langferry.graph.config import (
    CHECKPOINT_MAP,
    CHECKPOINT_NS,
    DURABILITY,
    REPLAY_STATE,
    RESUME_MAP,
    RESUMING,
    SCRATCHPAD,
    STREAM,
    TASK_ID,
)
from langferry.graph.constants import INTERRUPT, NS_END, NS_SEP, START
from langferry.graph.errors import Unsupported
from langferry.graph.operations import Call, Steps
from langferry.graph.replay import ReplayState
from langferry.graph.run import Chunk, Host
from langferry.graph.sink import Sink, Tee
from langferry.graph.types import Command

if TYPE_CHECKING:
    from langferry.graph.compiled import CompiledStateGraph

MODES: Final = frozenset(("values", "updates", "tasks", "debug", "checkpoints", "custom"))
_ENGINE_MODES: Final = MODES - {"custom"}
_RESULT: Final = frozenset(("values", "updates"))
"""The modes that a result is made of."""
_NO_MODES: Final[frozenset[str]] = frozenset()
_DURABILITIES: Final = (None, "sync", "async", "exit")
AMBIGUOUS_RESUME: Final = (
    "When there are multiple pending interrupts, you must specify the interrupt id "
    "when resuming. Docs: https://docs.langchain.com/oss/python/langgraph/interrupts"
    "#handling-multiple-interrupts."
)

Stops = Literal["*"] | Sequence[str]


class Options(NamedTuple):
    """What a caller asks of a run besides its input."""

    output_keys: str | Sequence[str] | None = None
    interrupt_before: Stops | None = None
    interrupt_after: Stops | None = None
    durability: str | None = None
    subgraphs: bool = False
    version: str = "v1"
    print_mode: str | Sequence[str] = ()
    debug: bool | None = None
    control: Any = None
    sink: Sink | None = None
    """Where nodes tell while they run, if the caller listens to them itself."""


def read_options(given: dict[str, Any], output_keys: str | Sequence[str] | None) -> Options:
    """Sort out a run's keyword arguments.

    Raises:
        Unsupported: LF404 for one that is not known here, LF413 for an unknown durability.
        ValueError: For contradictions.
    """
    options = dict(given)
    during = options.pop("checkpoint_during", None)
    if during is not None:
        if options.get("durability") is not None:
            raise ValueError(
                "Cannot use both `checkpoint_during` and `durability` parameters. "
                "Please use `durability` instead."
            )
        options["durability"] = "async" if during else "exit"
    known = {name: options.pop(name) for name in Options._fields if name in options}
    for option, value in options.items():
        if value:
            raise Unsupported("LF404", f"the option {option!r} is not supported yet")
    return checked(Options(**{**known, "output_keys": output_keys}))


def checked(options: Options) -> Options:
    """The options, if their values are known.

    Raises:
        Unsupported: LF413 for an unknown durability, LF404 for an unknown version.
    """
    if options.durability not in _DURABILITIES:
        raise Unsupported("LF413", f"durability={options.durability!r} is not known")
    if options.version not in ("v1", "v2"):
        raise Unsupported("LF404", f"version={options.version!r} is not supported yet")
    return options


class Starting:
    """One run of a graph, about to begin.

    Attributes:
        run: The engine's run, once `begin` has been performed.
        host: What the engine asks of Python.
        tells: Whether anyone wants the run's chunks, and not only its result.
    """

    run: Any
    host: Host
    _resumes_at: int | None = None

    def __init__(
        self,
        graph: "CompiledStateGraph",
        input: Any,
        config: dict[str, Any],
        context: Any,
        stream_mode: str | Sequence[str] | None,
        options: Options,
    ) -> None:
        self._graph = graph
        self._input = input
        self._config = config
        self._context = context
        self._options = options
        self._stream_mode = stream_mode
        conf = config["configurable"]
        self.nested = TASK_ID in conf
        self._own_modes = _RESULT if stream_mode is None else _modes(graph, stream_mode)
        debug = graph.debug if options.debug is None else options.debug
        printed = ["updates", "values"] if debug else options.print_mode
        self._printed = _modes(graph, printed) if printed else _NO_MODES
        self.outer: Sink | None = conf.get(STREAM)
        self.tells = stream_mode is not None or self.outer is not None or bool(self._printed)
        self._namespace: str = conf.get(CHECKPOINT_NS) or ""
        self._path = tuple(self._namespace.split(NS_SEP)) if self._namespace else ()
        if options.output_keys is not graph.output_channels:
            _check_keys(options.output_keys, graph.builder.channels)
        durability = options.durability
        if durability is not None:
            conf[DURABILITY] = durability
        self._durability = durability or conf.get(DURABILITY) or "async"
        self.saving = graph._saving(config, durability=self._durability)
        if self.saving is None and durability is not None:
            warnings.warn(
                "`durability` has no effect when no checkpointer is present.", stacklevel=4
            )

    def begin(self) -> Steps[None]:
        """Finds where to go on from, and makes the engine's run."""
        saving = self.saving
        stored = None
        if saving is not None:
            yield from saving.find()
            stored = saving.take()
        if isinstance(self._input, Command) and self._input.resume is not None:
            self._graph._check_resume(self._input.resume, saving)
        told, replay = self._decide(stored)
        self._make(stored, told, replay)
        if self._resumes_at is not None:
            yield from self._graph._resumed(self.run, self._config)

    def pass_on(self, chunk: Chunk) -> bool:
        """Tell an outer run of a chunk; returns whether it is of the two modes of `invoke`."""
        mode, payload = chunk
        if mode == "live":
            namespace, mode, payload = payload
            if namespace is not None:
                return False
        if mode in self._printed:
            print_chunk(self._path if self._options.subgraphs else (), mode, payload)
        if self.outer is not None and mode in self.outer.modes:
            self.outer.put((self._path, mode, payload))
        return mode in ("values", "updates")

    def shown(self) -> Callable[[Chunk], tuple[Any, ...]]:
        """How a chunk is told: to the caller in the shape it asked for, and to an outer run."""
        own, outer, namespace = self._own_modes, self.outer, self._path
        shape = self._shape()
        simple = outer is None and shape is None and self.host.sink is None
        if simple and not self._printed:
            return lambda chunk: (chunk[1],) if chunk[0] in own else ()

        def show(chunk: Chunk) -> tuple[Any, ...]:
            mode, payload = chunk
            ns = None
            if mode == "live":
                ns, mode, payload = payload
            if ns is None:
                ns = namespace
                if outer is not None and mode in outer.modes:
                    outer.put((ns, mode, payload))
            if mode in self._printed:
                print_chunk(ns if self._options.subgraphs else (), mode, payload)
            if mode not in own:
                return ()
            return (payload if shape is None else shape(ns, mode, payload),)

        return show

    def end(self, ended_well: bool) -> Steps[None]:
        """Stores what has waited for the end of the run, and waits for what is being stored.

        What cannot be stored is raised, unless the run itself has failed.
        """
        saving = self.saving
        if saving is None:
            return
        try:
            if not saving.at_exit:
                yield Call(saving.storing, "finish")
                return
            own = all(NS_END not in part for part in self._namespace.split(NS_SEP))
            if not self.nested or not ended_well or own:
                yield from saving.store_last(self.run)
        except Exception:
            if ended_well or (not self.nested and self.run.stopped_at is not None):
                raise

    def _shape(self) -> Callable[[tuple[str, ...], str, Any], Any] | None:
        several, subgraphs = isinstance(self._stream_mode, list), self._options.subgraphs
        if self._options.version == "v2":
            return self._part
        if subgraphs and several:
            return lambda ns, mode, payload: (ns, mode, payload)
        if several:
            return lambda ns, mode, payload: (mode, payload)
        if subgraphs:
            return lambda ns, mode, payload: (ns, payload)
        return None

    def _part(self, ns: tuple[str, ...], mode: str, payload: Any) -> dict[str, Any]:
        part = {"type": mode, "ns": ns, "data": payload}
        if mode == "values":
            asked = payload.pop(INTERRUPT, ()) if isinstance(payload, dict) else ()
            part["data"], part["interrupts"] = self._graph._as_output(payload), asked
        elif mode in ("checkpoints", "debug"):
            shown = payload.get("payload") if payload.get("type") == "checkpoint" else payload
            values = shown.get("values") if isinstance(shown, dict) else None
            if isinstance(values, dict) and START not in shown.get("next", ()):
                shown["values"] = self._graph._as_state(values)
        return part

    def _decide(self, stored: dict[str, Any] | None) -> tuple[bool | None, tuple[bool, bool, bool]]:
        """Whether the run goes on from its checkpoint, if that is told, and how it replays it."""
        saving = self.saving
        conf = self._config["configurable"]
        told: bool | None = conf.get(RESUMING)
        command = isinstance(self._input, Command)
        if saving is None:
            if not self.nested:
                conf.update({RESUMING: False, REPLAY_STATE: None})
            return told, (False, False, False)
        if conf.get(REPLAY_STATE) and not saving.looked_up:
            told = None
        run_id = self._config["metadata"].get("run_id")
        if told is None and not self.nested and run_id is not None:
            told = True if run_id == saving.metadata.get("run_id") else None
        resuming = bool(stored and stored["versions"]) and (
            told if told is not None else self._input is None or command
        )
        if not saving.addressed:
            if resuming and stored is not None:
                self._resumes_at = stored["step"] + 1
            return told, (False, False, False)
        mapped = self.nested and self._namespace in conf.get(CHECKPOINT_MAP, {})
        answers = (command and self._input.resume is not None) or bool(told and self.nested)
        travels = mapped or not answers
        edited = stored is not None and stored["source"] in ("update", "fork")
        forks = resuming and travels and (not edited or saving.superseded)
        if travels and not self.nested:
            bound = stored["id"] if stored and resuming else None
            if resuming and edited and saving.parent:
                bound = saving.parent["configurable"].get("checkpoint_id", bound)
            saving.replay = ReplayState(bound)
        if resuming and stored is not None:
            self._resumes_at = stored["step"] + (2 if forks else 1)
        return told, (travels, travels or saving.superseded, forks)

    def _make(
        self,
        stored: dict[str, Any] | None,
        told: bool | None,
        replay: tuple[bool, bool, bool],
    ) -> None:
        graph, config, options, saving = self._graph, self._config, self._options, self.saving
        conf = config["configurable"]
        has_deltas = saving is not None and graph._engine.has_deltas
        if stored is None and graph.face.new_checkpoint_id is not None:
            stub = graph.face.new_checkpoint_id(-2, has_deltas)
            if saving is not None:
                saving.stub = stub
        resume = self._input.resume if isinstance(self._input, Command) else None
        if isinstance(resume, dict) and all(map(is_interrupt_id, resume)):
            conf[RESUME_MAP] = resume
        sink = self._sink()
        nests: Any = None
        writes: Sink | None = None
        if sink is not None:
            if options.subgraphs:
                nests = sink if self.outer is None else Tee(sink, self.outer)
            writes = sink if "custom" in self._own_modes else None
        context = None if self._context is None else graph._context(self._context)
        self.host = graph.host_type(
            config,
            functools.partial(graph._runtime, context, config, writes, options.control),
            saving,
            graph._node_metadata,
            graph.shown_keys,
            graph,
            resumes_at=self._resumes_at,
            control=options.control,
            sink=sink,
            nests=nests,
        )
        raw = saving.input if saving is not None else None
        parent = conf.get(SCRATCHPAD) if self.nested else None
        modes = None
        if self.tells:
            outer_modes = self.outer.modes if self.outer is not None else _NO_MODES
            modes = sorted((self._own_modes | self._printed | outer_modes) & _ENGINE_MODES)
        self.run = _engine.Run(
            graph._engine,
            self.host,
            graph._start(self._input),
            modes=modes,
            recursion_limit=int(config["recursion_limit"]),
            checkpoint=stored,
            input=None if raw is None else graph._input_writes(raw),
            raw_input=raw,
            saves=saving is not None,
            store=None if saving is None or has_deltas else saving.store,
            versions=None if saving is None else saving.versions,
            at_exit=saving is not None and saving.at_exit,
            deltas=(graph.face.supersteps_bound(), not saving.addressed, True)
            if saving is not None and has_deltas
            else None,
            shows=_shown_channels(graph, options.output_keys),
            namespace=self._namespace if self.nested else "",
            nested=self.nested,
            parent=parent if isinstance(parent, _engine.Task) else None,
            answers=conf.get(RESUME_MAP),
            resuming=told,
            replay=replay,
            interrupt_before=options.interrupt_before or graph.interrupt_before_nodes or None,
            interrupt_after=options.interrupt_after or graph.interrupt_after_nodes or None,
            sink=sink,
        )

    def _sink(self) -> Sink | None:
        if self._options.sink is not None:
            return self._options.sink
        alive = self._options.subgraphs or "custom" in self._own_modes or self._graph.stream_eager
        if alive or self._graph.step_timeout:
            return Sink(self._own_modes)
        return None


def is_interrupt_id(key: Any) -> bool:
    """Whether a key of a resume map has the form of an interrupt's id."""
    return (
        isinstance(key, str)
        and len(key) == 32
        and all(character in "0123456789abcdef" for character in key)
    )


def print_chunk(ns: tuple[str, ...], mode: str, payload: Any) -> None:
    """Print a chunk for debugging, as LangGraph does."""
    shown = [f"\033[1m[{mode}]\033[0m", repr(payload)]
    if ns:
        shown.insert(1, f"\033[1;3;33m[graph={ns}]\033[0m")
    print(" ".join(shown))


def _modes(graph: "CompiledStateGraph", stream_mode: str | Sequence[str]) -> frozenset[str]:
    modes = [stream_mode] if isinstance(stream_mode, str) else stream_mode
    for mode in modes:
        if mode not in graph.stream_modes:
            raise Unsupported(
                "LF404",
                f"the stream mode {mode!r} is not supported yet; use one of {sorted(graph.stream_modes)}",
            )
    return frozenset(modes)


def _shown_channels(graph: "CompiledStateGraph", output: str | Sequence[str] | None) -> Any:
    """What the engine is to show: of the output schema, of these channels, or (`None`) the state."""
    if output is None:
        return None
    bare = isinstance(output, str)
    if output is graph.output_channels:
        return bare
    return ([output] if bare else list(output), bare)


def _check_keys(keys: str | Sequence[str] | None, channels: Mapping[str, Any]) -> None:
    for key in [keys] if isinstance(keys, str) else keys or ():
        if key not in channels:
            raise ValueError(f"Key {key} not in channels")
