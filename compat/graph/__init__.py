"""Stands in for `langgraph.graph`."""

from langferry.compat.graph.message import MessageGraph, MessagesState, add_messages
from langferry.compat.graph.state import StateGraph
from langferry.graph.constants import END, START

__all__ = ("END", "START", "MessageGraph", "MessagesState", "StateGraph", "add_messages")
