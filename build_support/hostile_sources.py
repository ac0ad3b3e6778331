"""Programs made to break out: through names, strings, docstrings, comments, encodings and size.

Every text that could become code somewhere carries `INJECTED`, so that finding the word among a
crate's code tells that it did.
"""

TEXTS = [
    "quotes \" and ' INJECTED \\",
    '"; INJECTED!(); //',
    '"#; INJECTED(); let _ = r#"',
    "*/ INJECTED /* //! #![INJECTED]",
    "line\nINJECTED();\r\nINJECTED();\u2028INJECTED();\x0cINJECTED()",
    "{{ INJECTED }} {% raw %} {# INJECTED #} {% endraw %}",
    "{INJECTED} {0} {} {{INJECTED}} %(INJECTED)s %s",
    "\\u{22}; INJECTED(); \\x22 \\",
    "\u202e INJECTED \u2066 // \u2069",
    "nul \x00 INJECTED \x1b[31m \ue000\ue001",
    "```\nINJECTED();\n```rust\nINJECTED();\n```",
    "]\n[dependencies]\nINJECTED = { path = '/' }\n[[bin]]",
    '"""\nINJECTED()\n"""',
    "../../INJECTED",
]

_HEAD = """
import operator
from typing import Annotated, Literal, TypedDict
from langgraph.graph import END, START, StateGraph

class S(TypedDict):
    x: str
    log: Annotated[list[str], operator.add]

"""
_TAIL = """
g = StateGraph(S)
g.add_node("node", node)
g.add_edge(START, "node")
graph = g.compile()
"""


def _positions(text: str) -> dict[str, str]:
    """Programs that hold `text` where a text may stand."""
    quoted, comment = repr(text), " ".join(text.split())
    doc = text.replace("\\", "\\\\").replace('"""', "'''").replace("\x00", "")
    return {
        "constant": f"{_HEAD}Q = {quoted}\n\n"
        f"def node(s: S) -> dict:\n    return {{'x': Q + {quoted}}}\n{_TAIL}",
        "docstring": f'"""{doc} """\n{_HEAD}'
        f'def node(s: S) -> dict:\n    """{doc} """\n    return {{"x": "1"}}\n{_TAIL}',
        "comment": f"# {comment}\n{_HEAD}# {comment}\n"
        f"def node(s: S) -> dict:  # {comment}\n    # {comment}\n    return {{'x': '1'}}\n{_TAIL}",
        "node-name": _HEAD + "def node(s: S) -> dict:\n    return {'x': '1'}\n"
        f"g = StateGraph(S)\ng.add_node({quoted}, node)\ng.add_edge(START, {quoted})\n"
        f"graph = g.compile(name={quoted})\n",
        "route": _HEAD + "def node(s: S) -> dict:\n    return {'x': '1'}\n"
        f"def go(s: S) -> str:\n    return {quoted}\n{_TAIL.replace('graph = g.compile()', '')}"
        f"g.add_conditional_edges('node', go, {{{quoted}: END}})\ngraph = g.compile()\n",
        "literal": f"{_HEAD}def node(s: S) -> dict:\n    return {{'x': '1'}}\n"
        f"def go(s: S) -> Literal[{quoted}, '__end__']:\n    return '__end__'\n"
        f"{_TAIL.replace('graph = g.compile()', '')}g.add_node({quoted}, node)\n"
        "g.add_conditional_edges('node', go)\ngraph = g.compile()\n",
        "state-key": f"from typing import TypedDict\nfrom langgraph.graph import START, StateGraph\n"
        f"S = TypedDict('S', {{{quoted}: str, 'x': str}})\n"
        f"def node(s: S) -> dict:\n    return {{{quoted}: s[{quoted}] + '1'}}\n{_TAIL}",
        "type-name": f"from typing import TypedDict\nfrom langgraph.graph import START, StateGraph\n"
        # a type's name becomes one in Rust, of the letters in it: those of the word alone would be the word
        f"S = TypedDict({'T' + text!r}, {{'x': str}})\n"
        f"def node(s: S) -> dict:\n    return {{'x': s['x']}}\n{_TAIL}",
        "annotation": f"{_HEAD}def node(s: 'S', extra: {quoted} = None) -> {quoted}:\n"
        f"    return {{'x': '1'}}\n{_TAIL}",
        "f-string": f"{_HEAD}Q = {quoted}\n\ndef node(s: S) -> dict:\n"
        f"    return {{'x': f'{{Q}}{{s[\"x\"]!r:>9}}' + {quoted} % ()}}\n{_TAIL}",
        "bridged": f"{_HEAD}import os\nQ = {quoted}\n\ndef node(s: S) -> dict:  # langferry: bridge\n"
        f"    {quoted}\n    return {{'x': os.path.join(Q, {quoted})}}\n{_TAIL}",
        "entry": f"{_HEAD}def node(s: S) -> dict:\n    return {{'x': '1'}}\n"
        f"def build(step, name={quoted}):\n    g = StateGraph(S)\n    g.add_node(name, node)\n"
        "    g.add_edge(START, name)\n    return g.compile()\n",
        "request": f"{_HEAD}# langferry: {comment}\ndef node(s: S) -> dict:\n"
        f"    return {{'x': '1'}}\n{_TAIL}",
    }


