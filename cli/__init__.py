"""The command `migrate`."""

from langferry.cli.app import main

__all__ = ["main"]
