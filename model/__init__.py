"""The Program model: what the converter understood, as versioned data."""

from langferry.model.program import VERSION, Program, decode, encode

__all__ = ["VERSION", "Program", "decode", "encode"]
