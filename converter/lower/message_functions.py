"""LangChain's functions on lists of messages: their text, those of some kinds, and messages of what may be one."""

import ast

from langferry.converter.lower.message_classes import MESSAGES, message_class
from langferry.converter.lower.messages import Messages
from langferry.converter.lower.signatures import ANY, STR
from langferry.model import ir
from langferry.model import types as t

_PLACES = ("langchain_core.messages", "langchain_core.messages.utils", "langchain.messages")
_PREFIXES = {"human_prefix": "Human", "ai_prefix": "AI"}
_CRITERIA = frozenset(
    f"{what}_{of}" for what in ("include", "exclude") for of in ("names", "types", "ids")
)
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
    """Lowers `get_buffer_string`, `filter_messages` and `convert_to_messages`."""

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
