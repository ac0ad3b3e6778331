"""Which functions keep what they make, and what they are without that."""

import ast
import textwrap

import pytest

from langferry.converter.memo_tables import without_memos

_HEAD = "made = {}\nonly = None\n"


def _without(text: str) -> str:
    found = without_memos(ast.parse(_HEAD + textwrap.dedent(text)))
    return ast.unparse(ast.Module([*found.kept_in], [])) if found.kept_in else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            def of(kind):
                if kind in made:
                    return made[kind]
                thing = make(kind)
                made[kind] = thing
                return thing
            """,
            "def of(kind):\n    thing = make(kind)\n    return thing",
        ),
        (
            """
            def of(kind, size=1):
                if (kind, size) not in made:
                    made[kind, size] = make(kind, size)
                return made[kind, size]
            """,
            "def of(kind, size=1):\n    return make(kind, size)",
        ),
        (
            """
            def of(kind):
                known = made.get(kind)
                if known:
                    return known
                made[kind] = make(kind)
                return made[kind]
            """,
            "def of(kind):\n    return make(kind)",
        ),
        (
            """
            def the():
                global only
                if only is None:
                    only = make()
                return only
            """,
            "def the():\n    return make()",
        ),
        (
            """
            def the():
                global only
                if only is None:
                    only = make()
                return only

            def forget() -> None:
                '''Have it made once more.'''
                global only
                only = None
            """,
            "def the():\n    return make()",
        ),
        (
            """
            def of(kind):
                if kind not in made:
                    made[kind] = make(kind)
                return made[kind]

            def forget():
                made.clear()
            """,
            "def of(kind):\n    return make(kind)",
        ),
        (
            """
            async def the():
                global only
                if only:
                    return only
                only = await make()
                return only
            """,
            "async def the():\n    return await make()",
        ),
    ],
)
def test_what_is_kept_is_made_anew(text: str, expected: str) -> None:
    assert _without(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # the second argument counts the first time only
        "def of(kind, size):\n    if kind not in made:\n        made[kind] = make(size)\n    return made[kind]",
        "def the(size):\n    global only\n    if only is None:\n        only = make(size)\n    return only",
        # two keys that may be the same
        "def of(a, b):\n    if f'{a}{b}' not in made:\n        made[f'{a}{b}'] = make(a, b)\n    return made[f'{a}{b}']",
        "def of(a):\n    a = a.lower()\n    if a not in made:\n        made[a] = make()\n    return made[a]",
        # somebody else looks
        "def of(a):\n    if a not in made:\n        made[a] = make(a)\n    return made[a]\ndef size():\n    return len(made)",
        "def of(a):\n    if a not in made:\n        made[a] = make(a)\n    return made[a]\nmade['x'] = 1",
        "def the():\n    global only\n    if only is None:\n        only = make()\n    return only\ndef no():\n    return only is None",
        "__all__ = ['made']\ndef of(a):\n    if a not in made:\n        made[a] = make(a)\n    return made[a]",
        # more is done with it
        "def of(a):\n    if a not in made:\n        made[a] = make(a)\n    return made[a], len(made)",
        "def of(a, b):\n    if a not in made:\n        made[b] = 1\n    return made[b]",
        "def of(a):\n    if a in made:\n        print('again')\n    made[a] = [a]\n    return made",
        "def of(a):\n    made[a] = lambda: made[a]\n    return made[a]",
        "def the():\n    global only, other\n    if only is None:\n        only = make()\n    return only",
        # it is kept in between, or not what is given
        "def of(a):\n    if a not in made:\n        made[a] = 0\n    made[a] += 1\n    return made[a]",
        "def the():\n    global only\n    if only is None:\n        only = 0\n    only += 1\n    return only",
        "def of(a):\n    if a in made:\n        return made[a]\n    made[a] = False\n    return True",
        "def of(a):\n    if a not in made:\n        made[a] = 7\n        made[a] = int(a)\n    return made[a]",
        "def of(a):\n    if a in made:\n        return made[a]\n    made[a] = a\n    check(a)\n    return a",
        "def of(a):\n    if a in made:\n        return made[a]\n    if a == 'x':\n        return 1\n    made[a] = a\n    return a",
        # it is bound elsewhere, too
        "def of(a):\n    if a not in made:\n        made[a] = a\n    return made[a]\nmade = {'x': 1}",
        "def of(a):\n    if a not in made:\n        made[a] = a\n    return made[a]\nimport this\nthis.made.clear()",
        # it shows
        "def of(a):\n    if a in made:\n        print('again')\n        return made[a]\n    made[a] = [a]\n    return made[a]",
        "def of(a):\n    if a not in made:\n        made[a] = [a]\n    else:\n        print(a)\n    return made[a]",
        # nothing is
        "def of(a):\n    return a",
        *(
            f"def the():\n    global only\n    if only is None:\n        only = make()\n    return only\n{other}"
            for other in (
                "def forget():\n    global only\n    only = 1",
                "def forget():\n    global only\n    print(only)\n    only = None",
                "def forget():\n    global only\n    only = None\n    return the()",
                "@once\ndef forget():\n    global only\n    only = None",
                "def forget(kept=only):\n    global only\n    only = None",
            )
        ),
    ],
)
def test_what_counts_calls_is_left_alone(text: str) -> None:
    assert not _without(text)
