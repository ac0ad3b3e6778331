"""Runs unchanged LangGraph programs on langferry's engine.

Three ways in: import `langferry.compat.graph` instead of `langgraph.graph`; call `install()` before
the program's imports; or `run_program(path, argv)`.
"""

from langferry.compat.hook import NotStandingIn, install
from langferry.compat.program import run_program

__all__ = ["NotStandingIn", "install", "run_program"]
