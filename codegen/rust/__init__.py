"""The Rust target: a crate a person would keep."""

from langferry.codegen.rust.crate import generate_crate
from langferry.codegen.rust.options import CrateOptions

__all__ = ["CrateOptions", "generate_crate"]
