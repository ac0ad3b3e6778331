"""LF801: two nodes of one superstep write a channel that takes one value a step."""

import ast
from collections.abc import Iterator
from itertools import combinations

from langferry.converter.advice.imports import Imports
from langferry.converter.advice.subject import NodeCode, Source, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix


def parallel_writers(subject: Subject) -> Iterator[Diagnostic]:
    """Keys that siblings both write, whatever way they go, at the later one."""
    reduced = subject.reduced()
    for names in subject.siblings():
        codes = [subject.nodes[name] for name in names if name in subject.nodes]
        for one, other in combinations(codes, 2):
            both = _always_written(one).keys() & _always_written(other).keys()
            for key in sorted(both - reduced):
                message = (
                    f"{one.name!r} and {other.name!r} run in the same superstep and both write "
                    f"{key!r}, which has no reducer: LangGraph raises InvalidUpdateError"
                )
                place = _always_written(other)[key]
                fix = _fix(subject, key)
                yield other.source.finding("LF801", "warning", message, place, fix)


def _fix(subject: Subject, key: str) -> Fix:
    """The reducer that lists mostly are to have; what else is meant only its author knows."""
    manual = Fix(
        "manual",
        f"annotate {key!r} by `Annotated[..., reducer]` with a function of the old value and an update",
    )
    # nodes may write keys that the state does not have
    span = next((field.span for field in subject.state.fields if field.name == key), None)
    source = next((x for x in subject.sources if span and x.module.file == span.file), None)
    if source is None or subject.state.kind != "typed_dict":
        return manual
    annotation = next(
        (
            statement.annotation
            for outer in source.module.tree.body
            if isinstance(outer, ast.ClassDef)
            for statement in outer.body
            if isinstance(statement, ast.AnnAssign) and source.module.span(statement) == span
        ),
        None,
    )
    if annotation is None or not _is_list(annotation, source):
        return manual
    imports = Imports(source, annotation.lineno)
    annotated, operator = imports.name("typing", "Annotated"), imports.name("operator")
    needed = imports.edits()
    if needed is None:
        return manual
    place = source.module.span(annotation)
    text = f"{annotated}[{source.text(place)}, {operator}.add]"
    message = f"let the lists of {key!r} be added: `{' '.join(text.split())}`"
    return Fix("unsafe", message, (*needed, Edit(place, text)))


def _is_list(annotation: ast.expr, source: Source) -> bool:
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return source.name(named) in ("builtins.list", "typing.List")


def _always_written(code: NodeCode) -> dict[str, ast.expr]:
    """The keys that every result of a function has, with where the first one says so."""
    results = code.results()
    if not results or not all(isinstance(result, ast.Dict) for result in results):
        return {}
    written = [
        {
            key.value: key
            for key in result.keys
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
        for result in results
        if isinstance(result, ast.Dict)
    ]
    common = set.intersection(*(set(keys) for keys in written))
    return {key: place for key, place in written[0].items() if key in common}
