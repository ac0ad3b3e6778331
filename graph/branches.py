"""A conditional edge: what it reads, where it may lead, what its answer means."""

import dataclasses
import inspect
from collections.abc import Hashable, Sequence
from typing import Any, Literal, get_args, get_origin

from langferry.graph.bodies import Body
from langferry.graph.constants import END, START
from langferry.graph.errors import InvalidUpdateError
from langferry.graph.functions import call_method, first_parameter, hints
from langferry.graph.schema import has_fields
from langferry.graph.types import Send

PathMap = dict[Hashable, str] | list[str] | None


@dataclasses.dataclass(frozen=True, slots=True)
class Branch:
    """One conditional edge of a node."""

    body: Body
    ends: dict[Hashable, str] | None
    input_schema: type | None

    def targets(self, answer: Any) -> list[str | Send]:
        """What a router's answer leads to, END left out.

        Raises:
            KeyError: If the path map lacks the answer.
            ValueError: If the answer is no destination.
            InvalidUpdateError: If it is a Send to END.
        """
        ends = self.ends
        if type(answer) is str:
            # the usual answer costs a loop more than its node, if it goes the way of all others
            target = ends[answer] if ends else answer
            if target == END:
                return []
            if target is not None and target != START:
                return [target]
        answers = answer if isinstance(answer, list | tuple) else [answer]
        if ends:
            destinations = [a if isinstance(a, Send) else ends[a] for a in answers]
        else:
            destinations = list(answers)
        if any(d is None or d == START for d in destinations):
            raise ValueError("Branch did not return a valid destination")
        if any(isinstance(d, Send) and d.node == END for d in destinations):
            raise InvalidUpdateError("Cannot send a packet to the END node")
        return [d for d in destinations if d != END]


def make_branch(body: Body, path_map: PathMap) -> Branch:
    """Complete a router by its annotations."""
    return Branch(body, _ends(body, path_map), _input_schema(body.function))


def _ends(body: Body, path_map: PathMap) -> dict[Hashable, str] | None:
    if isinstance(path_map, dict):
        return path_map.copy()
    if isinstance(path_map, list):
        return {name: name for name in path_map}
    if body.function is None:
        return None
    try:
        returned = hints(body.function).get("return")
    except Exception:
        return None
    if get_origin(returned) is Literal:
        return {name: name for name in get_args(returned)}
    return None


def _input_schema(function: Any) -> type | None:
    if inspect.isfunction(function) or inspect.ismethod(function):
        return first_parameter_schema(function)
    method = call_method(function)
    return first_parameter_schema(method) if inspect.ismethod(method) else None


def first_parameter_schema(function: Any) -> type | None:
    """The class a function's first parameter is annotated with, if it has fields."""
    try:
        declared = hints(function)
        if not declared:
            return None
        hint = declared.get(first_parameter(function) or "")
        return hint if hint and has_fields(hint) else None
    except TypeError:
        return None


def command_targets(goto: Any) -> Sequence[str | Send]:
    """What the `goto` of a Command leads to, END left out."""
    targets = [goto] if isinstance(goto, Send | str) else goto
    return [t for t in targets if isinstance(t, Send) or (isinstance(t, str) and t != END)]
