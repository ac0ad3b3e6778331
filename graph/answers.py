"""Checks the answer to a question against the type that the node asked for."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from langferry.graph.errors import mark_invalid_resume


class Expectation(NamedTuple):
    """What an answer has to look like: for clients as JSON Schema, for the node as a check."""

    schema: Any
    check: Callable[[Any], Any] | None


NOTHING: Final = Expectation(None, None)
"""Any answer will do."""


def expectation(response_schema: Any) -> Expectation:
    """Read `interrupt(response_schema=...)`.

    JSON Schema is passed on and not checked. Anything pydantic has a type adapter for is both
    told, as JSON Schema, and checked; the node gets the object that the check gives.

    Raises:
        ImportError: For a type, if pydantic is not installed.
        pydantic.PydanticUserError: For what pydantic has no adapter for.
    """
    if response_schema is None or isinstance(response_schema, dict):
        return Expectation(response_schema, None)
    # only who asks for a type pays for importing pydantic
    from pydantic import TypeAdapter, ValidationError

    adapter: TypeAdapter[Any] = TypeAdapter(response_schema)

    def check(answer: Any) -> Any:
        try:
            return adapter.validate_python(answer)
        except ValidationError as error:
            mark_invalid_resume(error)
            raise

    return Expectation(adapter.json_schema(), check)
