"""Where a program's modules are looked for, as `sys.path` would have it when the program runs."""

import ast
from collections.abc import Iterator
from pathlib import Path

_MARKERS = (
    ".git",
    "langgraph.json",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "uv.lock",
)
"""What the top folder of a project holds."""

_LEVELS = 8
"""How many folders above the program a project's top folder is looked for."""


def package_root(entry: Path) -> Path:
    """The first folder above `entry` that is not a package."""
    folder = entry.parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


def module_root(entry: Path, tree: ast.Module) -> Path:
    """The folder that the name of `entry` counts from.

    Packages without an `__init__.py` show by the relative imports in them.
    """
    root = package_root(entry)
    levels = [x.level for x in ast.walk(tree) if isinstance(x, ast.ImportFrom)]
    folder = entry.parent
    for _ in range(max(levels, default=0)):
        folder = folder.parent
    return folder if root.is_relative_to(folder) and folder.parent != folder else root


def project_folder(entry: Path) -> Path:
    """The top folder of the project that `entry` belongs to; its package's folder if none is marked."""
    first = package_root(entry)
    folder = first
    for _ in range(_LEVELS):
        if any((folder / marker).exists() for marker in _MARKERS):
            return folder
        if folder.parent == folder:
            break
        folder = folder.parent
    return first


def search_path(first: Path, entry: Path, top: Path) -> list[Path]:
    """The folders absolute imports count from, the nearest first: those from `first` up to `top`,
    each followed by its `src`."""
    found: list[Path] = []
    folder = first
    while True:
        found += [folder, folder / "src"]
        if folder == top or folder.parent == folder or not folder.is_relative_to(top):
            break
        folder = folder.parent
    # a script in a package is also run as it lies there
    if entry.parent not in found:
        found.append(entry.parent)
    return [folder for folder in dict.fromkeys(found) if folder.is_dir()]


def needed_root(entry: Path, tree: ast.Module, folders: list[Path]) -> Path:
    """The lowest folder under which all modules lie that `tree` imports, and `entry` itself."""
    root = folders[0]
    pending, seen = [tree], {entry}
    while pending:
        for name in _imports(pending.pop()):
            path = located(name, folders)
            if path is None or path in seen:
                continue
            seen.add(path)
            while not path.is_relative_to(root):
                root = root.parent
            try:
                pending.append(ast.parse(path.read_bytes()))
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return root


def located(name: str, folders: list[Path]) -> Path | None:
    """The file of the module `name`."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for folder in folders:
        base = folder.joinpath(*parts)
        for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
            if path.is_file():
                return path
    return None


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{item.name}" for item in node.names)
