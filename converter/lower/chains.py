"""Prompts of LangChain, parsers, and the chains that `|` makes of them and of models."""

import ast

from langferry.converter.lower import convert as fit
from langferry.converter.lower.documents import Documents
from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.format_instructions import ANYTHING, format_instructions
from langferry.converter.lower.message_functions import RUNNABLE
from langferry.converter.lower.models import (
    CHAT_MODEL,
    STRUCTURED,
    TEXT_MODEL,
    WAITING,
    WAITING_CHAIN,
)
from langferry.converter.lower.signatures import ANY, BOOL, FORM, INT, STR
from langferry.model import ir
from langferry.model import types as t

CHAIN = fit.CHAIN
CHAT_PROMPT = t.ClassType("langchain.ChatPromptTemplate")
TEXT_PROMPT = t.ClassType("langchain.PromptTemplate")

PARSER = t.ClassType("langchain.Parser")
"""What reads answers as JSON, and says in words what it expects."""

PROMPT_VALUE = t.ClassType("langchain.PromptValue")
"""What a prompt of messages gives, until somebody is asked."""

ASKED = (CHAIN, PARSER, CHAT_MODEL, STRUCTURED, TEXT_MODEL, *WAITING)
"""What asks somebody when it is invoked."""

_LINKS = (*ASKED, CHAT_PROMPT, TEXT_PROMPT, fit.EITHER_PROMPT)
_PROMPTS = ("langchain_core.prompts", "langchain.prompts", "langchain_core.prompts.chat")
_TEXT_PROMPTS = (*_PROMPTS, "langchain_core.prompts.prompt")
_PARSERS = (
    *("langchain_core.output_parsers", "langchain.schema.output_parser"),
    *("langchain_core.output_parsers.string", "langchain_core.output_parsers.json"),
    "langchain.schema",
)
_FORM_PARSERS = (
    *("langchain_core.output_parsers", "langchain.output_parsers"),
    *("langchain_core.output_parsers.pydantic", "langchain.output_parsers.pydantic"),
)

_OF_ONE_MESSAGE = {"human": "Human", "ai": "AI", "system": "System"}
"""What templates of one message are called after, by its role."""

_MAKERS = {
    **{f"{place}.ChatPromptTemplate.from_messages": "chat_prompt" for place in _PROMPTS},
    **{f"{place}.ChatPromptTemplate": "chat_prompt" for place in _PROMPTS},
    **{f"{place}.ChatPromptTemplate.from_template": "chat_template" for place in _PROMPTS},
    **{f"{place}.MessagesPlaceholder": "placeholder" for place in _PROMPTS},
    **{
        f"{place}.{name}MessagePromptTemplate.from_template": role
        for place in _PROMPTS
        for role, name in _OF_ONE_MESSAGE.items()
    },
    **{f"{place}.PromptTemplate.from_template": "text_template" for place in _TEXT_PROMPTS},
    **{f"{place}.PromptTemplate": "text_prompt" for place in _TEXT_PROMPTS},
    **{f"{place}.StrOutputParser": "text_output" for place in _PARSERS},
    **{f"{place}.JsonOutputParser": "json_output" for place in _PARSERS},
    **{f"{place}.PydanticOutputParser": "pydantic_output" for place in _FORM_PARSERS},
}


