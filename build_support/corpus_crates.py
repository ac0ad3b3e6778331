"""Whether the crates of a corpus compile: `cargo check` over all of them, in one workspace."""

import json
import os
import subprocess
from pathlib import Path

_WORKSPACE = """[workspace]
resolver = "3"
members = {members}

[profile.dev]
debug = false
incremental = false
"""


def check(workspace: Path, target: Path, features: bool = True) -> dict[str, str | None]:
    """For each crate of a folder, by the folder's name, its first error; None where it compiles.

    Args:
        workspace: the folder of all crates, which becomes a cargo workspace. Its lock file is kept.
        target: where cargo keeps what it builds.
        features: whether the crates' default features are on, the bridge with them.

    Raises:
        RuntimeError: cargo itself fails.
    """
    crates = sorted(path.parent.name for path in workspace.glob("*/Cargo.toml"))
    manifest = _WORKSPACE.format(members=json.dumps(crates))
    (workspace / "Cargo.toml").write_text(manifest)
    command = ["cargo", "check", "--quiet", "--workspace", "--keep-going", "--message-format=json"]
    done = subprocess.run(
        [*command, *([] if features else ["--no-default-features"])],
        cwd=workspace,
        env=os.environ | {"CARGO_TARGET_DIR": str(target)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    checked: set[str] = set()
    errors: dict[str, str] = {}
    for line in done.stdout.splitlines():
        told = json.loads(line)
        crate = Path(told.get("manifest_path", "")).parent.name
        match told:
            case {"reason": "compiler-artifact", "target": {"kind": ["bin"]}}:
                checked.add(crate)
            case {"reason": "compiler-message", "message": {"level": "error", "rendered": text}}:
                errors.setdefault(crate, text)
    if not checked and not errors:
        raise RuntimeError(f"cargo check fails: {done.stderr[-2000:]}")
    return {
        crate: None if crate in checked else errors.get(crate, "it was not checked")
        for crate in crates
    }
