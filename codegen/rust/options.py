"""What can be chosen about a generated crate."""

from pathlib import Path

import msgspec


class CrateOptions(msgspec.Struct, frozen=True):
    """Choices for one crate.

    Attributes:
        runtime: depend on the runtime's source in this directory; None puts a copy of it into the
            crate, which then builds anywhere.
        directory: where the crate will be; `runtime` is then written relative to it.
        extension: make a Python module, to be built into a wheel by maturin, instead of a program.
        workspace_member: leave out the crate's own `[workspace]`, to be a member of another.
        build: what tells the crate from others of its name, as build metadata of its version. Cargo knows
            crates that share a build directory by name and version, and takes one for the other.
    """

    runtime: Path | None = None
    directory: Path | None = None
    extension: bool = False
    workspace_member: bool = False
    build: str | None = None
