"""Stands in for `langgraph.graph`."""

from langferry.graph.constants import END, START

from ..missing import refuse
from .message import MessagesState, add_messages
from .state import StateGraph

__all__ = ("END", "START", "MessagesState", "StateGraph", "add_messages")

__getattr__ = refuse(__name__, {"MessageGraph": "use StateGraph with a `messages` key"})
