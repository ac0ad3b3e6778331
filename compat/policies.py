"""How a node is to be retried, timed, cached and traced."""

import dataclasses
import pickle
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple

from typing_extensions import TypeVar

from langferry.graph.timing import TimeoutPolicy

__all__ = (
    "CachePolicy",
    "RetryPolicy",
    "TimeoutPolicy",
    "TracePolicy",
    "default_cache_key",
    "default_retry_on",
    "omit_payload",
)

_OWN_FAULTS: Final = (
    ArithmeticError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    ReferenceError,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What says that the program is wrong, so that trying again is no use."""


def default_retry_on(exc: Exception) -> bool:
    """Whether an exception looks like bad luck: lost connections and a server's own errors."""
    import httpx
    import requests

    if isinstance(exc, ConnectionError):
        return True
    if isinstance(exc, httpx.HTTPStatusError):
        return exc.response.status_code in range(500, 600)
    if isinstance(exc, requests.HTTPError):
        # a response of status 400 or more is false
        return exc.response.status_code in range(500, 600) if exc.response else True
    return not isinstance(exc, _OWN_FAULTS)


class RetryPolicy(NamedTuple):
    """When to run a node again, and how long to wait before."""

    initial_interval: float = 0.5
    backoff_factor: float = 2.0
    max_interval: float = 128.0
    max_attempts: int = 3
    jitter: bool = True
    retry_on: type[Exception] | Sequence[type[Exception]] | Callable[[Exception], bool] = (
        default_retry_on
    )


def default_cache_key(*args: Any, **kwargs: Any) -> str | bytes:
    """A key by the value of the arguments."""
    return pickle.dumps((_freeze(args), _freeze(kwargs)), protocol=5, fix_imports=False)


def _freeze(value: Any, depth: int = 10) -> Hashable:
    """A value that pickles the same for equal dicts, however deep in it they are."""
    if depth <= 0 or isinstance(value, Hashable):
        frozen: Hashable = value
    elif isinstance(value, Mapping):
        frozen = tuple(sorted((key, _freeze(item, depth - 1)) for key, item in value.items()))
    elif isinstance(value, Sequence):
        frozen = tuple(_freeze(item, depth - 1) for item in value)
    elif hasattr(value, "tobytes"):
        frozen = (type(value).__name__, value.tobytes(), getattr(value, "shape", None))
    else:
        frozen = value
    return frozen


KeyFuncT = TypeVar("KeyFuncT", bound=Callable[..., str | bytes])


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class CachePolicy(Generic[KeyFuncT]):
    """By which key a node's result is kept, and for how many seconds."""

    key_func: KeyFuncT = default_cache_key  # type: ignore[assignment]
    ttl: int | None = None


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class TracePolicy:
    """What a node's own trace run records in place of its input and output."""

    process_inputs: Callable[[Any], Any] | None = None
    process_outputs: Callable[[Any], Any] | None = None


def omit_payload(_value: Any) -> dict[str, Any]:
    """Record nothing of a value; for `TracePolicy`."""
    return {}
