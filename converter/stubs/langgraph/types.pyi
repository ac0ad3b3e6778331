from typing import Any, Generic, TypeVar

_T = TypeVar("_T", default=Any)

class Send:
    node: str
    arg: Any
    def __init__(self, node: str, arg: Any) -> None: ...

class Command(Generic[_T]):
    def __init__(
        self, *, graph: Any = ..., update: Any = ..., resume: Any = ..., goto: Any = ...
    ) -> None: ...

def interrupt(value: Any) -> Any: ...
