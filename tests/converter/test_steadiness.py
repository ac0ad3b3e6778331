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


SHARED = ["a"]


class Thing(Base):
    def __init__(self):
        super().__init__()
        self.tools = [len]
        self.filled = [len]
        self.words = ["a", "b"]
        self.shared = SHARED
        self.kept_elsewhere = ["a"]
        self.by_topic = {"a": ["b"]}
        self.nested = {"a": ["b"]}
        self.handed_out = ["a"]
        self.read_by_name = ["a"]
        self.label = "x"
        self.set_by_what_is_kept = 0
        self.set_up()
        add("later", self.set_by_what_is_kept_up)

    def set_up(self):
        self.set_while_made = 1
        self.set_more()

    def set_more(self):
        self.set_while_made = 2

    def set_by_what_is_kept_up(self):
        self.set_by_what_is_kept = 1

    def look(self, state):
        words = self.words
        kept = self.kept_elsewhere
        state["kept"] = kept
        for word in words:
            print(word in self.words, ", ".join(words), len(self.words), [*words, 1])
        if state["x"] in self.by_topic["a"] or self.by_topic.get("a"):
            return self.handed_out
        for name, items in self.nested.items():
            items.append(name)
        return getattr(self, "read_by_name")

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

    def inner():
        pass

    inner.label = "y"
    return inner


def add(name, function):
    pass


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
        ("set_while_made", True),
        ("set_by_what_is_kept", False),
        ("words", True),
        ("shared", False),
        ("kept_elsewhere", False),
        ("by_topic", True),
        ("nested", False),
        ("handed_out", False),
        ("read_by_name", False),
        ("label", True),
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
    assert not Steadiness(project.modules).is_attribute_kept("shared", ListValue([]), cls.cls)


def _written(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(TEXT)
    return path
