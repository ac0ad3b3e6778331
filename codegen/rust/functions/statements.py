"""Typed statements as Rust."""

from collections.abc import Sequence

import msgspec

from langferry.codegen.rust.functions.code import Form, Source
from langferry.codegen.rust.functions.expressions import NUMBERS
from langferry.codegen.rust.functions.forms import mutable_names
from langferry.codegen.rust.functions.iteration import Iteration
from langferry.codegen.rust.functions.liveness import (
    names_bound,
    names_read,
    target_names,
    walk,
)
from langferry.codegen.rust.literals import comment, string
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_IN_PLACE = frozenset({"+", "-", "*"})
_TRUE = ir.BoolLit(True, t.BoolType(), Span("", 1, 0, 1, 0))
_EMPTY = (ir.ListLit, ir.DictLit, ir.SetLit)


class Statements(Iteration):
    """Writes the statements of one function."""

    function_id: str
    form: str
    returns: t.Type
    kinds: dict[str, t.Type]
    mutable: set[str]

    # --- blocks

    def block(self, body: Sequence[ir.Stmt], declared: set[str], tail: bool) -> str:
        """Statements in order. `declared` are the names that already have a `let`."""
        declared = set(declared)
        lines: list[str] = []
        index = 0
        while index < len(body):
            statement, rest = body[index], body[index + 1 :]
            lines += [comment(text) for text in statement.comments]
            if isinstance(statement, ir.Try):
                later = names_read(rest) | names_bound(rest)
                name = self._tried_for(statement, later, declared)
                if name is not None:
                    lines.append(
                        self._marked(self._attempted(statement, name, declared), statement)
                    )
                    index += 1
                    continue
            if isinstance(statement, ir.If) and statement.orelse:
                later = names_read(rest) | names_bound(rest)
                name = self._chosen(statement, later, declared)
                if name is not None:
                    lines.append(self._marked(self._choice(statement, name, declared), statement))
                    index += 1
                    continue
            lines += self._hoisted(statement, rest, declared)
            last = tail and (not rest or leaves([statement]))
            if self.choosing is not None:
                last = last and isinstance(statement, ir.Bind | ir.If)
            opened = self._let_else(statement, rest, declared)
            if opened is not None:
                head, name = opened
                lines.append(self._marked(head, statement))
                with self.locals.opened({name: "ref"}):
                    lines.append(self.block(rest, declared, tail))
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

    def _tried_for(self, node: ir.Try, later: set[str], declared: set[str]) -> str | None:
        """The one name that a `try` is there to give a value, whatever happens."""
        needed = (names_bound([node]) & later) - declared
        if len(needed) != 1 or node.orelse or leaves(node.body):
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

    def _choice(self, node: ir.If, name: str, declared: set[str]) -> str:
        outer, self.choosing = self.choosing, name
        text = self._if(node, {*declared, name}, tail=True)
        self.choosing = outer
        declared.add(name)
        mutable = "mut " if name in self.mutable else ""
        annotated = ": &str" if self.locals.form(name) == "str" and mutable else ""
        return f"let {mutable}{self.locals.text(name)}{annotated} = {text};"

    def _bound_times(self, node: ir.Stmt, name: str) -> int:
        return sum(
            isinstance(item, ir.Bind) and name in target_names(item.target) for item in walk([node])
        )

    def _endings(self, node: ir.Stmt) -> int:
        if isinstance(node, ir.If):
            return sum(self._endings(body[-1]) for body in (node.body, node.orelse) if body)
        return int(isinstance(node, ir.Bind))

    choosing: str | None = None

    def _hoisted(
        self, statement: ir.Stmt, rest: Sequence[ir.Stmt], declared: set[str]
    ) -> list[str]:
        """`let`s for names that a compound statement binds and others read later."""
        if isinstance(statement, ir.Bind | ir.Augment):
            return []
        bound = names_bound([statement])
        if isinstance(statement, ir.For):
            bound -= target_names(statement.target) - names_bound(statement.body)
        later = names_read(rest) | names_bound(rest)
        lines = []
        for name in sorted((bound & later) - declared, key=self._order):
            declared.add(name)
            text = self.locals.text(name)
            mutable = "mut " if name in self.mutable else ""
            lines.append(f"let {mutable}{text}: {self._let_type(name)};")
        return lines

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
        if isinstance(statement.test, ir.Unary) and not _always_true(name.type.item):
            return None
        if name.name in names_read(body) or not self.locals.may_open(name, rest):
            return None
        text, form = self.locals.text(name.name), self.locals.form(name.name)
        source = text if form == "optref" else f"&{text}" if form == "place" else text
        inner = self.block(body, declared, tail=False)
        return f"let Some({text}) = {source} else {{\n{inner}\n}};", name.name

    # --- statements

    def statement(self, node: ir.Stmt, declared: set[str], tail: bool) -> str:
        """One statement."""
        match node:
            case ir.Bind(target=ir.NameTarget(name=name)) if tail and name == self.choosing:
                return self._value_for(name, node.value)
            case ir.Bind():
                return self._bind(node, declared)
            case ir.Augment():
                return self._augment(node)
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
                return "break;"
            case ir.Continue():
                return "continue;"
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
        value = self._value_for(name, node.value)
        text = self.locals.text(name)
        if name in declared:
            return f"{text} = {value};"
        declared.add(name)
        if name not in self.read and name not in self.mutable:
            text = f"_{text.removeprefix('r#').lstrip('_')}"
        mutable = "mut " if name in self.mutable else ""
        annotated = ""
        if isinstance(node.value, _EMPTY) and not _entries(node.value):
            annotated = f": {self.file.type(node.target.type)}"
        elif self.locals.form(name) == "str" and name in self.mutable:
            annotated = ": &str"
        return f"let {mutable}{text}{annotated} = {value};"

    read: set[str]

    def _value_for(self, name: str, value: ir.Expr) -> str:
        match self.locals.form(name):
            case "str" | "ref" | "optref":
                return self.emit(value).text
        return self.owned(value)

    def _unpack(self, node: ir.Bind, target: ir.TupleTarget, declared: set[str]) -> str:
        names = target_names(target)
        if isinstance(node.value, ir.TupleLit) and all(
            isinstance(item, ir.NameTarget) for item in target.items
        ):
            parts = [
                self._value_for(item.name, value)
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
            return f"let {self._left(target, True)} = {value};"
        declares = "".join(
            f"let {'mut ' if n in self.mutable else ''}{self.locals.text(n)}: {self._let_type(n)};\n"
            for n in sorted(fresh, key=self._order)
        )
        declared |= fresh
        return f"{declares}{self._left(target)} = {value};"

    def _left(self, target: ir.BindTarget, new: bool = False) -> str:
        if isinstance(target, ir.NameTarget):
            text = self.locals.text(target.name)
            if new and target.name not in self.read and target.name not in self.mutable:
                return f"_{text.removeprefix('r#').lstrip('_')}"
            return f"mut {text}" if new and target.name in self.mutable else text
        inner = ", ".join(self._left(item, new) for item in target.items)
        return f"({inner}{',' if len(target.items) == 1 else ''})"

    def _augment(self, node: ir.Augment) -> str:
        text = self.locals.text(node.target.name)
        if node.target.name in names_read([node.value]):
            own = ir.Name(node.target.name, node.target.type, node.span)
            joined = ir.Binary(node.op, own, node.value, node.target.type, node.span)
            self.copies_only += 1
            value = self.owned(joined)
            self.copies_only -= 1
            return f"{text} = {value};"
        return self._augmented(text, node.target.type, node.op, node.value, node)

    def _augmented(
        self, place: str, kind: t.Type, op: ir.BinaryOp, value: ir.Expr, node: ir.Stmt
    ) -> str:
        if isinstance(kind, NUMBERS) and op in _IN_PLACE:
            return f"{place} {op}= {self.number(value)};"
        if isinstance(kind, t.StrType) and op == "+" and place.isidentifier():
            if isinstance(value, ir.StrLit) and len(value.value) == 1:
                return f"{place}.push({character(value.value)});"
            return f"{place}.push_str({self.borrowed(value)});"
        if isinstance(kind, t.ListType) and op == "+":
            return f"{place}.extend({self.owned(value)});"
        if isinstance(kind, t.DictType) and op == "|":
            return f"{place}.update({self.owned(value)});"
        called = {"/": "true_div", "//": "floor_div", "%": "rem", "**": "pow", "<<": "shl"}
        called |= {
            ">>": "shr",
            "&": "and",
            "|": "or",
            "^": "xor",
            "*": "mul",
            "+": "add",
            "-": "sub",
        }
        made = self.attempt(f"ops::{called[op]}(&{place}, {self.borrowed(value)})").text
        return f"{place} = {made};"

    def _set_item(self, node: ir.SetItem) -> str:
        container = self.locals.text(node.container.name)
        if node.op is not None:
            return self._augment_item(node, node.op, container)
        if isinstance(node.container.type, t.DictType):
            if _is_simple(node.index) or _is_simple(node.value):
                key = self.owned(node.index)
                return f"{container}.insert({key}, {self.owned(node.value)});"
            lines, (value,) = self._made_first([node.value])
            return f"{lines}{container}.insert({self.owned(node.index)}, {self.owned(value)});"
        lines, (value, index) = self._made_first([node.value, node.index])
        called = f"list::set_item(&mut {container}, {self.number(index)}, {self.owned(value)})"
        return f"{lines}{self.attempt(called).text};"

    def _made_first(self, nodes: Sequence[ir.Expr]) -> tuple[str, list[ir.Expr]]:
        """Computed values as `let`s, evaluated before what they are used in is borrowed."""
        lines = ""
        made: list[ir.Expr] = []
        for node in nodes:
            if _is_simple(node):
                made.append(node)
                continue
            self.copies_only += 1
            text = self.owned(node)
            self.copies_only -= 1
            name = self.locals.temporary("value")
            lines += f"let {self.locals.text(name)} = {text};\n"
            made.append(ir.Name(name, node.type, node.span))
        return lines, made

    def _augment_item(self, node: ir.SetItem, op: ir.BinaryOp, container: str) -> str:
        kind = node.container.type
        if isinstance(kind, t.DictType):
            place = self.attempt(f"{container}.item_mut({self.borrowed(node.index)})").text
            item = kind.value
        else:
            assert isinstance(kind, t.ListType)
            place = self.attempt(
                f"list::item_mut(&mut {container}, {self.number(node.index)})"
            ).text
            item = kind.item
        # Python reads the item before it evaluates the right-hand side
        simple = _is_simple(node.value) and isinstance(item, NUMBERS) and op in _IN_PLACE
        if simple:
            return f"*{place} {op}= {self.number(node.value)};"
        read = ir.Item(node.container, node.index, item, node.span)
        joined = ir.Binary(op, read, node.value, item, node.span)
        self.copies_only += 1
        value = self.owned(joined)
        self.copies_only -= 1
        name = self.locals.fresh("value")
        return f"let {name} = {value};\n*{place} = {name};"

    def _delete(self, node: ir.DeleteItem) -> str:
        container = self.locals.text(node.container.name)
        if isinstance(node.container.type, t.DictType):
            return self.attempt(f"{container}.delete({self.borrowed(node.index)})").text + ";"
        lines, (index,) = self._made_first([node.index])
        called = f"list::delete(&mut {container}, {self.number(index)})"
        return f"{lines}{self.attempt(called).text};"

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
            and not self._hoisted(only, (), set(declared))
        ):
            return f"{text} else {self._marked(self._if(only, declared, tail), only)}"
        return f"{text} else {{\n{self.block(node.orelse, declared, tail)}\n}}"

    def _for(self, node: ir.For, declared: set[str]) -> str:
        source = self.whole_items(node.target, self.iterated(node.iterable))
        if names_read([node.iterable]) & names_bound(node.body) and source.items != "value":
            # Python goes on with the old object when the name is bound to another
            copied = f"{self.owned_items(node.iterable).iterator()}.collect::<Vec<_>>()"
            source = Source(copied, "value", "container")
        read = names_read(node.body)
        pattern, forms = self.pattern(node.target, source.items, read, node.item)
        names = target_names(node.target)
        rebound = names & (names_bound(node.body) | self.mutable)
        with self.locals.inner(forms):
            made = ""
            for name in sorted(rebound & names_bound(node.body)):
                shown = self.locals.text(name)
                made += f"let mut {shown} = {self._own_copy(name, forms[name])};\n"
                self.locals.declare(name, "place", own=True)
            body = made + self.block(node.body, declared | names, tail=False)
        return f"for {pattern} in {source.text} {{\n{body}\n}}"

    def _own_copy(self, name: str, form: Form) -> str:
        text = self.locals.text(name)
        return text if form == "value" else f"{text}.clone()"

    def _while(self, node: ir.While, declared: set[str]) -> str:
        body = self.block(node.body, declared, tail=False)
        if isinstance(node.test, ir.BoolLit) and node.test.value:
            return f"loop {{\n{body}\n}}"
        return f"while {self.truth(node.test).text} {{\n{body}\n}}"

    def _assert(self, node: ir.Assert) -> str:
        args = "" if node.message is None else self.owned(node.message)
        self.tries += 1
        negated = self._negated(node.test).text
        return f'if {negated} {{\nreturn Err(Exception::raise("AssertionError", [{args}]));\n}}'

    def _evaluate(self, node: ir.Evaluate) -> str:
        before, lines, value = self.tries, "", node.value
        if (
            isinstance(value, ir.MethodCall)
            and isinstance(value.receiver, ir.Name)
            and value.receiver.name in names_read(value.args)
        ):
            lines, args = self._made_first(value.args)
            value = msgspec.structs.replace(value, args=tuple(args))
        text = self.emit(value).text
        if isinstance(value, ir.MethodCall) and isinstance(value.type, t.NoneType):
            return f"{lines}{text};"
        if self.tries != before and text.endswith("?"):
            return f"{lines}{text};"
        return f"{lines}let _ = {text};"

    def _raise(self, node: ir.Raise, tail: bool) -> str:
        self.tries += 1
        if node.again is not None:
            error = self.locals.text(node.again)
            value = f"Err({error}.clone())"
        else:
            args = ", ".join(self.owned(arg) for arg in node.args)
            value = f"Err(Exception::raise({string(node.exception or '')}, [{args}]))"
        return value if tail and self.choosing is None else f"return {value};"

    # --- results

    def _return(self, node: ir.Return, tail: bool) -> str:
        result = self._result(node)
        if tail and self.choosing is None:
            return result
        before, _, last = result.rpartition("\n")
        return f"{before}\nreturn {last};"

    def _filled_update(self, node: ir.DynamicUpdate) -> tuple[str, str]:
        """The lines that fill an update from a dict, and the update's name."""
        name = self.locals.fresh("update")
        items = self.owned_items(
            ir.MethodCall(node.value, "items", (), (), node.value.type, node.span)
        )
        return (
            f"let mut {name} = Update::new();\n"
            f"for (channel, value) in {items.text} {{\n{name}.set(channel, value);\n}}\n",
            name,
        )

    def _result(self, node: ir.Return) -> str:
        value = node.value
        match value:
            case None:
                return "Ok(NodeOutput::none())" if self.form == "node" else "Ok(())"
            case ir.Update():
                return f"Ok({self._update(value)}.into())"
            case ir.DynamicUpdate():
                filled, name = self._filled_update(value)
                return f"{filled}Ok({name}.into())"
            case ir.Command():
                filled, text = self._command(value)
                return f"{filled}Ok({text}.into())"
        if self.form == "router":
            return f"Ok({self._route(value)})"
        return self.ok(value)

    def _update(self, node: ir.Update) -> str:
        text = f"{self.file.struct(node.record)}::update()"
        for channel, value, span in node.writes:
            setter = self.file.layout.field(node.record, channel)
            call = f".{setter}({self.owned(value)})"
            text += self.file.marks.wrap(call, span, "write", self.function_id, channel)
        return text

    def _command(self, node: ir.Command) -> tuple[str, str]:
        filled, text = "", "Command::new()"
        if isinstance(node.update, ir.Update):
            text += f".update({self._update(node.update)})"
        elif node.update is not None:
            filled, name = self._filled_update(node.update)
            text += f".update({name})"
        if len(node.goto) == 1:
            text += f".goto({self._target(node.goto[0])})"
        elif node.goto:
            parts = ", ".join(f"{self._target(part)}.into()" for part in node.goto)
            text += f".goto(Vec::<Target>::from([{parts}]))"
        return filled, text

    def _target(self, node: ir.Expr) -> str:
        if isinstance(node, ir.StrLit) and node.value in ("__end__", "__start__"):
            return "END" if node.value == "__end__" else "START"
        made = self.emit(node)
        return made.text if made.form == "str" else self.as_owned(made, node.type)

    def _route(self, node: ir.Expr) -> str:
        if isinstance(node, ir.Conditional):
            head, names = self.opened(node.test, [node.then])
            with self.locals.opened(names):
                then = self._route(node.then)
            return f"if {head} {{ {then} }} else {{ {self._route(node.otherwise)} }}"
        if isinstance(node, ir.ListLit) and not any(
            isinstance(item, ir.Spread) for item in node.items
        ):
            return f"vec![{', '.join(f'{self._target(i)}.into()' for i in node.items)}]"
        if isinstance(node.type, t.ListType):
            items = self.owned_items(node).iterator()
            return f"{items}.map(Into::into).collect()"
        return f"vec![{self._target(node)}.into()]"

    # --- exceptions

    def _try(self, node: ir.Try, declared: set[str], tail: bool) -> str:
        inside = names_bound(node.body)
        outs = sorted(inside & declared & self.fresh_in_try(node), key=self._order)
        return "\n".join(self._arms(node, outs, declared, tail))

    def _arms(
        self, node: ir.Try, outs: Sequence[str], declared: set[str], tail: bool
    ) -> tuple[str, str]:
        """The closure for what is tried, and the `match` on how it went."""
        leaving = leaves(node.body)
        result = self._result_type() if leaving else self._out_type(outs)
        self.tries += 1
        outer, self.choosing = self.choosing, None
        body = self.block(node.body, declared - set(outs), tail=leaving)
        self.choosing = outer
        if not leaving:
            body += f"\nOk({_tuple([self.locals.text(out) for out in outs])})"
        kept = (names_bound(node.body) & declared) - set(outs)
        mutable = "mut " if kept | self._changed_outside(node.body) else ""
        closure = f"let {mutable}attempt = || -> Result<{result}, Exception> {{\n{body}\n}};"
        arms = [self._success_arm(node, outs, leaving, declared, tail)]
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
            return f"Ok({value}) => Ok({value})," if tail else f"Ok({value}) => return Ok({value}),"
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


def character(text: str) -> str:
    """A `char` literal."""
    inner = string(text)[1:-1]
    return f"'{ {chr(34): chr(34), chr(39): chr(92) + chr(39)}.get(text, inner) }'"


def _tuple(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def _entries(node: ir.ListLit | ir.DictLit | ir.SetLit) -> tuple[object, ...]:
    return node.entries if isinstance(node, ir.DictLit) else node.items


def _always_true(kind: t.Type) -> bool:
    return isinstance(kind, t.ClassType)


def _is_simple(node: ir.Expr) -> bool:
    """Whether evaluating it earlier or later makes no difference."""
    while isinstance(node, ir.Convert):
        node = node.value
    return isinstance(node, ir.Name | ir.IntLit | ir.StrLit | ir.FloatLit | ir.BoolLit | ir.NoneLit)


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
