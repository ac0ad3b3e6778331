"""Files are as the modules of a program leave them, or it is not certain how."""

import ast

import pytest

from langferry.converter.module_files import folders_made
from langferry.converter.module_scope import ModuleScope


def _made(*texts: str) -> list[str] | None:
    scopes = [ModuleScope(f"m{i}.py", f"m{i}", text) for i, text in enumerate(texts)]
    found = folders_made(scopes)
    return (
        None if found is None else [ast.unparse((call.args or [call.func])[0]) for _, call in found]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import os\nos.makedirs(DATA, exist_ok=True)", ["DATA"]),
        ("import os\nif DATA:\n    os.makedirs(DATA, exist_ok=True)", None),
        ("import os\nos.makedirs(DATA)", None),
        ("DATA.mkdir(exist_ok=True)", ["DATA.mkdir"]),
        ("DATA.mkdir()", None),
        ("x = open('a', 'w')", None),
        ("x = open('a', MODE)", None),
        ("def node(state):\n    open('a', 'w').write('x')\nRESULT = app.invoke({})", None),
        ("def node(state):\n    pass\nRESULT = app.invoke({})", []),
        ("PATH.open('w').write('x')", None),
        ("PATH.open().read()", []),
        ("Image.open('a.png')", []),
        ("import shutil\nshutil.copy('a', 'b')", None),
        ("from shutil import move as put\nput('a', 'b')", None),
        ("import subprocess as s\ns.run(['touch', 'a'])", None),
        ("agent.run('a')", []),
        ("import shelve\nx = shelve.open('a')", None),
        ("g.draw_mermaid_png()", []),
        ("g.draw_mermaid_png(output_file_path='a')", None),
        ("x = open('a').read()", []),
        ("x = open('a', mode='r').read()", []),
        ("names.remove('a')", []),
        ("import os\nos.remove('a')", None),
        ("def node(state):\n    open('a', 'w').write('x')", []),
        ("def begin():\n    open('a', 'w').write('x')\nbegin()", None),
        ("class Kept:\n    def __init__(self):\n        DATA.mkdir()\nkept = Kept()", None),
        ("def a():\n    b()\ndef b():\n    x.write_text('')\nGRAPH = make(a())", None),
        ("if __name__ == '__main__':\n    open('a', 'w')", []),
        ("def make(at=open('a', 'w')):\n    pass", None),
    ],
)
def test_what_a_module_does(text: str, expected: list[str] | None) -> None:
    assert _made(text) == expected


def test_modules_call_each_other() -> None:
    saving = "def save():\n    x.write_text('')"
    assert _made(saving, "from m0 import save\nsave()") is None
    assert _made(saving, "from m0 import save") == []
