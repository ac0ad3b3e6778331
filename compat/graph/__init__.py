"""Stands in for `langgraph.graph`."""

from langferry.compat.graph.message import MessagesState, add_messages
from langferry.compat.graph.state import StateGraph
from langferry.compat.missing import refuse
from langferry.graph.constants import END, START

__all__ = ("END", "START", "MessagesState", "StateGraph", "add_messages")

__getattr__ = refuse(__name__, {"MessageGraph": "use StateGraph with a `messages` key"})
