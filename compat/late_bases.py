"""Base classes that take their place only when somebody imports them.

A graph and what its nodes are made of are langchain `Runnable`s, a `Command` is one of its `ToolOutputMixin`s.
Whoever asks whether they are has imported that class; a program of plain functions never does, and need not
wait for it. So these classes begin with a stand-in as base, which gives way to the real one as soon as its module has run.
What a program uses of the real base before that (`graph.batch`, `graph | other`) imports it.
"""

import sys
from abc import ABC, ABCMeta
from collections.abc import Iterable
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_origin

from langferry.compat import later
from langferry.compat.on_import import on_import

Input = TypeVar("Input")
Output = TypeVar("Output")


def _late_base(stand_in: type, name: str) -> Any:
    home = later.HOMES[name]
    if home in sys.modules:
        return getattr(later, name)
    on_import(home, partial(_give_way, stand_in, name))
    return stand_in


def _give_way(stand_in: type, name: str, module: ModuleType) -> None:
    real: Any = getattr(module, name)
    waiting: list[Any] = stand_in.__subclasses__()
    for cls in waiting:
        declared = cls.__dict__.get("__orig_bases__", ())
        cls.__bases__ = tuple(real if base is stand_in else base for base in cls.__bases__)
        cls.__orig_bases__ = tuple(
            _as_declared(base, real) if stand_in in (base, get_origin(base)) else base
            for base in declared
        )


def _as_declared(base: Any, real: Any) -> Any:
    arguments = get_args(base)
    return real[arguments] if arguments else real


def _import_runnable() -> None:
    real = later.Runnable
    if RunnableStandIn.__subclasses__():
        # somebody else's finder found the module
        _give_way(RunnableStandIn, real.__name__, sys.modules[real.__module__])


class _Completing(ABCMeta):
    """Finds what a graph's class has of `Runnable`."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") or RunnableStandIn not in cls.__mro__[1:]:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        _import_runnable()
        return getattr(cls, name)

    def __dir__(cls) -> Iterable[str]:
        _import_runnable()
        return super().__dir__()


# langchain's `Runnable` derives from these, too: only then can one base replace the other
class RunnableStandIn(ABC, Generic[Input, Output], metaclass=_Completing):
    """Stands in for langchain's `Runnable`."""

    def __getattr__(self, name: str) -> Any:
        cls = type(self)
        if name.startswith("__") or RunnableStandIn not in cls.__mro__:
            raise AttributeError(f"{cls.__name__!r} object has no attribute {name!r}")
        _import_runnable()
        return getattr(self, name)

    def __dir__(self) -> Iterable[str]:
        _import_runnable()
        return object.__dir__(self)

    def __or__(self, other: Any) -> Any:
        _import_runnable()
        return self | other

    def __ror__(self, other: Any) -> Any:
        _import_runnable()
        return other | self


class ToolOutputStandIn:
    """Stands in for langchain's `ToolOutputMixin`, which has no members."""


if TYPE_CHECKING:
    Runnable = later.Runnable
    ToolOutputMixin = later.ToolOutputMixin
else:
    Runnable = _late_base(RunnableStandIn, "Runnable")
    ToolOutputMixin = _late_base(ToolOutputStandIn, "ToolOutputMixin")


def is_runnable(thing: Any) -> bool:
    """Whether something is a langchain `Runnable`, as every graph is."""
    return isinstance(thing, RunnableStandIn) or later.is_a(thing, "Runnable")
