"""Stand-ins for names of LangGraph that the library under test does not have.

They let a test file be imported, so that one missing name costs the tests that need it and not the
whole file. Each of those tests is failed by name.
"""

import importlib
import sys
from collections.abc import Iterable
from types import ModuleType


class MissingName(Exception):
    """Raised when a stand-in is called."""


def stand_in(names: Iterable[str]) -> set[str]:
    """Put a stand-in where a name is missing; the names that were.

    Args:
        names: as `module:name`; an empty name asks for the module alone.
    """
    missing = set()
    for full_name in sorted(names):
        source, _, name = full_name.partition(":")
        module = _module(source)
        if module is None:
            module = sys.modules[source] = ModuleType(source)
            missing.add(full_name)
        if name and name != "*" and not _has(module, name):
            setattr(module, name, _placeholder(full_name))
            missing.add(full_name)
    return missing


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except Exception:
        return None


def _has(module: ModuleType, name: str) -> bool:
    try:
        getattr(module, name)
    except Exception:
        return _module(f"{module.__name__}.{name}") is not None
    return True


def _placeholder(full_name: str) -> type:
    def refuse(self: object, *args: object, **kwargs: object) -> None:
        raise MissingName(f"{full_name} is missing")

    return type(full_name.rpartition(":")[2], (Exception,), {"__init__": refuse})
