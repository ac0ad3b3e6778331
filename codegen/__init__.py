"""Generates programs from the Program model: a Rust crate, or Python on `langferry.graph`."""

from langferry.codegen.files import Files
from langferry.codegen.python import generate_python
from langferry.codegen.rust import CrateOptions, generate_crate
from langferry.codegen.rust.formatting import missing_formatter
from langferry.codegen.rust.runtime_source import runtime_root
from langferry.codegen.writing import write_files

__all__ = [
    "CrateOptions",
    "Files",
    "generate_crate",
    "generate_python",
    "missing_formatter",
    "runtime_root",
    "write_files",
]