class Chains(Documents):
    """Lowers prompts, parsers and chains."""

    def make_link(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """A prompt, a placeholder in one, or a parser; None where it is none."""
        maker = _MAKERS.get(qualified)
        if maker is None:
            return None
        given = {item.arg or "": item.value for item in node.keywords}
        made = self._made(node, maker, given)
        if made is None:
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        return made

    def _made(self, node: ast.Call, maker: str, given: dict[str, ast.expr]) -> ir.Expr | None:
        span, args = self.span(node), node.args
        match maker, len(args):
            case "chat_prompt", _ if len(args) + ("messages" in given) == 1:
                parts = self.expect(
                    given.pop("messages", args[0] if args else node), t.ListType(ANY)
                )
                if given:
                    return None
                return ir.Call("langchain.chat_prompt", (parts,), (), CHAT_PROMPT, span)
            case "chat_template", 1 if not given:
                text = self.expect(args[0], STR)
                return ir.Call("langchain.chat_template", (text,), (), CHAT_PROMPT, span)
            case "text_template", 1 if given.keys() <= {"partial_variables"}:
                text = self.expect(args[0], STR)
                made = ir.Call("langchain.text_template", (text,), (), TEXT_PROMPT, span)
                return self._filled_before(made, given.get("partial_variables"))
            case "text_prompt", 0 if given.keys() <= _OF_TEXT_PROMPTS and "template" in given:
                # the variables are those of the template, whatever is said of them
                text = self.expect(given["template"], STR)
                made = ir.Call("langchain.text_prompt", (text,), (), TEXT_PROMPT, span)
                return self._filled_before(made, given.get("partial_variables"))
            case "placeholder", _ if len(args) + ("variable_name" in given) == 1:
                name = self.expect(given.pop("variable_name", args[0] if args else node), STR)
                rest = tuple((key, self.expect(value, ANY)) for key, value in given.items())
                return ir.Call("langchain.placeholder", (name,), rest, ANY, span)
            case role, _ if role in _OF_ONE_MESSAGE and len(args) + ("template" in given) == 1:
                text = self.expect(given.pop("template", args[0] if args else node), STR)
                told = (ir.StrLit(role, STR, span), text)
                made = ir.Call("langchain.message_template", told, (), ANY, span)
                return None if given else made
            case "json_output", 0 if given.keys() == {"pydantic_object"}:
                # the class is for telling a model, and checks nothing that is read
                if self.definition(given["pydantic_object"]) is None:
                    return None
                return ir.Call("langchain.json_output", (), (), CHAIN, span)
            case "pydantic_output", 0 if given.keys() == {"pydantic_object"}:
                found = self.definition(given["pydantic_object"])
                if found is None:
                    return None
                form = self._form_of(*found, node)
                if form.type != FORM:
                    return None
                return ir.Call("langchain.pydantic_output", (form,), (), PARSER, span)
            case (("text_output" | "json_output"), 0) if not given:
                return ir.Call(f"langchain.{maker}", (), (), CHAIN, span)
        return None

    def binary(
        self, op: ir.BinaryOp, left: ir.Expr, right: ir.Expr, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """`left op right` with its type, or a refusal."""
        if op == "|" and left.type in _LINKS and right.type in _LINKS:
            kind = WAITING_CHAIN if left.type in WAITING or right.type in WAITING else CHAIN
            return ir.Call("langchain.chain", (left, right), (), kind, self.span(node))
        return super().binary(op, left, right, node)

    def filled_with_all(self, node: ast.Call) -> ir.Expr | None:
        """`prompt.format(name=value, **values)`; None for other calls, and where `values` are not last."""
        rest = [item.arg is None for item in node.keywords]
        match node:
            case ast.Call(func=ast.Attribute(value=of, attr=name), args=[]) if name in _FORMATS:
                if not any(rest) or rest != sorted(rest) or self.resolve(node.func) is not None:
                    return None
                prompt = self.expr(of)
                return self._formatted(prompt, name, node)
        return None

    def _formatted(self, prompt: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        """`prompt.format(...)`, and `prompt.format_messages(...)` of messages."""
        if prompt.type != CHAT_PROMPT and (prompt.type, name) != (TEXT_PROMPT, "format"):
            return None
        named = tuple((item.arg or "**", self.expect(item.value, ANY)) for item in node.keywords)
        span = self.span(node)
        if prompt.type == TEXT_PROMPT:
            return ir.MethodCall(prompt, name, (), named, STR, span)
        every = t.ListType(ANY)
        messages = ir.MethodCall(prompt, "format_messages", (), named, every, span)
        return messages if name == "format_messages" else self._text_of_all(messages, node)

    def _text_of_all(self, messages: ir.Expr, node: ast.Call) -> ir.Expr:
        """What a prompt of messages is as one text."""
        prefixes = (ir.StrLit(x, STR, self.span(node)) for x in ("Human", "AI"))
        args = (self.fitted(messages, ANY, node), *prefixes)
        return ir.Call("messages.buffer_string", args, (), STR, self.span(node))

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        span, kind = self.span(node), receiver.type
        keywords = node.keywords
        if kind in ASKED and name == "with_retry" and not node.args:
            return self._retried(receiver, node)
        if kind in ASKED and name == "with_config" and self.only_tells(node):
            return receiver
        if kind == CHAIN and name == "get_format_instructions" and not (node.args or keywords):
            return self._instructions(node)
        if kind == CHAIN and name == "parse" and len(node.args) == 1 and not keywords:
            if self._json_parser(node.func) is None:
                return None
            given = self.fitted(self.expect(node.args[0], STR), ANY, node)
            return ir.MethodCall(receiver, "invoke", (given,), (), ANY, span)
        if kind == PARSER and name == "get_format_instructions" and not (node.args or keywords):
            return ir.MethodCall(receiver, "format_instructions", (), (), STR, span)
        if kind == PARSER and name == "parse" and len(node.args) == 1 and not keywords:
            given = self.expect(node.args[0], STR)
            return ir.MethodCall(receiver, "parse", (given,), (), ANY, span)
        if kind == CHAT_PROMPT and name in ("invoke", "ainvoke"):
            args, others = self.without_config(node)
            if len(args) != 1 or others:
                return None
            self.check_awaited(node, name)
            given = self.expect(args[0], ANY)
            made = ir.MethodCall(receiver, "invoke", (given,), (), t.ListType(ANY), span)
            value = (self.fitted(made, ANY, node),)
            return ir.Call("langchain.prompt_value", value, (), PROMPT_VALUE, span)
        if kind == PROMPT_VALUE and name == "to_messages" and not (node.args or keywords):
            return self.fitted(self._messages_of(receiver), t.ListType(ANY), node)
        if kind == PROMPT_VALUE and name == "to_string" and not (node.args or keywords):
            return self._text_of_all(self._messages_of(receiver), node)
        if kind in (CHAIN, PARSER, WAITING_CHAIN, STRUCTURED) and name in ("invoke", "ainvoke"):
            args, others = self.without_config(node)
            if len(args) != 1 or others:
                return None
            self.check_awaited(node, name)
            self.check_waits(receiver, name, node)
            first = args[0]
            given = self.asked_with(first) if kind == STRUCTURED else self.expect(first, ANY)
            return ir.MethodCall(receiver, "invoke", (given,), (), ANY, span)
        if kind in (CHAT_PROMPT, TEXT_PROMPT) and not node.args and name == "partial":
            return self._partial(receiver, node)
        if kind in (CHAT_PROMPT, TEXT_PROMPT) and not node.args and name in _FORMATS:
            return self._formatted(receiver, name, node)
        if kind in (CHAT_PROMPT, TEXT_PROMPT):
            return None
        return super()._special_method(receiver, name, node)

    def _instructions(self, node: ast.Call) -> ir.Expr | None:
        """What a parser tells models of its form; None where it is not known how it is made."""
        parser = self._json_parser(node.func)
        if parser is None:
            return None
        text = ANYTHING
        for keyword in parser.keywords:
            found = self.definition(keyword.value)
            if found is None:
                return None
            scope, definition = found
            if not isinstance(definition, ast.ClassDef):
                return None
            form = form_of(
                self.meaning.names_at(scope, definition), scope, definition, is_told=True
            )
            text = format_instructions(form.schema)
        return ir.StrLit(text, STR, self.span(node))

    def _json_parser(self, method: ast.expr) -> ast.Call | None:
        """What makes the parser of JSON whose method this is."""
        made = self.made_by(method.value) if isinstance(method, ast.Attribute) else None
        is_one = made is not None and _MAKERS.get(self.resolve(made.func) or "") == "json_output"
        return made if is_one else None

    def invoked_function(self, node: ast.Call) -> ir.Expr | None:
        """`trimmer.invoke(messages)` of `trimmer = trim_messages(max_tokens=...)`; None for any other call."""
        match node.func:
            case ast.Attribute(value=ast.Name() as of, attr=("invoke" | "ainvoke") as name):
                made = self.made_by(of)
            case _:
                return None
        args, others = self.without_config(node)
        if made is None or made.args or len(args) != 1 or others:
            return None
        qualified = self.resolve(made.func) or ""
        own = {*self.bound, *self.around, *(name for names in self.inner for name in names)}
        told = [part for item in made.keywords for part in ast.walk(item.value)]
        # what a local stands for may be another thing by now
        if any(isinstance(part, ast.Name) and part.id in own for part in told):
            return None
        if qualified.rpartition(".")[2] not in RUNNABLE:
            return None
        self.check_awaited(node, name)
        call = ast.copy_location(ast.Call(made.func, args, made.keywords), node)
        return self.message_function(call, qualified)

    def _partial(self, prompt: ir.Expr, node: ast.Call) -> ir.Expr:
        """`prompt.partial(...)`: functions are called each time the prompt is filled."""
        span, given = self.span(node), list[tuple[str, ir.Expr]]()
        for keyword in node.keywords:
            if keyword.arg is None:
                raise self.refuse("LF303", "this form of `partial` is not native", node)
            computed = self._computed(keyword.value)
            if computed is None:
                given.append((keyword.arg, self.expect(keyword.value, ANY)))
                continue
            args = (ir.StrLit(keyword.arg, STR, span), computed)
            prompt = ir.MethodCall(prompt, "partial_by", args, (), prompt.type, span)
        if not given:
            return prompt
        return ir.MethodCall(prompt, "partial", (), tuple(given), prompt.type, span)

    def _filled_before(self, prompt: ir.Expr, node: ast.expr | None) -> ir.Expr | None:
        """A prompt of which some variables may have values; None where they are not written one by one."""
        if node is None:
            return prompt
        if not isinstance(node, ast.Dict):
            return None
        given = list[tuple[str, ir.Expr]]()
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                return None
            if self._computed(value) is not None:
                return None
            given.append((key.value, self.expect(value, ANY)))
        if not given:
            return prompt
        return ir.MethodCall(prompt, "partial", (), tuple(given), prompt.type, prompt.span)

    def _computed(self, node: ast.expr) -> ir.Expr | None:
        """A function of no arguments that looks at nothing but its module; None for what is no function."""
        if isinstance(node, ast.Lambda):
            if ast.unparse(node.args):
                raise self.refuse("LF303", "a prompt's function that takes arguments", node)
            called = node.body
        elif self.definition(node) is not None:
            called = ast.copy_location(ast.Call(node, [], []), node)
        else:
            return None
        own = {*self.bound, *self.around, *(name for names in self.inner for name in names)}
        if any(isinstance(x, ast.Name) and x.id in own for x in ast.walk(called)):
            raise self.refuse("LF303", "a prompt's function that looks at locals", node)
        value = self.fitted(self.expr(called), ANY, node)
        return ir.Lambda((), value, t.CallableType((), ANY), self.span(node))

    def _retried(self, asked: ir.Expr, node: ast.Call) -> ir.Expr:
        """`asked.with_retry(...)`."""
        span = self.span(node)
        attempts: ir.Expr = ir.IntLit("3", INT, span)
        waits: ir.Expr = ir.BoolLit(True, BOOL, span)
        classes = ["Exception"]
        for item in node.keywords:
            match item.arg, item.value:
                case "stop_after_attempt", value:
                    attempts = self.expect(value, INT)
                case "wait_exponential_jitter", ast.Constant(value=bool()):
                    waits = self.expr(item.value)
                case "retry_if_exception_type", ast.Tuple(elts=items):
                    classes = [self.caught_name(x) for x in items]
                case _:
                    raise self.refuse("LF303", "this form of `with_retry` is not native", node)
        names = tuple(ir.StrLit(x, STR, span) for x in classes)
        kind = WAITING_CHAIN if asked.type in WAITING else CHAIN
        return ir.MethodCall(asked, "with_retry", (attempts, waits, *names), (), kind, span)

    def caught_name(self, node: ast.expr) -> str:
        """The class of an `except`, by the name that native code knows it by."""
        raise NotImplementedError

    def asked_with(self, node: ast.expr) -> ir.Expr:
        """What a model or chain is given; a prompt's value stays what it is until then."""
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("invoke", "format_prompt")
            and self.resolve(node.func) is None
        ):
            prompt = self.expr(node.func.value)
            if prompt.type in (CHAT_PROMPT, TEXT_PROMPT):
                return self._prompted(prompt, node, node.func.attr)
        value = self.prompt_value(node)
        return super().asked_with(node) if value is None else self._messages_of(value)

    def prompt_value(self, node: ast.expr) -> ir.Expr | None:
        """What a local of a prompt's value holds; None for anything else."""
        is_one = isinstance(node, ast.Name) and self.locals.get(node.id) == PROMPT_VALUE
        return self.expr(node) if is_one else None

    def _messages_of(self, value: ir.Expr) -> ir.Expr:
        return ir.Call("langchain.prompt_messages", (value,), (), ANY, value.span)

    def _prompted(self, prompt: ir.Expr, node: ast.Call, name: str) -> ir.Expr:
        kind: t.Type = t.ListType(ANY) if prompt.type == CHAT_PROMPT else STR
        if name == "invoke" and len(node.args) == 1 and not node.keywords:
            given = self.expect(node.args[0], ANY)
            value: ir.Expr = ir.MethodCall(prompt, "invoke", (given,), (), kind, self.span(node))
        elif name == "format_prompt" and not node.args:
            named = tuple((item.arg or "", self.expect(item.value, ANY)) for item in node.keywords)
            method = "format_messages" if prompt.type == CHAT_PROMPT else "format"
            value = ir.MethodCall(prompt, method, (), named, kind, self.span(node))
        else:
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        fitted = fit.convert(value, ANY)
        assert fitted is not None
        return fitted


_OF_TEXT_PROMPTS = frozenset({"template", "input_variables", "partial_variables"})
_FORMATS = frozenset({"format", "format_messages"})
