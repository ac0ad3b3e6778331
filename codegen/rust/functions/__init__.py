"""Typed function bodies as Rust a person would keep."""

from langferry.codegen.rust.functions.function import emit_function, emit_global

__all__ = ["emit_function", "emit_global"]
