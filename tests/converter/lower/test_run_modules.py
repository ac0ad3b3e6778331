"""An import that a `try` stands around is native only where it cannot fail."""

from pathlib import Path

import pytest

from langferry.converter import analyse
from tests.types_cache import TYPES_CACHE

PROGRAM = """
from typing import TypedDict
import yaml
from yaml import safe_load
from langgraph.graph import START, StateGraph
import pkg.gone
import pkg.late
from pkg.early import VALUE
{module}

class S(TypedDict):
    found: str

def node(state: S):
    try:
        {body}
    except Exception:
        return {"found": "failed"}

graph = StateGraph(S).add_node(node).add_edge(START, "node").compile()
"""

MODULES = {
    "pkg/__init__.py": "",
    "pkg/early.py": "VALUE = 'early'\nif VALUE:\n    MAYBE = 'maybe'\n",
    "pkg/late.py": "def said(text: str = 'a') -> str:\n    return text + '!'\n",
    "pkg/gone.py": "GONE = 'a'\n\ndef drop():\n    global GONE\n    del GONE\n",
    "pkg/circular.py": "def later():\n    import program\n\ndef said():\n    return 'a'\n",
}


def _is_native(tmp_path: Path, body: str, module: str = "") -> bool:
    for name, text in MODULES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if not (tmp_path / name).exists():
            (tmp_path / name).write_text(text)
    path = tmp_path / "program.py"
    text = PROGRAM.replace("{body}", body.replace("\n", "\n        "))
    path.write_text(text.replace("{module}", module))
    (node,) = (x for x in analyse(path, cache_dir=TYPES_CACHE).functions if "node" in x.roles)
    return node.disposition == "native"


@pytest.mark.parametrize(
    ("body", "is_native"),
    [
        ("from pkg.early import VALUE\nreturn {'found': 'a'}", True),
        ("from pkg.late import said\nreturn {'found': said('b')}", True),
        ("from pkg import late as l\nreturn {'found': l.said('b')}", True),
        ("import json\nimport yaml\nreturn {'found': json.dumps(1)}", True),
        # it may be asked for to see whether it is there
        ("import json\nreturn {'found': 'a'}", False),
        ("from typing import Later\nreturn {'found': 'a'}", False),
        ("from langchain_openai import Gone\nreturn {'found': 'a'}", False),
        # it may not be bound
        ("from pkg.early import MAYBE\nreturn {'found': 'a'}", False),
        ("from pkg.early import NOTHING\nreturn {'found': 'a'}", False),
        ("from yaml import nothing\nreturn {'found': 'a'}", False),
        ("import yaml.safe_load\nreturn {'found': 'a'}", False),
        ("import nowhere\nreturn {'found': 'a'}", False),
        ("from pkg.gone import GONE\nreturn {'found': GONE}", False),
        # nothing has imported it
        ("from pkg.unread import said\nreturn {'found': said()}", False),
    ],
)
def test_what_is_imported(body: str, is_native: bool, tmp_path: Path) -> None:
    assert _is_native(tmp_path, body) is is_native


def test_a_module_that_needs_the_importing_one(tmp_path: Path) -> None:
    helper = "from pkg.circular import said"
    body = "return {'found': asked()}"
    asked = "\nfrom pkg.asking import asked"
    text = "def asked():\n    try:\n        {}\n        return said()\n    except Exception:\n        return ''\n"
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "asking.py").write_text(text.format(helper))
    assert _is_native(tmp_path, body, helper + asked)
    (tmp_path / "pkg" / "circular.py").write_text(
        "import pkg.asking\n" + MODULES["pkg/circular.py"]
    )
    assert not _is_native(tmp_path, body, helper + asked)
