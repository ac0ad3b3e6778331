"""Jupyter notebooks as Python: the code cells one after the other, without IPython's own syntax."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

_MAGIC = re.compile(r"^\s*([%!?]|[A-Za-z_][\w.]*\?{1,2}\s*$)")
_ASSIGNED_MAGIC = re.compile(r"^\s*[\w, ]+=\s*[!%]")
_AUTOMAGIC = re.compile(
    r"^\s*(pip3? (install|uninstall|list|show)|conda install|apt(-get)? install|ls$|cd |cat )\b"
)
_TIMING = frozenset({"capture", "time", "timeit"})
"""Cell magics whose cell still runs as Python."""


def notebook_source(text: str) -> str:
    """The Python a notebook's kernel would run, cell by cell.

    Lines that only IPython understands become comments, so that the rest keeps its place.

    Raises:
        ValueError: `text` is not a notebook.
    """
    lines: list[str] = []
    for number, source in code_cells(json.loads(text)):
        lines += [f"# %% cell {number}", *python_lines(source)]
    return "\n".join(lines) + "\n"


def code_cells(notebook: Any) -> Iterator[tuple[int, str]]:
    """The number and the text of each cell with code.

    Raises:
        ValueError: it is not a notebook.
    """
    if not isinstance(notebook, dict):
        raise ValueError("a notebook is a JSON object")
    cells = notebook.get("cells")
    if cells is None:
        # notebooks before format 4
        cells = [cell for sheet in notebook.get("worksheets", []) for cell in sheet["cells"]]
    for number, cell in enumerate(cells):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        given = cell.get("source", cell.get("input", ""))
        yield number, "".join(given) if isinstance(given, list) else str(given)


def python_lines(source: str) -> list[str]:
    """The lines of a cell as Python, as many as it has."""
    return _cell(source.split("\n"))


def _cell(lines: list[str]) -> list[str]:
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return lines
    if lines[first].lstrip().startswith("%%"):
        name = (lines[first].strip()[2:].split() or [""])[0]
        if name not in _TIMING:
            return [f"# {line}" for line in lines]
        lines = [*lines[:first], f"# {lines[first]}", *lines[first + 1 :]]
    if _is_python("\n".join(lines)):
        return lines
    return _without_magics(lines)


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    # what IPython takes for a shell command may be an expression to Python: `ls`, `name?` is not
    return not any(_AUTOMAGIC.match(line) for line in text.split("\n"))


def _without_magics(lines: list[str]) -> list[str]:
    found: list[str] = []
    quote: str | None = None
    for line in lines:
        outside = quote is None
        if outside and any(p.match(line) for p in (_MAGIC, _ASSIGNED_MAGIC, _AUTOMAGIC)):
            indent = line[: len(line) - len(line.lstrip())]
            # inside a block something must stay
            found.append(f"{indent}{'pass  ' if indent else ''}# {line.strip()}")
        else:
            found.append(line)
        for match in re.finditer(r'"""|\'\'\'', line):
            if quote is None:
                quote = match[0]
            elif quote == match[0]:
                quote = None
    return found
