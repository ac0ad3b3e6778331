"""Inputs for a program's graph, drawn from the types of its state and the constants of its functions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from langferry.diagnostics import Failure
from langferry.model import Program, ir
from langferry.model import types as t
from langferry.model.program import Field
from langferry.model.walk import walk
from langferry.validator.encoding import encode

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ITEMS = 4
"""How many items containers have at most."""


def inputs_of(program: Program, known: Sequence[Any] = ()) -> "SearchStrategy[Any]":
    """Inputs of the graph that runs, in the trace's encoding.

    Args:
        program: its model.
        known: inputs of cases, which are drawn with some of their keys changed, too.

    Raises:
        Failure: LF519, hypothesis is not installed, or a key that has to be given is of a type of which
            no values can be drawn.
    """
    try:
        from hypothesis import strategies as st
    except ImportError as error:
        raise Failure("LF519", "inputs are drawn by hypothesis, which is not installed") from error
    graph = next(item for item in program.graphs if item.id == program.entry_graph)
    drawn = _Drawn(program).record(graph.input, is_input=True).map(encode)
    bases = [given for given in known if isinstance(given, dict) and given]
    if not bases:
        return drawn
    keys = sorted({key for base in bases for key in base})
    changed = st.tuples(st.sampled_from(bases), drawn, st.sets(st.sampled_from(keys)))
    return drawn | changed.map(_with_changes)


def _with_changes(parts: tuple[dict[str, Any], Any, set[str]]) -> dict[str, Any]:
    base, drawn, keys = parts
    return base | {key: drawn[key] for key in base if key in keys and key in drawn}


class _Drawn:
    """Draws values of types."""

    def __init__(self, program: Program) -> None:
        from hypothesis import strategies as st

        self._st = st
        self._records = {record.id: record for record in program.records}
        bodies = [x.body for x in program.functions if x.body is not None]
        written = list(walk(bodies))
        texts = sorted({x.value for x in written if isinstance(x, ir.StrLit)})
        numbers = sorted({int(x.digits) for x in written if isinstance(x, ir.IntLit)})
        # what the program compares with is rarely met by chance
        near = [n + by for n in numbers for by in (-1, 0, 1)]
        self._text = st.text(st.characters(codec="utf-8"), max_size=8)
        self._text |= st.sampled_from(["", "a", "hello world", "12"])
        self._text = self._text | st.sampled_from(texts) if texts else self._text
        self._number = st.integers(-3, 12) | st.integers(-(2**40), 2**40)
        self._number = self._number | st.sampled_from(near) if near else self._number
        self._bool = st.booleans()
        self._float = st.floats(-1e6, 1e6, allow_subnormal=False)
        self._any = self._st.one_of(
            st.none(), self._bool, self._number, self._text, st.lists(self._number, max_size=_ITEMS)
        )

    def record(self, id_: str, is_input: bool = False) -> "SearchStrategy[Any]":
        record = self._records[id_]
        if record.kind == "dataclass" and not is_input:
            raise _none(record.name)
        required: dict[str, SearchStrategy[Any]] = {}
        optional: dict[str, SearchStrategy[Any]] = {}
        for field in record.fields:
            try:
                drawn = self._field(field)
            except Failure:
                if field.required:
                    raise
                continue
            (required if field.required else optional)[field.name] = drawn
        if required.keys() == {"__root__"}:
            return required["__root__"]
        return self._st.fixed_dictionaries(required, optional=optional)

    def _field(self, field: Field) -> "SearchStrategy[Any]":
        if field.reducer is not None and field.reducer.kind == "add_messages":
            message = {"role": self._st.just("user"), "content": self._text}
            said = self._st.fixed_dictionaries(message)
            return self._st.lists(said, min_size=1, max_size=2)
        return self.of(field.type)

    def of(self, kind: t.Type) -> "SearchStrategy[Any]":
        """Values of a type."""
        st = self._st
        match kind:
            case t.AnyType():
                return self._any
            case t.NoneType():
                return st.none()
            case t.BoolType():
                return self._bool
            case t.IntType():
                return self._number
            case t.FloatType():
                return self._float
            case t.StrType(literals):
                return st.sampled_from(literals) if literals else self._text
            case t.ListType(item):
                return st.lists(self.of(item), max_size=_ITEMS)
            case t.SetType(item):
                return st.sets(self.of(item), max_size=_ITEMS)
            case t.DictType(key, value):
                return st.dictionaries(self.of(key), self.of(value), max_size=_ITEMS)
            case t.TupleType(items):
                return st.tuples(*map(self.of, items))
            case t.OptionalType(item):
                return st.none() | self.of(item)
            case t.RecordType(record):
                return self.record(record)
        raise _none(msgspec.to_builtins(kind)["type"])


def _none(what: str) -> Failure:
    return Failure("LF519", f"no values of the type {what} can be drawn")
