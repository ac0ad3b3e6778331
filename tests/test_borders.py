"""The border table of ARCHITECTURE.md: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

FORBIDDEN: dict[str, tuple[str, ...]] = {
    "diagnostics": ("langferry.", "libcst", "jinja2", "langgraph", "langchain_core"),
    "model": (
        *("libcst", "jinja2", "mypy", "langgraph", "langchain_core"),
        *(f"langferry.{p}" for p in ("converter", "codegen", "validator", "cli", "graph")),
        *("langferry.compat", "langferry._engine"),
    ),
    "converter": (
        *("jinja2", "langgraph", "langchain_core"),
        *(f"langferry.{p}" for p in ("codegen", "validator", "cli", "graph", "compat")),
        "langferry._engine",
    ),
    "codegen": (
        *("libcst", "mypy", "langgraph", "langchain_core"),
        *(f"langferry.{p}" for p in ("converter", "validator", "cli", "graph", "compat")),
        "langferry._engine",
    ),
    "graph": (
        *("libcst", "jinja2", "mypy", "langgraph"),
        *(f"langferry.{p}" for p in ("converter", "codegen", "validator", "cli", "compat")),
        "langferry.model",
    ),
    "compat": (
        *("libcst", "jinja2", "mypy"),
        *(f"langferry.{p}" for p in ("converter", "codegen", "validator", "cli", "model")),
    ),
    "validator": (
        *("libcst", "jinja2", "mypy"),
        *(f"langferry.{p}" for p in ("converter", "codegen", "cli", "model")),
    ),
}
ALLOWED = {"diagnostics": "langferry.diagnostics"}


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = ".".join(filter(None, [_base(path, node.level), node.module]))
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


def _base(path: Path, level: int) -> str:
    """What the dots of a relative import in `path` stand for; nothing for an absolute one."""
    if level == 0:
        return ""
    parts = ("langferry", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[: len(parts) - level])


def _crosses(name: str, forbidden: str) -> bool:
    prefix = forbidden.rstrip(".")
    return name == prefix or name.startswith(prefix + ".")


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_no_import_crosses_a_border(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files, f"{package}/ holds no Python"
    crossings = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files
        for name in sorted(_imports(path))
        for forbidden in FORBIDDEN[package]
        if _crosses(name, forbidden)
        and not (package in ALLOWED and _crosses(name, ALLOWED[package]))
    ]
    assert crossings == []


def test_the_check_sees_a_crossing(tmp_path: Path) -> None:
    source = tmp_path / "x.py"
    source.write_text("def f():\n    from langferry.converter import analyse\n")
    assert any(_crosses(name, "langferry.converter") for name in _imports(source))
