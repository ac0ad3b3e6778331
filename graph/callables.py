"""A node made of two functions: one for synchronous runs, one to be awaited."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RunnableCallable:
    """Runs `func` under invoke and stream, `afunc` under ainvoke and astream.

    Either may be None: a synchronous run then raises TypeError, an asynchronous one uses `func`
    on a thread.

    Raises:
        ValueError: both are None.
    """

    func: Callable[..., Any] | None
    afunc: Callable[..., Awaitable[Any]] | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if self.func is None and self.afunc is None:
            raise ValueError("At least one of func or afunc must be provided.")
