"""What is taken for a model or a chain."""

import ast

import pytest

from langferry.converter.lower.asked import Asked
from langferry.converter.module_scope import ModuleScope


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = ChatOpenAI(model='m')", True),
        ("x = hub.pull('a/b') | ChatOpenAI()", True),
        ("hub = made()\nx = hub.pull('a/b')", False),
        (
            "x = prompt | llm.bind_tools(tools) | StrOutputParser()\n"
            "llm = ChatOllama()\nprompt = ChatPromptTemplate.from_messages([])",
            True,
        ),
        ("x = ChatOpenAI()\nx = x.with_structured_output(Form)\nfrom m import x", True),
        ("def f():\n    x = init_chat_model('m')", True),
        ("x = ChatOpenAI()\nx = graph", False),
        ("x = prompt | graph\nprompt = PromptTemplate()", False),
        ("x = prompt | (lambda y: kept.append(y))\nprompt = PromptTemplate()", False),
        ("x = ChatOpenAI()\ndef f(x):\n    pass", False),
        ("x = ChatOpenAI()\nfor x in y:\n    pass", False),
        ("x = ChatOpenAI()\nfrom lib import y as x", False),
        ("class ChatOpenAI(Base):\n    pass\nx = ChatOpenAI()", False),
        ("from lib import x", False),
        ("from lib import x\nx = x.bind_tools([])", False),
        ("from langchain_openai import ChatOpenAI\nx: Any = ChatOpenAI()", True),
        ("x, y = ChatOpenAI(), ChatOpenAI()", False),
    ],
)
def test_asked(text: str, found: bool) -> None:
    assert Asked([ModuleScope("m.py", "m", text)]).has(ast.Name("x", ast.Load())) is found
