"""Says by a code that a name of LangGraph has no counterpart here."""

from collections.abc import Callable, Mapping
from typing import Any

from langferry.compat.hook import NotStandingIn


def refuse(module: str, names: Mapping[str, str]) -> Callable[[str], Any]:
    """A module's `__getattr__` for names it lacks, each with what to do instead."""
    shown = module.replace("langferry.compat", "langgraph")

    def __getattr__(name: str) -> Any:
        if name in names:
            raise NotStandingIn(
                "LF409",
                f"{shown}.{name} has no counterpart in langferry yet; {names[name]}",
                name=name,
            )
        raise AttributeError(f"module {shown!r} has no attribute {name!r}")

    return __getattr__
