"""The saver in memory done by the binding: the same, to the key and the byte, as its own methods leave."""

import importlib
import itertools
import operator
import random
import uuid
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypedDict
from unittest.mock import Mock

import pytest
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver, PersistentDict
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from langferry.compat.pregel import _memory

from .faces import OURS, SHIM

THREAD = {"configurable": {"thread_id": "1"}}


class State(TypedDict, total=False):
    log: Annotated[list[Any], operator.add]
    n: int
    extra: Any


class Unserialisable:
    """Nothing that msgpack knows."""


def _answer(state: State) -> State:
    return {"log": [SHIM.interrupt({"more": state["n"]})], "n": state["n"] + 1}


def asking() -> Any:
    graph = SHIM.StateGraph(State)
    graph.add_node("ask", _answer)
    graph.add_edge(SHIM.START, "ask")
    graph.add_conditional_edges("ask", lambda state: "ask" if state["n"] < 3 else SHIM.END)
    return graph


def fanning_out() -> Any:
    def send(state: State) -> Any:
        return [SHIM.Send("work", {"n": at}) for at in range(12)]

    def work(state: State) -> State:
        return {
            "log": [{"bytes": b"x" * state["n"], "message": AIMessage("hi", id=str(state["n"]))}]
        }

    graph = SHIM.StateGraph(State)
    graph.add_node("work", work)
    graph.add_node("end", lambda state: {"extra": (None, b"1", bytearray(b"2"), {"k\0": "v\0"})})
    graph.add_conditional_edges(SHIM.START, send, ["work"])
    graph.add_edge("work", "end")
    return graph


def failing() -> Any:
    def fail(state: State) -> State:
        raise ValueError("no")

    graph = SHIM.StateGraph(State)
    graph.add_node("fine", lambda state: {"extra": b"bytes"})
    graph.add_node("fail", fail)
    graph.add_edge(SHIM.START, "fine")
    graph.add_edge(SHIM.START, "fail")
    return graph


def nested() -> Any:
    graph = SHIM.StateGraph(State)
    graph.add_node("inner", asking().compile())
    graph.add_edge(SHIM.START, "inner")
    return graph


def unserialisable() -> Any:
    graph = SHIM.StateGraph(State)
    graph.add_node("a", lambda state: {"n": 1})
    graph.add_node("b", lambda state: {"extra": Unserialisable()})
    graph.add_edge(SHIM.START, "a")
    graph.add_edge("a", "b")
    return graph


GRAPHS = [asking, fanning_out, failing, nested, unserialisable]


def use(app: Any, **options: Any) -> list[Any]:
    """Runs of a thread, and what became of each."""
    config = {
        "configurable": {**THREAD["configurable"], "user": "a\0b", "level": 1.5, "__own": 1},
        "metadata": {"flag": True, "who\0": "x\0y", "list": [1]},
        # what tasks write is kept in the order in which they end
        "max_concurrency": 1,
    }
    told: list[Any] = []
    for given in ({"n": 0, "log": []}, *[SHIM.Command(resume=at) for at in range(3)]):
        try:
            told.append(app.invoke(given, config, **options))
        except Exception as error:
            told.append(repr(error))
    return told


