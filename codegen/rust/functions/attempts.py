"""`try` as a closure and a `match` on how it went."""

from collections.abc import Collection, Iterable, Sequence

from langferry.codegen.rust.functions.changes import Changes
from langferry.codegen.rust.functions.code import Form
from langferry.codegen.rust.functions.forms import mutable_names
from langferry.codegen.rust.functions.liveness import names_bound, target_names
from langferry.codegen.rust.functions.results import Results
from langferry.codegen.rust.literals import string
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import Node, children, walk

_TRUE = ir.BoolLit(True, t.BoolType(), Span("", 1, 0, 1, 0))


class Attempts(Changes):
    """Writes `try` statements."""

    def _tried_for(self, node: ir.Try, later: set[str], declared: set[str]) -> str | None:
        """The one name that a `try` is there to give a value, whatever happens."""
        needed = (names_bound([node]) & later) - declared
        if len(needed) != 1 or node.orelse or leaves(node.body):
            return None
        if _may_return(node.body) or jumps_out(node.body):
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
        leaving, jumps = leaves(node.body), jumps_out(node.body)
        returns = _may_return(node.body)
        partly = not leaving and (jumps or returns)
        # what never returns is not held to the function's type: a closure around it may have another
        value = self._result_type() if returns else "std::convert::Infallible"
        left = f"Leave<{value}>" if jumps else value
        result = left if leaving else self._out_type(outs)
        if partly:
            result = f"Result<{result}, {left}>"
        self.tries += 1
        outer = (self.choosing, self.returning, self.jumping)
        self.choosing = None
        early = "Ok(Err({}))" if partly else "Ok({})"
        self.returning = early.replace("{}", "Leave::Return({})") if jumps else early
        self.jumping = early if jumps else None
        body = self.block(node.body, declared - set(outs), tail=leaving, wanted=outs)
        self.choosing, self.returning, self.jumping = outer
        if not leaving:
            ends = _tuple([self.locals.text(out) for out in outs])
            body += f"\nOk(Ok({ends}))" if partly else f"\nOk({ends})"
        kept = (names_bound(node.body) & declared) - set(outs)
        mutable = "mut " if kept | self._changed_outside(node.body) else ""
        closure = f"let {mutable}attempt = || -> Result<{result}, Exception> {{\n{body}\n}};"
        last = tail and self.choosing is None
        tried = "attempt()"
        if node.final:
            tried = self.locals.fresh("outcome")
            closure += f"\nlet {tried} = attempt();\n{self.block(node.final, declared, tail=False)}"
            if leaving and returns and not jumps and self.returning == Results.returning:
                return closure, tried if last else f"return {tried};"
            if not leaving and not partly and not outs:
                return closure, f"{tried}?;"
            if not leaving and not partly and list(outs) == [self.choosing]:
                return closure, f"{tried}?"
        arms: list[str] = []
        if not leaving:
            success = self._success_arm(node, outs, declared, tail)
            arms.append(_within("Ok", success) if partly else success)
        if leaving or partly:
            arms += self._leaving_arms(returns, jumps, partly, last)
        error = self.locals.fresh("error")
        for handler in node.handlers:
            arms.append(self._handler_arm(handler, error, declared, tail))
        arms.append(f"Err({error}) => {'' if last else 'return '}Err({error}),")
        return closure, f"match {tried} {{\n" + "\n".join(arms) + "\n}"

    def _leaving_arms(self, returns: bool, jumps: bool, partly: bool, tail: bool) -> list[str]:
        """What becomes of a result that the function returns, and of loops that are left."""
        value = self.locals.fresh("output")
        returned = self.returned(value, tail and not jumps and not partly)
        ways = {f"Leave::Return({value})" if jumps else value: returned} if returns else {}
        if jumps:
            ways["Leave::Break"] = self._jump("Break", False).removesuffix(";")
            ways["Leave::Continue"] = self._jump("Continue", False).removesuffix(";")
        arms = [f"Ok({way}) => {then}," for way, then in ways.items()]
        return [_within("Err", arm) for arm in arms] if partly else arms

    def _changed_outside(self, body: Sequence[ir.Stmt]) -> set[str]:
        """Names from outside of a block that are changed in it."""
        return mutable_names(body, set()) - names_bound(body)

    def fresh_in_try(self, node: ir.Try) -> set[str]:
        """Names that have no value yet before this `try`."""
        return self.unset_before.get(id(node), set())

    unset_before: dict[int, set[str]]

    def _success_arm(
        self, node: ir.Try, outs: Sequence[str], declared: set[str], tail: bool
    ) -> str:
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
        outer, self.caught = self.caught, name
        with self.locals.inner(forms):
            body = self.block(handler.body, declared | set(forms), tail)
        self.caught = outer
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

    def block(
        self,
        body: Sequence[ir.Stmt],
        declared: set[str],
        tail: bool,
        wanted: Collection[str] = (),
    ) -> str:
        """Statements in order.

        `declared` are the names that already have a `let`; those that are `wanted` have one at the end, too.
        """
        raise NotImplementedError


def _may_return(body: Sequence[ir.Stmt]) -> bool:
    return any(isinstance(item, ir.Return) for item in walk(body))


def jumps_out(body: Iterable[Node]) -> bool:
    """Whether a `break` or `continue` in it is one of a loop around it."""
    return any(
        isinstance(node, ir.Break | ir.Continue)
        or (not isinstance(node, ir.For | ir.While) and jumps_out(children(node)))
        for node in body
    )


def _within(way: str, arm: str) -> str:
    """An arm for `Ok(x)` as one for what holds it another time."""
    return arm.replace("Ok(", f"Ok({way}(", 1).replace(") =>", ")) =>", 1)


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
