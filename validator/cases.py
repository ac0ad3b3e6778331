"""Reads the YAML case file: which graph to run, with which inputs, resume values and config.

    entry: graph                 # an expression evaluated in the program's module
    checkpointer: memory         # optional: compile, or recompile, with an in-memory saver
    async: true                  # optional: run through astream; found out by itself when left out
    cases:
      - name: approved
        seed: 7                  # optional: `random` is seeded with it before every run
        config: {recursion_limit: 50, configurable: {thread_id: "1"}}
        runs:
          - input: {employee: Ada}
          - resume: {decision: approve}

Values are YAML whose bare words are read as JSON reads them (`true`, `null`, `12`, `1.5`; anything
else is text), and `$type` objects of the trace's encoding.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml

from langferry.diagnostics import Failure, Span
from langferry.validator.encoding import decode, encode

T = TypeVar("T")


class Run(msgspec.Struct, frozen=True):
    """One call of the graph. `value` is in the trace's encoding."""

    kind: Literal["input", "resume"]
    value: Any


class Case(msgspec.Struct, frozen=True):
    """Runs on one graph, one after the other, on one saver.

    Attributes:
        name: unique in its file.
        runs: at least one.
        config: the config of every run, as LangGraph takes it.
        seed: what `random` is seeded with before every run.
        store: the SQLite file that the thread is kept in, in place of the program's own saver.
        dies_after: the process ends, killed, once so many things have been stored.
    """

    name: str
    runs: list[Run]
    config: dict[str, Any] = {}
    seed: int | None = None
    store: str | None = None
    dies_after: int | None = None


class CaseFile(msgspec.Struct, frozen=True):
    """What a case file says.

    Attributes:
        path: where it was read from.
        entry: an expression whose value, in the program's module, is the graph.
        cases: at least one.
        checkpointer: `memory` to compile with an in-memory saver.
        run_async: whether to stream with `astream`; None to find out.
    """

    path: str
    entry: str
    cases: list[Case]
    checkpointer: Literal["memory"] | None = None
    run_async: bool | None = None

    def in_crate(self, program: str, case: Case) -> dict[str, Any]:
        """`case` as a crate's `trace --case` takes it."""
        return {
            "program": program,
            "case": case.name,
            "seed": case.seed,
            "config": case.config,
            "runs": [{run.kind: run.value} for run in case.runs],
        }


def find_cases(program: Path) -> Path:
    """The case file beside `program`: `<program>.cases.yaml`, else `cases.yaml`.

    Raises:
        Failure: LF501, there is neither.
    """
    named = program.with_suffix(".cases.yaml")
    general = program.with_name("cases.yaml")
    for candidate in (named, general):
        if candidate.is_file():
            return candidate
    raise Failure("LF501", f"no case file for {program}: neither {named.name} nor {general.name}")


def read_cases(path: Path) -> CaseFile:
    """The case file at `path`.

    Raises:
        Failure: LF501 when it cannot be read as YAML, LF502 when it says something that is not
            known, LF504 when a value does not follow the trace's encoding.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure("LF501", f"cannot read {path}: {error}") from error
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        span = None
        if mark is not None:
            span = Span(str(path), mark.line + 1, mark.column, mark.line + 1, mark.column)
        problem = getattr(error, "problem", None) or str(error)
        raise Failure("LF501", f"{path.name} is not YAML: {problem}", span) from error
    return _Reader(path).file(root)


class _Loader(yaml.SafeLoader):
    """Safe YAML whose bare words mean what they mean in JSON; YAML 1.1 would read `no` as false,
    `12:30` as 750 and `2026-03-06` as a date."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", "true|false", "tf"),
    ("null", "null|~|", ["n", "~", ""]),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    (
        "float",
        r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)",
        "-0123456789",
    ),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})\\Z"), list(_first)
    )


