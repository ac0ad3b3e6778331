"""`pathlib.Path`: how paths are made and joined, and what is asked of the files they name."""

import ast

from langferry.converter.lower.files import ERRORS, UTF_8, Files
from langferry.converter.lower.names import type_name
from langferry.converter.lower.signatures import BOOL, INT, NONE, PATH, STR
from langferry.model import ir
from langferry.model import types as t

_ASKING: dict[str, t.Type] = {
    **dict.fromkeys(("exists", "is_file", "is_dir"), BOOL),
    **dict.fromkeys(("resolve", "absolute"), PATH),
}
"""Methods without arguments whose answer depends on what lies in folders."""


class Paths(Files):
    """Lowers `Path(...)` and the methods of paths."""

    def library_call(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A call of a function that has a form of its own; None for any other."""
        span = self.span(node)
        match qualified:
            case "pathlib.Path":
                return self._made_path(node)
            case "pathlib.Path.cwd" if not (node.args or node.keywords):
                return ir.Call(
                    "pathlib.Path", (ir.Call("os.getcwd", (), (), STR, span),), (), PATH, span
                )
        return super().library_call(node, qualified)

    def opening(self, node: ast.Call) -> list[ast.expr] | None:
        """The path and what more is given by position to a call that opens a file; None for any other."""
        match node.func:
            case ast.Attribute(value=of, attr="open") if self.resolve(node.func) is None:
                return [of, *node.args] if self.expr(of).type == PATH else None
        return super().opening(node)

    def opened_text(self, node: ast.expr) -> ir.Expr:
        """The path that a function is given, as text."""
        value = self.passing(node)
        if value.type == PATH:
            return ir.Call("builtins.str", (value,), (), STR, value.span)
        return super().opened_text(node)

    def _made_path(self, node: ast.Call) -> ir.Expr:
        if node.keywords:
            raise self.refuse("LF303", "this form of `Path` is not native", node)
        first, *others = node.args or [ast.copy_location(ast.Constant(""), node)]
        made = self._path(first)
        return self._joined_path(made, others, node)

    def _path(self, node: ast.expr) -> ir.Expr:
        value = self.passing(node)
        if value.type == PATH:
            return value
        text = self.fitted(value, STR, node)
        return ir.Call("pathlib.Path", (text,), (), PATH, self.span(node))

    def _joined_path(self, path: ir.Expr, parts: list[ast.expr], node: ast.Call) -> ir.Expr:
        for part in parts:
            value = self.expr(part)
            name = "join_path" if value.type == PATH else "joinpath"
            given = value if value.type == PATH else self.fitted(value, STR, part)
            path = ir.MethodCall(path, name, (given,), (), PATH, self.span(node))
        return path

    def path_method(self, path: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        """A method of a path that a table does not tell of; None for any other.

        Raises:
            Refusal: it is called in a way that is not native.
        """
        span, args = self.span(node), node.args
        if name == "joinpath" and not node.keywords:
            return self._joined_path(path, args, node)
        if name in _ASKING and not args and not node.keywords:
            self.meaning.prepare_files(span)
            return ir.Call(f"os.path.path_{name}", (path,), (), _ASKING[name], span)
        match name:
            case "read_text":
                given = self._path_arguments(node, "encoding", "errors")
                self._check_encoding(given, node)
                errors = given.get("errors", ast.Constant(None))
                known = errors.value if isinstance(errors, ast.Constant) else node
                if known is not None and known not in ERRORS:
                    raise self.refuse("LF303", "this form of `read_text` is not native", node)
                self.meaning.prepare_files(span)
                told = ir.StrLit(str(known or "strict"), STR, span)
                return ir.Call("files.read_path", (path, told), (), STR, span)
            case "write_text":
                given = self._path_arguments(node, "data", "encoding")
                self._check_encoding(given, node)
                if "data" not in given:
                    raise self.refuse("LF303", "this form of `write_text` is not native", node)
                self.meaning.prepare_files(span)
                data = self.expr(given["data"])
                if not isinstance(data.type, t.StrType):
                    message = f"`write_text` of {type_name(data.type)} is not native"
                    raise self.refuse("LF303", message, node)
                return ir.Call("files.write_path", (path, data), (), INT, span)
            case "open":
                return self.open_file(node)
            case "mkdir":
                return self._changed_folder(
                    path, "os.makedirs_of_path", ("parents", "exist_ok"), node
                )
            case "unlink":
                return self._changed_folder(path, "os.remove_path", ("missing_ok",), node)
        return None

    def _path_arguments(self, node: ast.Call, *names: str) -> dict[str, ast.expr]:
        """The arguments of a call by their names, in the order in which they are evaluated."""
        given = dict(zip(names, node.args, strict=False))
        named = {item.arg: item.value for item in node.keywords if item.arg is not None}
        is_known = len(node.args) <= len(names) and not given.keys() & named.keys()
        if not is_known or named.keys() - set(names) or len(named) < len(node.keywords):
            called = ast.unparse(node.func)
            raise self.refuse("LF303", f"this form of `{called}` is not native", node)
        return given | named

    def _check_encoding(self, given: dict[str, ast.expr], node: ast.Call) -> None:
        encoding = given.get("encoding", ast.Constant(None))
        known = encoding.value if isinstance(encoding, ast.Constant) else ""
        if known is not None and str(known).lower() not in UTF_8:
            raise self.refuse("LF303", "this way to open a file is not native", node)

    def _changed_folder(
        self, path: ir.Expr, called: str, options: tuple[str, ...], node: ast.Call
    ) -> ir.Expr:
        """A call that changes folders, with options that are written out."""
        # its first argument is the folder's mode, which has another meaning than Rust's
        names = ("mode", *options) if called == "os.makedirs_of_path" else options
        given = self._path_arguments(node, *names)
        told: list[ir.Expr] = [path]
        for name in options:
            value = given.pop(name, ast.Constant(False))
            if not isinstance(value, ast.Constant) or not isinstance(value.value, bool):
                given[name] = value
                break
            told.append(ir.BoolLit(value.value, BOOL, self.span(node)))
        if given:
            raise self.refuse(
                "LF303", f"this form of `{ast.unparse(node.func)}` is not native", node
            )
        self.meaning.prepare_files(self.span(node))
        return ir.Call(called, tuple(told), (), NONE, self.span(node))
