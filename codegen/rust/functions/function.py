"""A whole function, or a module-level constant, as Rust."""

import functools

from langferry.codegen.rust.functions.attempts import leaves
from langferry.codegen.rust.functions.code import Form
from langferry.codegen.rust.functions.forms import (
    Forms,
    kinds_of,
    mutable_names,
    unset_before_tries,
)
from langferry.codegen.rust.functions.liveness import (
    Liveness,
    changed_name,
    names_bound,
    names_read,
)
from langferry.codegen.rust.functions.locals import Locals
from langferry.codegen.rust.functions.statements import Statements
from langferry.codegen.rust.functions.values import Making
from langferry.codegen.rust.layout import Layout
from langferry.codegen.rust.literals import comment, doc
from langferry.codegen.rust.marks import Marks
from langferry.codegen.rust.rust_file import RustFile
from langferry.model import ir
from langferry.model import types as t
from langferry.model.ir import GlobalValue
from langferry.model.program import Function
from langferry.model.walk import walk


def emit_function(file: RustFile, function: Function) -> str:
    """The Rust function for a native `function`, marked for the source map."""
    if function.body is None:
        raise ValueError(f"function `{function.id}` has no body")
    return _FunctionWriter(file, function, function.body).written()


def emit_global(file: RustFile, value: GlobalValue) -> str:
    """The `static` for a module-level constant, marked for the source map."""
    name = file.layout.constant(value.id)
    kind = file.type(value.type)
    making = makings(file.layout)[value.id]
    text = Statements(file, Locals(), Liveness(()), makings(file.layout)).owned(value.value)
    match making:
        case "plain":
            made = f"{kind} = {text.replace('Int::from', 'Int::new')}"
        case "lazy":
            made = f"LazyLock<{kind}> = LazyLock::new(|| {text})"
        case "fallible":
            made = f"Constant<{kind}> = Constant::new(|| {_without_try(text)})"
    lines = [doc(text_of) for text_of in value.doc] or [doc(f"`{value.name}`.")]
    lines.append(f"pub static {name}: {made};")
    return file.marks.wrap("\n".join(lines), value.span, "global", value.id)


def _without_try(text: str) -> str:
    return text.removesuffix("?") if text.endswith("?") else f"Ok({text})"


@functools.lru_cache(maxsize=8)
def makings(layout: Layout) -> dict[str, Making]:
    """How each module-level constant is made, by id."""
    found: dict[str, Making] = {}
    scratch = RustFile(layout, Marks(), "globals")
    for value in layout.program.globals:
        writer = Statements(scratch, Locals(), Liveness(()), found)
        writer.owned(value.value)
        found[value.id] = "fallible" if writer.tries else _unfailing(value)
    return found


def _unfailing(value: GlobalValue) -> Making:
    plain = isinstance(value.value, ir.IntLit | ir.BoolLit)
    return "plain" if plain and isinstance(value.type, t.IntType | t.BoolType) else "lazy"


