"""`try` as a closure and a `match` on how it went."""

from collections.abc import Sequence

from langferry.codegen.rust.functions.changes import Changes
from langferry.codegen.rust.functions.code import Form
from langferry.codegen.rust.functions.forms import mutable_names
from langferry.codegen.rust.functions.liveness import (
    names_bound,
    target_names,
    walk,
)
from langferry.codegen.rust.literals import string
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_TRUE = ir.BoolLit(True, t.BoolType(), Span("", 1, 0, 1, 0))


class Attempts(Changes):
    """Writes `try` statements."""

    def _tried_for(self, node: ir.Try, later: set[str], declared: set[str]) -> str | None:
        """The one name that a `try` is there to give a value, whatever happens."""
        needed = (names_bound([node]) & later) - declared
        if len(needed) != 1 or node.orelse or leaves(node.body) or _may_return(node.body):
            return None
        name = next(iter(needed))
        if name not in self.fresh_in_try(node):
            return None
        for handler in node.handlers:
            match handler.body[-1]:
                case ir.Bind(target=ir.NameTarget(name=bound)) if bound == name:
                    if self._bound_times(ir.If(_TRUE, handler.body, (), node.span), name) != 1:
                        return None
                case _:
                    if not leaves(handler.body):
                        return None
        return name

    def _attempted(self, node: ir.Try, name: str, declared: set[str]) -> str:
        outer, self.choosing = self.choosing, name
        closure, arms = self._arms(node, [name], {*declared, name}, tail=True)
        self.choosing = outer
        declared.add(name)
        mutable = "mut " if name in self.mutable else ""
        return f"{closure}\nlet {mutable}{self.locals.text(name)} = {arms};"

    def _bound_times(self, node: ir.Stmt, name: str) -> int:
        return sum(
            isinstance(item, ir.Bind) and name in target_names(item.target) for item in walk([node])
        )

    def _order(self, name: str) -> int:
        return list(self.kinds).index(name)

    def _let_type(self, name: str) -> str:
        kind, form = self.kinds[name], self.locals.form(name)
        match form:
            case "str":
                return "&str"
            case "ref":
                return f"&{self.file.type(kind)}"
            case "optref":
                assert isinstance(kind, t.OptionalType)
                return f"Option<&{self.file.type(kind.item)}>"
        return self.file.type(kind)

    def _try(self, node: ir.Try, declared: set[str], tail: bool) -> str:
        inside = names_bound(node.body)
        outs = sorted(inside & declared & self.fresh_in_try(node), key=self._order)
        return "\n".join(self._arms(node, outs, declared, tail))

    def _arms(
        self, node: ir.Try, outs: Sequence[str], declared: set[str], tail: bool
    ) -> tuple[str, str]:
        """The closure for what is tried, and the `match` on how it went."""
        leaving = leaves(node.body)
        partly = not leaving and _may_return(node.body)
        result = self._result_type() if leaving else self._out_type(outs)
        if partly:
            result = f"Result<{result}, {self._result_type()}>"
        self.tries += 1
        outer, self.choosing = (self.choosing, self.partly), None
        self.partly = partly
        body = self.block(node.body, declared - set(outs), tail=leaving)
        self.choosing, self.partly = outer
        if not leaving:
            ends = _tuple([self.locals.text(out) for out in outs])
            body += f"\nOk(Ok({ends}))" if partly else f"\nOk({ends})"
        kept = (names_bound(node.body) & declared) - set(outs)
        mutable = "mut " if kept | self._changed_outside(node.body) else ""
        closure = f"let {mutable}attempt = || -> Result<{result}, Exception> {{\n{body}\n}};"
        arms = [self._success_arm(node, outs, leaving, declared, tail)]
        if partly:
            output = self.locals.fresh("output")
            arms[0] = arms[0].replace("Ok(", "Ok(Ok(", 1).replace(") =>", ")) =>", 1)
            arms.append(f"Ok(Err({output})) => {self.returned(output)},")
        error = self.locals.fresh("error")
        for handler in node.handlers:
            arms.append(self._handler_arm(handler, error, declared, tail))
        if all(handler.classes for handler in node.handlers):
            plain = tail and self.choosing is None
            arms.append(f"Err({error}) => {'' if plain else 'return '}Err({error}),")
        return closure, "match attempt() {\n" + "\n".join(arms) + "\n}"

    def _changed_outside(self, body: Sequence[ir.Stmt]) -> set[str]:
        """Names from outside of a block that are changed in it."""
        return mutable_names(body, set()) - names_bound(body)

    def fresh_in_try(self, node: ir.Try) -> set[str]:
        """Names that have no value yet before this `try`."""
        return self.unset_before.get(id(node), set())

    unset_before: dict[int, set[str]]

    def _success_arm(
        self, node: ir.Try, outs: Sequence[str], leaving: bool, declared: set[str], tail: bool
    ) -> str:
        if leaving:
            value = self.locals.fresh("output")
            return f"Ok({value}) => {f'Ok({value})' if tail else self.returned(value)},"
        if self.choosing is not None:
            name = self.locals.text(self.choosing)
            return f"Ok({name}) => {name},"
        pattern = [self.locals.fresh("value") for _ in outs]
        assigned = "".join(
            f"{self.locals.text(out)} = {value};\n"
            for out, value in zip(outs, pattern, strict=True)
        )
        orelse = self.block(node.orelse, declared, tail)
        return f"Ok({_tuple(pattern)}) => {{\n{assigned}{orelse}\n}}"

    def _handler_arm(self, handler: ir.Handler, error: str, declared: set[str], tail: bool) -> str:
        name = error
        forms: dict[str, Form] = {}
        if handler.name is not None:
            name = self.locals.text(handler.name)
            forms = {handler.name: "value"}
        classes = handler.classes or ("BaseException",)
        guard = " || ".join(f"{name}.is({string(item)})" for item in classes)
        with self.locals.inner(forms):
            body = self.block(handler.body, declared | set(forms), tail)
        return f"Err({name}) if {guard} => {{\n{body}\n}}"

    def _result_type(self) -> str:
        match self.form:
            case "node":
                return "NodeOutput"
            case "router":
                return "Vec<Target>"
        return self.file.type(self.returns)

    def _out_type(self, outs: Sequence[str]) -> str:
        return _tuple([self._let_type(out) for out in outs])

    def block(self, body: Sequence[ir.Stmt], declared: set[str], tail: bool) -> str:
        """Statements in order. `declared` are the names that already have a `let`."""
        raise NotImplementedError


def _may_return(body: Sequence[ir.Stmt]) -> bool:
    return any(isinstance(item, ir.Return) for item in walk(body))


def _tuple(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def leaves(body: Sequence[ir.Stmt]) -> bool:
    """Whether control never comes out at the end of a block."""
    for node in body:
        match node:
            case ir.Return() | ir.Raise() | ir.Break() | ir.Continue():
                return True
            case ir.If() if node.orelse and leaves(node.body) and leaves(node.orelse):
                return True
            case ir.While(test=ir.BoolLit(value=True)):
                if not any(isinstance(item, ir.Break) for item in walk(node.body)):
                    return True
            case ir.Try():
                if leaves([*node.body, *node.orelse]) and all(
                    leaves(handler.body) for handler in node.handlers
                ):
                    return True
    return False
