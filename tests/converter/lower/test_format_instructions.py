"""The instructions are those that LangChain's parser gives for the same class."""

import json
from typing import Any, Literal

import pytest
from langchain_core.output_parsers import JsonOutputParser
from pydantic import BaseModel, Field

from langferry.converter.lower.format_instructions import ANYTHING, format_instructions


class Part(BaseModel):
    """A part, {with} braces."""

    name: str = Field(description="its näme")
    size: int | None = None


class Whole(BaseModel):
    """All of it."""

    title: str
    type: Literal["a", "b"] = "a"
    parts: list[Part] = Field(description='all "parts"')
    share: float = 0.5
    rest: dict[str, Any] = {}


class Empty(BaseModel):
    pass


@pytest.mark.parametrize("form", [Part, Whole, Empty])
def test_those_of_the_parser(form: type[BaseModel]) -> None:
    schema = json.dumps(form.model_json_schema())
    assert (
        format_instructions(schema)
        == JsonOutputParser(pydantic_object=form).get_format_instructions()
    )


def test_without_a_form() -> None:
    assert JsonOutputParser().get_format_instructions() == ANYTHING
