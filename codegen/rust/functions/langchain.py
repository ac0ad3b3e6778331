"""LangChain's messages, models and tools."""

import re
from collections.abc import Sequence

from langferry.codegen.rust.functions import library
from langferry.codegen.rust.functions.code import Code
from langferry.codegen.rust.functions.parts import Parts
from langferry.codegen.rust.literals import string
from langferry.codegen.rust.names import snake
from langferry.model import ir, runs
from langferry.model import types as t

MESSAGES = "langchain_core.messages."

_CHAINS = (
    *(t.ClassType("langchain.Chain"), t.ClassType("langchain.Parser")),
    t.ClassType("langchain.WaitingChain"),
)
_CHAT_PROMPT = t.ClassType("langchain.ChatPromptTemplate")
_TOOL = t.ClassType("langchain.Tool")
_TOLD = t.ListType(t.ClassType("langchain.ToldTool"))
_TEXT_PROMPT = t.ClassType("langchain.PromptTemplate")


class LangChain(Parts):
    """Writes what is done with messages, models and tools."""

    def filled(
        self, template: str, args: Sequence[ir.Expr], receiver: ir.Expr | None = None
    ) -> Code:
        """A template of `library` with its arguments, evaluated in their order."""
        raise NotImplementedError

    def of_langchain(self, node: ir.Call) -> Code:
        """A message, a model, or the answers of tools."""
        if node.function.startswith(MESSAGES):
            return self._make_message(node)
        if node.function in library.TOOL_NODE:
            return self._run_tools(node)
        if node.function in library.LINKS:
            return self.filled(library.LINKS[node.function], node.args)
        match node.function:
            case "langchain.prompt_value" | "langchain.prompt_messages":
                return Code(self.owned(node.args[0]), "value")
            case "langchain.placeholder":
                name, rest = self.borrowed(node.args[0]), self._kwargs(node.keywords)
                return Code(f"langferry_llm::messages_placeholder({name}, {rest})", "value")
            case "langchain.chain":
                left, right = map(self.owned, node.args)
                begun = (
                    left if node.args[0].type in _CHAINS else f"langferry_llm::Chain::from({left})"
                )
                return Code(f"{begun}.then({right})", "value")
            case "langchain.as_chain":
                return Code(f"langferry_llm::Chain::from({self.owned(node.args[0])})", "value")
            case "langchain.told_tools":
                (told,) = node.args
                assert isinstance(told, ir.StrLit)
                self.tries += 1
                asked = f"{self.file.function(told.value, 'tool')}(langferry_llm::kwargs([]))?"
                return Code(f"{asked}.to::<Vec<Value>>().map_err(Exception::unsupported)?", "value")
            case runs.HELD_TOOLS:
                held, native = node.args
                assert isinstance(held, ir.StrLit)
                run = self.file.function(held.value, "tool")
                known = f"{run}(langferry_llm::kwargs([]), {self.locals.context()})?"
                called = f"|call, run| {run}(call, run.context()?)"
                self.tries += 1
                made = f"held_tools({self.owned(native)}, {known}, {called})"
                return self.attempt(f"langferry_llm::{made}")
            case "langchain.outputs":
                key, answers = self.borrowed(node.args[0]), self.owned(node.args[1])
                return Code(f"langferry_llm::tool_outputs({key}, {answers})", "value")
            case "langchain.tools_condition":
                made = f"langferry_llm::tools_condition_of({self.borrowed(node.args[0])})"
                return self.attempt(made)
            case "langchain.class_tool":
                self.tries += 1
                title, about, shape = (self.emit(x).text for x in node.args[:3])
                what = f"{title}, {about}, json::loads({shape})?"
                form = self.owned(node.args[3])
                return Code(f"langferry_llm::Tool::of_class({what}, {form})", "value")
            case "langchain.told_tool":
                return self.attempt(f"{self.receiver(node.args[0])}.to_value()")
            case "langchain.told_form":
                return self.attempt(f"{self.receiver(node.args[0])}.as_tool()")
            case "langchain.named":
                message, name = map(self.owned, node.args)
                return Code(f"langferry_llm::named({message}, {name})", "value")
            case "langchain.argument":
                name = self.borrowed(node.args[0])
                return self.attempt(f"langferry_llm::given_model({name})")
            case "langchain.validated":
                form, given = map(self.owned, node.args)
                return self.attempt(f"{form}.instance({given})")
            case "langchain.init_chat_model":
                name, rest = self.borrowed(node.args[0]), self._kwargs(node.keywords)
                return self.attempt(f"langferry_llm::init_chat_model({name}, {rest})")
        maker = library.MODELS[node.function]
        return self.attempt(f"langferry_llm::{maker}({self._kwargs(node.keywords)})")

    def asked_of_web(self, node: ir.Call) -> Code:
        """A request of `requests`, a tool, or a client."""
        if node.function in library.WEB_OBJECTS:
            made = f"{library.WEB_OBJECTS[node.function]}({self._kwargs(node.keywords)})"
            return self.attempt(f"langferry_llm::{made}")
        method, url = map(self.borrowed, node.args)
        sent = f"langferry_llm::requests::request({method}, {url}, {self._kwargs(node.keywords)})"
        return self.attempt(f"langferry_llm::wait({sent})")

    def asked_of_client(self, node: ir.MethodCall) -> Code:
        """A method of Tavily's client."""
        asked = f"{node.method}({self._kwargs(node.keywords)})"
        return self.attempt(f"langferry_llm::wait({self.receiver(node.receiver)}.{asked})")

    def _run_tools(self, node: ir.Call) -> Code:
        tools, asked = self.owned(node.args[0]), self.borrowed(node.args[1])
        made = f"langferry_llm::ToolNode::new({tools}){_handling(node)}"
        if self.file.layout.tools_use_runs:
            runtime = f"langferry_llm::ToolRuntime::new({self.locals.context()})"
            for state in node.args[2:]:
                runtime += f".with_state({self.owned(state)})"
            made += f".within({runtime})"
        key = dict(node.keywords)["key"]
        assert isinstance(key, ir.StrLit)
        if key.value != "messages":
            made += f".messages_key({string(key.value)})"
        run = f"{library.TOOL_NODE[node.function]}({asked})"
        return self.attempt(f"langferry_llm::wait({made}.{run})")

    def is_message(self, value: ir.Expr, name: str) -> str:
        class_ = string(name.removeprefix(MESSAGES))
        return f"langferry::messages::is_instance({self.borrowed(value)}, {class_})"

    def _make_message(self, node: ir.Call) -> Code:
        class_ = string(node.function.removeprefix(MESSAGES))
        made = f"construct({class_}, {self._pairs(node.keywords)})"
        return self.attempt(f"langferry::messages::{made}")

    def filtered_messages(self, node: ir.Call) -> Code:
        values, criteria = self.borrowed(node.args[0]), self._pairs(node.keywords)
        return self.attempt(f"langferry::messages::filter({values}, &{criteria})")

    def _pairs(self, keywords: Sequence[tuple[str, ir.Expr]]) -> str:
        """Arguments by name, as what is no model takes them."""
        pairs = (f"({string(name)}.into(), {self.owned(value)})" for name, value in keywords)
        return f"[{', '.join(pairs)}].into()"

    def model_method(self, node: ir.MethodCall) -> Code:
        model, prompts = self.receiver(node.receiver), (_CHAT_PROMPT, _TEXT_PROMPT)
        if node.receiver.type == _TOOL:
            asked = self.borrowed(node.args[0])
            awaited = ".awaited()" if node.method == "ainvoke" else ""
            run = f"&langferry_llm::ToolRuntime::new({self.locals.context()}){awaited}"
            if node.method == "batch":
                return self.attempt(f"langferry_llm::wait({model}.batch({asked}, {run}))")
            return self.attempt(f"langferry_llm::wait({model}.run({asked}, {run}))")
        if node.method == "invoke":
            called = f"{model}.invoke({self.owned(node.args[0])})"
            waits = node.receiver.type not in prompts
            return self.attempt(f"langferry_llm::wait({called})" if waits else called)
        if node.method in ("format_instructions", "parse"):
            given = ", ".join(map(self.borrowed, node.args))
            return self.attempt(f"{model}.{node.method}({given})")
        if node.method in ("format", "format_messages"):
            return self.attempt(f"{model}.{node.method}({self._kwargs(node.keywords)})")
        if node.method == "partial_by":
            name, computed = node.args
            assert isinstance(computed, ir.Lambda)
            # what it raises is raised when the prompt is filled
            tries = self.tries
            body = self.ok(computed.body)
            self.tries = tries
            return Code(f"{model}.partial_by({self.borrowed(name)}, || {body})", "value")
        if node.method == "partial":
            return Code(f"{model}.partial({self._kwargs(node.keywords)})", "value")
        if node.method == "with_structured_output":
            form = self.owned(node.args[0])
            if node.args[0].type == t.AnyType():
                form = f"{form}.into()"
            given = self._kwargs(node.keywords)
            return self.attempt(f"{model}.with_structured_output(Some({form}), {given})")
        if node.method == "with_retry":
            return self._retried(node)
        if node.method == "bind":
            return Code(f"{model}.bind({self._kwargs(node.keywords)})", "value")
        if node.args[0].type == _TOLD:
            told = self.owned(node.args[0])
            return self.attempt(f"{model}.bind_tools({told}, {self._kwargs(node.keywords)})")
        tools = self.receiver(node.args[0])
        values = f"{tools}.iter().map(langferry_llm::Tool::to_value)"
        self.tries += 1
        given = f"{values}.collect::<Result<Vec<_>, Exception>>()?"
        return self.attempt(f"{model}.bind_tools({given}, {self._kwargs(node.keywords)})")

    def _retried(self, node: ir.MethodCall) -> Code:
        asked = self.owned(node.receiver)
        if node.receiver.type not in _CHAINS:
            asked = f"langferry_llm::Chain::from({asked})"
        attempts, waits = self.number(node.args[0]), self.owned(node.args[1])
        names = ", ".join(self.emit(name).text for name in node.args[2:])
        return Code(f"{asked}.retrying({attempts}, {waits}, &[{names}])", "value")

    def _formlit(self, node: ir.FormLit) -> Code:
        self.tries += 1
        schema = f"json::loads({string(node.schema)})?"
        made = f"langferry_llm::Schema::of_class({string(node.name)}, {schema})"
        for names in node.classes:
            made += f".with_class({', '.join(map(string, names))})"
        for class_, field, value in node.factories:
            given = f"{string(class_)}, {string(field)}, json::loads({string(value)})?"
            made += f".with_factory({given})"
        return Code(made, "value")

    def _kwargs(self, keywords: Sequence[tuple[str, ir.Expr]]) -> str:
        named = [(name, value) for name, value in keywords if name != "**"]
        pairs = ", ".join(f"({string(name)}, {self.owned(value)})" for name, value in named)
        made = f"langferry_llm::kwargs([{pairs}])"
        for name, value in keywords:
            if name == "**":
                self.tries += 1
                made = f"langferry_llm::with_rest({made}, {self.owned(value)})?"
        return made

    def _toollit(self, node: ir.ToolLit) -> Code:
        self.tries += 1
        told = (
            f"{string(node.name)}, {string(node.description)}, json::loads({string(node.schema)})?"
        )
        if node.parameters is None:
            run = ", run.context()?" if node.asks else ""
            called = f"{self.file.function(node.function, 'tool')}(arguments{run})"
            return _tool(node, told, [], called)
        lines, passed = [], []
        for name, kind, default in node.parameters:
            text = self.locals.fresh(snake(name))
            lines.append(f"let {text} = {self._argument(name, kind, default)};")
            passed.append(self._as_passed(text, kind))
        if self.file.layout.uses_run(node.function):
            passed.append("run.context()?")
        function = self.file.function(node.function, "helper")
        answer = Code(f"{function}({', '.join(passed)})?", "value")
        return _tool(node, told, lines, f"Ok({self.converted(answer, node.returns, t.AnyType())})")

    def _argument(self, name: str, kind: t.Type, default: ir.Expr | None) -> str:
        given = f"&mut arguments, {string(name)}"
        if isinstance(kind, t.FloatType):
            otherwise = "None" if default is None else f"Some({self.owned(default)})"
            return f"langferry_llm::float_argument({given}, {otherwise})?"
        if default is None:
            return f"langferry_llm::argument::<{self.file.type(kind)}>({given})?"
        return f"langferry_llm::argument_or({given}, {self.owned(default)})?"

    @staticmethod
    def _as_passed(text: str, kind: t.Type) -> str:
        """A local of its own as helpers take it."""
        return text if isinstance(kind, t.BoolType | t.NoneType) else f"&{text}"


