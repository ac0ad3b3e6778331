"""From a LangGraph program's source to its Program model; nothing of the program is run."""

from langferry.converter.convert import analyse
from langferry.converter.fixing import chosen, edited
from langferry.converter.project import read_source

__all__ = ["analyse", "chosen", "edited", "read_source"]
