"""Which channels are written what something else holds."""

import textwrap

import pytest

from langferry.converter.lower.held_channels import held_channels
from langferry.converter.module_scope import ModuleScope


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("def n(s):\n    x = [1]\n    return {'a': x, 'b': x}", {"a", "b"}),
        ("X = [1]\ndef n(s):\n    return {'a': X}", {"a"}),
        ("def n(s):\n    x = [1]\n    sub.invoke({'a': x})\n    return {'b': x}", {"a", "b"}),
        ("def n(s):\n    x = [1]\n    sub.invoke({'a': x})\n    return {'b': list(x)}", {"a"}),
        ("def n(s):\n    x = [1]\n    return sub.invoke({'a': x})", set()),
        ("def n(s):\n    return {'b': s['a']}", {"a", "b"}),
        ("def n(s):\n    return {'b': s.get('a', [])}", {"a", "b"}),
        ("def n(s):\n    return [Send('m', {'a': s['a']})]", {"a"}),
        ("n = lambda s: {'a': self.items}", {"a"}),
        ("def n(s):\n    x = [1]\n    return Command(update={'a': x, 'b': x or []})", {"a", "b"}),
        ("def n(s):\n    x = [1]\n    s['b'] = x\n    s['a'] = x\n    return s", {"a", "b"}),
        ("n = lambda s: {'a': X} if s else {}", {"a"}),
        ("def n(s):\n    x = made()\n    return {'a': x.b, 'c': x.b[0]}", {"a", "c"}),
        ("def n(s):\n    x = made()\n    return {'a': x, 'c': x.b}", {"a", "c"}),
        # each is the only one to hold it
        ("def n(s):\n    return {'b': [HumanMessage(content=s['a'][0])]}", set()),
        ("def n(s):\n    x = [1]\n    return {'a': x, 'b': len(x)}", set()),
        ("def n(s):\n    x = [1]\n    if x:\n        return {'a': x}\n    return {'b': x}", set()),
        ("def n(s):\n    return {'a': s['a'], 'b': [1]}", set()),
        ("def n(s):\n    x = s['a']\n    x.append(1)\n    s['a'] = x\n    return s", set()),
        ("def n(s):\n    return {'a': made(s), 'b': s['a'] + [1]}", set()),
        ("def n(s):\n    x = made()\n    return {'a': x.a, 'b': x.b}", set()),
        (
            "c = prompt | ChatOllama() | StrOutputParser()\n"
            "prompt = PromptTemplate(template='{a}')\n"
            "def n(s):\n    x = s['a']\n    c.invoke({'a': x, 'b': x})\n    return {'a': x}",
            set(),
        ),
    ],
)
def test_held_channels(text: str, held: set[str]) -> None:
    scope = ModuleScope("m.py", "m", textwrap.dedent(text))
    assert held_channels([scope]) == held
