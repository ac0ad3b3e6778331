"""The import hook and `run_program`, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import langferry

PACKAGES = str(Path(langferry.__file__).parent.parent)


def run(code: str, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": PACKAGES}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
    )


def test_the_core_is_replaced_and_its_neighbours_are_not() -> None:
    done = run(
        "import langferry.compat as c; c.install(); c.install()\n"
        "import langgraph.graph, langgraph.graph.state, langgraph.types, langgraph.errors\n"
        "import langgraph.constants, langgraph.checkpoint.memory, langgraph.store.base\n"
        "import langferry.compat.graph.state, sys\n"
        "assert langgraph.graph.state is langferry.compat.graph.state\n"
        "assert langgraph.graph.StateGraph.__module__ == 'langferry.compat.graph.state'\n"
        "assert 'site-packages/langgraph/checkpoint' in langgraph.checkpoint.memory.__file__\n"
        "from langgraph._internal._runnable import RunnableCallable\n"
        "core = [n for n, m in sys.modules.items() if n.startswith('langgraph.')\n"
        "        and getattr(m, '__file__', None) and '/site-packages/langgraph/' in m.__file__]\n"
        "assert all(n.split('.')[1] in ('checkpoint', 'store', 'cache') for n in core), core\n"
    )
    assert done.returncode == 0, done.stderr


def test_too_late_is_an_error() -> None:
    done = run("import langgraph.graph, langferry.compat as c; c.install()")
    assert "NotStandingIn: LF410: langgraph." in done.stderr


def test_what_has_no_counterpart_says_so() -> None:
    done = run("import langferry.compat as c; c.install()\nimport langgraph.pregel._runner")
    expected = "NotStandingIn: LF409: langgraph.pregel._runner has no counterpart"
    assert expected in done.stderr, done.stderr


def test_our_engine_ran() -> None:
    done = run(
        "import langferry.compat as c; c.install()\n"
        "from langgraph.graph import StateGraph, START\n"
        "from langferry import _engine\n"
        "g = StateGraph(dict); g.add_node('a', lambda s: None); g.add_edge(START, 'a')\n"
        "g.compile().invoke({}); print(_engine.supersteps())"
    )
    assert done.stdout == "2\n", done.stderr


def test_a_program_runs_as_python_runs_it(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("word = 'helped'\n")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "import helper\n"
        "from langgraph.graph import StateGraph, START\n"
        "if __name__ == '__main__':\n"
        "    print(sys.argv[1:], helper.word, StateGraph.__module__, __file__ == sys.argv[0])\n"
        "    sys.exit(int(sys.argv[1]))\n"
    )
    code = "import sys, langferry.compat\nlangferry.compat.run_program(sys.argv[1], sys.argv[2:])\n"
    done = run(code, str(program), "7", "--flag")
    assert done.stdout == "['7', '--flag'] helped langferry.compat.graph.state True\n", done.stderr
    assert done.returncode == 7
    assert "FileNotFoundError" in run(code, "missing.py").stderr
