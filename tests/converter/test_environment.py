"""What a program does to its environment is carried over, or keeps what depends on it in Python."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from langferry.model.program import EnvironmentSetting as Setting
from tests.types_cache import TYPES_CACHE

PROGRAM = """
import getpass
import random
import os
from pathlib import Path
from dotenv import find_dotenv, load_dotenv
from langchain_openai import ChatOpenAI
from langgraph.graph import MessagesState, StateGraph
{setup}
llm = ChatOpenAI(model="gpt-4o")
def ask(state: MessagesState):
    return {{"messages": [llm.invoke(state["messages"])]}}
def look(state: MessagesState):
    print(os.getenv("MODE"))
    {inside}
builder = StateGraph(MessagesState)
builder.add_node("ask", ask)
builder.add_node("look", look)
builder.add_edge("__start__", "ask")
builder.add_edge("ask", "look")
app = builder.compile()
"""
IDIOM = """
def need(name):
    if not os.environ.get(name):
        os.environ[name] = getpass.getpass(name)
need("OPENAI_API_KEY")
need("MODE")
"""
LEAVING = """
def need(name):
    \'\'\'Asks for what lacks.\'\'\'
    if os.environ.get(name):
        return
    os.environ[name] = getpass.getpass(name)
need("OPENAI_API_KEY")
need("MODE")
"""
SCRIPT = """
def main():
    load_dotenv()
if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        ("", ()),
        ("load_dotenv()", (Setting("find", ""),)),
        ("load_dotenv(find_dotenv(), override=True)", (Setting("find", "", overrides=True),)),
        ("load_dotenv('.env.local')", (Setting("load", ".env.local"),)),
        ("os.environ['MODE'] = 'a' + 'b'", (Setting("set", "MODE", "ab"),)),
        ("os.environ.setdefault('MODE', 'a')", (Setting("default", "MODE", "a"),)),
        ("os.environ['MODE'] = os.getenv('MODE')", (Setting("needed", "MODE"),)),
        ("os.environ['MODE'] = input()", (Setting("needed", "MODE"),)),
        ("os.environ['MODE'] = os.getenv('OTHER')", (Setting("copy", "MODE", "OTHER"),)),
        (
            "os.environ['MODE'] = os.environ.get('OTHER', 'a')",
            (Setting("copy_or", "MODE", "OTHER", default="a"),),
        ),
        ("load_dotenv(Path(__file__).parent / 'a' / '.env')", (Setting("beside", "a/.env"),)),
        ("load_dotenv(Path(__file__).parents[2] / '.env')", (Setting("beside", "../../.env"),)),
        (
            "path = os.path.join(os.path.dirname(os.path.abspath(__file__)), '.env')\n"
            "if os.path.exists(path):\n    load_dotenv(path, override=True)",
            (Setting("beside", ".env", overrides=True),),
        ),
        (
            "path = Path(__file__).resolve().parent / '.env'\n"
            "if path.exists():\n    load_dotenv(dotenv_path=str(path))",
            (Setting("beside", ".env"),),
        ),
        (IDIOM, (Setting("needed", "OPENAI_API_KEY"), Setting("needed", "MODE"))),
        (LEAVING, (Setting("needed", "OPENAI_API_KEY"), Setting("needed", "MODE"))),
        (SCRIPT, ()),
        ("def later():\n    load_dotenv()", ()),
        ("def later():\n    load_dotenv()\ndef more(x: int = 1):\n    later()\n    more()", ()),
        (
            "os.environ['MODE'] = 'a'\nload_dotenv()\nos.environ['MODE'] = 'b'",
            (Setting("set", "MODE", "a"), Setting("find", ""), Setting("set", "MODE", "b")),
        ),
    ],
)
def test_settings_are_carried_over(
    tmp_path: Path, setup: str, expected: tuple[Setting, ...]
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(setup=setup, inside="pass"))
    program = analyse(path, cache_dir=TYPES_CACHE)
    assert program.environment == expected
    assert [item.disposition for item in program.functions] == ["native", "native"]


@pytest.mark.parametrize(
    ("setup", "inside", "native"),
    [
        ("import random\nif random.random() > 1:\n    load_dotenv()", "pass", set()),
        ("load_dotenv(os.path.join('a', 'b'))", "pass", set()),
        ("def later():\n    load_dotenv()", "later()", set()),
        ("def later():\n    load_dotenv()\nknown = [later]", "pass", set()),
        ("def later():\n    load_dotenv()", "globals()['lat' + 'er']()", set()),
        ("def later():\n    load_dotenv()\ndef more():\n    later()\nx = 'more'", "pass", set()),
        ("@print\ndef later():\n    load_dotenv()", "pass", set()),
        ("def later():\n    load_dotenv()\ninspect.getmembers(m)", "pass", set()),
        ("def later():\n    load_dotenv()\nget = getattr", "pass", set()),
        ("def later():\n    load_dotenv()\nm.__getattribute__(x)()", "pass", set()),
        ("def __getattr__(name):\n    load_dotenv()", "pass", set()),
        ("def later(x=load_dotenv(somewhere())):\n    pass", "pass", set()),
        ("load_dotenv(Path.home() / '.env')", "pass", set()),
        ("path = Path(__file__)\nif path.stat():\n    load_dotenv(path)", "pass", set()),
        ("if random.random() > 1:\n    load_dotenv(Path(__file__))", "pass", set()),
        ("changed = os.environ\nchanged['A'] = 'b'", "pass", set()),
        ("os.environ['OPENAI_BASE_URL'] = str(os.getpid())", "pass", {"look"}),
        ("os.environ['MODE'] = str(os.getpid())", "pass", {"ask"}),
        ("", "os.environ['OTHER'] = 'x'", {"ask"}),
        ("", "os.environ['OPENAI_API_KEY'] = 'x'", set()),
        ("os.environ.update({'A': 'b'})", "pass", set()),
        ("os.environ |= {'A': 'b'}", "pass", set()),
        ("from dotenv import load_dotenv as load\nload()", "pass", set()),
    ],
)
def test_what_is_not_certain_stays_python(
    tmp_path: Path, setup: str, inside: str, native: set[str]
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(setup=setup, inside=inside))
    functions = analyse(path, cache_dir=TYPES_CACHE).functions
    assert {item.name for item in functions if item.disposition == "native"} == native


AGAIN = """
def made():
    load_dotenv({given})
    return ChatOpenAI(model=os.getenv("MODE", "m"))
other = made()
"""


@pytest.mark.parametrize(
    ("given", "native"),
    [("", {"ask", "look"}), ("'.env.local'", {"ask", "look"}), ("override=True", {"ask"})],
)
def test_what_was_loaded_is_not_loaded_again(tmp_path: Path, given: str, native: set[str]) -> None:
    path = tmp_path / "program.py"
    inside = "print(made().invoke('x').content)"
    path.write_text(PROGRAM.format(setup=AGAIN.format(given=given), inside=inside))
    program = analyse(path, cache_dir=TYPES_CACHE)
    assert len(program.environment) == 1
    found = {x.name for x in program.functions if x.disposition == "native"}
    assert found & {"ask", "look"} == native


def test_what_only_a_node_loads_is_not_certain(tmp_path: Path) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(setup="", inside="load_dotenv()"))
    functions = analyse(path, cache_dir=TYPES_CACHE).functions
    assert not [item.name for item in functions if item.disposition == "native"]
