"""What a type checker sees: the shim has LangGraph's public names, members and parameters."""

import dataclasses
import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Iterator
from typing import Any

import langgraph
import pytest

from langferry.compat.hook import CORE, counterpart

LISTED = {
    # wrapped without their names in LangGraph
    "langgraph.graph.add_messages: kwargs",
    "langgraph.graph.message.add_messages: kwargs",
    # not needed to make one
    "langgraph.graph.state.CompiledStateGraph: schema_to_mapper",
    "langgraph.graph.state.CompiledStateGraph.__init__: schema_to_mapper",
    # see COMPATIBILITY.md
    "langgraph.graph.state.CompiledStateGraph.attach_branch",
    "langgraph.graph.state.CompiledStateGraph.attach_edge",
    "langgraph.graph.state.CompiledStateGraph.attach_node",
}
"""What differs, and why that is so."""


def public_modules() -> list[str]:
    found = pkgutil.walk_packages(langgraph.__path__, "langgraph.")
    names = (module.name.split(".") for module in found)
    core = (parts for parts in names if len(parts) > 1 and parts[1] in CORE)
    return sorted(".".join(parts) for parts in core if not any(p.startswith("_") for p in parts))


def differences(where: str, real: Any, ours: Any) -> Iterator[str]:
    yield from missing_parameters(where, real, ours)
    if dataclasses.is_dataclass(real):
        fields = {field.name for field in dataclasses.fields(ours)}
        yield from (f"{where}.{f.name}" for f in dataclasses.fields(real) if f.name not in fields)
    if not isinstance(real, type):
        return
    core = (cls for cls in real.__mro__ if cls.__module__.startswith("langgraph"))
    members = {name for cls in core for name in vars(cls)}
    for name in sorted(members):
        if name.startswith("_") and name != "__init__":
            continue
        if not hasattr(ours, name) and name not in getattr(ours, "__annotations__", ()):
            yield f"{where}.{name}"
        elif callable(getattr(real, name)):
            real_one, own_one = getattr(real, name), getattr(ours, name, None)
            yield from missing_parameters(f"{where}.{name}", real_one, own_one)


def missing_parameters(where: str, real: Any, ours: Any) -> Iterator[str]:
    known = parameters(ours)
    for name, wanted in parameters(real).items():
        has = known.get(name)
        kept = inspect.Parameter.KEYWORD_ONLY
        if (
            has is None
            or (has.kind is kept) != (wanted.kind is kept)
            or (has.default is has.empty) != (wanted.default is wanted.empty)
        ):
            yield f"{where}: {name}"


def parameters(thing: Any) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(thing).parameters)
    except (TypeError, ValueError):
        return {}


@pytest.mark.parametrize("module", public_modules())
def test_names_members_and_parameters(module: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        real, ours = importlib.import_module(module), importlib.import_module(counterpart(module))
        names = getattr(real, "__all__", ())
        assert [name for name in names if not hasattr(ours, name)] == []
        found = {
            difference
            for name in names
            for difference in differences(
                f"{module}.{name}", getattr(real, name), getattr(ours, name)
            )
        }
    assert found == {listed for listed in LISTED if listed in found}
