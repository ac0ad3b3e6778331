"""A task's config as langchain's context variable holds it: made when somebody reads it."""

from collections.abc import Callable
from typing import Any


class TaskConfig(dict[str, Any]):
    """The config of a task, filled in by the first use of it.

    Every node runs with one, and few look at it. It is a dict, as code that finds it expects.

    Attributes:
        scope: Whose config it will be, to be set before anybody sees it; `None` once it is filled in.
    """

    # set from outside, as a frame of `__init__` for every call of every node would cost more than the rest
    __slots__ = ("scope",)
    scope: Any

    def _fill(self) -> None:
        scope, self.scope = self.scope, None
        if scope is not None:
            dict.update(self, scope.config)

    def __bool__(self) -> bool:
        return True


def _filling(name: str) -> Callable[..., Any]:
    method = getattr(dict, name)

    def call(self: TaskConfig, *args: Any, **kwargs: Any) -> Any:
        if self.scope is not None:
            self._fill()
        return method(self, *args, **kwargs)

    call.__name__ = name
    call.__doc__ = method.__doc__
    return call


for _name in (
    "__contains__",
    "__delitem__",
    "__eq__",
    "__getitem__",
    "__ior__",
    "__iter__",
    "__len__",
    "__ne__",
    "__or__",
    "__repr__",
    "__reversed__",
    "__ror__",
    "__setitem__",
    "clear",
    "copy",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
):
    setattr(TaskConfig, _name, _filling(_name))


def _reduce(self: TaskConfig, protocol: Any) -> Any:
    """Pickled and copied as the plain dict it is."""
    return dict, (dict(self.items()),)


TaskConfig.__reduce_ex__ = _reduce  # type: ignore[method-assign, assignment]
