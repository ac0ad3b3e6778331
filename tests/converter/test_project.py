"""Modules are found and read as Python would, and every failure has its code."""

import sys
from pathlib import Path

import pytest

from langferry.converter.project import Project
from langferry.diagnostics import Failure


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x = 1\0", "LF101"),
        (b"\xff\xfe\x00", "LF101"),
        (b"# coding: nonsense\n", "LF101"),
        ("x = 'ü'\n".encode("latin-1"), "LF101"),
        (b"x = (\n", "LF102"),
        (b"x = " + b"(" * 500, "LF102"),
        (b"not " * 40_000 + b"1", "LF105"),
        (b"x" + b".y" * 40_000, "LF105"),
        (b"".join(b" " * i + b"if 1:\n" for i in range(200)) + b" " * 200 + b"pass", "LF102"),
    ],
)
def test_what_cannot_be_read_has_a_code(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes(data)
    with pytest.raises(Failure) as caught:
        Project(path)
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.span is not None


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="which reads it")
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\ntype Name = str\n", 2),
        ("type Pair[T] = tuple[T, T]\n", 1),
        ("import os\n\ndef first[T](x: list[T]) -> T:\n    return x[0]\n", 3),
        ("class Box[T]:\n    pass\n", 1),
        ("d = {'a': 1}\ns = f'{d['a']} and {d['a']!r:>{d['a']}}'\n", 2),
        ('s = f"{", ".join(f"{x}" for x in [1])}"  # it\'s new\ntype A = int\n', 1),
        ('s = """f\'{"""\nt = rf"\\{1}{{{"a"}}}"\n', 2),
    ],
)
def test_what_needs_a_newer_python_is_told(text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(text)
    with pytest.raises(Failure, match=r"LF102: .* needs Python 3\.12") as caught:
        Project(path)
    assert caught.value.diagnostic.span is not None
    assert caught.value.diagnostic.span.line == line
    assert "Install langferry" in (caught.value.diagnostic.help or "")


@pytest.mark.parametrize(
    "text",
    [
        "type X = int\nx = (\n",
        "s = f'{d['a'}'\n",
        "s = f'{a b}'\ntype X = int\n",
        "type = 1\ntype X\n",
        "print 'type X = 1'\n",
        "s = " + "f'{" * 50_000,
    ],
)
def test_what_no_python_reads_is_a_syntax_error_only(text: str, tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(text)
    with pytest.raises(Failure) as caught:
        Project(path)
    assert caught.value.diagnostic.code in ("LF102", "LF105")
    assert "3.12" not in caught.value.diagnostic.message


def test_what_is_no_file_has_a_code(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.py"):
        with pytest.raises(Failure, match="LF101"):
            Project(path)
    inside = tmp_path / "program.py"
    inside.write_text("")
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(Failure, match="LF101"):
        Project(inside, tmp_path / "elsewhere")


def test_encodings_and_newlines(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_bytes("# coding: latin-1\r\nx = 'ü'\r\ny = 1\r".encode("latin-1"))
    module = Project(path).entry
    assert module.lines == ["# coding: latin-1", "x = 'ü'", "y = 1", ""]
    path.write_bytes(b"\xef\xbb\xbfx = 1\n")
    assert Project(path).entry.text == "x = 1\n"


def test_columns_count_code_points(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text("x = 'üü' + y\n", encoding="utf-8")
    module = Project(path).entry
    span = module.span(module.tree.body[0].value.right)  # type: ignore[attr-defined]
    assert (span.column, span.end_column) == (11, 12)


def test_the_root_is_above_the_packages(tmp_path: Path) -> None:
    inner = tmp_path / "app" / "graphs"
    inner.mkdir(parents=True)
    for folder in (inner, inner.parent):
        (folder / "__init__.py").write_text("")
    (inner / "main.py").write_text("")
    (tmp_path / "app" / "state.py").write_text("x = 1\n")
    (tmp_path / "langgraph").mkdir()
    (tmp_path / "langgraph" / "__init__.py").write_text("")
    project = Project(inner / "main.py")
    assert project.root == tmp_path
    assert project.entry.name == "app.graphs.main"
    assert project.entry.file == "app/graphs/main.py"
    state = project.find("app.state")
    assert state is not None
    assert state.file == "app/state.py"
    assert project.find("app.nothing") is None
    assert project.find("langgraph") is None
