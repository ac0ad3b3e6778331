"""Which of LangGraph's names a test needs, read from its source.

A test needs what it mentions and what the helpers, fixtures and classes it mentions need in turn.
From that follows its kind: `public`; `internals`, when it reaches for a private name or attribute;
`remote`, when it is about the client of LangGraph's server.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Kind = Literal["public", "internals", "remote"]

_OTHER_DISTRIBUTIONS: Final = (
    "langgraph.checkpoint",
    "langgraph.store",
    "langgraph.cache",
    "langgraph_sdk",
)
_PUBLIC_IN_PRACTICE: Final = frozenset(
    (
        # imported by published packages
        "langgraph.graph.message:_messages_delta_reducer",
        # used by the suite's own set-up only
        "langgraph.pregel._checkpoint:copy_checkpoint",
    )
)
_NAMEDTUPLE: Final = frozenset(("_replace", "_asdict", "_fields", "_make", "_field_defaults"))
_REMOTE: Final = ("langgraph.pregel.remote", "langgraph.pregel._remote_run_stream", "langgraph_sdk")


@dataclass
class Needs:
    """What one test needs: names as `module:name`, and whether it looks inside of objects."""

    names: set[str] = field(default_factory=set)
    looks_inside: bool = False

    def kind(self, file: str) -> Kind:
        if "test_remote_graph" in file or any(n.startswith(_REMOTE) for n in self.names):
            return "remote"
        private = self.looks_inside or any(_is_private(name) for name in self.names)
        return "internals" if private else "public"


def of_suite(workspace: Path) -> dict[str, dict[str, Needs]]:
    """Test file -> test function (`Class::name` for methods) -> what it needs."""
    modules = {
        ".".join(path.relative_to(workspace).with_suffix("").parts): _Module(path)
        for path in sorted((workspace / "tests").glob("*.py"))
    }
    return {
        f"tests/{module.path.name}": {
            test: _closure(modules, name, module, node) for test, node in module.tests()
        }
        for name, module in modules.items()
        if module.path.name.startswith("test_")
    }


def imported_with_a_file(workspace: Path) -> set[str]:
    """The names of LangGraph, as `module:name`, without which a file of the suite cannot be imported."""
    names: set[str] = set()
    for path in (workspace / "tests").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and _of_langgraph(node.module or ""):
                names.update(f"{node.module}:{alias.name}" for alias in node.names)
    return names


class _Module:
    """The top level of one file of a suite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.definitions: dict[str, list[ast.AST]] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                for alias in node.names:
                    self.imports[alias.asname or alias.name] = (node.module, alias.name)
        self._define(tree.body)

    def _define(self, body: list[ast.stmt]) -> None:
        for node in body:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self.definitions.setdefault(node.name, []).append(node)
                case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for target in targets:
                        for name in ast.walk(target):
                            if isinstance(name, ast.Name):
                                self.definitions.setdefault(name.id, []).append(node)
                case ast.If() | ast.Try() | ast.With():
                    self._define(node.body)

    def tests(self) -> Iterator[tuple[str, ast.AST]]:
        for name, nodes in self.definitions.items():
            for node in nodes:
                if isinstance(node, ast.ClassDef):
                    yield from (
                        (f"{name}::{item.name}", item)
                        for item in node.body
                        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
                    )
                elif name.startswith("test"):
                    yield name, node


def _closure(modules: dict[str, _Module], home: str, module: _Module, start: ast.AST) -> Needs:
    needs = Needs()
    seen: set[tuple[str, str]] = set()
    todo: list[tuple[str, _Module, ast.AST]] = [(home, module, start)]
    while todo:
        where, module, node = todo.pop()
        for name in _mentions(node, needs):
            for place in (where, "tests.conftest"):
                holder = modules.get(place)
                if holder is None or (place, name) in seen:
                    continue
                seen.add((place, name))
                source, original = holder.imports.get(name, ("", ""))
                if place == where and source.partition(".")[0] in ("langgraph", "langgraph_sdk"):
                    needs.names.add(f"{source}:{original}")
                elif place == where and source in modules:
                    helper = modules[source]
                    todo += [(source, helper, d) for d in helper.definitions.get(original, ())]
                elif name in holder.definitions:
                    todo += [(place, holder, d) for d in holder.definitions[name]]
    return needs


def _mentions(node: ast.AST, needs: Needs) -> Iterator[str]:
    for part in ast.walk(node):
        match part:
            case ast.Name(id=name):
                yield name
            case ast.arg(arg=fixture):
                yield fixture
            case ast.ImportFrom(module=str(source), names=names):
                if _of_langgraph(source):
                    needs.names.update(f"{source}:{alias.name}" for alias in names)
            case ast.Import(names=names):
                needs.names.update(
                    f"{alias.name}:" for alias in names if alias.name.startswith("langgraph.")
                )
            case ast.Attribute(value=owner, attr=attribute):
                own = isinstance(owner, ast.Name) and owner.id in ("self", "cls")
                private = attribute.startswith("_") and not attribute.startswith("__")
                if private and not own and attribute not in _NAMEDTUPLE:
                    needs.looks_inside = True
            case ast.Constant(value=str(text)) if text.startswith("langgraph.") and " " not in text:
                source, _, name = text.rpartition(".")
                needs.names.add(f"{source}:{name}")


def _of_langgraph(module: str) -> bool:
    return module.partition(".")[0] in ("langgraph", "langgraph_sdk")


def _is_private(name: str) -> bool:
    module, _, attribute = name.partition(":")
    if name in _PUBLIC_IN_PRACTICE or module.startswith(_OTHER_DISTRIBUTIONS):
        return False
    return attribute.startswith("_") or any(part.startswith("_") for part in module.split("."))
