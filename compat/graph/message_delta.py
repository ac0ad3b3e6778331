"""Merges messages in a `DeltaChannel`."""

import uuid
from collections.abc import Sequence
from typing import Any

from langferry.compat import later


def _messages_delta_reducer(
    state: Sequence[Any], writes: Sequence[Any]
) -> "list[later.AnyMessage]":
    """Merge messages by their ids, all writes of a step or of several at once."""
    given = [item for write in writes for item in (write if isinstance(write, list) else [write])]
    known = state
    if not (state and later.is_a(state[0], "BaseMessage")):
        known = later.convert_to_messages(state)
    merged: list[Any] = list(known)
    places = {message.id: at for at, message in enumerate(merged) if message.id is not None}
    for message in later.convert_to_messages(given):
        place = None if message.id is None else places.get(message.id)
        if isinstance(message, later.RemoveMessage):
            if place is not None:
                merged[place] = None
                del places[message.id]
        elif place is not None:
            merged[place] = message
        else:
            if message.id is not None:
                places[message.id] = len(merged)
            merged.append(message)
    return [message for message in merged if message is not None]


def with_message_ids(value: Any, *, messages_only: bool) -> Any:
    """A write to a `DeltaChannel` whose messages have ids, so that replaying it gives the same.

    `messages_only` says that the channel's reducer takes nothing but messages.
    """
    from langferry.compat.channels.binop import _get_overwrite
    from langferry.compat.types import Overwrite

    overwrites, new = _get_overwrite(value)
    if overwrites:
        if isinstance(new, list | tuple):
            items = [_with_id(item, coerce=messages_only) for item in new]
            if any(after is not before for after, before in zip(items, new, strict=True)):
                return Overwrite(items if isinstance(new, list) else tuple(items))
        return value
    if isinstance(value, list):
        items = [
            _with_id(item, coerce=messages_only or _is_message_dict(item), strict=True)
            for item in value
        ]
        changed = any(after is not before for after, before in zip(items, value, strict=True))
        return items if changed else value
    if messages_only:
        return _with_id(value, coerce=True)
    if _is_message_dict(value) and not value.get("id"):
        return {**value, "id": str(uuid.uuid4())}
    return _with_id(value, coerce=False)


_ROLES = frozenset(("user", "human", "assistant", "ai", "tool", "system", "function"))
_TYPES = frozenset(("human", "ai", "tool", "system", "function", "remove"))


def _is_message_dict(value: Any) -> bool:
    return isinstance(value, dict) and (value.get("role") in _ROLES or value.get("type") in _TYPES)


def _with_id(item: Any, *, coerce: bool, strict: bool = False) -> Any:
    if later.is_a(item, "BaseMessage"):
        if item.id is None:
            item.id = str(uuid.uuid4())
        return item
    if not coerce:
        return item
    try:
        message = later.convert_to_messages([item])[0]
    except Exception:
        if strict and _is_message_dict(item):
            raise
        return item
    if not message.id:
        message.id = str(uuid.uuid4())
    return message
