"""Fields that the program itself gives, or takes for, something else than they are declared as.

Python does not look at the annotations of TypedDicts and dataclasses. Where a function is not native
because a value is not of the type that a field declares, the field may be held as a value of unknown type,
which everything fits: whether that makes more functions native is found out by trying.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

from langferry.converter.lower import LoweredProgram, Request
from langferry.converter.module_scope import Function, ModuleScope, own_nodes
from langferry.converter.records import FieldPlace, Records
from langferry.converter.wiring.channels import (
    custom_reducer,
    empty_container_of,
    has_initial,
)
from langferry.converter.wiring.schemas import Hint, metadata
from langferry.converter.wiring.values import LibraryValue
from langferry.model import types as t
from langferry.model.program import Reason

_OF_TYPES = re.compile(
    r"LF307 |LF303 (attribute|method) `\w+` of (?!Any )|LF302 (subscripts of|iterating over|slices of) "
)
"""The reasons that another type might not give."""

_KINDS = ("typed_dict", "dataclass")

_Field = tuple[str, str]
"""The id of a record, and the name of a field."""


def contradicted(
    requests: Iterable[Request],
    lowered: LoweredProgram,
    modules: Mapping[str, ModuleScope],
    records: Records,
) -> frozenset[FieldPlace]:
    """The fields whose types may be what keeps functions in Python; `modules` are found by their paths."""
    found: set[_Field] = set()
    for request in requests:
        scope = modules.get(request.path)
        function = scope.function_at(request.line, request.column) if scope is not None else None
        reasons = lowered.functions[request.id].reasons
        if scope is None or function is None or not reasons:
            continue
        if _OF_TYPES.match(f"{reasons[-1].code} {reasons[-1].message}"):
            found.update(_Contradiction(scope, function, request).fields(reasons[-1]))
    kinds = {record.id: record for record in records.all()}
    places = set()
    for record, name in found:
        if record in kinds and kinds[record].kind in _KINDS:
            field = next((x for x in kinds[record].fields if x.name == name), None)
            if field is not None and not isinstance(field.type, t.AnyType):
                place = _place(records.hint(record, name), modules)
                places |= {place} - {None}
    return frozenset(place for place in places if place is not None)


def _place(hint: Hint, modules: Mapping[str, ModuleScope]) -> FieldPlace | None:
    """Where the field is declared, if its type can be left open there."""
    span, scope = hint.field.span, modules.get(hint.field.span.file)
    reducer = metadata(hint.value)[-1:]
    if scope is None or any(isinstance(x, LibraryValue) for x in reducer):
        # a library's own reducer has a say in what the field holds
        return None
    starts = custom_reducer(hint.value) is not None and has_initial(hint.value)
    if starts and empty_container_of(hint.value) is None:
        # with an empty value of its type
        return None
    for node in scope.nodes:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=kind) if (
                name == hint.name and node.lineno == span.line
            ):
                is_short = kind.lineno == kind.end_lineno
                length = (kind.end_col_offset or 0) - kind.col_offset
                return FieldPlace(span.file, span.line) if is_short and length >= 3 else None
    return None


class _Contradiction:
    """What a refused part of a function has to do with fields."""

    def __init__(self, scope: ModuleScope, function: Function, request: Request) -> None:
        self._scope = scope
        self._function = function
        self._state = request.state
        self._sent = request.inputs
        self._given = {
            name: kind.record
            for name, kind in request.parameters.items()
            if isinstance(kind, t.RecordType)
        }
        self._nodes = list(own_nodes(function))
        self._parents = {y: x for x in self._nodes for y in ast.iter_child_nodes(x)}

    def fields(self, reason: Reason) -> Iterator[_Field]:
        """The fields that what stands there is read from, or written to."""
        for node in self._nodes:
            if isinstance(node, ast.expr | ast.stmt) and self._is_at(node, reason):
                yield from self._read(node, set())
                yield from self._written(node)

    def _is_at(self, node: ast.expr | ast.stmt, reason: Reason) -> bool:
        span, lines = reason.span, self._scope.lines
        return (
            (node.lineno, node.end_lineno) == (span.line, span.end_line)
            and len(lines[node.lineno - 1][: node.col_offset].decode()) == span.column
            and len(lines[span.end_line - 1][: node.end_col_offset or 0].decode())
            == span.end_column
        )

    def _read(self, node: ast.AST, seen: set[str]) -> Iterator[_Field]:
        for part in ast.walk(node):
            match part:
                case (
                    ast.Subscript(value=ast.Name(id=base), slice=ast.Constant(value=str(key)))
                    | ast.Call(
                        func=ast.Attribute(value=ast.Name(id=base), attr="get"),
                        args=[ast.Constant(value=str(key)), *_],
                    )
                    | ast.Attribute(value=ast.Name(id=base), attr=key)
                ) if base in self._given:
                    yield self._given[base], key
                case ast.Name(id=name) if name not in self._given and name not in seen:
                    seen.add(name)
                    for value in self._bound_to(name):
                        yield from self._read(value, seen)

    def _bound_to(self, name: str) -> Iterator[ast.expr]:
        for node in self._nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    pass
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    targets = [target]
                case (
                    ast.For(target=target, iter=value)
                    | ast.comprehension(target=target, iter=value)
                ):
                    targets = [target]
                case _:
                    continue
            names = (x for target in targets for x in ast.walk(target) if isinstance(x, ast.Name))
            if any(x.id == name and isinstance(x.ctx, ast.Store) for x in names):
                yield value

    def _written(self, node: ast.AST) -> Iterator[_Field]:
        child = node
        parent = self._parents.get(node)
        while parent is not None:
            match parent:
                case ast.Dict(keys=keys, values=values) if child in values:
                    written = keys[values.index(child)]
                    if isinstance(written, ast.Constant) and isinstance(written.value, str):
                        yield from self._field_of_dict(parent, written.value)
            child, parent = parent, self._parents.get(parent)
        for target in getattr(node, "targets", []):
            for record, key in self._read(target, set()):
                yield record, key
                if self._state is not None:
                    yield self._state, key

    def _field_of_dict(self, node: ast.Dict, key: str) -> Iterator[_Field]:
        match self._parents.get(node):
            case ast.Call(func=ast.Name(id="Send"), args=[ast.Constant(value=str(to)), _]):
                if to in self._sent:
                    yield self._sent[to], key
            case _ if self._state is not None:
                yield self._state, key
