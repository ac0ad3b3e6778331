"""LF801: two nodes of one superstep write a channel that takes one value a step."""

import ast
from collections.abc import Iterator
from itertools import combinations

from langferry.converter.advice.subject import NodeCode, Subject
from langferry.diagnostics import Diagnostic


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
                yield other.source.finding("LF801", "warning", message, place)


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
