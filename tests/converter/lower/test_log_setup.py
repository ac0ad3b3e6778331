"""How logging is set up is known of what has run before a node does."""

import logging

from langferry.converter.lower.log_setup import (
    LAST_RESORT,
    SET_UP_BY_FUNCTIONS,
    LogSetup,
    log_setup,
)
from langferry.converter.module_scope import ModuleScope

NODES = ModuleScope("nodes.py", "nodes", "import logging\nlogger = logging.getLogger(__name__)\n")
SETTING_UP = "import logging\nfrom nodes import node\nlogging.basicConfig(format='%(message)s')\n"
SHOWN = LogSetup(logging.WARNING, (("", "message"),))


def _module(name: str, text: str) -> ModuleScope:
    return ModuleScope(f"{name}.py", name, text)


def test_the_module_of_the_graph_has_run() -> None:
    entry = _module("program", SETTING_UP)
    assert log_setup([entry, NODES], NODES, entry) == SHOWN
    assert log_setup([entry, NODES], entry) == SHOWN
    assert log_setup([entry, NODES], NODES) is None


def test_so_has_what_it_imports() -> None:
    entry = _module("program", "import setting_up\n")
    setting_up = _module("setting_up", SETTING_UP)
    assert log_setup([entry, setting_up, NODES], NODES, entry) == SHOWN


def test_another_module_may_not_have_run() -> None:
    entry, other = _module("program", "import nodes\n"), _module("other", SETTING_UP)
    assert log_setup([entry, other, NODES], NODES, entry) is None
    assert log_setup([entry, NODES], NODES, entry) == LAST_RESORT


def test_which_of_two_comes_first_is_not_told() -> None:
    entry, other = _module("program", "import other\n" + SETTING_UP), _module("other", SETTING_UP)
    assert log_setup([entry, other, NODES], NODES, entry) is None


def test_a_function_of_the_entry_may_not_have_run() -> None:
    inside = "import logging\ndef prepare():\n    logging.basicConfig()\n"
    entry = _module("program", inside)
    assert log_setup([entry, NODES], NODES, entry) is None


def test_functions_set_up_what_they_need() -> None:
    entry = _module("program", "import logging\ndef node(state):\n    logging.error('x')\n")
    assert log_setup([entry], entry, entry) == SET_UP_BY_FUNCTIONS
    # a logger's method shows the same as such a function only after one was called
    assert log_setup([entry, NODES], entry, entry) is None
