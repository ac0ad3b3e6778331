"""Stands in for `langgraph.graph.message`."""

import warnings
from typing import TYPE_CHECKING, Annotated, Any

from typing_extensions import TypedDict, deprecated

from langferry.compat import later
from langferry.compat._internal._constants import CONF, CONFIG_KEY_SEND
from langferry.compat.config import get_config
from langferry.compat.graph.message_delta import _messages_delta_reducer
from langferry.compat.graph.state import StateGraph
from langferry.compat.warnings import LangGraphDeprecatedSinceV10
from langferry.graph.messages import REMOVE_ALL_MESSAGES, add_messages

__all__ = (
    "REMOVE_ALL_MESSAGES",
    "MessageGraph",
    "Messages",
    "MessagesState",
    "_messages_delta_reducer",
    "add_messages",
    "push_message",
)

if TYPE_CHECKING:
    Messages = list[later.MessageLikeRepresentation] | later.MessageLikeRepresentation
else:

    def __getattr__(name: str) -> Any:
        if name == "Messages":
            one = later.MessageLikeRepresentation
            return list[one] | one
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_DEPRECATED = (
    "MessageGraph is deprecated in {}1.0.0, to be removed in {}2.0.0. "
    "Please use StateGraph with a `messages` key instead."
)


class MessagesState(TypedDict):
    """A state that is a conversation."""

    messages: "Annotated[list[later.AnyMessage], add_messages]"


@deprecated(_DEPRECATED.format("langgraph ", ""), category=None)
class MessageGraph(StateGraph):
    """A graph whose whole state is a list of messages."""

    def __init__(self) -> None:
        warnings.warn(
            _DEPRECATED.format("LangGraph v", "v"),
            category=LangGraphDeprecatedSinceV10,
            stacklevel=2,
        )
        super().__init__(Annotated[list[later.AnyMessage], add_messages])


def push_message(
    message: "later.MessageLikeRepresentation | later.BaseMessageChunk",
    *,
    state_key: str | None = "messages",
) -> "later.AnyMessage":
    """Give the caller a message at once, and write it to the state.

    Raises:
        ValueError: If the message has no id.
    """
    from langferry.compat.pregel._messages import StreamMessagesHandler

    config = get_config()
    pushed = later.convert_to_messages([message])[0]
    if pushed.id is None:
        raise ValueError("Message ID is required")
    callbacks = config.get("callbacks")
    handlers = callbacks if isinstance(callbacks, list) else getattr(callbacks, "handlers", ())
    for handler in handlers:
        if isinstance(handler, StreamMessagesHandler):
            handler.push(config["metadata"], pushed)
    if state_key:
        config[CONF][CONFIG_KEY_SEND]([(state_key, pushed)])
    return pushed  # type: ignore[return-value]
