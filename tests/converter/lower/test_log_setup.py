"""How logging is set up is known of what has run before a node does."""

import logging

from langferry.converter.lower.log_setup import LogSetup, LogSetups, Written
from langferry.converter.module_scope import ModuleScope

NODES = ModuleScope("nodes.py", "nodes", "import logging\nlogger = logging.getLogger(__name__)\n")
SETTING_UP = "import logging\nfrom nodes import node\nlogging.basicConfig(format='%(message)s')\n"
SHOWN = [Written("stderr", (("", "message"),))]
BASIC = [Written("stderr", (("", "levelname"), (":", "name"), (":", "message")))]


def _module(name: str, text: str) -> ModuleScope:
    return ModuleScope(f"{name}.py", name, text)


def log_setup(
    modules: list[ModuleScope], own: ModuleScope, entry: ModuleScope | None = None
) -> LogSetup | None:
    return LogSetups(modules, entry).of(own)


def written(
    modules: list[ModuleScope],
    own: ModuleScope,
    entry: ModuleScope | None = None,
    *,
    level: int = logging.WARNING,
    logger: str = "nodes",
) -> list[Written] | None:
    setup = log_setup(modules, own, entry)
    return None if setup is None else setup.written(level, logger)


def test_the_module_of_the_graph_has_run() -> None:
    entry = _module("program", SETTING_UP)
    assert written([entry, NODES], NODES, entry) == SHOWN
    assert written([entry, NODES], entry) == SHOWN
    assert written([entry, NODES], entry, level=logging.INFO) == []
    assert log_setup([entry, NODES], NODES) is None


def test_so_has_what_it_imports() -> None:
    entry = _module("program", "import setting_up\n")
    setting_up = _module("setting_up", SETTING_UP)
    assert written([entry, setting_up, NODES], NODES, entry) == SHOWN


def test_another_module_may_not_have_run() -> None:
    entry, other = _module("program", "import nodes\n"), _module("other", SETTING_UP)
    assert log_setup([entry, other, NODES], NODES, entry) is None
    assert written([entry, NODES], NODES, entry) == SHOWN
    assert written([entry, NODES], NODES, entry, level=logging.INFO) == []


def test_the_first_of_two_counts() -> None:
    entry = _module("program", "import other\n" + SETTING_UP)
    other = _module("other", "import logging\nlogging.basicConfig()\n")
    assert written([entry, other, NODES], NODES, entry) == BASIC
    forced = SETTING_UP.replace("format", "force=True, format")
    entry = _module("program", "import other\n" + forced)
    assert written([entry, other, NODES], NODES, entry) == SHOWN


def test_a_function_of_the_entry_may_not_have_run() -> None:
    inside = "import logging\ndef prepare():\n    logging.basicConfig()\n"
    named = _module("program", inside + "def node(state):\n    prepare()\n")
    assert log_setup([named, NODES], NODES, named) is None
    kept = _module("program", inside + "CALLED = [prepare]\n")
    assert log_setup([kept, NODES], NODES, kept) is None
    decorated = _module("program", inside.replace("def", "@run\ndef"))
    assert log_setup([decorated, NODES], NODES, decorated) is None
    # what nothing names is not called
    unused = _module("program", inside)
    assert written([unused, NODES], NODES, unused) == SHOWN
    called = _module("program", inside + "prepare()\n")
    assert written([called, NODES], NODES, called) == BASIC
    # to call it again changes nothing
    again = _module("program", inside + "prepare()\ndef node(state):\n    prepare()\n")
    assert written([again, NODES], NODES, again) == BASIC


def test_functions_set_up_what_they_need() -> None:
    entry = _module("program", "import logging\ndef node(state):\n    logging.error('x')\n")
    assert written([entry], entry, entry, logger="root") == BASIC
    assert written([entry], entry, entry, logger="root", level=logging.INFO) == []
    # a logger's method shows the same as such a function only after one was called
    assert log_setup([entry, NODES], entry, entry) is None
    early = _module("program", "import logging, nodes\nlogging.info('x')\n")
    assert written([early, NODES], NODES, early) == BASIC


WRAPPED = """import logging, sys

def get_logger(name=None, *, level=logging.INFO):
    logger = logging.getLogger(name or "app")
    if logger.handlers:
        return logger
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(levelname)s | %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    return logger
"""


