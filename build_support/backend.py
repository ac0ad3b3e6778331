"""The build backend: maturin's, with the flat top-level folders staged into one package.

The repository keeps `converter/`, `codegen/`, … at the top, while Python imports
`langferry.converter`. maturin takes Python sources from one directory only and leaves out symlinked
folders silently, so a wheel gets copies and an editable install gets symlinks. The wheel also
carries the Rust source of the runtime (`langferry/_runtime`), which generated crates compile.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import maturin

ROOT = Path(__file__).resolve().parent.parent
STAGING = ROOT / ".pkg" / "langferry"
PACKAGES = (
    "cli",
    "codegen",
    "compat",
    "converter",
    "diagnostics",
    "graph",
    "model",
    "mutation",
    "validator",
)
RUNTIME_CRATES = ("checkpoint", "core", "langferry", "llm", "macros", "names", "pystd", "trace")

get_requires_for_build_wheel = maturin.get_requires_for_build_wheel
get_requires_for_build_editable = maturin.get_requires_for_build_editable
get_requires_for_build_sdist = maturin.get_requires_for_build_sdist
prepare_metadata_for_build_wheel = maturin.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = maturin.prepare_metadata_for_build_editable
build_sdist = maturin.build_sdist


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def _link_packages() -> None:
    for name in PACKAGES:
        _remove(STAGING / name)
        (STAGING / name).symlink_to(Path("..", "..", name), target_is_directory=True)


def _copy_runtime(target: Path) -> None:
    runtime = ROOT / "runtime"
    ignore = shutil.ignore_patterns("target", "tests", "benches", "examples", "*.snap")
    for crate in RUNTIME_CRATES:
        shutil.copytree(runtime / "crates" / crate, target / "crates" / crate, ignore=ignore)
    shutil.copy(runtime / "Cargo.toml", target / "Cargo.toml")


@contextmanager
def _copied_packages() -> Iterator[None]:
    linked = (STAGING / PACKAGES[0]).is_symlink()
    for name in PACKAGES:
        _remove(STAGING / name)
        shutil.copytree(
            ROOT / name, STAGING / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
        )
    _remove(STAGING / "_runtime")
    _copy_runtime(STAGING / "_runtime")
    try:
        yield
    finally:
        _remove(STAGING / "_runtime")
        for name in PACKAGES:
            _remove(STAGING / name)
        if linked:
            _link_packages()


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build a wheel from copies of the top-level folders (PEP 517)."""
    with _copied_packages():
        return str(maturin.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build an editable wheel over symlinks to the top-level folders (PEP 660)."""
    _link_packages()
    return str(maturin.build_editable(wheel_directory, config_settings, metadata_directory))
