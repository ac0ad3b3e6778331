"""How attributes that hold containers are used."""

from pathlib import Path

import pytest

from langferry.converter.only_read import OnlyRead
from langferry.converter.project import Project

FLAT = [
    "print(thing.kept)",
    "x = sorted(thing.kept)",
    "x = [item for item in thing.kept]",
    "x = thing.kept[0]",
    "x = thing.kept + [1]",
    "x = {**thing.kept}",
    "x = thing.kept or []\nreturn len(x)",
    "if (x := thing.kept):\n    return x[0]",
    "call(**thing.kept)",
    "call(*thing.kept)",
    "return thing.kept.items()",
    "return thing.kept()",
    "match thing:\n    case object(other=x):\n        x.append(1)",
    "more = []\nmore += thing.kept",
]
NESTED = [
    "return thing.kept[0][1:] + [2]",
    "return thing.kept.get('a')[0]",
    "return 1 in thing.kept['a']",
    "return f'{thing.kept}'",
    "return len(thing.kept)",
    "return thing.kept.keys()",
]
OTHERS = [
    "return thing.kept",
    "return [thing.kept]",
    "return {'a': thing.kept, **thing.other}",
    "call(thing.kept)",
    "thing.kept[0] = 1",
    "del thing.kept[0]",
    "thing.kept.append(1)",
    "change = thing.kept.append",
    "x = thing.kept\nx.append(1)",
    "x = thing.kept\nx += [1]",
    "x = thing.kept\nreturn x",
    "x = y = thing.kept",
    "thing.copy = thing.kept",
    "x = thing.kept or []\nx.append(1)",
    "call((x := thing.kept))",
    "return getattr(thing, 'kept')",
    "x = getattr(thing, name)\nx.append(1)",
    "global x\nx = thing.kept",
    "match thing:\n    case object(kept=x):\n        x.append(1)",
    "yield thing.kept",
    "return lambda: thing.kept",
]


def _is_so(tmp_path: Path, body: str, depth: int) -> bool:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    path = tmp_path / "program.py"
    path.write_text(f"def use(thing, call, name):\n{lines}\n")
    return OnlyRead(Project(path).modules).is_so("kept", depth)


@pytest.mark.parametrize("body", [*FLAT, *NESTED])
def test_what_is_looked_into(tmp_path: Path, body: str) -> None:
    assert _is_so(tmp_path, body, 0)


@pytest.mark.parametrize("body", NESTED)
def test_what_holds_others(tmp_path: Path, body: str) -> None:
    assert _is_so(tmp_path, body, 1)


@pytest.mark.parametrize("body", OTHERS)
def test_what_is_kept_or_changed(tmp_path: Path, body: str) -> None:
    assert not _is_so(tmp_path, body, 0)


@pytest.mark.parametrize(
    "body",
    [
        "for item in thing.kept:\n    item.append(1)",
        "x = thing.kept[0]\nx.append(1)",
        "return sorted(thing.kept)",
        "return [*thing.kept]",
        "return thing.kept + [1]",
        "return thing.kept.values()",
        "return thing.kept[1:]",
    ],
)
def test_what_is_taken_out_of_what_holds_others(tmp_path: Path, body: str) -> None:
    assert not _is_so(tmp_path, body, 1)


def test_a_function_of_the_program_with_the_name_of_a_builtin(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(
        "def len(x):\n    x.append(1)\n\n\ndef use(thing):\n    return len(thing.kept)\n"
    )
    assert not OnlyRead(Project(path).modules).is_so("kept", 0)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for name, value in thing:\n    value.append(1)", True),
        ("dict(thing)['kept'].append(1)", True),
        ("return vars(thing)['kept']", True),
        ("return thing.__dict__", True),
        ("for name, value in thing.items():\n    value.append(1)", False),
        ("for name, value in thing:\n    print(value)", False),
        ("for at, value in enumerate(things):\n    value.append(1)", False),
        ("return dict(thing)", False),
    ],
)
def test_fields_that_may_be_changed(tmp_path: Path, body: str, expected: bool) -> None:
    path = tmp_path / "program.py"
    path.write_text("def f(thing):\n" + "".join(f"    {x}\n" for x in body.splitlines()))
    assert OnlyRead(Project(path).modules).changes_fields() is expected