def _handling(node: ir.Call) -> str:
    """How a `ToolNode` is told what becomes of exceptions that tools raise."""
    match dict(node.keywords)["errors"]:
        case ir.BoolLit(value=is_told):
            errors = "Tell" if is_told else "Raise"
        case ir.StrLit(value=said):
            errors = f"Say({string(said)}.to_owned())"
        case ir.ListLit(items=items):
            names = [f"{string(x.value)}.to_owned()" for x in items if isinstance(x, ir.StrLit)]
            errors = f"TellOf(vec![{', '.join(names)}])"
        case _:
            return ""
    return f".handling(langferry_llm::ToolErrors::{errors})"


def _filled(item: ir.Injected) -> str:
    """How a tool is told what its run gives for an argument."""
    match item.kind:
        case "state":
            made = f"State(vec![{', '.join(f'{string(key)}.to_owned()' for key in item.keys)}])"
        case "field" | "field_if_there":
            kind = "Field" if item.kind == "field" else "FieldIfThere"
            made = f"{kind}({string(item.keys[0])}.to_owned())"
        case "tool_call_id":
            made = "ToolCallId"
        case _:
            made = "Config"
    return f".filling({string(item.name)}, langferry_llm::Filled::{made})"


def _tool(node: ir.ToolLit, told: str, lines: Sequence[str], result: str) -> Code:
    """A tool that does `lines` and gives `result`."""
    words = set(re.findall(r"\w+", f"{' '.join(lines)} {result}"))
    changes = any("&mut arguments" in line for line in lines)
    arguments = "_" if "arguments" not in words else f"{'mut ' if changes else ''}arguments"
    maker, given = "new", f"|{arguments}|"
    if "run" in words:
        maker, given = "of_run", f"|{arguments}, run|"
    made = (
        f"langferry_llm::Tool::{maker}({told}, {given} async move {{ {' '.join(lines)} {result} }})"
    )
    taken = None if node.parameters is None else {name for name, _, _ in node.parameters}
    for item in node.injected:
        # a runtime is no value, and native code asks its run where it needs the config
        if item.kind != "runtime" and (taken is None or item.name in taken):
            made += _filled(item)
    if node.hidden:
        made += f".hiding(&[{', '.join(map(string, node.hidden))}])"
    return Code(f"{made}{'.returning_directly()' if node.ends else ''}", "value")
