"""Which attributes and names stay what they are."""

from pathlib import Path

import pytest

from langferry.converter.project import Project
from langferry.converter.steadiness import Steadiness
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.values import InstanceValue, ListValue

TEXT = """
class Base:
    def __init__(self):
        self.kept = 1
        self.set_later = 2


class Thing(Base):
    def __init__(self):
        super().__init__()
        self.tools = [len]
        self.filled = [len]

    def change(self):
        self.set_later = 3
        self.filled.append(max)


class Unrelated:
    def __init__(self):
        self.kept = 5

    def change(self):
        self.kept = 6


def change(thing):
    thing.set_outside = 1


thing = Thing()
thing.set_outside = 2
"""


def _steady(tmp_path: Path, text: str, name: str) -> bool:
    path = tmp_path / "program.py"
    path.write_text(text)
    project = Project(path)
    run = Interpreter(project)
    thing = run.module(project.entry).names["thing"]
    assert isinstance(thing, InstanceValue)
    steadiness = Steadiness(project.modules)
    return steadiness.is_attribute_kept(name, thing.names[name], thing.cls)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("kept", True),
        ("set_later", False),
        ("tools", True),
        ("filled", False),
        ("set_outside", False),
    ],
)
def test_attributes(tmp_path: Path, name: str, kept: bool) -> None:
    assert _steady(tmp_path, TEXT, name) is kept


def test_nothing_is_steady_where_attributes_are_set_by_computed_names(tmp_path: Path) -> None:
    text = (
        TEXT + "\n\ndef set_all(x, names):\n    for name in names:\n        setattr(x, name, 1)\n"
    )
    assert not _steady(tmp_path, text, "kept")


def test_plain_containers_may_have_other_names(tmp_path: Path) -> None:
    project = Project(_written(tmp_path))
    cls = Interpreter(project).module(project.entry).names["thing"]
    assert isinstance(cls, InstanceValue)
    assert not Steadiness(project.modules).is_attribute_kept("kept", ListValue([]), cls.cls)


def _written(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    return path
