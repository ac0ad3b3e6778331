"""Stands in for `langgraph.channels`, as far as a state can name them."""

from collections.abc import Callable
from typing import Any, NoReturn

from langferry.graph.channels import Channel
from langferry.graph.errors import Unsupported

__all__ = (
    "AnyValue",
    "BaseChannel",
    "BinaryOperatorAggregate",
    "DeltaChannel",
    "EphemeralValue",
    "LastValue",
    "NamedBarrierValue",
    "Topic",
    "UntrackedValue",
)


class BaseChannel:
    """Base of the channels a state can name."""

    key: str = ""

    @classmethod
    def langferry_channel(cls, annotation: Any) -> Channel:
        """The channel a key annotated with this class gets."""
        raise Unsupported(
            "LF403", f"{cls.__name__} is not supported yet; use a plain key or a reducer function"
        )


class LastValue(BaseChannel):
    """Holds the last value written."""

    def __init__(self, typ: Any, key: str = "") -> None:
        self.typ = typ
        self.key = key

    @classmethod
    def langferry_channel(cls, annotation: Any) -> Channel:
        """A key without a reducer."""
        return Channel(annotation)


class BinaryOperatorAggregate(BaseChannel):
    """Folds writes into its value."""

    def __init__(self, typ: Any, operator: Callable[[Any, Any], Any]) -> None:
        self.typ = typ
        self.operator = operator

    def langferry_channel(self, annotation: Any) -> Channel:  # type: ignore[override]
        """A key with a reducer."""
        return Channel(self.typ, self.operator)


class _Refused(BaseChannel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._refuse()

    @classmethod
    def _refuse(cls) -> NoReturn:
        cls.langferry_channel(None)
        raise AssertionError


class AnyValue(_Refused):
    """Not supported yet."""


class DeltaChannel(_Refused):
    """Not supported yet."""


class EphemeralValue(_Refused):
    """Not supported yet."""


class NamedBarrierValue(_Refused):
    """Not supported yet."""


class Topic(_Refused):
    """Not supported yet."""


class UntrackedValue(_Refused):
    """Not supported yet."""
