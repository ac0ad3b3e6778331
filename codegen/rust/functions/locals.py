"""The locals of one function: what they are called in Rust, and what they hold there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from langferry.codegen.rust.functions.code import Form
from langferry.codegen.rust.functions.liveness import names_bound
from langferry.codegen.rust.layout import PRELUDE_VALUES
from langferry.codegen.rust.names import Scope, snake
from langferry.model import ir
from langferry.model.walk import walk

_OTHER = ("context", "attempt")


class Locals:
    """Names and forms; the forms of inner names hold within a `with`."""

    def __init__(self, taken: Sequence[str] = ()) -> None:
        self._scope = Scope({*PRELUDE_VALUES, *_OTHER, *taken})
        self._texts: dict[str, str] = {}
        self._forms: dict[str, Form] = {}
        self._own: set[str] = set()
        self._open: list[str] = []
        self.uses_context = False

    def text(self, name: str) -> str:
        """What a Python name is called."""
        if name not in self._texts:
            plain = "unused" if not name.strip("_") else snake(name)
            self._texts[name] = self._scope.claim(plain)
        return self._texts[name]

    def fresh(self, base: str) -> str:
        """A name that stands for none of Python's."""
        return self._scope.claim(base)

    def temporary(self, base: str) -> str:
        """A local of its own that stands for none of Python's; the name to read it by."""
        text = self._scope.claim(base)
        name = f"{text} (made)"
        self.declare_text(name, text)
        return name

    def declare_text(self, name: str, text: str) -> None:
        """Let a name that stands for none of Python's be read as `text`."""
        self._texts[name] = text
        self.declare(name, "place", own=False)

    def context(self) -> str:
        """The context parameter, which is in use from now on."""
        self.uses_context = True
        return "context"

    def form(self, name: str) -> Form:
        """What the local yields when it is read."""
        return self._forms[name]

    def declare(self, name: str, form: Form, own: bool) -> None:
        """Say what a local holds; `own` locals may be moved out of."""
        self._forms[name] = form
        if own:
            self._own.add(name)
        else:
            self._own.discard(name)

    def is_own(self, name: str) -> bool:
        """Whether the local's value may be given away."""
        return name in self._own

    def is_open(self, name: str) -> bool:
        """Whether a pattern has proved the optional local to hold something."""
        return name in self._open

    def may_open(self, name: ir.Name, body: Sequence[ir.Expr | ir.Stmt]) -> bool:
        """Whether in `body` the name is only read, and only as what it was proved to hold."""
        if name.name in names_bound(body) or self.is_open(name.name):
            return False
        narrowed = {
            id(node.value)
            for node in walk(body)
            if isinstance(node, ir.Narrow) and isinstance(node.value, ir.Name)
        }
        reads = [
            node for node in walk(body) if isinstance(node, ir.Name) and node.name == name.name
        ]
        return bool(reads) and all(id(node) in narrowed for node in reads)

    @contextmanager
    def inner(self, forms: Mapping[str, Form]) -> Iterator[None]:
        """Names of a closure or comprehension, which hide others of the same name."""
        before = {name: (self._forms.get(name), name in self._own) for name in forms}
        for name, form in forms.items():
            self.declare(name, form, own=form == "value")
            if form == "value":
                self._forms[name] = "place"
        yield
        for name, (old, own) in before.items():
            if old is None:
                del self._forms[name]
                self._own.discard(name)
            else:
                self.declare(name, old, own)

    @contextmanager
    def opened(self, forms: Mapping[str, Form]) -> Iterator[None]:
        """Optional locals that a pattern has opened."""
        self._open += forms
        with self.inner(forms):
            yield
        for name in forms:
            self._open.remove(name)
