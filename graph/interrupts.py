"""Asks the caller of a graph a question from inside a node."""

from typing import Any

from langferry.graph.answers import NOTHING, expectation
from langferry.graph.errors import GraphInterrupt
from langferry.graph.runtime import current
from langferry.graph.types import Interrupt


def interrupt(value: Any, *, response_schema: Any = None) -> Any:
    """Stop here until the run is resumed, then return the answer.

    The node starts anew when it is resumed: what comes before this call runs again.

    Args:
        value: The question.
        response_schema: JSON Schema that clients are shown, or a type (a pydantic model, a
            dataclass, a TypedDict, ...) that the answer is also checked against and made into.

    Raises:
        GraphInterrupt: When there is no answer yet. Let it pass.
        RuntimeError: Outside of a node.
        pydantic.ValidationError: When the answer is not of that type. The question stays open.
    """
    return ask(Interrupt, value, response_schema)


def ask(interrupt_type: type, value: Any, response_schema: Any) -> Any:
    """As `interrupt`, with the class by which the question is told."""
    scope = current.get(None)
    if scope is None:
        raise RuntimeError("Called get_config outside of a runnable context")
    expected = NOTHING if response_schema is None else expectation(response_schema)
    answer = scope.engine.answer(expected.check)
    if answer is not None:
        return answer[0]
    asked = interrupt_type(value, scope.engine.interrupt_id(), response_schema=expected.schema)
    raise GraphInterrupt((asked,))
