"""What is certain of the attributes of objects."""

from pathlib import Path
from typing import Any

from langferry.converter.made_objects import enum_members, is_plainly_made, made_with
from langferry.converter.project import Project
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import ClassValue, Const, InstanceValue

TEXT = """
from dataclasses import dataclass
from enum import Enum, IntEnum

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, field_validator
from pydantic_settings import BaseSettings


class Kind(Enum):
    A = "a"
    B = 2


class Text(str, Enum):
    A = "a"
    B = 2


class Number(IntEnum):
    A = 1
    B = 1.5


class Own(Enum):
    A = 1

    def __init__(self, value):
        self._value_ = value + 1


@dataclass
class Data:
    x: int = 1


class Model(BaseModel):
    x: int = 1
    y: str = "y"


class FromEnvironment(BaseSettings):
    x: int = 1


class Wide(BaseModel):
    x: str
    y: str | None = None
    z: Annotated[str, AfterValidator(str.upper)] = "z"
    w: int = Field(3, gt=1)
    v: list[float] = []


class Loud(BaseModel):
    x: str = "x"

    @field_validator("x")
    def louder(cls, value):
        return value.upper()


class Taken(BaseModel):
    x: int = 1

    @classmethod
    def __get_pydantic_core_schema__(cls, source, handler):
        return handler(source)


class Narrow(Model):
    pass


class Outer(BaseModel):
    made: Model = Field(default_factory=Model)
    given: Model = Model(x=3)
    maybe: Model | None = Narrow()
    data: Data = Data()
    listed: list[Model] = [Model()]
    other: Model = Data()
    loud: Loud = Loud()
    taken: Taken = Taken()


outer, refused = Outer(given={"x": 4}), Outer(given=Wide(x=""))
data, model, other = Data("5"), Model(x=2), Model(x="2")
wide = Wide(x="x", y="y", v=[1])
"""


def _names(tmp_path: Path) -> tuple[Interpreter, dict[str, Any]]:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    project = Project(path)
    run = Interpreter(project)
    return run, run.module(project.entry).names


def test_members_of_enums(tmp_path: Path) -> None:
    _, names = _names(tmp_path)
    found = {name: set(enum_members(names[name])) for name in ("Kind", "Text", "Number", "Own")}
    assert found == {"Kind": {"A", "B"}, "Text": {"A"}, "Number": {"A"}, "Own": set()}


def test_classes_of_libraries_have_a_say(tmp_path: Path) -> None:
    _, names = _names(tmp_path)
    classes = {name: x for name, x in names.items() if isinstance(x, ClassValue)}
    assert {name for name, x in classes.items() if not is_plainly_made(x)} == {"FromEnvironment"}


def test_models_have_what_they_were_given_only_where_it_fits(tmp_path: Path) -> None:
    run, names = _names(tmp_path)

    def given(name: str) -> dict[str, object]:
        instance = names[name]
        assert isinstance(instance, InstanceValue)
        made = made_with(run, instance)
        return {key: x.value for key, x in made.items() if isinstance(x, Const)}

    assert given("data") == {"x": "5"}
    assert given("model") == {"x": 2, "y": "y"}
    assert given("other") == {"y": "y"}
    assert given("wide") == {"x": "x", "y": "y"}


def test_models_keep_objects_of_plainly_made_classes(tmp_path: Path) -> None:
    run, names = _names(tmp_path)
    outer, refused = made_with(run, names["outer"]), made_with(run, names["refused"])
    assert set(outer) == {"made", "maybe", "data", "listed"}
    # what is given as a dict is no object yet, and one of another class is refused
    assert set(refused) == set(outer)
    made = outer["made"]
    assert isinstance(made, InstanceValue)
    assert made.cls is names["Model"]
