"""Nobody who would be told of a run is missed by the short way of finding out."""

import contextvars
import os
import subprocess
import sys

import pytest
from langchain_core.callbacks import BaseCallbackHandler, CallbackManager
from langchain_core.globals import get_debug, set_debug
from langchain_core.tracers.context import collect_runs
from langsmith import tracing_context

from langferry.compat._internal._listeners import may_listen


class Quiet(BaseCallbackHandler):
    """A handler."""


def would_be_told(callbacks: object = None) -> bool:
    manager = CallbackManager.configure(inheritable_callbacks=callbacks)  # type: ignore[arg-type]
    return bool(manager.handlers)


def test_nobody_listens() -> None:
    assert not may_listen(None)
    assert not would_be_told()


def test_handlers_listen() -> None:
    assert may_listen([Quiet()])
    assert would_be_told([Quiet()])


def test_collected_runs_are_listened_to() -> None:
    with collect_runs():
        assert may_listen(None)
        assert would_be_told()


def test_debugging_listens() -> None:
    before = get_debug()
    set_debug(True)
    try:
        assert may_listen(None)
        assert would_be_told()
    finally:
        set_debug(before)


def test_a_tracing_context_listens() -> None:
    def inside() -> None:
        with tracing_context(enabled="local"):
            assert may_listen(None)
            assert would_be_told()

    contextvars.copy_context().run(inside)


@pytest.mark.parametrize(
    ("name", "value", "asks"),
    [
        ("LANGSMITH_TRACING", "true", True),
        ("LANGSMITH_TRACING_V2", "true", True),
        ("LANGCHAIN_TRACING_V2", "true", True),
        ("LANGCHAIN_TRACING_V2", "false", False),
        ("LANGSMITH_TRACING", "", False),
    ],
)
def test_the_environment_is_read(name: str, value: str, asks: bool) -> None:
    program = (
        "import sys\n"
        "from langferry.compat._internal._listeners import may_listen\n"
        "print(may_listen(None), 'langchain_core' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(asks), "False"]
