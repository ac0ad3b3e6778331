"""Stands in for `langgraph.graph.message`."""

from typing import Annotated

from langchain_core.messages import AnyMessage, MessageLikeRepresentation
from typing_extensions import TypedDict

from langferry.compat.missing import refuse
from langferry.graph.messages import REMOVE_ALL_MESSAGES, add_messages

__all__ = ("REMOVE_ALL_MESSAGES", "MessagesState", "add_messages")

__getattr__ = refuse(
    __name__,
    {
        "MessageGraph": "use StateGraph with a `messages` key",
        "push_message": "return the message from the node",
    },
)

Messages = list[MessageLikeRepresentation] | MessageLikeRepresentation


class MessagesState(TypedDict):
    """A state that is a conversation."""

    messages: Annotated[list[AnyMessage], add_messages]
