"""The schema of a form is the one pydantic makes of the class."""

import ast
import json
import textwrap
from typing import Any

import pytest

from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.types import Module, untyped

HEAD = """
from typing import Any, Dict, List, Literal, Optional
from pydantic import BaseModel, Field, field_validator

class Part(BaseModel):
    \"\"\"A part.\"\"\"
    some_name: str = Field(description="its name")
    size: int = 3

"""

SAME = [
    '''
    class Plain(BaseModel):
        """Plain, on
        two lines."""

        score: Literal["yes", "no"] = Field(description="yes or no")
        why: Optional[str] = None
        count: int = Field(default=3, description="ü")
        parts: List[str] = Field(..., description="texts")
        rest: Dict[str, Any] = {}
        maybe: Optional[int] = Field(None, description="perhaps")
        number: float
    ''',
    """
    class Nested(BaseModel):
        parts: list[Part] = Field(description="all parts")
        first: Part
        other: Optional[Part] = None
    """,
    """
    class Bounded(BaseModel):
        score: int = Field(description="how good", ge=1, le=10)
        share: float = Field(0.5, gt=0, lt=1.0)
        name: str = Field(min_length=1, max_length=9)
        parts: List[str] = Field(description="texts", min_length=1, max_length=3)
    """,
    """
    class Empty(BaseModel):
        pass
    """,
]

REFUSED = [
    'class Checked(BaseModel):\n    x: int\n\n    @field_validator("x")\n    def check(cls, v): return v',
    'class Patterned(BaseModel):\n    x: str = Field(pattern="a+")',
    "class Maybe(BaseModel):\n    x: Optional[int] = Field(ge=1)",
    "class Derived(Part):\n    y: int",
    "class Odd(BaseModel):\n    x: Exception",
]


def ours(text: str) -> Any:
    module = Module("program.py", "program", HEAD + textwrap.dedent(text))
    lowering = ProgramLowering([module], untyped([module]), [])
    scope = lowering.scopes["program"]
    definition = scope.tree.body[-1]
    assert isinstance(definition, ast.ClassDef)
    return form_of(lowering.lowering(scope), scope, definition)


@pytest.mark.parametrize("text", SAME)
def test_as_pydantic_has_it(text: str) -> None:
    scope: dict[str, Any] = {}
    exec(HEAD + textwrap.dedent(text), scope)
    name = textwrap.dedent(text).strip().partition("(")[0].removeprefix("class ")
    found = ours(text)
    assert found.name == f"program.{name}"
    assert json.dumps(json.loads(found.schema)) == json.dumps(scope[name].model_json_schema())


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        ours(text)
