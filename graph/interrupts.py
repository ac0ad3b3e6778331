"""Asks the caller of a graph a question from inside a node."""

from typing import Any

from langferry.graph.errors import GraphInterrupt, Unsupported
from langferry.graph.runtime import current
from langferry.graph.types import Interrupt


def interrupt(value: Any, *, response_schema: Any = None) -> Any:
    """Stop here until the run is resumed, then return the answer.

    The node starts anew when it is resumed: what comes before this call runs again.

    Raises:
        GraphInterrupt: When there is no answer yet. Let it pass.
        RuntimeError: Outside of a node.
        Unsupported: LF408 for a `response_schema` that is not JSON Schema.
    """
    return ask(Interrupt, value, response_schema)


def ask(interrupt_type: type, value: Any, response_schema: Any) -> Any:
    """As `interrupt`, with the class by which the question is told."""
    if response_schema is not None and not isinstance(response_schema, dict):
        raise Unsupported(
            "LF408",
            "interrupt(response_schema=...) takes JSON Schema only; check the answer instead",
        )
    scope = current.get(None)
    if scope is None:
        raise RuntimeError("Called get_config outside of a runnable context")
    answer = scope.engine.answer()
    if answer is not None:
        return answer[0]
    asked = interrupt_type(value, scope.engine.interrupt_id(), response_schema=response_schema)
    raise GraphInterrupt((asked,))
