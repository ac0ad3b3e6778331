"""Finds the Rust source that generated crates compile."""

import os
from pathlib import Path

import langferry
from langferry.codegen.files import Files
from langferry.diagnostics import Failure

VENDOR = "vendor/langferry"
"""Where a crate keeps its copy of the runtime."""

_CRATES = ("checkpoint", "core", "langferry", "macros", "names", "pystd", "trace")
_MODELS = ("llm",)
_LEFT_OUT = frozenset({"target", "tests", "benches", "examples"})


def runtime_root() -> Path:
    """The directory that holds the runtime's `Cargo.toml` and `crates/`.

    Raises:
        Failure: LF607, there is none in this installation.
    """
    package = Path(langferry.__file__).resolve().parent
    # a wheel carries it in the package, a checkout beside the folder the package is built from
    for root in (package / "_runtime", Path(__file__).resolve().parents[2] / "runtime"):
        if _is_runtime(root):
            return root
    raise Failure("LF607", f"no Rust source of the runtime belongs to {package}")


def _is_runtime(root: Path) -> bool:
    return (root / "Cargo.toml").is_file() and (root / "crates/langferry/Cargo.toml").is_file()


def runtime_copy(with_models: bool) -> Files:
    """The runtime's source, by path in the generated crate; that of chat models where it is needed.

    Raises:
        Failure: LF607, there is none in this installation.
    """
    root = runtime_root()
    paths = [root / "Cargo.toml"]
    for crate in (*_CRATES, *(_MODELS if with_models else ())):
        paths += sorted(path for path in (root / "crates" / crate).rglob("*") if path.is_file())
    relative = [path.relative_to(root) for path in paths]
    return {
        f"{VENDOR}/{path.as_posix()}": (root / path).read_bytes().decode("utf-8")
        for path in relative
        if not _LEFT_OUT & set(path.parts)
    }


def runtime_path(runtime: Path, directory: Path | None) -> str:
    """The path of the crates below `runtime`, as the crate in `directory` writes it.

    Raises:
        Failure: LF607, `runtime` does not hold the runtime.
    """
    root = runtime.resolve()
    if not _is_runtime(root):
        raise Failure("LF607", f"{runtime} does not hold the runtime's Rust source")
    crates = root / "crates"
    if directory is None:
        return crates.as_posix()
    return Path(os.path.relpath(crates, directory.resolve())).as_posix()
