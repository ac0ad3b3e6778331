"""The schema of a tool's arguments is the one langchain makes of the function."""

import ast
import json
import textwrap
from typing import Any

import pytest
from langchain_core.tools import tool

from langferry.converter.lower.program import ProgramLowering
from langferry.converter.lower.refusal import Refusal
from langferry.converter.module_scope import ModuleScope
from langferry.converter.types import untyped
from langferry.diagnostics import Span
from langferry.model import ir

HEAD = """
from typing import Annotated, Any, Dict, List, Literal, Optional, Union
from langchain_core.tools import tool
from pydantic import Field

"""

SAME = [
    '''
    def more(queries: list[str], *, top: int = 3, **kwargs):
        """Takes more than it says."""
        return queries[:top]
    ''',
    '''
    def plain(x: int, y: str = "d", z: float = 1.0, w: bool = False) -> str:
        """Does it.

            indented
        Args:
            x: the x
        """
    ''',
    '''
    def several(o: Optional[int] = None, l: list[str] = [], d: dict = {}, u: Union[int, str] = 3):
        """  Several kinds  """
    ''',
    '''
    def nested(a: List[Dict[str, Any]], b: dict[str, int], c: "int | None", d: list, *, e: Any = None):
        """Nested ones."""
    ''',
    '''
    def untyped_ones(x, some_name=3, x1y: int = 4):
        """Untyped."""
    ''',
    """
    def literals(a: Literal["x", "y"], b: Literal[1, 2], c: Literal["z"], d: Optional[Literal["q"]] = None):
        "Literals: ü."
    """,
    '''
    def described(x: Annotated[str, "the text"], y: Annotated[Optional[int], "a number"] = None):
        """Described."""
    ''',
    '''
    def nothing() -> str:
        """Takes nothing."""
    ''',
    '''
    def fields(a: str = Field(description="the a"), b: int = Field(3), c: str = Field(..., description="c")):
        """Fields."""
    ''',
    '''
    def with_defaults(a: str = Field(default="x", description="the a"), b: float = Field(default=1.5)):
        """Fields."""
    ''',
]

REFUSED = [
    "def no_doc(x: int): pass",
    'def config_too(x: int, config: Any):\n    "Doc."',
    'def rest(*args: int):\n    "Doc."',
    'def constrained(x: Annotated[int, Field(gt=3)]):\n    "Doc."',
    'def limited(x: int = Field(gt=3)):\n    "Doc."',
    'def of_a_class(x: Exception):\n    "Doc."',
]


def ours(text: str, decorator: str = "@tool", before: str = "", after: str = "") -> ir.ToolLit:
    decorated = decorator + "\n" + textwrap.dedent(text).strip() + "\n"
    module = ModuleScope("program.py", "program", HEAD + before + decorated + after)
    lowering = ProgramLowering([module], untyped([module]), [])
    found_there = [x for x in module.nodes if isinstance(x, ast.FunctionDef) and x.decorator_list]
    definition = found_there[-1]
    at = Span("program.py", 1, 0, 1, 0)
    made = lowering.tool(lowering.scopes["program"], definition, at)
    found = lowering.globals[made.id].value
    assert isinstance(found, ir.ToolLit)
    return found


@pytest.mark.parametrize("text", SAME)
def test_as_langchain_has_it(text: str) -> None:
    scope: dict[str, Any] = {}
    exec(HEAD + textwrap.dedent(text), scope)
    name = textwrap.dedent(text).strip().partition("(")[0].removeprefix("def ")
    theirs = tool(scope[name])
    found = ours(text)
    assert (found.name, found.description) == (theirs.name, theirs.description)
    schema: Any = theirs.tool_call_schema
    assert json.dumps(json.loads(found.schema)) == json.dumps(schema.model_json_schema())


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        ours(text)


PARSED = [
    '''
    def parsed(x: int, y: Annotated[str, "not this"] = "d", *, z: float = 1.0) -> str:
        """Does it,

        and more.

        Args:
            x (int): the x,
                which is: long
            y: the y
        and on

        Returns:
            something
        """
    ''',
    '''
    def said_first(x: int):
        """Says.

        Returns:
            nothing

        But more.

        Args:
            x:the x
        """
    ''',
    '''
    def nothing_given() -> str:
        """Takes nothing.

        Example:
            none
        """
    ''',
]


@pytest.mark.parametrize("text", PARSED)
def test_docstrings_are_parsed_as_langchain_does(text: str) -> None:
    scope: dict[str, Any] = {}
    exec(HEAD + textwrap.dedent(text), scope)
    name = textwrap.dedent(text).strip().partition("(")[0].removeprefix("def ")
    theirs = tool(parse_docstring=True)(scope[name])
    found = ours(text, "@tool(parse_docstring=True)")
    assert found.description == theirs.description
    schema: Any = theirs.tool_call_schema
    assert json.dumps(json.loads(found.schema)) == json.dumps(schema.model_json_schema())


@pytest.mark.parametrize("doc", ["", "Says it.", "Says it.\n\n    Args:\n        y: no parameter"])
def test_docstrings_that_langchain_refuses(doc: str) -> None:
    with pytest.raises(Refusal):
        ours(f'def odd(x: int):\n    """{doc}"""', "@tool(parse_docstring=True)")


LOOKS = 'def look(x: str):\n    "Looks."\n    return x'


@pytest.mark.parametrize(
    "after",
    [
        "tool = look\n",
        "for tool in [look]:\n    pass\n",
        "if look:\n    def tool():\n        pass\n",
    ],
)
def test_the_decorators_name_may_be_given_to_something_else_later(after: str) -> None:
    assert ours(LOOKS, after=after).name == "look"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tool = print\n", ""),
        ("if Any:\n    tool = print\n", "tool = 3\n"),
        ("def rename():\n    global tool\n    tool = print\nrename()\n", "tool = 3\n"),
        ("def tool(x):\n    return x\n", "tool = 3\n"),
    ],
)
def test_the_decorators_name_may_mean_something_else_there(before: str, after: str) -> None:
    with pytest.raises(Refusal):
        ours(LOOKS, before=before, after=after)


def test_what_is_decorated_in_a_loop_may_be_so_after_the_name_is_given_away() -> None:
    looped = (
        "for i in range(2):\n    @tool\n" + textwrap.indent(LOOKS, "    ") + "\n    tool = look"
    )
    with pytest.raises(Refusal):
        ours("pass", decorator="", before=looped + "\n")
