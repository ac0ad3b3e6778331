"""Makes graphs of functions."""

import dataclasses
from typing import Any, Generic, TypeVar

from langferry.compat.missing import refuse

R = TypeVar("R")
S = TypeVar("S")


class entrypoint:
    """Makes a graph of a function."""

    def __init__(
        self,
        checkpointer: Any = None,
        store: Any = None,
        cache: Any = None,
        context_schema: Any = None,
        cache_policy: Any = None,
        retry_policy: Any = None,
        timeout: Any = None,
        **kwargs: Any,
    ) -> None:
        self.context_schema = context_schema

    @dataclasses.dataclass(slots=True)
    class final(Generic[R, S]):
        """What a function returns, and what it finds next time as `previous`."""

        value: R
        save: S

    def __call__(self, func: Any) -> Any:
        """Make a graph of a function."""
        refuse("LF411", "entrypoint()", "use a StateGraph")