@pytest.fixture
def as_always(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes ids, moments and random numbers the same in every use."""
    from langferry.compat.graph.face import LangGraphFace
    from langferry.graph import saving

    def start() -> None:
        ids: Iterator[int] = iter(range(10_000))
        made = lambda *_: str(uuid.UUID(int=0x1F0 << 108 | 6 << 76 | next(ids)))  # noqa: E731
        monkeypatch.setattr(LangGraphFace, "new_checkpoint_id", made)
        monkeypatch.setattr(saving, "now", lambda: "now")
        random.seed(5)

    return start


def kept(saver: InMemorySaver) -> list[Any]:
    """What is in the dicts, in its order."""
    storage = [
        (thread, ns, list(stored.items()))
        for thread, by_ns in saver.storage.items()
        for ns, stored in by_ns.items()
    ]
    writes = [(key, list(written.items())) for key, written in saver.writes.items()]
    return [storage, writes, list(saver.blobs.items())]


def both(
    monkeypatch: pytest.MonkeyPatch, use_one: Callable[[], tuple[InMemorySaver, Any]]
) -> tuple[Any, Any]:
    """What is kept and told with the binding's methods, and with the saver's own."""
    assert _memory.native_twin(InMemorySaver()) is not None
    saver, told = use_one()
    native = kept(saver), told
    monkeypatch.setattr(_memory, "_known_savers", lambda: None)
    assert _memory.native_twin(InMemorySaver()) is None
    saver, told = use_one()
    return native, (kept(saver), told)


@pytest.mark.parametrize("durability", ["sync", "async", "exit"])
@pytest.mark.parametrize("build", GRAPHS)
def test_what_is_kept_is_what_the_saver_keeps(
    build: Any, durability: str, as_always: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def use_one() -> tuple[InMemorySaver, Any]:
        as_always()
        saver = InMemorySaver()
        return saver, use(build().compile(checkpointer=saver), durability=durability)

    native, own = both(monkeypatch, use_one)
    assert native == own
    assert native[0][0], "nothing was stored"


def test_with_pickle_what_msgpack_refuses_is_pickled(
    as_always: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def use_one() -> tuple[InMemorySaver, Any]:
        as_always()
        saver = InMemorySaver(serde=JsonPlusSerializer(pickle_fallback=True))
        app = unserialisable().compile(checkpointer=saver)
        app.invoke({"n": 0}, THREAD)
        assert isinstance(app.invoke(None, THREAD)["extra"], Unserialisable)
        return saver, None

    native, own = both(monkeypatch, use_one)
    assert native == own
    assert "pickle" in {form for form, _ in dict(native[0][2]).values()}


def test_a_checkpoint_of_the_past_is_found_as_the_saver_finds_it() -> None:
    saver = InMemorySaver()
    use(fanning_out().compile(checkpointer=saver))
    twin = _memory.native_twin(saver)
    all_found = list(saver.list(THREAD))
    assert len(all_found) > 2
    for found in (None, *all_found):
        config = THREAD if found is None else found.config
        ours = twin.get_tuple(config)
        assert type(ours) is type(all_found[0])
        assert repr(ours) == repr(saver.get_tuple(config))
    for nowhere in ({"thread_id": "2"}, {"thread_id": "1", "checkpoint_id": "none"}):
        assert twin.get_tuple({"configurable": nowhere}) is None
    assert "2" in saver.storage
    with pytest.raises(KeyError, match="thread_id"):
        twin.get_tuple({"configurable": {}})


def test_writes_take_the_places_the_saver_gives_them() -> None:
    config = {"configurable": {"thread_id": "1", "checkpoint_id": "c"}}
    savers = InMemorySaver(), InMemorySaver()
    for put in (_memory.native_twin(savers[0]).put_writes, savers[1].put_writes):
        put(config, [("a", 1), ("__interrupt__", [1]), ("__error__", "e")], "t", "~p")
        put(config, [("b", 2), ("__interrupt__", [2]), ("c", 3), ("d", 4)], "t", "~p")
        put(config, [("a", 1), ("a", 2)], "u")
        put(config, [], "v")
    assert kept(savers[0]) == kept(savers[1])


@pytest.mark.parametrize("name", ["put", "put_writes", "get_tuple", "aput", "_load_blobs"])
@pytest.mark.parametrize("of_instance", [True, False])
def test_a_method_that_somebody_changed_is_called(
    name: str, of_instance: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    saver = InMemorySaver()
    original = getattr(InMemorySaver, name)
    owner: Any = saver if of_instance else InMemorySaver
    monkeypatch.setattr(owner, name, lambda *args, **options: original(*args, **options))
    assert _memory.native_twin(saver) is None


def test_a_saver_of_another_class_has_no_twin_whatever_its_name() -> None:
    named_alike = type("InMemorySaver", (InMemorySaver,), {})
    assert _memory.native_twin(named_alike()) is None
    assert _memory.native_twin(OURS["own"].InMemorySaver()) is None


def test_a_saver_with_parts_of_its_own_has_no_twin(tmp_path: Any) -> None:
    class Serde(JsonPlusSerializer):
        pass

    def persistent(*_: Any) -> Any:
        return PersistentDict(filename=str(tmp_path / str(uuid.uuid4())))

    assert _memory.native_twin(InMemorySaver(serde=Serde())) is None
    saver = InMemorySaver()
    saver.blobs = {}
    assert _memory.native_twin(saver) is None
    saver = InMemorySaver()
    saver.storage = persistent()
    assert _memory.native_twin(saver) is None


@pytest.mark.parametrize("put", [Mock(), lambda *_: None])
def test_what_somebody_changed_before_the_first_run_is_not_taken_for_the_saver_s_own(
    put: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InMemorySaver, "put", put)
    assert _memory._known_savers.__wrapped__() is None


@pytest.mark.parametrize("name", ["dumps_typed", "loads_typed"])
def test_a_serialiser_that_somebody_changed_is_asked(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    serde = JsonPlusSerializer()
    monkeypatch.setattr(serde, name, lambda *_: None)
    assert _memory.native_twin(InMemorySaver(serde=serde)) is None
    monkeypatch.setattr(JsonPlusSerializer, name, lambda *_: None)
    assert _memory.native_twin(InMemorySaver()) is None


@pytest.mark.parametrize("name", _memory.KNOWN)
def test_the_installed_text_is_the_one_the_binding_was_written_after(name: str) -> None:
    """If this fails, compare the binding with the new text; the tests above help, but read it, too."""
    assert _memory.digest_of(importlib.import_module(name)) == _memory.KNOWN[name]


@pytest.mark.parametrize(
    "drawn", [0.0, 0.5, 1e-05, 9.999e-05, 1e-4, 0.1 + 0.2, 0.9999999999999999, 0.12345678901234567]
)
def test_versions_have_the_names_the_saver_gives_them(
    drawn: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    saver = InMemorySaver()
    twin = _memory.native_twin(saver)
    monkeypatch.setattr(random, "random", lambda: drawn)
    for current in (None, 5, "7", f"{12:032}.0000000.5", "1_0.5", f"{10**20:032}.5"):
        assert twin.get_next_version(current, None) == saver.get_next_version(current, None)


def test_many_drawn_versions_have_the_names_the_saver_gives_them() -> None:
    saver = InMemorySaver()
    random.seed(1)
    ours = list(itertools.accumulate([None] * 3000, _memory.native_twin(saver).get_next_version))
    random.seed(1)
    theirs = list(itertools.accumulate([None] * 3000, saver.get_next_version))
    assert ours == theirs
