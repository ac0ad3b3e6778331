"""The engine, see runtime/crates/python."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__version__: str

Managed = Sequence[tuple[str, Any]]

def supersteps() -> int:
    """How many supersteps this engine has run in this process."""

def new_checkpoint_id(step: int) -> str:
    """A new version 6 UUID; ids sort by the time they were made."""

class Graph:
    """A graph ready to run."""

    def __new__(
        cls,
        face: Any,
        *,
        channels: Iterable[tuple[str, Any, Any]],
        nodes: Iterable[tuple[Any, ...]],
        edges: Iterable[tuple[str, str]],
        joins: Iterable[tuple[list[str], str]],
        branches: Iterable[tuple[Any, ...]],
        outputs: Sequence[str],
    ) -> Graph: ...

class Task:
    """One task of one superstep."""

    @property
    def name(self) -> str: ...
    @property
    def step(self) -> int: ...
    @property
    def stop(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def checkpoint_id(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def triggers(self) -> tuple[str, ...]: ...
    @property
    def path(self) -> tuple[Any, ...]: ...
    def answer(self) -> tuple[Any] | None: ...
    def interrupt_id(self) -> str: ...

class Run:
    """One run."""

    def __new__(
        cls,
        graph: Graph,
        host: Any,
        start: tuple[Any, ...] | None,
        *,
        modes: list[str] | None,
        recursion_limit: int,
        checkpoint: Mapping[str, Any] | None = None,
        input: Any = None,
        raw_input: Any = None,
        saves: bool = False,
        output_only: bool = False,
        namespace: str = "",
        nested: bool = False,
    ) -> Run: ...
    def __iter__(self) -> Iterator[tuple[str, Any]]: ...
    def __next__(self) -> tuple[str, Any]: ...
    def result(self) -> tuple[Any, tuple[Any, ...]]: ...
    def last_state(self) -> tuple[Any, tuple[Any, ...]]: ...
    def advance(
        self,
    ) -> tuple[list[tuple[str, Any]], list[tuple[int, Any, Any, Any]], bool]: ...
    def finish(self, key: int, ok: bool, result: Any) -> None: ...
    @property
    def interrupted(self) -> bool: ...
    def raise_failure(self) -> None: ...
