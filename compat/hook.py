"""Makes imports of LangGraph's core land on this package.

`langgraph` is a namespace shared by several distributions. Only the core's modules are replaced;
savers, stores, caches and prebuilt agents stay what they are.
"""

import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Final

from langferry.compat import later

CORE: Final = frozenset(
    (
        "_internal",
        "callbacks",
        "channels",
        "config",
        "constants",
        "errors",
        "func",
        "graph",
        "managed",
        "pregel",
        "runtime",
        "stream",
        "types",
        "typing",
        "utils",
        "version",
        "warnings",
    )
)
"""The modules of the `langgraph` distribution itself."""


class NotStandingIn(ImportError):
    """Raised for what cannot be replaced.

    Attributes:
        code: LF409 for a module or name without counterpart, LF410 when it is too late.
    """

    def __init__(self, code: str, message: str, *, name: str | None = None) -> None:
        super().__init__(f"{code}: {message}", name=name)
        self.code = code


def install() -> None:
    """Replace LangGraph's core in this process. Calling it again changes nothing.

    Raises:
        NotStandingIn: LF410 if the real core was imported before.
    """
    if any(isinstance(finder, _Finder) for finder in sys.meta_path):
        return
    loaded = sorted(
        name
        for name, module in sys.modules.items()
        if _in_core(name) and not module.__name__.startswith(__package__)
    )
    if loaded:
        raise NotStandingIn(
            "LF410",
            f"{loaded[0]} is already imported; call langferry.compat.install() before any import "
            "of langgraph, or use `migrate run program.py`",
            name=loaded[0],
        )
    sys.meta_path.insert(0, _Finder())


def counterpart(name: str) -> str:
    """The module of this package that stands in for a module of the core."""
    return f"{__package__}{name.removeprefix('langgraph')}"


def _in_core(name: str) -> bool:
    parts = name.split(".")
    return parts[0] == "langgraph" and len(parts) > 1 and parts[1] in CORE


class _Finder:
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name == "langgraph":
            return _namespace()
        if name == "langgraph.prebuilt":
            # it needs all of langchain, which takes 0.1 s less to import when this comes first
            _ = later.Runnable
        if not _in_core(name):
            return None
        try:
            real = importlib.util.find_spec(counterpart(name))
        except ModuleNotFoundError:
            real = None
        if real is None:
            raise NotStandingIn(
                "LF409",
                f"{name} has no counterpart in langferry yet; run the program on LangGraph, "
                "or see COMPATIBILITY.md for what is there",
                name=name,
            )
        alias: Any = _Alias()
        spec = importlib.machinery.ModuleSpec(name, alias, origin=real.origin)
        spec.submodule_search_locations = real.submodule_search_locations
        return spec


class _Alias:
    """Gives the counterpart itself, so that there is one module under two names."""

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = importlib.import_module(counterpart(spec.name))
        self._own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._own_spec


def _namespace() -> importlib.machinery.ModuleSpec | None:
    """The namespace package, also when none of its distributions is installed."""
    found = importlib.machinery.PathFinder.find_spec("langgraph")
    if found is not None:
        return found
    spec = importlib.machinery.ModuleSpec("langgraph", None, is_package=True)
    spec.submodule_search_locations = []
    return spec
