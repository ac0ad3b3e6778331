"""`src/state.rs`: a struct for every record of the program."""

from typing import Any

from langferry.codegen.rust.layout import MODULES, Layout
from langferry.codegen.rust.literals import string
from langferry.codegen.rust.rust_file import RustFile
from langferry.codegen.rust.templating import render
from langferry.diagnostics import Failure
from langferry.model import types as t
from langferry.model.program import Field, Record, Reducer

_LIBRARY_REDUCERS = {
    "operator.add": "langferry::operator::add",
    "operator.or_": "langferry::operator::or_",
    "add_messages": "langferry::messages::add_messages",
}
_NOTHING_EMPTY = (
    *(t.ClassType, t.RecordType, t.CallableType),
    *(t.TupleType, t.VarTupleType),
)
"""Types of which LangGraph may make an empty value, but Rust has none with the same meaning."""


def state_file(file: RustFile) -> str:
    """The text of `src/state.rs`.

    Raises:
        Failure: LF606, a field's type has no counterpart in Rust.
    """
    records = [_record(record, file) for record in file.layout.program.records]
    text = render("state.rs", imports="", records=records)
    return render("state.rs", imports=file.imports(text), records=records)


def _record(record: Record, file: RustFile) -> dict[str, Any]:
    is_state = record.id in file.layout.states
    derives = (
        "Clone, Debug, Default, PartialEq, State" if is_state else "Clone, Debug, PartialEq, Record"
    )
    attributes = []
    if record.kind == "dataclass" and not is_state:
        attributes.append(f"record(dataclass, class = {string(record.qualified_name)})")
    if record.kind != "typed_dict" and is_state:
        model = ", model" if record.kind == "pydantic" else ""
        attributes.append(f"state(object = {string(record.qualified_name)}{model})")
    return {
        "name": file.layout.struct(record.id),
        "doc": record.doc or f"`{record.qualified_name}`",
        "derives": derives,
        "attributes": attributes,
        "helper": "state" if is_state else "record",
        "fields": [_field(field, record, is_state, file) for field in record.fields],
    }


def _field(field: Field, record: Record, is_state: bool, file: RustFile) -> dict[str, Any]:
    name = file.layout.field(record.id, field.name)
    try:
        found = file.type(field.type)
    except Failure as failure:
        message = f"`{record.qualified_name}.{field.name}`: {failure.diagnostic.message}"
        raise Failure("LF606", message, field.span) from failure
    attributes = []
    if name.removeprefix("r#") != field.name:
        attributes.append(f"rename = {string(field.name)}")
    if is_state and record.kind != "typed_dict":
        if field.default is not None and not field.required:
            attributes.append(f"default = {string(field.default.data)}")
        if record.kind == "pydantic" and isinstance(field.type, t.FloatType):
            attributes.append("float")
    if is_state and field.is_transient:
        attributes.append("transient")
    if is_state and field.reducer is not None:
        attributes += _reducer(field, field.reducer, file.layout)
    may_lack = is_state or (record.kind == "typed_dict" and not field.required)
    declaration = f"pub {name}: {f'Slot<{found}>' if may_lack else found}"
    return {
        "declaration": file.marks.wrap(declaration, field.span, "field", record.id, field.name),
        "doc": field.doc,
        "attributes": attributes,
    }


def _reducer(field: Field, reducer: Reducer, layout: Layout) -> list[str]:
    if reducer.function is not None:
        path = f"crate::{MODULES['reducer']}::{layout.function_name(reducer.function)}"
    else:
        path = _LIBRARY_REDUCERS[reducer.kind]
    if not reducer.has_initial:
        return [f"reducer = {path}", "no_initial"]
    is_open = isinstance(field.type, t.AnyType)
    if is_open and reducer.empty is not None:
        return [
            f"reducer = {path}",
            f"initial = Value::{reducer.empty.title()}(Default::default())",
        ]
    if is_open or isinstance(field.type, _NOTHING_EMPTY):
        message = f"the reducer of `{field.name}` starts with an empty value of its type"
        raise Failure("LF606", message, field.span)
    return [f"reducer = {path}"]