def _node(before: str, body: str = "    return {'x': '1'}") -> str:
    return f"{_HEAD}{before}\ndef node(s: S) -> dict:\n{body}\n{_TAIL}"


_UNICODE = {
    # NFKC makes one name of what looks like two, and keywords of what looks like none
    "ligatures": _node("ﬁeld = 'a'\nfield = 'b'\n𝐱 = field"),
    "right-to-left": _node("x = 'a' # \u202e } \u2066 if INJECTED\n"),
    "homoglyphs": _node("Ѕ = 1\nѕtate = 2\nclass С(TypedDict):\n    а: str\n"),
    "astral-names": _node("𝔫𝔬𝔡𝔢_2 = 1\n名前 = 'x'\nº = 1\n"),
    "combining": _node("e\u0301 = 1\né = 2\n"),
    "surrogates": _node(r"Q = '\ud800\udfff'" "\n", r"    return {'x': Q + '\ud83d'}"),
    "format-feeds": "\x0c" + _node("\x0c\nx = 1\n\x0c"),
    "invisible": _node("x\u200b = 1\n"),
}

_BYTES: dict[str, bytes] = {
    "empty": b"",
    "nul": b"x = '\x00'\n",
    "bom-and-cookie": b"\xef\xbb\xbf# coding: latin-1\nx = '\xe9'\n",
    "unknown-encoding": b"# coding: rot13-INJECTED\nx = 1\n",
    "codec-that-computes": b"# coding: unicode_escape\nx = '\\x22'\n",
    "codec-of-bytes": b"# coding: zlib\nx\x9c\x00\n",
    "idna": b"# coding: idna\nx = 1\n",
    "utf-16": "x = 'é'\n".encode("utf-16"),
    "utf-7": b"# coding: utf-7\nx = '+ACI-; INJECTED'\n",
    "not-utf-8": b"x = '\xff\xfe'\n",
    "only-continuation": b"\\\n" * 1000,
    "carriage-returns": _node("x = 1\r\ny = 2\r").encode(),
}

