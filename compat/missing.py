"""Says by a code that a part of LangGraph's surface has no counterpart here yet."""

from typing import Any, NoReturn

from langferry.graph.errors import Unsupported


def refuse(code: str, name: str, instead: str) -> NoReturn:
    """Refuse a use of something that can be imported only.

    Raises:
        Unsupported: Always.
    """
    raise Unsupported(code, f"{name} is not supported yet; {instead}")


def refusing(code: str, name: str, instead: str) -> Any:
    """A function that refuses every call."""

    def refused(*args: Any, **kwargs: Any) -> NoReturn:
        refuse(code, name, instead)

    refused.__name__ = refused.__qualname__ = name.rpartition(".")[2].removesuffix("()")
    return refused
