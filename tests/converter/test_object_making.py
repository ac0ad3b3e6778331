"""How objects of classes are made, and where more than their fields has a say in it."""

import json
from pathlib import Path

import pytest

from langferry.converter.lower.requests import Making
from langferry.converter.object_making import making_of
from langferry.converter.project import Project
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import ClassValue

TEXT = """
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any, ClassVar, Dict, List, Literal, Optional, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

DEFAULT = "plain"


@dataclass
class Above:
    x: int
    y: str = DEFAULT


@dataclass(kw_only=True)
class Data(Above):
    z: list[str] = field(default_factory=list, metadata={"about": "z"})


class Model(BaseModel):
    a: int = Field(3, description="a")
    b: Annotated[Optional[str], {"kind": "b"}] = None
    c: Literal["x", "y"] = "x"
    d: List[Dict[str, float]]
    e: bool | None = None
    f: Any = 1


@dataclass
class Computed:
    x: int

    def __post_init__(self):
        self.x += 1


@dataclass
class Shared:
    x: ClassVar[int] = 1


@dataclass
class Given:
    x: InitVar[int] = 1


@dataclass
class Hidden:
    x: int = field(default=1, init=False)


@dataclass
class Own(Exception):
    x: int


class Checked(BaseModel):
    x: int

    @field_validator("x")
    @classmethod
    def check(cls, value):
        return value + 1


class Bounded(BaseModel):
    x: int = Field(ge=1)


class Changed(BaseModel):
    x: Annotated[str, AfterValidator(str.upper)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x: int


class Several(BaseModel):
    x: Union[int, str]


class Nested(BaseModel):
    x: Model


class Mixed(Model):
    _own: int = 1


@dataclass(eq=False)
class Same:
    x: int = 1


@dataclass
class Empty:
    x: int = 1

    def __bool__(self):
        return False


class Plain:
    x: int = 1
"""


@pytest.fixture
def classes(tmp_path: Path) -> dict[str, Making | None]:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    project = Project(path)
    run = Interpreter(project)
    names = run.module(project.entry).names
    return {
        name: making_of(run, value)
        for name, value in names.items()
        if isinstance(value, ClassValue) and value.module.name == "program"
    }


def test_what_is_certain(classes: dict[str, Making | None]) -> None:
    made = {name: making for name, making in classes.items() if making is not None}
    assert made.keys() == {"Above", "Computed", "Data", "Model"}
    assert [name for name, making in made.items() if making.after is not None] == ["Computed"]
    data, model = made["Data"], made["Model"]
    fields = [(x.name, None if x.default is None else x.default.data) for x in data.fields]
    assert (data.name, data.kind) == ("program.Data", "dataclass")
    assert fields == [("x", None), ("y", '"plain"'), ("z", "[]")]
    assert [x.by_name for x in data.fields] == [False, False, True]
    schemas = {x.name: json.loads(x.schema) for x in model.fields}
    assert schemas == {
        "a": {"type": "integer"},
        "b": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "c": {"type": "string", "enum": ["x", "y"]},
        "d": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": {"type": "number"}},
        },
        "e": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        "f": {},
    }
