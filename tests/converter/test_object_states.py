"""Which states that are objects native code can make, and what it must look at for that."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model import ir

_PROGRAM = """
import random
import time
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, Optional, Sequence, TypedDict, Union

import networkx as nx
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Row(TypedDict):
    name: str


class Step(BaseModel):
    title: str


class Timed(BaseModel):
    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    at: float = Field(default_factory=time.time)
    steps: list[str] = []


class Loud(Timed):
    def model_post_init(self, context):
        print("made")


class Checked(Timed):
    @model_validator(mode="after")
    def check(self):
        print("made")
        return self


class Copied(Timed):
    def __deepcopy__(self, memo):
        print("copied")
        return self


class Options(BaseModel):
    most: int = Field(default=12, ge=1, le=50)
    size: Literal["short", "long"] = "short"


class Refused(BaseModel):
    most: int = Field(0, ge=1, validate_default=True)


class State(BaseModel):
    {body}


def work(state: State):
    return {{"topic": "done"}}


graph = StateGraph(State)
graph.add_node("work", work)
graph.add_edge(START, "work")
app = graph.compile()
"""


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("types")


def _made(tmp_path: Path, types: Path, body: str) -> tuple[str, tuple[tuple[str, ir.Shape], ...]]:
    """Why the node is not native, or what it looks at."""
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(body="\n    ".join(["topic: str = ''", *body.splitlines()])))
    function = next(x for x in analyse(path, cache_dir=types).functions if x.name == "work")
    if function.body is None:
        return function.reasons[-1].message, ()
    first = function.body.statements[0]
    return "", first.shapes if isinstance(first, ir.Require) else ()


@pytest.mark.parametrize(
    ("body", "shapes"),
    [
        ("n: int = 0\nxs: list[dict[str, int]] = []\nmaybe: Optional[str] = None", ()),
        ("rows: list[Row] = []\nmodel_config = ConfigDict(arbitrary_types_allowed=True)", ()),
        ("xs: Annotated[list[AnyMessage], add_messages] = []", ("list", "message", ())),
        ("xs: Sequence[BaseMessage] = []", ("list", "message", ())),
        ("x: Optional[HumanMessage] = None", ("optional", "message", ("HumanMessage",))),
        (
            "xs: list[Union[HumanMessage, AIMessage]] = []",
            ("list", "message", ("HumanMessage", "AIMessage")),
        ),
        ("x: Literal['a', 'b'] = 'a'", ("text", "", ("a", "b"))),
        ("x: dict[str, Step] = {}", ("dict", "object", ("program.Step",))),
        ("x: list[float] = []", ("list", "float", ())),
        ("x: Optional[float] = None", ("optional", "float", ())),
        ("x: Timed = Field(default_factory=Timed)", ("object", "", ("program.Timed",))),
        ("x: Options = Field(default_factory=Options)", ("object", "", ("program.Options",))),
        ("x: float = Field(default_factory=lambda: datetime.now().timestamp())", ()),
        ("x: str = Field(default_factory=lambda: datetime.now().isoformat())", ()),
        ("x: nx.Graph = nx.Graph()", ("object", "", ("networkx.Graph",))),
        # what a field holds by default need not be within its bounds
        ("n: int = Field(0, gt=3)", ("within", "", ("gt 3.0",))),
        ("n: Optional[float] = Field(None, le=1)", ("optional", "within", ("le 1.0",))),
    ],
)
def test_made_natively(
    tmp_path: Path, types: Path, body: str, shapes: tuple[str, str, tuple[str, ...]]
) -> None:
    why, found = _made(tmp_path, types, body)
    assert not why
    if not shapes:
        assert not found
        return
    ((_, shape),) = found
    inner = shape.item
    assert (shape.kind, inner.kind if inner else "", (inner or shape).names) == shapes


@pytest.mark.parametrize(
    "body",
    [
        "x: list[Union[float, str]] = []",
        "x: set[float] = set()",
        "x: Union[int, str] = 0",
        "x: Sequence[str] = []",
        "n: int = Field(0, multiple_of=3)",
        "n: int = Field(0, gt=3, strict=True)",
        "n: list[int] = Field([], gt=3)",
        "x: Step = Field(default_factory=lambda: Step(title='a'))",
        "x: str = Field(default_factory=lambda: str(random.random()))",
        # a day has no timestamp: making the object fails
        "x: float = Field(default_factory=lambda: date.today().timestamp())",
        "x: str = Field(default_factory=lambda: datetime.now().isoformat('much'))",
        "x: str = Field(default_factory=lambda: datetime.fromisoformat().isoformat())",
        "x: Loud = Field(default_factory=Loud)",
        "x: Checked = Field(default_factory=Checked)",
        "x: Checked = Checked()",
        "x: Timed = Timed(id='a')",
        "x: Copied = Copied()",
        "x: Refused = Field(default_factory=Refused)",
        "x: nx.Graph = nx.DiGraph()",
        "model_config = ConfigDict(validate_assignment=True)",
        "x: str = ''\n@field_validator('x')\ndef check(cls, x):\n    return x.upper()",
        "x: str = ''\n@field_validator('x')\ndef check(cls, x):\n    x = x.upper()\n    return x",
        "x: str = ''\n@field_validator('x')\ndef check(cls, x):\n    if x:\n        return x",
        "x: str = ''\n@field_validator('x')\ndef check(cls, x):\n    assert cls.x\n    return x",
        "x: str = ''\n@field_validator('x')\ndef check(cls, x, info):\n    return x",
        "x: str = ''\n@field_validator('*')\ndef check(cls, x):\n    return x",
        "x: str = ''\n@field_validator('x', mode='before')\ndef check(cls, x):\n    return x",
        "x: str = ''\n@field_validator('x', mode='wrap')\ndef check(cls, x):\n    return x",
        "@model_validator(mode='after')\ndef check(self):\n    return self",
        "x: str = datetime.now().isoformat('much')",
    ],
)
def test_left_to_python(tmp_path: Path, types: Path, body: str) -> None:
    why, _ = _made(tmp_path, types, body)
    assert "not a dict" in why


@pytest.mark.parametrize(
    "body",
    [
        "x: str = ''\n@field_validator('x')\ndef check(cls, x):\n    return x",
        "x: str = ''\n@field_validator('x', mode='after')\n@classmethod\n"
        "def check(cls, x):\n    if not x:\n        raise ValueError(x)\n    return x",
        "x: str = datetime.now().isoformat()",
    ],
)
def test_what_nobody_can_tell(tmp_path: Path, types: Path, body: str) -> None:
    why, _ = _made(tmp_path, types, body)
    assert not why


@pytest.mark.parametrize(
    "check",
    [
        "def check(cls, x):\n        print(SEEN)\n        return x",
        "def check(cls, x: str) -> str:\n        x.count(1)\n        return x",
    ],
)
def test_validators_that_stay_python(tmp_path: Path, types: Path, check: str) -> None:
    body = f"topic: str = ''\n    @field_validator('topic')\n    {check}"
    path = tmp_path / "program.py"
    path.write_text(_PROGRAM.format(body=body) + "\nSEEN = [object()]\n")
    function = next(x for x in analyse(path, cache_dir=types).functions if x.name == "work")
    assert function.body is None


@pytest.mark.parametrize(
    ("returned", "is_native"),
    [
        ("{'topic': state.topic}", True),
        ("state", False),
        ("{'topic': State.check('a')}", False),
        ("{'topic': state.check('a')}", False),
        ("{'topic': state.timed.id}", False),
        ("{'topic': shown(state)}", False),
        ("{'topic': shown([state])}", False),
        ("{'topic': 'same' if state == other else 'other'}", False),
    ],
)
def test_what_lacks_defaults_is_not_looked_at_whole(
    tmp_path: Path, types: Path, returned: str, is_native: bool
) -> None:
    path = tmp_path / "program.py"
    body = "topic: str = ''\n    timed: Timed = Field(default_factory=Timed)"
    body += "\n    @field_validator('topic')\n    def check(cls, x):\n        return x"
    text = _PROGRAM.format(body=body).replace(
        'return {"topic": "done"}', f"other: object = 1\n    return {returned}"
    )
    text = text.replace(
        "def work(", "def shown(given: object) -> str:\n    return 'a'\n\n\ndef work("
    )
    path.write_text(text)
    work = next(x for x in analyse(path, cache_dir=types).functions if x.name == "work")
    assert (work.disposition == "native") is is_native, work.reasons
