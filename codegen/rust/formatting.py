"""Runs rustfmt over a crate's files."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from langferry.codegen.files import Files
from langferry.diagnostics import Diagnostic, Failure, lookup

_ROOTS = ("src/lib.rs", "src/main.rs")


def missing_formatter() -> Diagnostic | None:
    """The warning that rustfmt is not installed, if it is not."""
    if shutil.which("rustfmt") is not None:
        return None
    row = lookup("LF608")
    message = "rustfmt is not installed, so the generated Rust is not formatted"
    return Diagnostic(row.code, "warning", message, help=row.next_step)


def formatted(files: Files) -> Files:
    """The crate's Rust `files`, formatted; as they are when rustfmt is not installed.

    Raises:
        Failure: LF609, they are not valid Rust.
    """
    if missing_formatter() is not None:
        return files
    with tempfile.TemporaryDirectory(prefix="langferry-") as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8", newline="\n")
        # a configuration of its own, so that no other on this machine changes the result
        (root / "rustfmt.toml").write_text('edition = "2024"\nstyle_edition = "2024"\n')
        done = subprocess.run(
            [
                "rustfmt",
                "--quiet",
                "--config-path",
                root,
                *(root / path for path in _ROOTS if path in files),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            reason = done.stderr.replace(f"{root}/", "").strip()
            raise Failure("LF609", f"rustfmt does not accept the generated code: {reason}")
        return {path: (root / path).read_text(encoding="utf-8") for path in files}
