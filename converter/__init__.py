"""From a LangGraph program's source to its Program model; nothing of the program is run."""

from langferry.converter.convert import analyse
from langferry.converter.project import read_source

__all__ = ["analyse", "read_source"]
