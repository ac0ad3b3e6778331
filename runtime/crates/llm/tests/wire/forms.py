"""The classes and tools that the cases name by `$class` and `$tool`."""

from enum import Enum
from typing import Any, Literal

from langchain_core.tools import tool
from pydantic import BaseModel, Field
from typing_extensions import TypedDict


class Colour(Enum):
    """A colour."""

    RED = "red"
    GREEN = "green"


class Step(BaseModel):
    """One step."""

    text: str
    minutes: int = 5


class Answer(BaseModel):
    """An answer with its reasons."""

    answer: str = Field(description="what to say")
    score: float = Field(ge=0, le=1)
    steps: list[Step]
    colour: Colour | None = None
    kind: Literal["short", "long"] = "short"
    sure: bool = True
    best: Step | None = Field(default=None, description="the best one")


class Note(TypedDict):
    """A note."""

    title: str
    lines: list[str]


@tool
def add(a: int, b: int = 2) -> int:
    """Adds two numbers."""
    return a + b


@tool
def search(query: str, options: dict[str, Any] | None = None, limit: float = 1.0) -> str:
    """Searches.

    Everywhere.
    """
    return f"found {query}"


@tool
def plan(step: Step, tags: list[str]) -> list[str]:
    """Plans a step."""
    return [step.text, *tags]


@tool
def fail(why: str) -> str:
    """Fails."""
    raise ValueError(why)


FORMS = {form.__name__: form for form in (Answer, Step, Note)}
TOOLS = {made.name: made for made in (add, search, plan, fail)}
