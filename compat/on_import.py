"""Tells when a module has been imported, by whomever, before its importer goes on."""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

Action = Callable[[ModuleType], None]

_waiting: Final[dict[str, list[Action]]] = {}


def on_import(name: str, action: Action) -> None:
    """Call `action` with a module as soon as it has run, which may be never.

    A module that has been imported already is not told of.
    """
    if not any(isinstance(finder, _Watcher) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Watcher())
    _waiting.setdefault(name, []).append(action)


class _Watcher:
    """A finder that has the others find a module that is waited for, and wraps its loader."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _waiting:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(name, path, target)) is not None:
                if spec.loader is not None:
                    telling: Any = _Telling(spec.loader)
                    spec.loader = telling
                return spec
        return None


class _Telling:
    """A loader that leaves everything to the module's own, and tells once that is done."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__ is not None
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        if sys.modules.get(module.__name__) is module:
            for action in _waiting.pop(module.__name__, ()):
                action(module)