class _FunctionWriter:
    def __init__(self, file: RustFile, function: Function, body: ir.FunctionBody) -> None:
        self._file = file
        self._function = function
        self._body = body

    def written(self) -> str:
        """The function's text."""
        file, function, body = self._file, self._function, self._body
        statements = body.statements
        if (body.form == "node" and not leaves(statements)) or not leaves(statements):
            statements = (*statements, ir.Return(None, function.span))
        parameters = [item for item in function.parameters if item.bound is None]
        given: dict[str, Form] = {item.name: self._parameter_form(item.type) for item in parameters}
        read = names_read(statements)
        used = [(name, value) for name, value in body.constants if name in read]
        for name, value in used:
            given[name] = "str" if isinstance(value, ir.StrLit) else "place"
        called = {x.function for x in walk(statements) if isinstance(x, ir.FunctionCall)}
        names = Locals([file.layout.function_name(x) for x in (function.id, *sorted(called))])
        writer = Statements(file, names, Liveness(statements), makings(file.layout))
        writer.function_id, writer.form, writer.returns = function.id, body.form, self._returns()
        writer.kinds, writer.given = kinds_of(statements), {}
        writer.read = read
        writer.mutable = mutable_names(statements, set(given))
        writer.unset_before = unset_before_tries(statements, set(given))
        copied = [
            name
            for name, form in given.items()
            if form in ("ref", "str") and name in writer.mutable and name not in dict(used)
        ]
        given |= dict.fromkeys(copied, "place")
        forms = Forms(statements, given, writer.mutable & _changed(statements), file.layout).found
        for name, form in given.items():
            names.declare(name, form, own=form == "place" and body.form == "reducer")
        constants = "".join(self._own_copy(name, names, writer) for name in copied)
        for name in writer.kinds.keys() - given.keys():
            names.declare(name, forms.get(name, "place"), own=forms.get(name, "place") == "place")
        declared = set(given)
        constants += "".join(
            f"let {names.text(name)}{self._told(value)} = {writer.held(name, value)};\n"
            for name, value in used
        )
        text = writer.block(statements, declared, tail=True)
        rest = "".join(f"\n{comment(line)}" for line in body.comments)
        signature = self._signature(writer, names)
        parts = [comment(line) for line in function.comments]
        parts.append(doc(function.doc or f"`{function.qualified_name}`."))
        parts.append(_errors(writer))
        if any(isinstance(item.type, t.ListType) for item in parameters) and body.form == "helper":
            parts.append(
                '#[allow(clippy::ptr_arg, reason = "a list is passed as Python passes it")]'
            )
        parts.append(f"{signature} {{\n{constants}{_before_tail(text, rest)}\n}}")
        whole = "\n".join(part for part in parts if part)
        return file.marks.wrap(whole, function.span, body.form, function.id)

    def _told(self, value: ir.Expr) -> str:
        """The type of a constant of which nothing else may say what it holds."""
        match value:
            case ir.ListLit(items=()) | ir.SetLit(items=()) | ir.DictLit(entries=()):
                return f": {self._file.type(value.type)}"
        return ""

    def _own_copy(self, name: str, names: Locals, writer: Statements) -> str:
        """A value of its own for what is changed: of a state, sharing the values, not the keys."""
        text = names.text(name)
        kind = next(x.type for x in self._function.parameters if x.name == name)
        if self._parameter_form(kind) == "str":
            return f"let mut {text} = {text}.to_owned();\n"
        before = ""
        # a dict keeps its keys in their places; an object is asked for one field after the other
        keeps = (
            isinstance(kind, t.RecordType)
            and self._file.layout.record(kind.record).kind == "typed_dict"
        )
        if keeps and any(
            isinstance(x, ir.Update) and x.base is not None for x in walk(self._body.statements)
        ):
            writer.given[name] = names.fresh("given")
            before = f"let {writer.given[name]} = {text};\n"
        return f"{before}let mut {text} = {text}.clone();\n"

    def _parameter_form(self, kind: t.Type) -> Form:
        if self._body.form == "reducer" or isinstance(kind, t.BoolType | t.NoneType):
            return "place"
        if self._body.form == "helper" and isinstance(kind, t.StrType):
            return "str"
        return "ref"

    def _returns(self) -> t.Type:
        if self._body.form == "reducer":
            return self._function.parameters[0].type
        return self._function.returns

    def _signature(self, writer: Statements, names: Locals) -> str:
        file, function = self._file, self._function
        given = [item for item in function.parameters if item.bound is None]
        read = writer.read
        shown: list[str] = []
        for item in given:
            text = names.text(item.name)
            if item.name not in read and item.name not in writer.mutable:
                text = f"_{text.removeprefix('r#').lstrip('_')}"
            kind = file.type(item.type)
            match self._parameter_form(item.type):
                case "str":
                    kind = "&str"
                case "ref":
                    kind = f"&{kind}"
            is_copied = self._parameter_form(item.type) in ("ref", "str")
            mutable = "mut " if item.name in writer.mutable and not is_copied else ""
            shown.append(f"{mutable}{text}: {kind}")
        match self._body.form:
            case "node" | "router":
                shown.append(f"{'' if names.uses_context else '_'}context: &Context")
                result = "NodeResult" if self._body.form == "node" else "RouteResult"
            case _:
                if file.layout.uses_run(function.id):
                    shown.append("context: &Context")
                result = f"Result<{file.type(self._returns())}, Exception>"
        name = file.layout.function_name(function.id)
        return f"pub fn {name}({', '.join(shown)}) -> {result}"


def _changed(statements: tuple[ir.Stmt, ...]) -> set[str]:
    """Names whose value is changed, not only bound again."""
    return mutable_names(statements, set()) - _rebound_only(statements)


def _rebound_only(statements: tuple[ir.Stmt, ...]) -> set[str]:
    bound = names_bound(statements)
    in_place = {changed_name(node) for node in walk(statements)}
    return bound - in_place


def _errors(writer: Statements) -> str:
    return "///\n/// # Errors\n/// What Python would raise." if writer.tries else ""


def _before_tail(text: str, comments: str) -> str:
    return text + comments