class _Reader:
    """Takes a YAML tree apart, knowing where everything stands."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def file(self, root: yaml.Node | None) -> CaseFile:
        if root is None:
            raise Failure("LF502", f"{self._path.name} is empty", Span(str(self._path), 1, 0, 1, 0))
        keys = self._keys(root, "the file", {"entry", "cases"}, {"checkpointer", "async"})
        checkpointer = self._optional(keys, "checkpointer", self._text)
        if checkpointer not in (None, "memory"):
            raise self._wrong(
                keys["checkpointer"], f"checkpointer is {checkpointer!r}, not 'memory'"
            )
        cases = [self._case(node) for node in self._items(keys["cases"], "cases")]
        for position, case in enumerate(cases):
            if any(case.name == earlier.name for earlier in cases[:position]):
                node = keys["cases"].value[position]
                raise self._wrong(node, f"the case name {case.name!r} is used twice")
        return CaseFile(
            path=str(self._path),
            entry=self._text(keys["entry"], "entry"),
            cases=cases,
            checkpointer="memory" if checkpointer else None,
            run_async=self._optional(keys, "async", self._bool),
        )

    def _case(self, node: yaml.Node) -> Case:
        keys = self._keys(node, "a case", {"name", "runs"}, {"config", "seed"})
        config = self._optional(keys, "config", self._config)
        return Case(
            name=self._text(keys["name"], "name"),
            runs=[self._run(run) for run in self._items(keys["runs"], "runs")],
            config=config or {},
            seed=self._optional(keys, "seed", self._int),
        )

    def _run(self, node: yaml.Node) -> Run:
        keys = self._keys(node, "a run", set(), {"input", "resume"})
        if len(keys) != 1:
            raise self._wrong(node, "a run has either 'input' or 'resume'")
        if "input" in keys:
            return Run("input", self._value(keys["input"]))
        return Run("resume", self._value(keys["resume"]))

    def _config(self, node: yaml.Node, name: str) -> dict[str, Any]:
        keys = self._keys(node, name, set(), {"recursion_limit", "configurable", "max_concurrency"})
        config: dict[str, Any] = {}
        for key, value in keys.items():
            if key == "configurable":
                if not isinstance(value, yaml.MappingNode):
                    raise self._wrong(value, "configurable is not a mapping")
                config[key] = self._value(value)
            else:
                config[key] = self._int(value, key)
        return config

    def _keys(
        self, node: yaml.Node, name: str, required: set[str], optional: set[str]
    ) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._wrong(node, f"{name} is not a mapping")
        keys: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = self._construct(key_node)
            if not isinstance(key, str) or key not in required | optional:
                known = ", ".join(sorted(required | optional))
                raise self._wrong(key_node, f"{name} has the unknown key {key!r} (known: {known})")
            if key in keys:
                raise self._wrong(key_node, f"{name} has the key {key!r} twice")
            keys[key] = value
        for key in sorted(required - keys.keys()):
            raise self._wrong(node, f"{name} lacks the key {key!r}")
        return keys

    def _items(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self._wrong(node, f"{name} is not a list with at least one item")
        return list(node.value)

    def _optional(
        self, keys: dict[str, yaml.Node], key: str, read: Callable[[yaml.Node, str], T]
    ) -> T | None:
        return read(keys[key], key) if key in keys else None

    def _text(self, node: yaml.Node, name: str) -> str:
        value = self._construct(node)
        if not isinstance(value, str) or not value:
            raise self._wrong(node, f"{name} is not a text")
        return value

    def _int(self, node: yaml.Node, name: str) -> int:
        value = self._construct(node)
        if type(value) is not int:
            raise self._wrong(node, f"{name} is not a whole number")
        return value

    def _bool(self, node: yaml.Node, name: str) -> bool:
        value = self._construct(node)
        if not isinstance(value, bool):
            raise self._wrong(node, f"{name} is neither true nor false")
        return value

    def _value(self, node: yaml.Node) -> Any:
        """A value in the trace's encoding, checked as far as it goes without the program's classes."""
        value = self._encoded(self._construct(node), node)
        try:
            decode(value, find_class=lambda name: _AnyClass)
        except Failure as problem:
            span = self._span(node)
            raise Failure(problem.diagnostic.code, problem.diagnostic.message, span) from problem
        return value

    def _encoded(self, value: Any, node: yaml.Node) -> Any:
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise self._wrong(
                        node,
                        f"the key {key!r} is not a text; quote it, or write a dict with such keys "
                        "as {$type: dict, items: [[key, value], ...]}",
                    )
            return {key: self._encoded(item, node) for key, item in value.items()}
        if isinstance(value, list):
            return [self._encoded(item, node) for item in value]
        if value is None or type(value) in (bool, int, float, str):
            return encode(value)
        raise self._wrong(node, f"a {type(value).__name__} is written as a $type object in a case")

    def _construct(self, node: yaml.Node) -> Any:
        loader = _Loader("")
        try:
            self._refuse_repeated_keys(node)
            return loader.construct_document(node)
        except RecursionError:
            raise self._wrong(node, "a value contains itself") from None
        except yaml.YAMLError as error:
            raise self._wrong(node, str(getattr(error, "problem", error))) from error
        finally:
            loader.dispose()

    def _refuse_repeated_keys(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        raise self._wrong(key, f"the key {key.value!r} stands twice")
                    seen.add(key.value)
                self._refuse_repeated_keys(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_repeated_keys(item)

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        return Span(str(self._path), start.line + 1, start.column, end.line + 1, end.column)

    def _wrong(self, node: yaml.Node, message: str) -> Failure:
        return Failure("LF502", message, self._span(node))


class _AnyClass:
    """Stands for a class of the program, which is not known here."""

    def __init__(self, **fields: Any) -> None:
        pass

    def __class_getitem__(cls, name: str) -> None:
        return None