_LARGE = {
    "parentheses": "x = " + "(" * 5000 + "1" + ")" * 5000 + "\n",
    "lists": "x = " + "[" * 90 + "]" * 90 + "\n" + _node(""),
    "operators": "x = " + "+".join(["1"] * 20_000) + "\n",
    "attributes": "x = 1\ny = x" + ".a" * 5000 + "\n",
    "calls": "def f(x): return f\ny = f" + "(1)" * 5000 + "\n",
    "lambdas": "x = " + "lambda: " * 2000 + "1\n",
    "unary": "x = " + "-" * 20_000 + "1\n" + "y = " + "not " * 5000 + "1\n",
    "blocks": "".join(" " * i + "if x:\n" for i in range(99)) + " " * 99 + "pass\n",
    "functions": "".join(" " * i + f"def f{i}():\n" for i in range(90)) + " " * 90 + "pass\n",
    "else-ifs": "if x: pass\n" + "elif x: pass\n" * 3000,
    "f-strings": "x = " + "f'{1!r:{2}}' + " * 2000 + "''\n",
    "doubling": _node("x = ['a']\nfor i in range(10**9):\n    x = [x, x]\n"),
    "doubling-text": _node("x = 'INJECTED'\nfor i in range(200):\n    x = x + x\n"),
    "powers": _node("a = 9 ** 9 ** 9\nb = 1 << 10 ** 9\nc = '%999999999d' % 1\n"),
    "digits": "x = " + "9" * 100_000 + "\n",
    "self-reference": _node("x = []\nx.append(x)\ny = x == x\nd = {}\nd['d'] = d\n"),
    "endless": _node("while True:\n    pass\n"),
    "recursion": _node("def f(n): return f(n + 1)\nx = f(0)\n"),
    "mutual-recursion": _node("def f(n): return h(n)\ndef h(n): return f(n)\nx = f(0)\n"),
    "branching-recursion": _node("def f(n): return f(n + 1) or f(n + 2)\nx = f(0)\n"),
    "own-import": _node("import program\nfrom program import *\n"),
    "own-base": _node("class A(A): pass\nclass B(TypedDict):\n    b: 'B'\n"),
    "own-alias": _node("from typing import Union\nJ = Union[str, 'list[J]']\n"),
    "own-graph": _HEAD + "g = StateGraph(S)\ndef build():\n    g.add_node('a', build())\n"
    "    return g.compile()\ngraph = build()\n",
    "many-names": "".join(f"x{i} = {i}\n" for i in range(20_000)),
    "many-nodes": _HEAD + "def node(s: S) -> dict:\n    return {'x': '1'}\ng = StateGraph(S)\n"
    "g.add_edge(START, '0')\nfor i in range(400):\n    g.add_node(str(i), node)\ngraph = g.compile()\n",
    "wide-state": "from typing import TypedDict\nfrom langgraph.graph import START, StateGraph\n"
    "class S(TypedDict):\n" + "".join(f"    x{i}: str\n" for i in range(800)) + "\n"
    "def node(s: S) -> dict:\n    return {'x': '1'}\n" + _TAIL,
    "regular-expressions": _node("import re\nx = re.match('(a+)+$', 'a' * 40 + 'b')\n"),
}

# what each of these does when it runs is seen by the watch, or by its mark
_ACTS = {
    "files": _node("open('INJECTED.mark', 'w').close()\n"),
    "processes": _node("import os, subprocess\nos.system('touch INJECTED.mark')\n"
    "subprocess.run(['touch', 'INJECTED.mark'])\n"),
    "exec": _node("exec(\"open('INJECTED.mark', 'w')\")\n"),
    "eval": _node("x = eval(\"open('INJECTED.mark', 'w')\")\n"),
    "compile": _node("eval(compile(\"open('INJECTED.mark', 'w')\", 'x', 'eval'))\n"),
    "imports": _node("__import__('os').system('touch INJECTED.mark')\n"
    "import importlib\nimportlib.import_module('this')\n"),
    "decorators": _node("def d(f):\n    open('INJECTED.mark', 'w')\n    return f\n\n@d\n"
    "class C:\n    def __init_subclass__(cls): open('INJECTED.mark', 'w')\n"),
    "defaults": _node("def f(x=open('INJECTED.mark', 'w')): pass\n"),
    "annotations": _node("x: open('INJECTED.mark', 'w') = 1\ny: \"open('INJECTED.mark', 'w')\" = 1\n"),
    "formats": _node("x = '{0.__class__.__init__.__globals__}'.format(1)\n"
    "y = f'{open(\"INJECTED.mark\", \"w\")}'\n"),
    "dunders": _node("class C:\n    def __repr__(self): return open('INJECTED.mark', 'w')\n"
    "x = f'{C()!r}'\ny = [C()] == [C()]\nz = str(C())\n"),
    "magic-methods": _node("class D(dict):\n    def __missing__(self, k): open('INJECTED.mark', 'w')\n"
    "x = D()['a']\ny = sorted([D()], key=open)\n"),
}  # fmt: skip


ACTING = {name: text.encode() for name, text in _ACTS.items()}
"""Files that would do something if they were run."""


def sources() -> dict[str, bytes]:
    """All other files by name."""
    found = {
        f"{place}-{number}": text.encode("utf-8", "surrogatepass")
        for number, hostile in enumerate(TEXTS)
        for place, text in _positions(hostile).items()
    }
    for group in (_UNICODE, _LARGE):
        found |= {name: text.encode("utf-8", "surrogatepass") for name, text in group.items()}
    return found | _BYTES
