"""Builds and runs graphs on the engine: langferry's own graph API."""

from langferry.graph.callables import RunnableCallable
from langferry.graph.compiled import CompiledStateGraph
from langferry.graph.constants import END, START
from langferry.graph.errors import (
    EmptyInputError,
    GraphInterrupt,
    GraphRecursionError,
    InvalidUpdateError,
    Unsupported,
)
from langferry.graph.interrupts import interrupt
from langferry.graph.managed import IsLastStep, RemainingSteps
from langferry.graph.memory import InMemorySaver
from langferry.graph.messages import MessagesState, add_messages
from langferry.graph.runtime import RunnableConfig, Runtime
from langferry.graph.state_graph import StateGraph
from langferry.graph.types import Command, Interrupt, Overwrite, Send, StateSnapshot

__all__ = [
    "END",
    "START",
    "Command",
    "CompiledStateGraph",
    "EmptyInputError",
    "GraphInterrupt",
    "GraphRecursionError",
    "InMemorySaver",
    "Interrupt",
    "InvalidUpdateError",
    "IsLastStep",
    "MessagesState",
    "Overwrite",
    "RemainingSteps",
    "RunnableCallable",
    "RunnableConfig",
    "Runtime",
    "Send",
    "StateGraph",
    "StateSnapshot",
    "Unsupported",
    "add_messages",
    "interrupt",
]
