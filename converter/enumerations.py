"""What enums of the program are, where their bodies say all of it."""

from typing import Literal

from langferry.converter.lower.requests import Enumeration
from langferry.converter.made_objects import enum_members, is_plainly_made
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.values import ClassValue, Const, FunctionValue

Kind = Literal["plain", "text", "shown"]


def enumeration_of(cls: ClassValue) -> Enumeration | None:
    """The enum that a class is; None where its members are more than names with values of their own."""
    kind = _kind_of(cls)
    if cls.unknown is not None or cls.kind != "enum" or kind is None or not is_plainly_made(cls):
        return None
    found = enum_members(cls)
    members: list[tuple[str, str | int]] = []
    for name, value in cls.scope.names.items():
        if name in ("name", "value"):
            return None
        if isinstance(value, FunctionValue) and not name.startswith("_"):
            continue
        if name not in found or not isinstance(value, Const):
            return None
        if not isinstance(value.value, str | int) or isinstance(value.value, bool):
            return None
        if isinstance(value.value, str) and any("\ud800" <= x <= "\udfff" for x in value.value):
            return None
        members.append((name, value.value))
    if not members or len({value for _, value in members}) < len(members):
        # another name for a member is the member
        return None
    return Enumeration(f"{cls.module.name}.{cls.qualified}", kind, tuple(members))


def _kind_of(cls: ClassValue) -> Kind | None:
    match cls.bases:
        case [base] if is_library(base, "enum.Enum"):
            return "plain"
        case [base] if is_library(base, "enum.StrEnum"):
            return "shown"
        case [text, base] if is_library(text, "builtins.str") and is_library(base, "enum.Enum"):
            return "text"
    return None
