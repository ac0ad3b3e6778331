"""LangChain's functions on lists of messages: their text, those of some kinds, and messages of what may be one."""

import ast

from langferry.converter.lower.message_classes import MESSAGES, message_class
from langferry.converter.lower.messages import Messages
from langferry.converter.lower.signatures import ANY, BOOL, INT, STR
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_PLACES = ("langchain_core.messages", "langchain_core.messages.utils", "langchain.messages")
_PREFIXES = {"human_prefix": "Human", "ai_prefix": "AI"}
_CRITERIA = frozenset(
    f"{what}_{of}" for what in ("include", "exclude") for of in ("names", "types", "ids")
)
RUNNABLE = frozenset({"filter_messages", "trim_messages", "merge_message_runs"})
"""The functions that, given no messages, wait for some."""

_TYPES = {
    "HumanMessage": "human",
    "AIMessage": "ai",
    "SystemMessage": "system",
    "ToolMessage": "tool",
    "FunctionMessage": "function",
    "ChatMessage": "chat",
    "RemoveMessage": "remove",
}
"""What the field `type` of a class says; that of its chunks is the name of their class."""


class MessageFunctions(Messages):
    """Lowers `get_buffer_string`, `filter_messages`, `trim_messages` and the like."""

    def message_function(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A call of one of these functions; None for any other."""
        module, _, name = qualified.rpartition(".")
        if module not in _PLACES:
            return None
        match name:
            case "get_buffer_string":
                return self._text_of_messages(node)
            case "filter_messages":
                return self._filtered(node)
            case "trim_messages":
                return self._trimmed(node)
            case "merge_message_runs":
                return self._merged(node)
            case "count_tokens_approximately" if len(node.args) == 1 and not node.keywords:
                args = (self._messages(node.args[0]),)
                return ir.Call("messages.approximate_tokens", args, (), INT, self.span(node))
            case "convert_to_messages" if len(node.args) == 1 and not node.keywords:
                args = (self._messages(node.args[0]),)
                return ir.Call("messages.convert", args, (), t.ListType(ANY), self.span(node))
        return None

    def _messages(self, node: ast.expr) -> ir.Expr:
        """What is iterated over: a list, or what is not known before it runs."""
        value = self.expr(node)
        if not isinstance(value.type, t.ListType | t.AnyType) or isinstance(value, ir.NoneLit):
            raise self.refuse("LF303", "messages that are no list are not native", node)
        return self.fitted(value, ANY, node)

    def _given_to(self, node: ast.Call, positional: tuple[str, ...]) -> dict[str, ast.expr]:
        given = dict(zip(positional, node.args, strict=False))
        given |= {item.arg or "": item.value for item in node.keywords}
        twice = len(given) < len(node.args) + len(node.keywords)
        if len(node.args) > len(positional) or twice or "messages" not in given:
            text = ast.unparse(node.func)
            raise self.refuse("LF303", f"this form of `{text}` is not native", node)
        return given

    def _text_of_messages(self, node: ast.Call) -> ir.Expr:
        given, span = self._given_to(node, ("messages", *_PREFIXES)), self.span(node)
        if not given.keys() <= {"messages", *_PREFIXES}:
            raise self.refuse("LF303", "this form of `get_buffer_string` is not native", node)
        prefixes = [
            self.expect(given[name], STR) if name in given else ir.StrLit(usual, STR, span)
            for name, usual in _PREFIXES.items()
        ]
        args = (self._messages(given["messages"]), *prefixes)
        return ir.Call("messages.buffer_string", args, (), STR, span)

    def _filtered(self, node: ast.Call) -> ir.Expr:
        given = self._given_to(node, ("messages",))
        messages, criteria = self._messages(given.pop("messages")), []
        for name, value in given.items():
            if name not in _CRITERIA:
                raise self.refuse("LF303", f"`filter_messages({name}=)` is not native", node)
            by_type = name.endswith("_types")
            wanted = self._kinds(value) if by_type else self.expr(value)
            if not isinstance(wanted.type, t.ListType | t.StrType if by_type else t.ListType):
                raise self.refuse("LF303", f"this `{name}` is not native", value)
            criteria.append((name, self.fitted(wanted, ANY, value)))
        kind = t.ListType(ANY)
        return ir.Call("messages.filter", (messages,), tuple(criteria), kind, self.span(node))

    def _merged(self, node: ast.Call) -> ir.Expr:
        given, span = self._given_to(node, ("messages",)), self.span(node)
        if not given.keys() <= {"messages", "chunk_separator"}:
            raise self.refuse("LF303", "this form of `merge_message_runs` is not native", node)
        separator = given.get("chunk_separator")
        usual = ir.StrLit("\n", STR, span)
        told = usual if separator is None else self.expect(separator, STR)
        args = (self._messages(given["messages"]), told)
        return ir.Call("messages.merge_runs", args, (), t.ListType(ANY), span)

    def _trimmed(self, node: ast.Call) -> ir.Expr:
        given, span = self._given_to(node, ("messages",)), self.span(node)
        messages, most = self._messages(given.pop("messages")), given.pop("max_tokens", None)
        counter = self._token_counter(given.pop("token_counter", None), node)
        strategy = self._literal_given(given, "strategy", "last")
        whole_system = self._literal_given(given, "include_system", False)
        # where messages are counted, no part of one has room
        is_partial = (
            self._literal_given(given, "allow_partial", False) is not False and counter != "len"
        )
        ends = {name: given.pop(name, None) for name in ("start_on", "end_on")}
        is_first = strategy == "first" and ends["start_on"] is None and whole_system is False
        is_last = strategy == "last" and isinstance(whole_system, bool)
        if most is None or given or is_partial or not (is_first or is_last):
            raise self.refuse("LF303", "this form of `trim_messages` is not native", node)
        start_on, end_on = (self._ends(name, value, span) for name, value in ends.items())
        counted = (messages, self.expect(most, INT), ir.StrLit(counter, STR, span))
        every = t.ListType(ANY)
        if is_first:
            return ir.Call("messages.trim_first", (*counted, end_on), (), every, span)
        system = ir.BoolLit(whole_system is True, BOOL, span)
        ends_on = (system, start_on, end_on)
        return ir.Call("messages.trim_last", (*counted, *ends_on), (), every, span)

    def _literal_given(self, given: dict[str, ast.expr], name: str, usual: object) -> object:
        """The constant that is given by this name, which is taken out; None for anything else."""
        value = given.pop(name, None)
        if value is None:
            return usual
        return value.value if isinstance(value, ast.Constant) else None

    def _token_counter(self, node: ast.expr | None, call: ast.Call) -> str:
        """What tokens are counted by; a model would ask its vendor, or a file from the network."""
        match node:
            case ast.Constant(value="approximate"):
                return "approximate"
            case ast.Name() | ast.Attribute():
                module, _, name = (self.resolve(node) or "").rpartition(".")
                if module in _PLACES and name == "count_tokens_approximately":
                    return "approximate"
                if (module, name) == ("builtins", "len"):
                    return "len"
        raise self.refuse("LF303", "this counter of tokens is not native", node or call)

    def _ends(self, name: str, node: ast.expr | None, span: Span) -> ir.Expr:
        """The types of messages that a list starts or ends on."""
        if node is None:
            return ir.NoneLit(ANY, span)
        wanted = self._kinds(node)
        if not isinstance(wanted.type, t.ListType | t.StrType):
            raise self.refuse("LF303", f"this `{name}` is not native", node)
        return self.fitted(wanted, ANY, node)

    def _kinds(self, node: ast.expr) -> ir.Expr:
        """The types that messages are chosen by: one or more, as texts or as classes."""
        written = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
        if len(written) == 1 and written[0] is node and message_class(self.resolve(node)) is None:
            return self.expr(node)
        items: list[ir.Expr] = []
        for item in written:
            class_ = message_class(self.resolve(item))
            if class_ is None:
                items.append(self.expect(item, STR))
            elif class_ in MESSAGES:
                span = self.span(item)
                items += [
                    ir.StrLit(_TYPES[class_], STR, span),
                    ir.StrLit(f"{class_}Chunk", STR, span),
                ]
            else:
                raise self.refuse("LF303", f"messages of `{class_}` are not native here", item)
        return ir.ListLit(tuple(items), t.ListType(STR), self.span(node))
