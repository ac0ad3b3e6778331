"""What Python sees of a compiled graph asks for the modes it is asked for, and changes only what it knows."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

_FACE = Path(__file__).parents[2] / "runtime/crates/langferry/src/extension.py"


class Native:
    """A run of which the chunks are told."""

    def __init__(self, *chunks: tuple[str, Any]) -> None:
        self._chunks = list(chunks)
        self.asked: tuple[Any, ...] = ()

    def stream(self, input: object, config: object, *wanted: bool) -> "Native":
        """Begin the run."""
        self.asked = wanted
        return self

    def next(self) -> tuple[str, Any] | None:
        """The next chunk."""
        return self._chunks.pop(0) if self._chunks else None


def _graph(native: Native) -> Any:
    spec = importlib.util.spec_from_file_location("langferry_extension_face", _FACE)
    assert spec is not None
    assert spec.loader is not None
    face = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(face)
    return face.Graph(native, "graph")


def test_what_nodes_write_is_handed_on_as_it_is() -> None:
    written = {"__interrupt__": "the node's own"}
    native = Native(("custom", written), ("updates", {"node": None}))
    chunks = list(_graph(native).stream({}, stream_mode=["custom", "updates"]))
    assert chunks == [("custom", written), ("updates", {"node": None})]
    assert native.asked == (False, True, True)


def test_other_modes_are_refused() -> None:
    with pytest.raises(NotImplementedError, match="LF404"):
        list(_graph(Native()).stream({}, stream_mode="debug"))
