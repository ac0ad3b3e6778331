"""Typed statements as Rust."""

from collections.abc import Collection, Sequence

from langferry.codegen.rust.functions.attempts import Attempts, leaves
from langferry.codegen.rust.functions.code import Form, Source
from langferry.codegen.rust.functions.liveness import (
    names_bound,
    names_read,
    target_names,
)
from langferry.codegen.rust.functions.values import EMPTY
from langferry.codegen.rust.literals import comment
from langferry.model import ir
from langferry.model import types as t


class Statements(Attempts):
    """Writes the statements of one function."""

    def block(
        self,
        body: Sequence[ir.Stmt],
        declared: set[str],
        tail: bool,
        wanted: Collection[str] = (),
    ) -> str:
        """Statements in order; see `Attempts.block`."""
        declared = set(declared)
        lines: list[str] = []
        index = 0
        while index < len(body):
            statement, rest = body[index], body[index + 1 :]
            lines += [comment(text) for text in statement.comments]
            later = names_read(rest) | names_bound(rest) | set(wanted)
            if isinstance(statement, ir.Try):
                name = self._tried_for(statement, later, declared)
                if name is not None:
                    lines.append(
                        self._marked(self._attempted(statement, name, declared), statement)
                    )
                    index += 1
                    continue
            if isinstance(statement, ir.If) and statement.orelse:
                name = self._chosen(statement, later, declared)
                if name is not None:
                    lines.append(self._marked(self._choice(statement, name, declared), statement))
                    index += 1
                    continue
            lines += self._hoisted(statement, later, declared)
            last = tail and (not rest or leaves([statement]))
            if self.choosing is not None:
                last = last and isinstance(statement, ir.Bind | ir.If)
            opened = self._let_else(statement, rest, declared)
            if opened is not None:
                head, name = opened
                lines.append(self._marked(head, statement))
                with self.locals.opened({name: "ref"}):
                    lines.append(self.block(rest, declared, tail, wanted))
                break
            lines.append(self._marked(self.statement(statement, declared, last), statement))
            index += 1
            if leaves([statement]):
                break
        return "\n".join(lines)

    def _marked(self, text: str, statement: ir.Stmt) -> str:
        if not text:
            return text
        return self.file.marks.wrap(text, statement.span, "statement", self.function_id)

    def _chosen(self, node: ir.If, later: set[str], declared: set[str]) -> str | None:
        """The name that an `if` is there to choose a value for, if it does nothing else."""
        names: set[str | None] = set()

        def ends(body: Sequence[ir.Stmt]) -> None:
            match body[-1] if body else None:
                case ir.Bind(target=ir.NameTarget(name=name)):
                    names.add(name)
                case ir.If() as inner:
                    ends(inner.body)
                    ends(inner.orelse)
                case _:
                    if not leaves(body):
                        names.add(None)

        ends([node])
        name = next(iter(names), None)
        if len(names) != 1 or name is None or name in declared or name not in later:
            return None
        if (names_bound([node]) & later) - declared != {name}:
            return None
        if self._bound_times(node, name) != self._endings(node):
            return None
        return name

    def _choice(self, node: ir.If, name: str, declared: set[str]) -> str:
        outer, self.choosing = self.choosing, name
        text = self._if(node, {*declared, name}, tail=True)
        self.choosing = outer
        declared.add(name)
        mutable = "mut " if name in self.mutable else ""
        annotated = ": &str" if self.locals.form(name) == "str" and mutable else ""
        return f"let {mutable}{self.locals.text(name)}{annotated} = {text};"

    def _endings(self, node: ir.Stmt) -> int:
        if isinstance(node, ir.If):
            return sum(self._endings(body[-1]) for body in (node.body, node.orelse) if body)
        return int(isinstance(node, ir.Bind))

    def _hoisted(self, statement: ir.Stmt, later: set[str], declared: set[str]) -> list[str]:
        """`let`s for names that a compound statement binds and others read later."""
        if isinstance(statement, ir.Bind | ir.Augment):
            return []
        bound = names_bound([statement])
        if isinstance(statement, ir.For):
            bound -= target_names(statement.target) - names_bound(statement.body)
        lines = []
        for name in sorted((bound & later) - declared, key=self._order):
            declared.add(name)
            text = self.locals.text(name)
            mutable = "mut " if name in self.mutable else ""
            lines.append(f"let {mutable}{text}: {self._let_type(name)};")
        return lines

    def _let_else(
        self, statement: ir.Stmt, rest: Sequence[ir.Stmt], declared: set[str]
    ) -> tuple[str, str] | None:
        """`if x is None: return ...` as `let Some(x) = x else { return ... };`."""
        match statement:
            case (
                ir.If(test=ir.Compare(op="is none", left=ir.Name() as name), body=body, orelse=())
                | ir.If(
                    test=ir.Unary(op="not", operand=ir.Truth(value=ir.Name() as name)),
                    body=body,
                    orelse=(),
                )
            ):
                pass
            case _:
                return None
        if not leaves(body) or not isinstance(name.type, t.OptionalType):
            return None
        if isinstance(statement.test, ir.Unary) and not t.is_always_true(name.type.item):
            return None
        if name.name in names_read(body) or not self.locals.may_open(name, rest):
            return None
        text, form = self.locals.text(name.name), self.locals.form(name.name)
        source = text if form == "optref" else f"&{text}" if form == "place" else text
        inner = self.block(body, declared, tail=False)
        return f"let Some({text}) = {source} else {{\n{inner}\n}};", name.name

    def statement(self, node: ir.Stmt, declared: set[str], tail: bool) -> str:
        """One statement."""
        match node:
            case ir.Bind(target=ir.NameTarget(name=name)) if tail and name == self.choosing:
                return self.held(name, node.value)
            case ir.Bind():
                return self._bind(node, declared)
            case ir.Augment():
                return self._augment(node)
            case ir.Require():
                return self._require(node)
            case ir.SetField():
                return self._set_field(node)
            case ir.SetItem():
                return self._set_item(node)
            case ir.DeleteItem():
                return self._delete(node)
            case ir.If():
                return self._if(node, declared, tail)
            case ir.For():
                return self._for(node, declared)
            case ir.While():
                return self._while(node, declared)
            case ir.Break():
                return self._jump("Break", tail)
            case ir.Continue():
                return self._jump("Continue", tail)
            case ir.Return():
                return self._return(node, tail)
            case ir.Raise():
                return self._raise(node, tail)
            case ir.Try():
                return self._try(node, declared, tail)
            case ir.Assert():
                return self._assert(node)
            case ir.Evaluate():
                return self._evaluate(node)
            case ir.Pass():
                return ""

    def _bind(self, node: ir.Bind, declared: set[str]) -> str:
        if isinstance(node.target, ir.TupleTarget):
            return self._unpack(node, node.target, declared)
        name = node.target.name
        value = self.held(name, node.value)
        text = self.locals.text(name)
        if name in declared:
            return f"{text} = {value};"
        declared.add(name)
        if name not in self.read and name not in self.mutable:
            text = f"_{text.removeprefix('r#').lstrip('_')}"
        mutable = "mut " if name in self.mutable else ""
        annotated = ""
        if value in EMPTY or isinstance(node.value, ir.NoneLit):
            annotated = f": {self.file.type(node.target.type)}"
        elif self.locals.form(name) == "str" and name in self.mutable:
            annotated = ": &str"
        return f"let {mutable}{text}{annotated} = {value};"

    def _unpack(self, node: ir.Bind, target: ir.TupleTarget, declared: set[str]) -> str:
        names = target_names(target)
        if isinstance(node.value, ir.TupleLit) and all(
            isinstance(item, ir.NameTarget) for item in target.items
        ):
            parts = [
                self.held(item.name, value)
                for item, value in zip(target.items, node.value.items, strict=True)
                if isinstance(item, ir.NameTarget)
            ]
            value = f"({', '.join(parts)})"
        else:
            value = self.owned(node.value)
        fresh = names - declared
        if not fresh:
            return f"{self._left(target)} = {value};"
        if fresh == names:
            declared |= names
            return f"let {self._left(target, True)}{self._tuple_type(node, target)} = {value};"
        declares = "".join(
            f"let {'mut ' if n in self.mutable else ''}{self.locals.text(n)}: {self._let_type(n)};\n"
            for n in sorted(fresh, key=self._order)
        )
        declared |= fresh
        return f"{declares}{self._left(target)} = {value};"

    def _tuple_type(self, node: ir.Bind, target: ir.TupleTarget) -> str:
        """The annotation without which a `&String` among the values would be the type of what texts come to."""
        if not isinstance(node.value, ir.TupleLit):
            return ""
        texts = [
            isinstance(item, ir.NameTarget)
            and item.name in self.mutable
            and self.locals.form(item.name) == "str"
            and not isinstance(value, ir.StrLit)
            for item, value in zip(target.items, node.value.items, strict=True)
        ]
        kinds = ", ".join("&str" if is_text else "_" for is_text in texts)
        return f": ({kinds})" if any(texts) else ""

    def _left(self, target: ir.BindTarget, new: bool = False) -> str:
        if isinstance(target, ir.NameTarget):
            text = self.locals.text(target.name)
            if new and target.name not in self.read and target.name not in self.mutable:
                return f"_{text.removeprefix('r#').lstrip('_')}"
            return f"mut {text}" if new and target.name in self.mutable else text
        inner = ", ".join(self._left(item, new) for item in target.items)
        return f"({inner}{',' if len(target.items) == 1 else ''})"

    def _if(self, node: ir.If, declared: set[str], tail: bool) -> str:
        tail = tail and bool(node.orelse)
        head, names = self.opened(node.test, node.body)
        with self.locals.opened(names):
            body = self.block(node.body, declared, tail)
        text = f"if {head} {{\n{body}\n}}"
        if not node.orelse:
            return text
        only = node.orelse[0]
        if (
            len(node.orelse) == 1
            and isinstance(only, ir.If)
            and not only.comments
            and not self._hoisted(only, set(), set(declared))
        ):
            return f"{text} else {self._marked(self._if(only, declared, tail), only)}"
        return f"{text} else {{\n{self.block(node.orelse, declared, tail)}\n}}"

    def _for(self, node: ir.For, declared: set[str]) -> str:
        source = self.whole_items(node.target, self.iterated(node.iterable))
        if names_read([node.iterable]) & names_bound(node.body) and source.items != "value":
            # Python goes on with the old object when the name is bound to another
            copied = f"{self.owned_items(node.iterable).iterator()}.collect::<Vec<_>>()"
            source = Source(copied, "value", "container")
        names = target_names(node.target)
        # what is bound again begins as what the loop gives
        read = names_read(node.body) | (names & names_bound(node.body))
        pattern, forms = self.pattern(node.target, source.items, read, node.item)
        rebound = names & (names_bound(node.body) | self.mutable)
        with self.locals.inner(forms):
            made = ""
            for name in sorted(rebound & names_bound(node.body)):
                shown = self.locals.text(name)
                made += f"let mut {shown} = {self._own_copy(name, forms[name])};\n"
                self.locals.declare(name, "place", own=True)
            body = made + self._looped(node.body, declared | names)
        return f"for {pattern} in {source.text} {{\n{body}\n}}"

    def _looped(self, body: Sequence[ir.Stmt], declared: set[str]) -> str:
        outer, self.jumping = self.jumping, None
        text = self.block(body, declared, tail=False)
        self.jumping = outer
        return text

    def _own_copy(self, name: str, form: Form) -> str:
        text = self.locals.text(name)
        return text if form == "value" else f"{text}.clone()"

    def _while(self, node: ir.While, declared: set[str]) -> str:
        body = self._looped(node.body, declared)
        if isinstance(node.test, ir.BoolLit) and node.test.value:
            return f"loop {{\n{body}\n}}"
        return f"while {self.truth(node.test).text} {{\n{body}\n}}"

    def _assert(self, node: ir.Assert) -> str:
        args = "" if node.message is None else self.owned(node.message)
        self.tries += 1
        negated = self._negated(node.test).text
        return f'if {negated} {{\nreturn Err(Exception::raise("AssertionError", [{args}]));\n}}'
