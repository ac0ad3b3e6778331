"""One generated Rust file: what it names from elsewhere, and the marks in it."""

import re

from langferry.codegen.rust.layout import MODULES, PRELUDE_TYPES, PRELUDE_VALUES, Layout, Role
from langferry.codegen.rust.marks import Marks
from langferry.codegen.rust.types import rust_type
from langferry.model.types import Type

_STRING = re.compile(r'\br(#*)".*?"\1|"(?:[^"\\]|\\.)*"|//[^\n]*')
_PRELUDE_ONLY = {"State", "START", "END", *PRELUDE_TYPES, *PRELUDE_VALUES} - {
    *("Box", "Err", "None", "Ok", "Option", "Result", "Self", "Some", "String", "Vec"),
    *("langferry", "main", "std"),
}


class RustFile:
    """Names things for code in one module, and remembers what must be imported.

    Args:
        layout: the names of the whole crate.
        marks: the marks of the whole crate.
        module: the module's path in the crate, e.g. `nodes::extract`.
    """

    def __init__(self, layout: Layout, marks: Marks, module: str) -> None:
        self.layout = layout
        self.marks = marks
        self._module = module
        self._uses: set[str] = set()

    def _use(self, module: str, name: str) -> str:
        if module != self._module:
            self._uses.add(f"crate::{module}::{name}")
        return name

    def struct(self, record: str) -> str:
        """The struct of a record's id."""
        return self._use("state", self.layout.struct(record))

    def function(self, id_: str, role: Role = "helper") -> str:
        """The function of this id, to be called in this role."""
        return self._use(MODULES[role], self.layout.function_name(id_))

    def path(self, id_: str, role: Role) -> str:
        """The function of this id with its module."""
        self._uses.add(f"crate::{MODULES[role]}")
        return f"{MODULES[role]}::{self.layout.function_name(id_)}"

    def called_graph(self, id_: str) -> str:
        """The constant that is a graph which nodes run."""
        return self._use("graph", self.layout.called_graph(id_))

    def constant(self, id_: str) -> str:
        """The constant of a global's id. It is a `LazyLock`."""
        return self._use("globals", self.layout.constant(id_))

    def type(self, found: Type) -> str:
        """A type of the model.

        Raises:
            Failure: LF606, no Rust type has the same meaning.
        """
        return rust_type(found, self.struct)

    def imports(self, text: str) -> str:
        """The `use` lines that `text`, the rest of the file, needs."""
        words = set(re.findall(r"\w+", _STRING.sub("", text)))
        lines = []
        if words & _PRELUDE_ONLY:
            lines.append("use langferry::prelude::*;")
        if "LazyLock" in words:
            lines.insert(0, "use std::sync::LazyLock;\n")
        if self._uses:
            lines += ["", *_grouped(self._uses)]
        return "\n".join(lines)


def _grouped(paths: set[str]) -> list[str]:
    """`use` lines for `paths`, one a module."""
    modules: dict[str, list[str]] = {}
    for path in sorted(paths):
        module, _, name = path.rpartition("::")
        modules.setdefault(module, []).append(name)
    return [
        f"use {module}::{names[0] if len(names) == 1 else '{' + ', '.join(names) + '}'};"
        for module, names in modules.items()
    ]
