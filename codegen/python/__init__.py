"""The Python target: the same program on `langferry.graph`."""

from langferry.codegen.python.generate import generate_python

__all__ = ["generate_python"]
