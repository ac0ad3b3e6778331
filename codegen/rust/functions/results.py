"""What functions give back: updates, commands, routes, exceptions."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions.iteration import Iteration
from langferry.codegen.rust.literals import string
from langferry.model import ir
from langferry.model import types as t


class Results(Iteration):
    """Writes results."""

    function_id: str

    form: str

    given: dict[str, str]
    """The parameters that are copied to be changed, with the names of what was given."""

    returns: t.Type

    choosing: str | None = None

    returning: str = "Ok({})"
    """How a value is returned from where it is written; a `try` is a closure of its own."""

    jumping: str | None = None
    """How a loop around a `try` is left out of it, `{}` being the way; None outside of such."""

    caught: str = ""
    """The exception that the innermost `except` around has caught."""

    def _raise(self, node: ir.Raise, tail: bool) -> str:
        self.tries += 1
        if node.exception is None:
            error = self.caught if node.again is None else self.locals.text(node.again)
            value = f"Err({error}.clone())"
        else:
            args = ", ".join(self.owned(arg) for arg in node.args)
            name = string(node.exception)
            bases = ", ".join(map(string, node.bases))
            made = f"Class::new({name}, &[{bases}]).raise([{args}])"
            value = f"Err({made if bases else f'Exception::raise({name}, [{args}])'})"
        return value if tail and self.choosing is None else f"return {value};"

    def _return(self, node: ir.Return, tail: bool) -> str:
        result = self._result(node)
        tail = tail and self.choosing is None
        plain = self.returning == Results.returning
        if tail and plain:
            return result
        before, _, last = result.rpartition("\n")
        value = last[3:-1] if last.startswith("Ok(") else f"{last}?"
        returned = f"return {last}" if plain else self.returned(value, tail)
        return f"{before}\n{returned}{'' if tail else ';'}"

    def returned(self, value: str, tail: bool) -> str:
        """`return` of a value, out of the `try` it stands in."""
        return f"{'' if tail else 'return '}{self.returning.replace('{}', value)}"

    def _jump(self, way: Literal["Break", "Continue"], tail: bool) -> str:
        """`break` or `continue` of the innermost loop around."""
        if self.jumping is None:
            return f"{way.lower()};"
        left = self.jumping.replace("{}", f"Leave::{way}")
        return left if tail and self.choosing is None else f"return {left};"

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
            case ir.DynamicUpdate(value=returned) if isinstance(returned.type, t.AnyType):
                self.tries += 1
                return f"NodeOutput::of({self.owned(returned)})"
            case ir.DynamicUpdate():
                filled, name = self._filled_update(value)
                return f"{filled}Ok({name}.into())"
            case ir.Command():
                filled, text = self._command(value)
                return f"{filled}Ok({text}.into())"
        if self.form == "router":
            return f"Ok({self._route(value)})"
        return self.ok(value, told=True)

    def _update(self, node: ir.Update) -> str:
        text = f"{self.file.struct(node.record)}::update()"
        if node.base is not None:
            text += self._spread_fields(node.base, node.added)
        known = {field.name for field in self.file.layout.record(node.record).fields}
        for channel, value, span in node.writes:
            given = self.typed(value)
            if channel not in known:
                text += f".put({string(channel)}, {given})"
                continue
            setter = self.file.layout.field(node.record, channel)
            call = f".{setter}({given})"
            if isinstance(value.type, t.AnyType) and not self._holds_any(node.record, channel):
                call = f".put({string(channel)}, langferry::messages::Written::from({given}))"
            text += self.file.marks.wrap(call, span, "write", self.function_id, channel)
        return text

    def _spread_fields(self, base: ir.Expr, added: Sequence[str]) -> str:
        """All of a record: what was in it before in its place, then what has come."""
        assert isinstance(base.type, t.RecordType)
        given = self.given.get(base.name) if isinstance(base, ir.Name) else None
        text = "" if given is None else f".spread({given})"
        for name in added:
            field = self.file.layout.field(base.type.record, name)
            text += f".set_slot({string(name)}, &{self.receiver(base)}.{field})"
        return f"{text}.spread({self.borrowed(base)})"

    def _holds_any(self, record: str, channel: str) -> bool:
        fields = self.file.layout.record(record).fields
        return any(x.name == channel and isinstance(x.type, t.AnyType) for x in fields)

    def _command(self, node: ir.Command) -> tuple[str, str]:
        filled, text = "", "Command::new()"
        if isinstance(node.update, ir.Update):
            text += f".update({self._update(node.update)})"
        elif node.update is not None:
            filled, name = self._filled_update(node.update)
            text += f".update({name})"
        if len(node.goto) == 1:
            text += f".goto({self._destinations(node.goto[0])})"
        elif node.goto:
            parts = ", ".join(f"{self._target(part)}.into()" for part in node.goto)
            text += f".goto(Vec::<Target>::from([{parts}]))"
        return filled, text

    def _destinations(self, node: ir.Expr) -> str:
        """Where a command goes that names one destination, or what may be a list of them."""
        if isinstance(node.type, t.AnyType):
            return self.attempt(f"Target::all_of({self.owned(node)})").text
        return self._target(node)

    def _target(self, node: ir.Expr) -> str:
        if isinstance(node, ir.StrLit) and node.value in ("__end__", "__start__"):
            return "END" if node.value == "__end__" else "START"
        made = self.emit(node)
        # `.into()` follows
        made = msgspec.structs.replace(made, text=made.within(c.ATOM))
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
        if isinstance(node.type, t.AnyType) and not isinstance(node, ir.NoneLit):
            return self.attempt(f"Target::all_of({self.owned(node)})").text
        if isinstance(node.type, t.ListType):
            items = self.owned_items(node).iterator()
            return f"{items}.map(Into::into).collect()"
        return f"vec![{self._target(node)}.into()]"
