"""The channel objects that a state's annotations stand for."""

from typing import Any, Literal, NotRequired, Required, overload

from langferry.compat.channels import BaseChannel, BinaryOperatorAggregate, LastValue
from langferry.graph.channels import Channel
from langferry.graph.schema import read_key


def channel_object(name: str, known: Channel) -> BaseChannel[Any, Any, Any]:
    """The channel of a key as a `Pregel` has it."""
    made: BaseChannel[Any, Any, Any]
    if known.hosted is not None:
        made = known.hosted
    elif known.reducer is None:
        made = LastValue(known.annotation)
    else:
        made = BinaryOperatorAggregate(known.annotation, known.reducer)
    made.key = name
    return made


@overload
def _get_channel(
    name: str, annotation: Any, *, allow_managed: Literal[False]
) -> BaseChannel[Any, Any, Any]: ...


@overload
def _get_channel(name: str, annotation: Any, *, allow_managed: Literal[True] = True) -> Any: ...


def _get_channel(name: str, annotation: Any, *, allow_managed: bool = True) -> Any:
    """The channel or managed value of a key.

    Raises:
        ValueError: For a managed value where none is allowed, or a reducer of other than two values.
    """
    key = read_key(name, annotation)
    if not isinstance(key, Channel):
        if not allow_managed:
            raise ValueError(f"This {annotation} not allowed in this position")
        return key
    declared = _is_field_channel(annotation)
    if declared is None:
        return channel_object(name, key)
    declared.key = name
    return declared


def _is_field_channel(typ: Any) -> BaseChannel[Any, Any, Any] | None:
    """The channel that an annotation names, if it names one."""
    origin = getattr(typ, "__origin__", typ)
    if getattr(origin, "__origin__", None) in (Required, NotRequired):
        origin = origin.__args__[0]
    for item in getattr(typ, "__metadata__", ()):
        if isinstance(item, BaseChannel):
            return item.typed(origin)
        if isinstance(item, type) and issubclass(item, BaseChannel):
            return item(origin)
    return None
