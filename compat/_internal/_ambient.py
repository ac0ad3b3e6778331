"""The config around what runs, where langchain's runnables look for it.

langchain keeps it in a context variable of its own. If langchain has not been imported yet, it gets one from here in
place of its own when it is, so that a node that imports it finds its config there, as do all that run already.
"""

import sys
from contextvars import ContextVar, Token
from typing import Any, Final, Protocol

from langferry.compat.on_import import on_import

_MODULE: Final = "langchain_core.runnables.config"
_NAME: Final = "var_child_runnable_config"


class Ambient(Protocol):
    """What langchain uses of its context variable."""

    def get(self) -> Any:
        """The config, or `None`."""

    def set(self, config: Any, /) -> Token[Any]:
        """Put a config around what runs in this context from now on."""

    def reset(self, token: Token[Any], /) -> None:
        """Take back what was set."""


def _find() -> Ambient:
    module = sys.modules.get(_MODULE)
    if module is not None:
        theirs: Ambient = getattr(module, _NAME)
        return theirs
    own: Ambient = ContextVar("child_runnable_config", default=None)
    on_import(_MODULE, lambda module: setattr(module, _NAME, own))
    return own


ambient: Final = _find()