def test_a_function_of_the_program_gives_loggers() -> None:
    logs = _module("logs", WRAPPED)
    entry = _module("program", "from logs import get_logger\nlogger = get_logger(__name__)\n")
    setup = log_setup([logs, entry], entry, entry)
    assert setup is not None
    assert setup.logger(entry, "logger") == "program"
    shown = [Written("stdout", (("", "levelname"), (" | ", "message")))]
    assert setup.written(logging.INFO, "program") == shown
    assert setup.written(logging.DEBUG, "program") == []
    assert setup.written(logging.INFO, "app") == []
    assert setup.written(logging.INFO, "program.below") == shown


def test_handlers_of_a_logger_and_of_the_root_both_write() -> None:
    text = WRAPPED.replace("    logger.propagate = False\n", "")
    entry = _module("program", text + "logging.basicConfig()\nlogger = get_logger('a')\n")
    found = written([entry], entry, entry, logger="a", level=logging.INFO)
    assert found is not None
    assert [item.stream for item in found] == ["stdout", "stderr"]


def test_what_is_not_known_of_a_setup_makes_it_unsure() -> None:
    for line in (
        "logging.basicConfig(level=os.getenv('LEVEL'))",
        "logging.config.dictConfig({})",
        "logging.disable()",
        "if os.getenv('X'):\n    logging.basicConfig()",
        "try:\n    logging.basicConfig()\nexcept Exception:\n    pass",
        "logging.getLogger().addHandler(Own())",
        "logging.getLogger().disabled = True",
        "def node(state):\n    logging.getLogger('').setLevel(10)\nuse(node)",
        "def node(state, logging):\n    logging.getLogger('a').setLevel(10)\nuse(node)",
        "def node(state):\n    a = logging.getLogger('a')\n    a = pick()\n    a.setLevel(10)\nuse(node)",
        "def node(state):\n    h = logging.StreamHandler()\n    logging.getLogger().addHandler(h)\nuse(node)",
        "def node(state):\n    for h in logging.getLogger('a').handlers:\n        h.setLevel(10)\nuse(node)",
        "[logging.getLogger(x).setLevel(10) for x in names]",
        "set_up = logging.basicConfig\ndef node(state):\n    set_up()",
        "def a():\n    logging.basicConfig()\nb = a\na()\ndef node(state):\n    b(level=1)",
        "def a():\n    logging.basicConfig()\na()\nb = [a]",
        "set_up = lambda: logging.basicConfig()",
        "class A:\n    def __init__(self):\n        logging.basicConfig()\nA()",
        "def a():\n    logging.info('')\na()\nlogging.basicConfig()",
        "root = logging.getLogger()\nroot.handlers = []",
        "r = logging.getLogger()\nr.handlers = []",
        "r = logging.getLogger()\ndel r.handlers[:]",
        "r = logging.getLogger()\nr.level = 10",
        "r = logging.getLogger()\nsetattr(r, 'level', 10)",
        "r = logging.getLogger()\nhs = r.handlers\nhs[0] = None",
        "h = logging.StreamHandler()\nh.formatter = None",
        "def node(state):\n    r = logging.getLogger()\n    r.level = 10\nuse(node)",
        "def node(state):\n    r = logging.getLogger()\n    r.handlers.clear()\nuse(node)",
        "logging.INFO = 40",
        "logging.Logger.info = print",
        "logging.setLogRecordFactory(made)",
        "logging._levelToName[20] = 'I'",
        "names = ['a']\nnames[0] = 'b'\nfor n in names:\n    logging.getLogger(n).setLevel(10)",
        "L = 'INFO'\ndef a():\n    global L\n    L = 'ERROR'\na()\nlogging.basicConfig(level=L)",
    ):
        entry = _module("program", f"import logging, os\n{line}\n")
        assert log_setup([entry, NODES], NODES, entry) is None, line


def test_files_and_other_formats_are_told_apart() -> None:
    text = "import logging\nlogging.basicConfig(filename='log')\n"
    entry = _module("program", text)
    assert written([entry, NODES], NODES, entry) == [Written("file:log", BASIC[0].parts)]
    for given in (
        "filename='a/log'",
        "filename=__file__",
        "filename='log', filemode='w'",
        "filename='log', encoding='latin-1'",
        "handlers=[logging.handlers.RotatingFileHandler('log')]",
    ):
        entry = _module("program", text.replace("filename='log'", given))
        assert written([entry, NODES], NODES, entry) == [Written(None, BASIC[0].parts)], given
    entry = _module("program", text + "import os\nos.chdir('/')\n")
    assert written([entry, NODES], NODES, entry) == [Written(None, BASIC[0].parts)]
    handlers = "handlers=[logging.FileHandler('log', encoding='utf-8'), logging.StreamHandler()]"
    entry = _module("program", text.replace("filename='log'", handlers))
    both = [Written("file:log", BASIC[0].parts), Written("stderr", BASIC[0].parts)]
    assert written([entry, NODES], NODES, entry) == both


