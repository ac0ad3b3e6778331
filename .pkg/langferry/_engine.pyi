"""The engine, see runtime/crates/python."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

__version__: str

Managed = Sequence[tuple[str, Any]]

def supersteps() -> int:
    """How many supersteps this engine has run in this process."""

def new_checkpoint_id(step: int, node: int | None = None) -> str:
    """A new version 6 UUID; ids sort by the time they were made."""

def digest(data: bytes) -> str:
    """The XXH3 hash of 128 bits as 32 hex digits."""

def number_versions(
    versions: dict[str, Any], seen: dict[str, dict[str, Any]]
) -> tuple[list[Any], dict[Any, int], int]:
    """The names of versions in their order, their numbers from 1, and which a breakpoint has seen."""

def changed_versions(versions: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Those versions that are others than before."""

def inspect(
    graph: Graph, checkpoint: Mapping[str, Any], namespace: str, live: bool
) -> tuple[list[tuple[str, str, tuple[Any, ...], bool]], Any]:
    """Where a thread stands: planned tasks as `(id, name, path, finished)`, and the state."""

class Questions:
    """What questions are stored as, by name, and what packs and unpacks anything."""

    def __new__(
        cls,
        kind: type,
        place: tuple[str, str],
        mark: Any,
        pack: Any,
        pack_options: dict[str, Any],
        unpack: Any,
    ) -> Questions: ...
    def __call__(self, value: Any) -> Any: ...

class MemorySavers:
    """What is known of a class of savers in memory, and of how they serialise."""

    def __new__(
        cls,
        unchanged: list[tuple[Any, str, Any]],
        dict_type: type,
        serde_type: type,
        pack: Any,
        pack_options: dict[str, Any],
        unpack: Any,
        unpack_options: dict[str, Any],
        found_type: type,
        places: dict[str, int],
        excluded: Any,
        random: Any,
        questions: Questions | None,
    ) -> MemorySavers: ...
    def twin(self, saver: Any) -> MemorySaver | None: ...

class MemorySaver:
    """The methods of such a saver that a run uses, done on its dicts."""

    def put(
        self,
        config: dict[str, Any],
        checkpoint: dict[str, Any],
        metadata: dict[str, Any],
        new_versions: dict[str, Any],
    ) -> None: ...
    def put_writes(
        self,
        config: dict[str, Any],
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None: ...
    def get_tuple(self, config: dict[str, Any]) -> Any: ...
    def get_next_version(self, current: Any, channel: Any) -> Any: ...

class Graph:
    """A graph ready to run."""

    def __new__(
        cls,
        face: Any,
        *,
        channels: Iterable[tuple[str, Any, Any, Any]],
        nodes: Iterable[tuple[Any, ...]],
        edges: Iterable[tuple[str, str]],
        joins: Iterable[tuple[list[str], str]],
        branches: Iterable[tuple[Any, ...]],
        outputs: Sequence[str],
    ) -> Graph: ...
    @staticmethod
    def subscribed(
        face: Any,
        channels: Iterable[tuple[str, Any, Any, Any]],
        nodes: Iterable[tuple[Any, ...]],
        outputs: Sequence[str],
        shown: tuple[list[str], bool],
    ) -> Graph: ...
    @property
    def replayed(self) -> list[str]: ...
    @property
    def deltas(self) -> list[str]: ...
    @property
    def has_deltas(self) -> bool: ...

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
    def attempt(self) -> int: ...
    @property
    def handles(self) -> tuple[str, Any] | None: ...
    @property
    def failed_namespace(self) -> str | None: ...
    @property
    def triggers(self) -> tuple[str, ...]: ...
    @property
    def path(self) -> tuple[Any, ...]: ...
    def answer(self, check: Any = None) -> tuple[Any] | None: ...
    def read(self, channels: list[str], writes: Sequence[tuple[str, Any]]) -> dict[str, Any]: ...
    def restart(self) -> None: ...
    def next_nested(self) -> int: ...
    def interrupt_id(self) -> str: ...
    def call(self, name: str, input: Any) -> Task: ...
    @property
    def known(self) -> list[Any] | None: ...
    def finish(
        self, ok: bool, result: Any, written: Any = None, *, cached: bool = False
    ) -> tuple[str, tuple[Any, ...], list[tuple[str, Any]]] | None: ...
    def end(self) -> None: ...

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
        store: MemorySaver | None = None,
        versions: Any = None,
        namespace: str = "",
        nested: bool = False,
        shows: tuple[list[str], bool] | None = None,
        parent: Task | None = None,
        answers: Mapping[str, Any] | None = None,
        resuming: bool | None = None,
        replay: tuple[bool, bool, bool] = ...,
        interrupt_before: str | Sequence[str] | None = None,
        interrupt_after: str | Sequence[str] | None = None,
        change: tuple[str, Any] | None = None,
        sink: Any = None,
        at_exit: bool = False,
        deltas: tuple[int, bool, bool] | None = None,
    ) -> Run: ...
    def __iter__(self) -> Iterator[tuple[str, Any]]: ...
    def __next__(self) -> tuple[str, Any]: ...
    def result(self) -> tuple[Any, tuple[Any, ...]]: ...
    def last_state(self) -> tuple[Any, tuple[Any, ...]]: ...
    def advance(
        self,
    ) -> tuple[list[tuple[str, Any]], list[tuple[int, Any, Any, Any]], bool]: ...
    @property
    def output(self) -> Any: ...
    def unsaved(self) -> tuple[dict[str, Any] | None, list[Any]]: ...
    def finish(self, key: int, ok: bool, result: Any) -> None: ...
    def begin(self) -> None: ...
    @property
    def checkpoint_id(self) -> str: ...
    @property
    def work(self) -> dict[str, int]: ...
    @property
    def stop_status(self) -> str | None: ...
    def may_be_kept(self) -> list[tuple[int, Any]]: ...
    def recall(self, key: int, writes: Sequence[tuple[str, Any]]) -> None: ...
    @property
    def stopped_at(self) -> tuple[Any, ...] | None: ...
    def raise_failure(self) -> None: ...
