"""A case for a graph that the program does not call itself, made of its state's types."""

from typing import Any

from build_support.runnable.inside import SEED
from langferry.model import types as t
from langferry.model.program import Program
from langferry.validator.cases import Case, Run


def case_of_types(program: Program, graph: str) -> Case:
    """A greeting in every channel that takes text or messages, and little in the others.

    Args:
        graph: the id of a graph of `program`.
    """
    given: dict[str, Any] = {}
    input_of = next(item.input for item in program.graphs if item.id == graph)
    record = next((item for item in program.records if item.id == input_of), None)
    for field in record.fields if record is not None else ():
        is_messages = field.reducer is not None and field.reducer.kind == "add_messages"
        if is_messages or field.name == "messages":
            given[field.name] = [{"role": "user", "content": "hello"}]
        elif field.required:
            given[field.name] = _example(field.type)
    if not given:
        given["messages"] = [{"role": "user", "content": "hello"}]
    config = {"configurable": {"thread_id": "1"}}
    return Case("made of the types", [Run("input", given)], config, SEED)


def _example(kind: t.Type) -> Any:
    match kind:
        case t.StrType(literals):
            return literals[0] if literals else "hello"
        case t.BoolType():
            return False
        case t.IntType():
            return 1
        case t.FloatType():
            return 1.0
        case t.ListType() | t.SetType():
            return []
        case t.DictType() | t.RecordType():
            return {}
    return None
