"""Builds and runs graphs on the engine: langferry's own graph API."""

from .compiled import CompiledStateGraph
from .constants import END, START
from .errors import (
    EmptyInputError,
    GraphInterrupt,
    GraphRecursionError,
    InvalidUpdateError,
    Unsupported,
)
from .interrupts import interrupt
from .managed import IsLastStep, RemainingSteps
from .memory import InMemorySaver
from .messages import MessagesState, add_messages
from .runtime import RunnableConfig, Runtime
from .state_graph import StateGraph
from .types import Command, Interrupt, Overwrite, Send, StateSnapshot

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
    "RunnableConfig",
    "Runtime",
    "Send",
    "StateGraph",
    "StateSnapshot",
    "Unsupported",
    "add_messages",
    "interrupt",
]
