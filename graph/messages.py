"""Merges lists of chat messages by their ids."""

import functools
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Final, TypedDict

REMOVE_ALL_MESSAGES: Final = "__remove_all__"


def add_messages(left: Any = None, right: Any = None, *, format: str | None = None) -> Any:
    """Append messages, replacing or removing those whose id is known.

    Called with `format` alone, it gives the reducer that also formats.

    Raises:
        ValueError: For one list only, for an unknown format, or for the removal of an unknown id.
    """
    if left is not None and right is not None:
        return _merge(left, right, format)
    if left is not None or right is not None:
        given = "left" if left else "right"
        raise ValueError(
            "Must specify non-null arguments for both 'left' and 'right'. "
            f"Only received: '{given}'."
        )
    partial: Callable[..., Any] = functools.partial(
        _merge, **({} if format is None else {"format": format})
    )
    return partial


class MessagesState(TypedDict):
    """A state that is a conversation."""

    messages: Annotated[list[Any], add_messages]


def _merge(left: Any, right: Any, format: str | None = None) -> Any:
    from langchain_core.messages import RemoveMessage

    left, right = _to_messages(left), _to_messages(right)
    known = _ids(left)
    _ids(right)
    for at in reversed(range(len(right))):
        if isinstance(right[at], RemoveMessage) and right[at].id == REMOVE_ALL_MESSAGES:
            return right[at + 1 :]

    merged = list(left)
    places = dict(zip(known, range(len(merged)), strict=True))
    removed: set[str | None] = set()
    for message in right:
        place = places.get(message.id)
        if isinstance(message, RemoveMessage):
            if place is None:
                raise ValueError(
                    f"Attempting to delete a message with an ID that doesn't exist ('{message.id}')"
                )
            removed.add(message.id)
        elif place is None:
            places[message.id] = len(merged)
            merged.append(message)
        else:
            removed.discard(message.id)
            merged[place] = message
    if removed:
        merged = [message for message in merged if message.id not in removed]
    if format is None or format == "":
        return merged
    if format == "langchain-openai":
        from langchain_core.messages import convert_to_messages, convert_to_openai_messages

        return convert_to_messages(convert_to_openai_messages(merged))
    raise ValueError(f"Unrecognized {format=}. Expected one of 'langchain-openai', None.")


def _ids(messages: list[Any]) -> list[Any]:
    """The ids of messages, which they are given if they have none."""
    ids = [message.id for message in messages]
    if None not in ids:
        return ids
    for message in messages:
        if message.id is None:
            message.id = str(uuid.uuid4())
    return [message.id for message in messages]


def _to_messages(given: Any) -> list[Any]:
    from langchain_core.messages import (
        BaseMessage,
        BaseMessageChunk,
        convert_to_messages,
        message_chunk_to_message,
    )

    messages = given if isinstance(given, list) else [given]
    # asking each message what it is takes most of a merge, and a history has few classes
    kinds = set(map(type, messages))
    if all(issubclass(k, BaseMessage) and not issubclass(k, BaseMessageChunk) for k in kinds):
        return messages
    return [message_chunk_to_message(m) for m in convert_to_messages(messages)]
