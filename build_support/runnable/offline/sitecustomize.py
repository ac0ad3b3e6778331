"""What a program finds in place of the world outside, when there is no network and nobody to ask.

Python imports this by itself when it starts with this folder on `PYTHONPATH`, embedded ones too: so
LangGraph and a crate's bridged functions have the same world. Nothing is imported here that the
program does not import: what stands in for a library's functions is put there when it is.
"""

import builtins
import functools
import getpass
import importlib.abc
import importlib.util
import itertools
import os
import sqlite3
import sys
import tempfile
import time
import types
from pathlib import Path

_ANSWERS = ("hello", "yes", "approve", "1", "quit", "exit", "q")
_LONGEST_SLEEP = 0.02
_PICTURE = b"\x89PNG"
_SHOP = """
    CREATE TABLE Artist(ArtistId INTEGER PRIMARY KEY, Name TEXT);
    CREATE TABLE Album(AlbumId INTEGER PRIMARY KEY, Title TEXT, ArtistId INTEGER);
    CREATE TABLE Track(TrackId INTEGER PRIMARY KEY, Name TEXT, AlbumId INTEGER, UnitPrice REAL);
    CREATE TABLE Employee(EmployeeId INTEGER PRIMARY KEY, LastName TEXT, FirstName TEXT, Title TEXT);
    CREATE TABLE Customer(CustomerId INTEGER PRIMARY KEY, FirstName TEXT, LastName TEXT,
        SupportRepId INTEGER);
    CREATE TABLE Invoice(InvoiceId INTEGER PRIMARY KEY, CustomerId INTEGER, InvoiceDate TEXT,
        Total REAL);
    INSERT INTO Artist VALUES(1, 'First'), (2, 'Second');
    INSERT INTO Album VALUES(1, 'One', 1), (2, 'Two', 2);
    INSERT INTO Track VALUES(1, 'Opening', 1, 0.99), (2, 'Ending', 2, 0.99);
    INSERT INTO Employee VALUES(3, 'Day', 'Ann', 'Sales'), (4, 'Dale', 'Bob', 'Sales');
    INSERT INTO Customer VALUES(1, 'Carl', 'East', 3), (2, 'Dora', 'West', 4);
    INSERT INTO Invoice VALUES(1, 1, '2009-01-01', 3.98), (2, 2, '2009-02-01', 1.98);
"""


def restart() -> None:
    """Let the answers to `input()` begin anew."""
    answers = itertools.chain(_ANSWERS, itertools.repeat("exit"))

    def answer(prompt: object = "", /) -> str:
        given = next(answers)
        print(f"{prompt}{given}")
        return given

    builtins.input = answer


def _tavily(module):
    for client in (module.TavilyClient, module.AsyncTavilyClient):
        client.__init__ = _asking_here(client.__init__)


def _asking_here(make):
    @functools.wraps(make)
    def made(self, *args, **kwargs):
        make(self, *args, **({"api_base_url": os.environ["LANGFERRY_TAVILY_URL"]} | kwargs))

    return made


def _tavily_wrapper(module):
    module.TAVILY_API_URL = os.environ["LANGFERRY_TAVILY_URL"]


def _wikipedia(module):
    def load(self, query):
        from langchain_core.documents import Document

        return [
            Document(
                page_content=f"Article {number} about {query}.",
                metadata={
                    "title": f"Article {number}",
                    "summary": "A summary.",
                    "source": f"https://example.com/wiki/{number}",
                    "categories": ["one", "two"],
                },
            )
            for number in (1, 2)
        ]

    module.WikipediaAPIWrapper.load = load
    module.WikipediaAPIWrapper.run = lambda self, query: "Page: Article\nSummary: A summary."


def _drawing(module):
    module.Graph.draw_mermaid_png = lambda self, *args, **kwargs: _PICTURE
    module.Graph.draw_png = lambda self, *args, **kwargs: _PICTURE


class _Words:
    """A tokenizer whose vocabulary need not be downloaded."""

    name = "words"
    n_vocab = 100_000

    def encode(self, text, *args, **kwargs):
        return [sum(map(ord, word)) % 99_991 for word in text.split()]

    encode_ordinary = encode

    def encode_batch(self, texts, *args, **kwargs):
        return [self.encode(text) for text in texts]

    def decode(self, tokens):
        return " ".join(map(str, tokens))


def _tokens(module):
    module.get_encoding = module.encoding_for_model = lambda *args, **kwargs: _Words()


def _downloads(module):
    get = module.get

    def answered(url, *args, **kwargs):
        if not str(url).endswith(".db"):
            return get(url, *args, **kwargs)
        response = module.Response()
        response.status_code = 200
        response._content = _database()
        return response

    module.get = answered


def _database():
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "shop.db"
        connection = sqlite3.connect(place)
        connection.executescript(_SHOP)
        connection.close()
        return place.read_bytes()


def _hub():
    def pull(name, *args, **kwargs):
        from langchain_core.prompts import ChatPromptTemplate

        return ChatPromptTemplate.from_messages(
            [("system", f"The prompt {name}"), ("placeholder", "{messages}")]
        )

    module = types.ModuleType("langchain.hub")
    module.pull = pull
    return module


def _retry(module):
    """Names that LangGraph has moved, which programs still import from here."""
    from langgraph.types import RetryPolicy

    module.RetryPolicy = RetryPolicy
    moved = sys.modules.setdefault(
        "langgraph.pregel.retry", types.ModuleType("langgraph.pregel.retry")
    )
    moved.RetryPolicy = RetryPolicy


def _display():
    class Shown:
        def __init__(self, *args, **kwargs):
            pass

    module = types.ModuleType("IPython.display")
    for name in ("Image", "Markdown", "HTML", "SVG", "Audio"):
        setattr(module, name, Shown)
    for name in ("display", "display_markdown", "clear_output"):
        setattr(module, name, lambda *args, **kwargs: None)
    return module


_WHEN_IMPORTED = {
    "langchain_community.utilities.tavily_search": _tavily_wrapper,
    "langchain_community.utilities.wikipedia": _wikipedia,
    "langchain_core.runnables.graph": _drawing,
    "langchain_tavily._utilities": _tavily_wrapper,
    "langgraph.pregel": _retry,
    "requests": _downloads,
    "tavily": _tavily,
    "tiktoken": _tokens,
}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the libraries of the table as the others do, and changes them once they have run."""

    def __init__(self):
        self._finding = set()

    def find_spec(self, name, path=None, target=None):
        if name not in _WHEN_IMPORTED or name in self._finding:
            return None
        self._finding.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._finding.discard(name)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_change(module):
                run(module)
                _WHEN_IMPORTED[name](module)

            spec.loader.exec_module = run_and_change
        return spec


restart()
getpass.getpass = lambda *args, **kwargs: "secret"
builtins.get_ipython = lambda: ""
builtins.display = lambda *args, **kwargs: None
_sleep = time.sleep
time.sleep = lambda seconds: _sleep(min(seconds, _LONGEST_SLEEP))
sys.modules["IPython.display"] = _display()
sys.modules["langchain.hub"] = _hub()
sys.meta_path.insert(0, _Finder())
