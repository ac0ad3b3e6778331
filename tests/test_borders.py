"""The border table of ARCHITECTURE.md: who may import whom."""

import ast
import subprocess
import sys
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
    "mutation": (
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
        *(f"langferry.{p}" for p in ("converter", "codegen", "cli", "model", "mutation")),
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


HEAVY = (
    *("httpx", "jsonschema", "langchain_core", "langgraph_sdk", "langsmith", "ormsgpack"),
    *("pydantic", "requests", "langgraph.cache", "langgraph.checkpoint", "langgraph.store"),
)
"""What programs must not wait for until they use it; see `langferry.compat.later`."""


@pytest.mark.parametrize(
    "imports",
    [
        "import langferry.graph",
        """
from langferry.compat import install
install()
from langgraph.graph import END, START, MessagesState, StateGraph, add_messages
from langgraph.graph.state import CompiledStateGraph, StateGraph
from langgraph.types import Command, Interrupt, RetryPolicy, Send, StreamWriter, interrupt
from langgraph.pregel import Pregel
from langgraph.runtime import Runtime, get_runtime
from langgraph.config import get_config, get_store, get_stream_writer
from langgraph.channels import BinaryOperatorAggregate, LastValue, Topic
from langgraph.func import entrypoint, task
import langgraph.constants, langgraph.errors, langgraph.managed, langgraph.typing
import langgraph.warnings, langgraph.version
""",
    ],
)
def test_imports_are_light(imports: str) -> None:
    program = f"{imports}\nimport sys\nprint(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = told.stdout.split()
    assert [n for n in loaded for heavy in HEAVY if n == heavy or n.startswith(f"{heavy}.")] == []