def test_formats_are_read() -> None:
    for form, parts in (
        ("%(thread)d", None),
        ("%(message)5s", None),
        ("%(levelname)08s", None),
        ("100%% %(message)s%%", (("100% ", "message"), ("%", None))),
        ("%(levelname)-8s|%(name)9s", (("", "levelname:<8"), ("|", "name:>9"))),
        ("%(asctime)s", (("", "asctime"),)),
    ):
        text = f"import logging\nlogging.basicConfig(format='{form}')\n"
        entry = _module("program", text)
        assert written([entry, NODES], NODES, entry) == [Written("stderr", parts)], form
    for of_time, known in (("%H:%M", True), ("%f", False), ("%", False)):
        given = f"format='%(asctime)s', datefmt='{of_time}'"
        entry = _module("program", f"import logging\nlogging.basicConfig({given})\n")
        shown = [Written("stderr", (("", "asctime"),) if known else None, of_time)]
        assert written([entry, NODES], NODES, entry) == shown, of_time


def test_which_module_was_first_counts_where_it_is_not_known() -> None:
    other = _module("other", "import logging\nlogging.basicConfig(format='A %(message)s')\n")
    trying = "try:\n    import other\nexcept ImportError:\n    pass\n"
    called = "def first():\n    import other\nfirst()\n"
    for text in (trying, called):
        entry = _module("program", text + SETTING_UP)
        assert log_setup([entry, other, NODES], NODES, entry) is None, text
    same = _module("other", SETTING_UP.replace("from nodes import node\n", ""))
    entry = _module("program", trying + SETTING_UP)
    assert written([entry, same, NODES], NODES, entry) == SHOWN


def test_what_makes_the_graph_is_called() -> None:
    text = "import logging\ndef make_graph():\n    logging.basicConfig()\n"
    entry = _module("program", text)
    assert LogSetups([entry, NODES], entry, ["graph"]).of(NODES) is not None
    assert LogSetups([entry, NODES], entry, ["make_graph()"]).of(NODES) is None


def test_what_is_done_to_one_logger_others_do_not_show() -> None:
    for line in (
        "logging.getLogger('a').disabled = True",
        "logging.getLogger('a').setLevel(os.getenv('LEVEL'))",
        "logging.getLogger('a').addHandler(Own())",
        "if os.getenv('X'):\n    logging.getLogger('a').setLevel(10)",
        "def node(state):\n    logging.getLogger('a').addFilter(state)",
        "def node(state):\n    a = logging.getLogger('a')\n    a.setLevel(10)",
        "a = logging.getLogger('a')\ndef node(state):\n    a.setLevel(10)",
        "def node(state):\n    for x in ('a', 'a.b'):\n        logging.getLogger(x).setLevel(10)",
        "def node(state):\n    h = logging.StreamHandler()\n    h.setLevel(10)\n"
        "    logging.getLogger('a').addHandler(h)",
    ):
        entry = _module("program", f"import logging, os\n{line}\nuse(node)\n")
        assert written([entry, NODES], NODES, entry) == SHOWN, line
        unknown = [Written(None, None)]
        assert written([entry, NODES], NODES, entry, logger="a.b") == unknown, line
        assert written([entry, NODES], NODES, entry, logger="ab") == SHOWN, line


def test_what_was_looked_at_may_have_been_otherwise() -> None:
    looking = "import logging\nif not logging.getLogger('a').handlers:\n    logging.basicConfig()\n"
    entry = _module("program", looking)
    assert written([entry, NODES], NODES, entry) == BASIC
    adding = "import logging\nlogging.getLogger('a').addHandler(logging.NullHandler())\n"
    other = _module("other", adding)
    assert log_setup([entry, other, NODES], NODES, entry) is None
    plain = _module("program", "import logging\n")
    assert written([plain, other, NODES], NODES, plain) == SHOWN
    assert log_setup([plain, other, _module("third", looking), NODES], NODES, plain) is None
