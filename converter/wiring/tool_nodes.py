"""What a `ToolNode` is told besides its tools."""

from collections.abc import Mapping
from dataclasses import dataclass

from langferry.converter.wiring.values import Const, LibraryValue, TupleValue, Value

_BUILTINS = "builtins."
_KNOWN = frozenset({"tools", "name", "handle_tool_errors", "messages_key"})


@dataclass(frozen=True)
class ToolNodeOptions:
    """How a `ToolNode` works.

    `errors` is what becomes of exceptions that tools raise: None where nothing is said, whether models
    are told of them, the text they are told, or the classes of those they are told of.
    """

    errors: bool | str | list[str] | None
    key: str
    """The channel that messages are read from and answers are written to."""


def options_of(keywords: Mapping[str, Value]) -> ToolNodeOptions | None:
    """The options of a `ToolNode` that is made with `keywords`, None where they are not known."""
    key = keywords.get("messages_key", Const("messages"))
    if (
        not keywords.keys() <= _KNOWN
        or not isinstance(key, Const)
        or not isinstance(key.value, str)
    ):
        return None
    match keywords.get("handle_tool_errors"):
        case None:
            return ToolNodeOptions(None, key.value)
        case Const(bool(told)):
            return ToolNodeOptions(told, key.value)
        case Const(str(said)):
            # what is false in Python tells of nothing
            return ToolNodeOptions(said or False, key.value)
        case LibraryValue() as one:
            return _telling_of([one], key.value)
        case TupleValue(items) if items:
            return _telling_of(items, key.value)
    return None


def _telling_of(classes: list[Value], key: str) -> ToolNodeOptions | None:
    """Options with which models are told of exceptions of these classes."""
    names = [
        item.name.removeprefix(_BUILTINS)
        for item in classes
        if isinstance(item, LibraryValue) and _is_exception(item.name)
    ]
    return ToolNodeOptions(names, key) if len(names) == len(classes) else None


def _is_exception(name: str) -> bool:
    import builtins

    found = getattr(builtins, name.removeprefix(_BUILTINS), None)
    is_builtin = name.startswith(_BUILTINS)
    return is_builtin and isinstance(found, type) and issubclass(found, Exception)
