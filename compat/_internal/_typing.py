"""Stands in for `langgraph._internal._typing`."""

from dataclasses import Field
from typing import Any, ClassVar, Final, Protocol, TypeAlias, Union

from typing_extensions import TypedDict

from langferry.compat import later


class TypedDictLikeV1(Protocol):
    """A TypedDict whose keys are known by the class."""

    __required_keys__: ClassVar[frozenset[str]]
    __optional_keys__: ClassVar[frozenset[str]]


class TypedDictLikeV2(Protocol):
    """A TypedDict as type checkers see it on an instance."""

    __required_keys__: frozenset[str]
    __optional_keys__: frozenset[str]


class DataclassLike(Protocol):
    """A dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


StateLike: TypeAlias = Union[TypedDictLikeV1, TypedDictLikeV2, DataclassLike, "later.BaseModel"]
"""What can be the class of a state."""


class _Missing:
    """The type of `MISSING`."""


MISSING: Final[Any] = _Missing()
"""Stands for a value that is not there."""


class DeprecatedKwargs(TypedDict):
    """Keywords that are taken for older programs, with a warning."""


EMPTY_SEQ: Final[tuple[Any, ...]] = ()
