"""Stands in for `langgraph.graph.ui`: components for a user interface, kept in the state."""

import uuid
from typing import Any, Literal, TypedDict

from langchain_core.messages import AnyMessage

from langferry.compat._internal._constants import CONF, CONFIG_KEY_SEND
from langferry.compat.config import get_config, get_stream_writer

__all__ = (
    "AnyUIMessage",
    "RemoveUIMessage",
    "UIMessage",
    "delete_ui_message",
    "push_ui_message",
    "ui_message_reducer",
)


class UIMessage(TypedDict):
    """A component to show, and its properties."""

    type: Literal["ui"]
    id: str
    name: str
    props: dict[str, Any]
    metadata: dict[str, Any]


class RemoveUIMessage(TypedDict):
    """A component to take away."""

    type: Literal["remove-ui"]
    id: str


AnyUIMessage = UIMessage | RemoveUIMessage


def push_ui_message(
    name: str,
    props: dict[str, Any],
    *,
    id: str | None = None,
    metadata: dict[str, Any] | None = None,
    message: AnyMessage | None = None,
    state_key: str | None = "ui",
    merge: bool = False,
) -> UIMessage:
    """Show a component: tell the caller, and write it to the state.

    With `merge`, properties are added to those of the component with this id.
    """
    config = get_config()
    shown: dict[str, Any] = {
        "merge": merge,
        "run_id": config.get("run_id"),
        "tags": config.get("tags"),
        "name": config.get("run_name"),
        **(metadata or {}),
    }
    told = message.get("id") if isinstance(message, dict) else getattr(message, "id", None)
    if told:
        shown["message_id"] = told
    component: UIMessage = {
        "type": "ui",
        "id": id or str(uuid.uuid4()),
        "name": name,
        "props": props,
        "metadata": shown,
    }
    get_stream_writer()(component)
    if state_key:
        config[CONF][CONFIG_KEY_SEND]([(state_key, component)])
    return component


def delete_ui_message(id: str, *, state_key: str = "ui") -> RemoveUIMessage:
    """Take a component away."""
    removal: RemoveUIMessage = {"type": "remove-ui", "id": id}
    get_stream_writer()(removal)
    get_config()[CONF][CONFIG_KEY_SEND]([(state_key, removal)])
    return removal


def ui_message_reducer(
    left: list[AnyUIMessage] | AnyUIMessage, right: list[AnyUIMessage] | AnyUIMessage
) -> list[AnyUIMessage]:
    """Add, replace and take away components by their ids.

    Raises:
        ValueError: For the removal of a component that is not there.
    """
    merged: list[Any] = list(left) if isinstance(left, list) else [left]
    changes: list[Any] = right if isinstance(right, list) else [right]
    places = {message.get("id"): at for at, message in enumerate(merged)}
    removed = set()
    for change in changes:
        key = change.get("id")
        place = places.get(key)
        removes = change.get("type") == "remove-ui"
        if place is None:
            if removes:
                raise ValueError(
                    f"Attempting to delete an UI message with an ID that doesn't exist ('{key}')"
                )
            places[key] = len(merged)
            merged.append(change)
        elif removes:
            removed.add(key)
        else:
            removed.discard(key)
            if change.get("metadata", {}).get("merge", False):
                change = {**change, "props": {**merged[place]["props"], **change["props"]}}
            merged[place] = change
    return [message for message in merged if message.get("id") not in removed]
