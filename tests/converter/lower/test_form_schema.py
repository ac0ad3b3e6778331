"""The schema of a form is the one pydantic makes of the class."""

import ast
import json
import textwrap
from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_function

from langferry.converter.lower.form_schema import form_of, typed_form
from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import untyped
from langferry.model.constants import Constant

HEAD = """
from typing import Any, Dict, List, Literal, Optional, Union
import typing_extensions as te
from pydantic import BaseModel, Field, field_validator, model_validator

class Part(BaseModel):
    \"\"\"A part.\"\"\"
    some_name: str = Field(description="its name")
    size: int = 3

class Other(BaseModel):
    n: int = Field(description="a number")

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
    class Choice(BaseModel):
        first: Union[Part, Other] = Field(description="either")
        second: Union[Part, Other, None] = None
        third: Union[Part, str] = Field(description="a part or a text")
        fourth: Part = Field(description="a part")
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
    """
    class Derived(Part):
        size: float = 2.5
        more: te.Optional[te.List[te.Literal["a"]]] = None
    """,
    """
    class Making(BaseModel):
        parts: list[Part] = Field(default_factory=list, description="all parts")
        told: str = Field(default_factory=lambda: "nothing")

        def total(self) -> int:
            return sum(part.size for part in self.parts)

        @property
        def names(self) -> list[str]:
            return [part.some_name for part in self.parts]
    """,
]

REFUSED = [
    'class Checked(BaseModel):\n    x: int\n\n    @field_validator("x")\n    def check(cls, v): return v',
    'class Patterned(BaseModel):\n    x: str = Field(pattern="a+")',
    "class Maybe(BaseModel):\n    x: Optional[int] = Field(ge=1)",
    'class Checked(BaseModel):\n    x: int\n\n    @model_validator(mode="after")\n    def check(self): return self',
    "class Made(BaseModel):\n    x: int\n\n    def model_post_init(self, context): self.x = 1",
    "class Made(BaseModel):\n    x: list = Field(default_factory=dir)",
    "class Recursive(BaseModel):\n    x: Optional['Recursive'] = None",
    "class Derived(Part):\n    size = 4",
    "class Private(BaseModel):\n    x: int\n    _seen: int = 1",
    "class Odd(BaseModel):\n    x: Exception",
]


def ours(text: str) -> Any:
    module = ModuleScope("program.py", "program", HEAD + textwrap.dedent(text))
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


TYPED = [
    '''
    class Router(te.TypedDict):
        """Where to go.

        Else nowhere.

        Args:
            why: the reason
        """

        next: Literal["a", "b"]
        why: str
        one: te.Annotated[List[Literal["z"]], ..., "ones"]
        maybe: Optional[int]
        rest: te.Annotated[Optional[Dict[str, int]], None, "the rest"]
        other: te.Annotated[str, "x"]
        parts: dict[str, Any]
        anything: Any
        inner: list[Inner]
        title: float | None
    ''',
    """
    class Spread(te.TypedDict):
        next: Literal[*PLACES]
        inner: Optional[Inner]
    """,
    """
    class Partial(te.TypedDict, total=False):
        text: str
    """,
]

UNTYPED = [
    "class Needed(te.TypedDict):\n    x: te.NotRequired[int]",
    "class Derived(Inner):\n    x: int",
    "class Told(te.TypedDict):\n    x: te.Annotated[Inner, ..., 'said']",
]

TYPED_HEAD = """
PLACES = ["here", "there"]

class Inner(te.TypedDict):
    '''An inner one.'''

    some_text: str

"""


def typed(text: str) -> Any:
    whole = HEAD + TYPED_HEAD + textwrap.dedent(text)
    module = ModuleScope("program.py", "program", whole)
    places = {"program": {"PLACES": Constant('["here", "there"]')}}
    lowering = ProgramLowering([module], untyped([module]), [], places)
    scope = lowering.scopes["program"]
    definition = scope.tree.body[-1]
    assert isinstance(definition, ast.ClassDef)
    return typed_form(lowering.lowering(scope), scope, definition)


@pytest.mark.parametrize("text", TYPED)
def test_typed_dicts_are_told_of_as_langchain_does(text: str) -> None:
    scope: dict[str, Any] = {}
    exec(HEAD + TYPED_HEAD + textwrap.dedent(text), scope)
    name = textwrap.dedent(text).strip().partition("(")[0].removeprefix("class ")
    assert json.loads(typed(text)) == convert_to_openai_function(scope[name])


@pytest.mark.parametrize("text", UNTYPED)
def test_what_is_not_known_of_typed_dicts_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        typed(text)


def test_names_mean_what_they_do_where_the_class_is() -> None:
    forms = """
from pydantic import BaseModel as Base, Field
from parts import Part

class Whole(Base):
    parts: list[Part]
    text: str = Field(default_factory=str)

class Told(Base):
    first: Part = Field(description="one")
"""
    texts = {"forms": forms, "parts": HEAD, "program": "from forms import *\nBase = None\n"}
    modules = [ModuleScope(f"{name}.py", name, text) for name, text in texts.items()]
    lowering = ProgramLowering(modules, untyped(modules), [])
    scope = lowering.scopes["forms"]
    whole, told = (node for node in scope.tree.body if isinstance(node, ast.ClassDef))
    names = lowering.lowering(lowering.scopes["program"])
    found = form_of(names, scope, told)
    assert found.inner == (("Part", "parts.Part"),)
    assert json.loads(found.schema)["properties"]["first"] == {
        "$ref": "#/$defs/Part",
        "description": "one",
    }
    with pytest.raises(Refusal, match="factory"):
        form_of(names, scope, whole)


def test_names_mean_what_they_did_when_the_class_was_made() -> None:
    again = """
class Part(BaseModel):
    later: str

class Whole(BaseModel):
    other: Part
"""
    text = f"""{HEAD}
class Based(Part):
    parts: list[Part]

if Part:
    class Other(BaseModel):
        n: str

class Unsure(BaseModel):
    other: Other
{again}"""
    module = ModuleScope("program.py", "program", text)
    lowering = ProgramLowering([module], untyped([module]), [])
    scope = lowering.scopes["program"]
    classes = {x.name: x for x in scope.tree.body if isinstance(x, ast.ClassDef)}
    made: dict[str, Any] = {}
    exec(text.partition("if Part:")[0], made)
    found = form_of(lowering.lowering(scope), scope, classes["Based"])
    assert json.loads(found.schema) == made["Based"].model_json_schema()
    exec(again, made)
    found = form_of(lowering.lowering(scope), scope, classes["Whole"])
    assert json.loads(found.schema) == made["Whole"].model_json_schema()
    with pytest.raises(Refusal, match="`Other` is not native"):
        form_of(lowering.lowering(scope), scope, classes["Unsure"])


def test_what_factories_make_is_known() -> None:
    assert ours(SAME[-1]).factories == (
        ("Making", "parts", "[]"),
        ("Making", "told", '"nothing"'),
    )


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        ours(text)
