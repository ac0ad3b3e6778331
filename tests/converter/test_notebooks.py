"""A notebook reads as the Python its kernel would run."""

import ast
import json
from pathlib import Path

import pytest

from langferry.converter.notebooks import notebook_source
from langferry.converter.project import Project
from langferry.diagnostics import Failure


def _notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# no code"}, *made]})


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("%pip install x\na = 1", ["a = 1"]),
        ("!ls\nfiles = !ls\na = 1", ["a = 1"]),
        ("a?\na.b??\nc = 2", ["c = 2"]),
        ("pip install x\na = 1", ["a = 1"]),
        ("%%bash\necho 1", []),
        ("%%time\na = 1", ["a = 1"]),
        ('text = """\n%not magic\n"""', ['text = """\n%not magic\n"""']),
        ("if 1:\n    !ls", ["if 1:\n    pass"]),
        ("b = a % 2", ["b = a % 2"]),
        ("", []),
    ],
)
def test_ipythons_own_syntax_becomes_comments(cell: str, kept: list[str]) -> None:
    source = notebook_source(_notebook(cell))
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse("\n".join(kept)))
    assert len(source.splitlines()) == 1 + max(len(cell.split("\n")), 1)


def test_a_notebook_is_a_program_and_may_await(tmp_path: Path) -> None:
    path = tmp_path / "01-first steps.ipynb"
    path.write_text(_notebook("x = 1", "await run()"))
    module = Project(path).entry
    assert (module.name, module.file) == ("_01_first_steps", "01-first steps.ipynb")
    assert module.lines[1] == "x = 1"
    path.write_text("[1")
    with pytest.raises(Failure, match="LF101"):
        Project(path)
