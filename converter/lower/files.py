"""Text files, and what a program asks of paths and folders."""

import ast

from langferry.converter.lower.library_calls import LibraryCalls
from langferry.converter.lower.signatures import ANY, BOOL, NONE, STR
from langferry.model import ir
from langferry.model import types as t

READER = t.ClassType("files.Reader")
WRITER = t.ClassType("files.Writer")

_OPEN = frozenset({"builtins.open", "io.open"})
_READING = frozenset({"r", "rt", "tr"})
_WRITING = {mode: mode.replace("t", "") for mode in ("w", "wt", "a", "at", "x", "xt")}
UTF_8 = frozenset({"utf-8", "utf8", "utf_8"})
ERRORS = frozenset({"strict", "ignore", "replace"})
_ON_FILES = (
    *("os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getsize"),
    *("os.listdir", "os.remove", "os.unlink"),
)
"""Functions whose answer depends on what modules have done to files."""


class Files(LibraryCalls):
    """Lowers `open`, what is done with an open file, and functions of `os`."""

    _open_files: dict[str, tuple[ir.Name, int]]
    """The files that names of `with` statements stand for, and how often these are named."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self._open_files = {}

    def open_file(self, node: ast.expr) -> ir.Expr | None:
        """The file that a call opens; None for what is no such call.

        Raises:
            Refusal: it is opened in a way that is not native.
        """
        args = self.opening(node) if isinstance(node, ast.Call) else None
        if args is None or not isinstance(node, ast.Call):
            return None
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        given |= dict(zip(("file", "mode", "buffering", "encoding"), args, strict=False))
        known: dict[str, object] = {}
        for name in ("mode", "encoding", "errors", "newline"):
            value = given.pop(name, ast.Constant(None))
            if not isinstance(value, ast.Constant):
                raise self.refuse("LF303", f"a computed `{name}` of a file is not native", node)
            known[name] = value.value
        path, mode, errors = given.pop("file", None), known["mode"] or "r", known["errors"]
        encoding, newline = known["encoding"], known["newline"]
        is_utf_8 = encoding is None or str(encoding).lower() in UTF_8
        if path is None or given or len(args) > 4 or not is_utf_8:
            raise self.refuse("LF303", "this way to open a file is not native", node)
        self.meaning.prepare_files(self.span(node))
        asked = (self.opened_text(path),)
        span = self.span(node)
        if mode in _READING and newline is None and (errors is None or errors in ERRORS):
            told = ir.StrLit(str(errors or "strict"), STR, span)
            return ir.Call("files.read", (*asked, told), (), READER, span)
        if mode in _WRITING and newline in (None, "", "\n"):
            told = ir.StrLit(_WRITING[str(mode)], STR, span)
            return ir.Call("files.write", (*asked, told), (), WRITER, span)
        raise self.refuse("LF303", "this way to open a file is not native", node)

    def opening(self, node: ast.Call) -> list[ast.expr] | None:
        """The path and what more is given by position to a call that opens a file; None for any other."""
        return node.args if self.resolve(node.func) in _OPEN else None

    def opened_text(self, node: ast.expr) -> ir.Expr:
        """The path that a function is given, as text."""
        return self.expect(node, STR)

    def passing(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Like `expr`, also for what is only there to be iterated over, now and once."""
        if isinstance(node, ast.Name):
            if node.id in self._open_files:
                return self._open_files[node.id][0]
            if node.id == "__file__" and self.resolve(node) in (None, "builtins.__file__"):
                return self._own_path(node)
        return super().passing(node, want)

    def _own_path(self, node: ast.Name) -> ir.Expr:
        scope = self.scope
        if self.is_local("__file__") or "__file__" in scope.bindings:
            return super().passing(node)
        if not scope.path.endswith(".py"):
            raise self.refuse("LF304", "`__file__` of a notebook is not native", node)
        span = self.span(node)
        return ir.Call("os.program_file", (ir.StrLit(scope.path, STR, span),), (), STR, span)

    def iterated(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """An expression that is iterated over, and the type of its items."""
        value: ir.Expr | None = None
        if isinstance(node, ast.Name) and node.id in self._open_files:
            value, uses = self._open_files[node.id]
            if uses > 1:
                raise self.refuse("LF303", "a file that is read in two ways is not native", node)
        elif isinstance(node, ast.Call):
            value = self.open_file(node)
        if value is not None and value.type == READER:
            lines = t.ListType(STR)
            return ir.MethodCall(value, "readlines", (), (), lines, self.span(node)), STR
        return super().iterated(node)

    def library_call(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A call of a function that has a form of its own; None for any other."""
        span = self.span(node)
        opened = self.open_file(node)
        if opened is not None:
            return opened
        if qualified in _ON_FILES:
            self.meaning.prepare_files(self.span(node))
        match qualified:
            case "json.load" if len(node.args) == 1 and not node.keywords:
                text = ir.MethodCall(self._file(node.args[0], READER), "read", (), (), STR, span)
                return ir.Call("json.loads", (text,), (), ANY, span)
            case "json.dump" if len(node.args) == 2:
                value = self.expect(node.args[0], ANY)
                file = self._file(node.args[1], WRITER)
                options = self.dump_options(node)
                return ir.Call("files.dump", (file, value), options, NONE, span)
            case "os.makedirs":
                return self._make_folders(node)
            case "os.path.join" if node.args and not node.keywords:
                parts = tuple(self.opened_text(item) for item in node.args)
                return ir.Call("os.path.join", parts, (), STR, span)
            case "os.unlink":
                return self.library_call(node, "os.remove")
            case "os.remove" if len(node.args) == 1 and not node.keywords:
                return ir.Call("os.remove", (self.opened_text(node.args[0]),), (), NONE, span)
        return super().library_call(node, qualified)

    def _file(self, node: ast.expr, kind: t.Type) -> ir.Expr:
        value = self.expr(node)
        if value.type != kind:
            raise self.refuse("LF303", "this file is not native", node)
        return value

    def _make_folders(self, node: ast.Call) -> ir.Expr:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        given |= dict(zip(("name",), node.args, strict=False))
        exist_ok = given.pop("exist_ok", ast.Constant(False))
        path = given.pop("name", None)
        if path is None or given or len(node.args) > 1:
            raise self.refuse("LF303", "this form of `os.makedirs` is not native", node)
        self.meaning.prepare_files(self.span(node))
        if not (isinstance(exist_ok, ast.Constant) and isinstance(exist_ok.value, bool)):
            raise self.refuse("LF303", "this form of `os.makedirs` is not native", node)
        span = self.span(node)
        told = ir.BoolLit(exist_ok.value, BOOL, span)
        return ir.Call("os.makedirs", (self.opened_text(path), told), (), NONE, span)
