"""From a LangGraph program's source to its Program model; nothing of the program is run."""

from langferry.converter.convert import analyse

__all__ = ["analyse"]
