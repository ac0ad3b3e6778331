"""Names that cost more to import than most programs use of them.

langchain, the savers' package and what they import take a second and 50 MB; a graph of plain functions needs
none of it. Here is where each name lives: `later.NAME` imports it when it is first looked up. Annotations
are written as strings with it, so that `typing.get_type_hints` finds what they mean.
"""

import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from langchain_core.callbacks import AsyncCallbackManager as AsyncCallbackManager
    from langchain_core.callbacks import BaseCallbackManager as BaseCallbackManager
    from langchain_core.callbacks import CallbackManager as CallbackManager
    from langchain_core.messages import AnyMessage as AnyMessage
    from langchain_core.messages import BaseMessage as BaseMessage
    from langchain_core.messages import BaseMessageChunk as BaseMessageChunk
    from langchain_core.messages import MessageLikeRepresentation as MessageLikeRepresentation
    from langchain_core.messages import RemoveMessage as RemoveMessage
    from langchain_core.messages import convert_to_messages as convert_to_messages
    from langchain_core.messages.tool import ToolOutputMixin as ToolOutputMixin
    from langchain_core.runnables import Runnable as Runnable
    from langchain_core.runnables import RunnableConfig as RunnableConfig
    from langchain_core.runnables import RunnableLambda as RunnableLambda
    from langchain_core.runnables import RunnableParallel as RunnableParallel
    from langchain_core.runnables import RunnableSequence as RunnableSequence
    from langchain_core.runnables.base import RunnableLike as RunnableLike
    from langchain_core.runnables.graph import Graph as Graph
    from langchain_core.utils.pydantic import create_model_v2 as create_model_v2
    from langgraph.cache.base import BaseCache as BaseCache
    from langgraph.checkpoint.base import BaseCheckpointSaver as BaseCheckpointSaver
    from langgraph.checkpoint.base import CheckpointMetadata as CheckpointMetadata
    from langgraph.checkpoint.base import EmptyChannelError as EmptyChannelError
    from langgraph.checkpoint.memory import InMemorySaver as InMemorySaver
    from langgraph.checkpoint.serde.types import _DeltaSnapshot as _DeltaSnapshot
    from langgraph.store.base import BaseStore as BaseStore
    from langgraph_sdk.auth.types import BaseUser as BaseUser
    from pydantic import BaseModel as BaseModel
    from pydantic import TypeAdapter as TypeAdapter

    from langferry.compat._internal._attempts import ObservedAttempt as ObservedAttempt
    from langferry.compat._internal._attempts import ProgressHandler as ProgressHandler
    from langferry.compat._internal._runnable import RunnableCallable as RunnableCallable
    from langferry.compat._internal._runnable import RunnableSeq as RunnableSeq
    from langferry.compat.callbacks import GraphCallbackHandler as GraphCallbackHandler
    from langferry.compat.pregel._builder import NodeBuilder as NodeBuilder
    from langferry.compat.pregel._memory import native_twin as native_twin
    from langferry.compat.pregel._messages import StreamMessagesHandler as StreamMessagesHandler
    from langferry.compat.pregel._messages import StreamMessagesHandlerV2 as StreamMessagesHandlerV2
    from langferry.compat.pregel._read import PregelNode as PregelNode
    from langferry.compat.pregel._tools import StreamToolCallHandler as StreamToolCallHandler
    from langferry.compat.stream._mux import StreamMux as StreamMux
    from langferry.compat.stream._mux import TransformerFactory as TransformerFactory
    from langferry.compat.stream._types import StreamTransformer as StreamTransformer
    from langferry.compat.stream.run_stream import AsyncGraphRunStream as AsyncGraphRunStream
    from langferry.compat.stream.run_stream import GraphRunStream as GraphRunStream

HOMES: Final = {
    name: module
    for module, names in {
        "langchain_core.callbacks.base": ("BaseCallbackManager",),
        "langchain_core.callbacks.manager": ("AsyncCallbackManager", "CallbackManager"),
        "langchain_core.messages.base": ("BaseMessage", "BaseMessageChunk"),
        "langchain_core.messages.modifier": ("RemoveMessage",),
        "langchain_core.messages.tool": ("ToolOutputMixin",),
        "langchain_core.messages.utils": (
            "AnyMessage",
            "MessageLikeRepresentation",
            "convert_to_messages",
        ),
        "langchain_core.runnables.base": (
            "Runnable",
            "RunnableLambda",
            "RunnableLike",
            "RunnableParallel",
            "RunnableSequence",
        ),
        "langchain_core.runnables.config": ("RunnableConfig",),
        "langchain_core.runnables.graph": ("Graph",),
        "langchain_core.utils.pydantic": ("create_model_v2",),
        "langgraph.cache.base": ("BaseCache",),
        "langgraph.checkpoint.base": (
            "BaseCheckpointSaver",
            "CheckpointMetadata",
            "EmptyChannelError",
        ),
        "langgraph.checkpoint.memory": ("InMemorySaver",),
        "langgraph.checkpoint.serde.types": ("_DeltaSnapshot",),
        "langgraph.store.base": ("BaseStore",),
        "langgraph_sdk.auth.types": ("BaseUser",),
        "langferry.compat._internal._attempts": ("ObservedAttempt", "ProgressHandler"),
        "langferry.compat._internal._runnable": ("RunnableCallable", "RunnableSeq"),
        "langferry.compat.pregel._builder": ("NodeBuilder",),
        "langferry.compat.callbacks": ("GraphCallbackHandler",),
        "langferry.compat.pregel._memory": ("native_twin",),
        "langferry.compat.pregel._messages": ("StreamMessagesHandler", "StreamMessagesHandlerV2"),
        "langferry.compat.pregel._read": ("PregelNode",),
        "langferry.compat.pregel._tools": ("StreamToolCallHandler",),
        "langferry.compat.stream._mux": ("StreamMux", "TransformerFactory"),
        "langferry.compat.stream._types": ("StreamTransformer",),
        "langferry.compat.stream.run_stream": ("AsyncGraphRunStream", "GraphRunStream"),
        "pydantic.main": ("BaseModel",),
        "pydantic.type_adapter": ("TypeAdapter",),
    }.items()
    for name in names
}
"""The module that defines each name."""


def _look_up(name: str) -> Any:
    home = HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(home), name)
    return found


if not TYPE_CHECKING:
    __getattr__ = _look_up


def is_a(thing: object, name: str) -> bool:
    """Whether a value is of a class, which has no instances as long as nobody has imported it."""
    cls = getattr(sys.modules.get(HOMES[name]), name, None)
    return cls is not None and isinstance(thing, cls)


def reexported(module: str, *names: str) -> Callable[[str], Any]:
    """A module's `__getattr__` by which it has names of this one."""

    def find(name: str) -> Any:
        if name in names:
            return globals().get(name) or _look_up(name)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return find
