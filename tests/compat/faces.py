"""Runs one graph on LangGraph, on the shim and on the own graph API, to compare what they tell."""

import asyncio
import dataclasses
import re
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import langgraph.checkpoint.memory
import langgraph.graph
import langgraph.graph.message
import langgraph.types

import langferry.compat.graph
import langferry.compat.graph.message
import langferry.compat.types
import langferry.graph

Build = Callable[[Any], Any]
Input = Callable[[Any], Any]


def _face(graph: Any, messages: Any, types: Any, saver: Any) -> Any:
    return SimpleNamespace(
        StateGraph=graph.StateGraph,
        START=graph.START,
        END=graph.END,
        MessagesState=messages.MessagesState,
        add_messages=messages.add_messages,
        Send=types.Send,
        Command=types.Command,
        Overwrite=types.Overwrite,
        interrupt=types.interrupt,
        InMemorySaver=saver,
    )


SAVER = langgraph.checkpoint.memory.InMemorySaver
REAL = _face(langgraph.graph, langgraph.graph.message, langgraph.types, SAVER)
SHIM = _face(langferry.compat.graph, langferry.compat.graph.message, langferry.compat.types, SAVER)
OWN = _face(langferry.graph, langferry.graph, langferry.graph, langferry.graph.InMemorySaver)
OURS = {"shim": SHIM, "own": OWN}

MODES = ["values", "updates", "tasks", "debug"]


def same(build: Build, *inputs: Input | Any, config: dict[str, Any] | None = None) -> list[Any]:
    """Check that all faces tell the same of the runs, synchronously and with asyncio.

    An input that is a function is given the face. Returns what LangGraph told.
    """
    expected: list[Any] = []
    for way in (_stream, _astream, _invoke, _ainvoke):
        expected = _runs(build, REAL, inputs, config, way)
        for name, face in OURS.items():
            assert _runs(build, face, inputs, config, way) == expected, (name, way.__name__)
    return _runs(build, REAL, inputs, config, _stream)


def _runs(
    build: Build, face: Any, inputs: Sequence[Any], config: dict[str, Any] | None, way: Any
) -> list[Any]:
    graph = build(face)
    told = []
    for given in inputs:
        chunks: list[Any] = []
        try:
            way(graph, given(face) if callable(given) else given, config, chunks)
        except Exception as error:
            chunks.append(("raised", (type(error).__name__, plain(str(error)))))
        told.append(_in_planned_order([(mode, plain(chunk)) for mode, chunk in chunks]))
    return told


def _stream(graph: Any, given: Any, config: Any, chunks: list[Any]) -> None:
    for chunk in graph.stream(given, config, stream_mode=MODES):
        chunks.append(chunk)


def _astream(graph: Any, given: Any, config: Any, chunks: list[Any]) -> None:
    async def run() -> None:
        async for chunk in graph.astream(given, config, stream_mode=MODES):
            chunks.append(chunk)

    asyncio.run(run())


def _invoke(graph: Any, given: Any, config: Any, chunks: list[Any]) -> None:
    chunks.append(("result", graph.invoke(given, config)))


def _ainvoke(graph: Any, given: Any, config: Any, chunks: list[Any]) -> None:
    chunks.append(("result", asyncio.run(graph.ainvoke(given, config))))


_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b"
    r"|\d{4}-\d\d-\d\dT[\d:.]+\+00:00"
)


def plain(value: Any) -> Any:
    """A value without ids and times, and without the class that depends on the face."""
    if isinstance(value, str):
        return _ID.sub("<id>", value)
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items() if k != "ls_integration"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, BaseException):
        return type(value).__name__, plain(str(value))
    if type(value).__name__ == "Interrupt":
        return "Interrupt", plain(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, plain(dataclasses.asdict(value))
    if hasattr(value, "model_dump"):
        return type(value).__name__, plain(value.model_dump())
    return value


def _in_planned_order(chunks: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Results of one step in a fixed order: the order in which threads finish means nothing."""
    ordered: list[tuple[str, Any]] = []
    results: list[tuple[str, Any]] = []
    for mode, chunk in chunks:
        if mode == "updates" or _is_result(mode, chunk):
            results.append((mode, chunk))
            continue
        if mode == "result" and isinstance(chunk, dict) and "__interrupt__" in chunk:
            chunk = {**chunk, "__interrupt__": sorted(chunk["__interrupt__"], key=repr)}
        ordered += sorted(results, key=repr)
        results = []
        ordered.append((mode, chunk))
    return ordered + sorted(results, key=repr)


def _is_result(mode: str, chunk: Any) -> bool:
    if mode == "values":
        return isinstance(chunk, dict) and "__interrupt__" in chunk
    if mode == "debug":
        return chunk["type"] == "task_result"
    return mode == "tasks" and "result" in chunk
