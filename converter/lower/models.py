"""Chat models and tools of LangChain: making them, binding tools, asking."""

import ast
import functools
import json
from collections.abc import Collection, Iterator, Sequence
from typing import TypeGuard

from langferry.converter import chat_models, web_tools
from langferry.converter.lower import convert as fit
from langferry.converter.lower.constants import literal
from langferry.converter.lower.form_schema import is_typed_dict, typed_form
from langferry.converter.lower.logs import Logs
from langferry.converter.lower.method_calls import is_simple
from langferry.converter.lower.names import type_name
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import (
    AgentForm,
    AgentModel,
    AgentPrompt,
    AgentTools,
    Captured,
    Closure,
    Enumeration,
    Given,
    Items,
    Made,
    NodeTools,
    Receiver,
    Setting,
    StoreAt,
    ToolAt,
    Written,
)
from langferry.converter.lower.signatures import ANY, STR
from langferry.converter.lower.tool_arguments import OF_STATE
from langferry.converter.module_scope import ModuleScope
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Reason
from langferry.model.runs import HELD_TOOLS, held_tools
from langferry.model.walk import walk

CHAT_MODEL = fit.CHAT_MODEL
STRUCTURED = t.ClassType("langchain.StructuredModel")
TEXT_MODEL = t.ClassType("langchain.TextModel")

WAITING_TEXT_MODEL = t.ClassType("langchain.WaitingTextModel")
"""A model of texts whose `ainvoke` asks in another way than its `invoke`, by another library."""
WAITING_CHAT_MODEL = t.ClassType("langchain.WaitingChatModel")
"""A chat model like that, which knows neither tools nor forms."""
WAITING_CHAIN = t.ClassType("langchain.WaitingChain")
"""A chain with such a model in it."""

MODEL_KINDS = (CHAT_MODEL, TEXT_MODEL, WAITING_TEXT_MODEL, WAITING_CHAT_MODEL)
WAITING = (WAITING_TEXT_MODEL, WAITING_CHAT_MODEL, WAITING_CHAIN)

TOOL = t.ClassType("langchain.Tool")

TOLD = t.ListType(t.ClassType("langchain.ToldTool"))
"""Tools as Python tells models of them."""

SUPERVISED_HAND_OFF = "langgraph_supervisor.create_handoff_tool"
"""What the tools by which supervisors hand over to agents are made by."""

MODELS = {
    *chat_models.BY_NAME,
    *chat_models.COMMUNITY_BY_NAME,
    *chat_models.TEXT_BY_NAME,
    *chat_models.INIT,
}
"""What makes models that native code knows."""

ASKING = frozenset({"invoke", "ainvoke"})


class Models(Logs):
    """Lowers chat models and what is done with them."""

    def make_model(self, node: ast.Call, qualified: str) -> ir.Expr:
        """`ChatOpenAI(model=...)` and the like."""
        keywords = [(item.arg or "**", self.expect(item.value, ANY)) for item in node.keywords]
        if any(item.arg is None and not is_simple(item.value) for item in node.keywords):
            raise self.refuse("LF302", "`*` and `**` in calls are not native", node)
        if qualified in chat_models.INIT and len(node.args) == 1:
            keywords.insert(0, ("model", self.expect(node.args[0], ANY)))
        elif node.args:
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        return self._model(qualified, keywords, node)

    def _model(
        self, qualified: str, keywords: Sequence[tuple[str, ir.Expr]], node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """A model made with `keywords`, unless it is certain that native code would refuse it."""
        self._check_environment_of_models(node)
        # what a dict gives is looked at when the program runs
        names = [name for name, _ in keywords if name != "**"]
        if len(set(names)) < len(names):
            raise self.refuse("LF303", "an argument of a model stands twice", node)
        given, span = {name: _plain(value) for name, value in keywords}, self.span(node)
        if qualified in chat_models.INIT and "**" in given:
            raise self.refuse("LF302", "`*` and `**` in calls are not native", node)
        silent = {name for name, value in given.items() if isinstance(value, ir.NoneLit)}
        named = given.get("model", given.get("model_name"))
        model = named.value if isinstance(named, ir.StrLit) else None
        of_texts = chat_models.TEXT_BY_NAME.get(qualified)
        of_community = chat_models.COMMUNITY_BY_NAME.get(qualified)
        kind = of_texts or of_community or chat_models.BY_NAME.get(qualified)
        if kind is None:
            return self._by_vendor(qualified, dict(keywords), model, node)
        problem = kind.problem(names, silent, model)
        if problem:
            raise self.refuse("LF303", problem, node)
        made: t.Type = CHAT_MODEL
        if of_texts is not None:
            made = WAITING_TEXT_MODEL if kind.name == "Ollama" else TEXT_MODEL
        maker = f"langchain.{kind.name}"
        if of_community is not None:
            made, maker = WAITING_CHAT_MODEL, f"langchain.community.{kind.name}"
        return ir.Call(maker, (), tuple(keywords), made, span)

    def make_tool(self, node: ast.Call, qualified: str) -> ir.Expr | None:
        """`StructuredTool.from_function(f, name=...)`; None for any other call."""
        if qualified not in web_tools.FROM_FUNCTION:
            return None
        funcs = [*node.args, *(x.value for x in node.keywords if x.arg == "func")]
        defined = self.definition(funcs[0]) if len(funcs) == 1 else None
        own = self.function is not None
        # what names of a function's own stand for, only its runs know
        known = not own or all(isinstance(x.value, ast.Constant) for x in node.keywords)
        if defined is not None and known and self.closure(funcs[0]) is None:
            given = self.standing_for(funcs[0])
            inner = given if isinstance(given, Closure) and self._is_inner(given) else None
            made = self.meaning.tool_made(self.scope, node, defined, self.span(node), inner)
            if made is not None:
                return made
        raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)

    def _is_inner(self, given: Closure) -> bool:
        """Whether a function is made each time that one around it runs."""
        scope, defined = self.meaning.place(given.path, given.line, given.column)
        return defined is not None and bool(scope.enclosing_functions(defined))

    def _tool_said(self, given: dict[str, Captured], node: ast.expr | ast.stmt) -> ir.Expr:
        """The tool that was made of a function while the graph was built."""
        place = given.pop("func", None)
        said = [(k, json.loads(v.data)) for k, v in given.items() if isinstance(v, Constant)]
        if not isinstance(place, ToolAt) or len(said) < len(given):
            raise self.refuse("LF303", "this tool that is made of a function", node)
        named = tuple(("name_or_callable" if k == "name" else k, value) for k, value in said)
        return self.meaning.tool_at(place, self.span(node), named)

    def web_object(
        self,
        made: web_tools.WebClass,
        keywords: Sequence[tuple[str, ir.Expr]],
        node: ast.expr | ast.stmt,
    ) -> ir.Expr:
        """A tool or client of a web service."""
        unsure = self.meaning.unsure
        if unsure is None or any(map(web_tools.reads, unsure)):
            raise self.refuse("LF303", "the program changes its environment", node)
        given: list[tuple[str, ir.Expr]] = []
        for name, value in keywords:
            if name in made.arguments and name not in dict(given):
                given.append((name, value))
            elif not (made.is_ignored(name) and isinstance(_plain(value), _SILENT)):
                raise self.refuse("LF303", f"`{made.name}({name}=)` is not native", node)
        return ir.Call(made.name, (), tuple(given), t.ClassType(made.kind), self.span(node))

    def _check_environment_of_models(self, node: ast.expr | ast.stmt) -> None:
        """Refuse a model where it is not known what the variables hold that models read."""
        unsure = self.meaning.unsure
        if unsure is None or any(map(chat_models.reads, unsure)):
            raise self.refuse("LF303", "the program changes its environment", node)

    def _by_vendor(
        self,
        qualified: str,
        keywords: dict[str, ir.Expr],
        model: str | None,
        node: ast.expr | ast.stmt,
    ) -> ir.Expr:
        """`init_chat_model(model, ...)`."""
        vendor = _plain(keywords.get("model_provider"))
        certain = model is not None and isinstance(vendor, ir.StrLit | ir.NoneLit | None)
        if "model" not in keywords or keywords.keys() & {"configurable_fields", "config_prefix"}:
            raise self.refuse("LF303", f"this form of `{qualified}` is not native", node)
        names = keywords.keys() - {"model", "model_provider"}
        silent = {x for x in names if isinstance(_plain(keywords[x]), ir.NoneLit)}
        if certain and model is not None:
            of = vendor.value if isinstance(vendor, ir.StrLit) else None
            found = chat_models.of_vendor(model, of)
            if found is None:
                raise self.refuse("LF303", f"the model {model!r} is not native", node)
            problem = found[0].problem(sorted(names), silent, found[1])
        else:
            problems = [x.problem(sorted(names), silent, None) for x in chat_models.CLASSES]
            # whatever the vendor is
            problem = f"no vendor's `{qualified}` is native with this" if all(problems) else ""
        if problem:
            raise self.refuse("LF303", problem, node)
        name = keywords.pop("model")
        text = name.value if isinstance(name, ir.Convert) and name.value.type == STR else None
        if text is None:
            text = ir.Narrow(name, STR, name.span)
        args, rest = (text,), tuple(keywords.items())
        return ir.Call("langchain.init_chat_model", args, rest, CHAT_MODEL, self.span(node))

    def _special_method(self, receiver: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        args, given_keywords = self.without_config(node)
        if receiver.type == TOOL and name in ASKING and len(args) == 1 and not given_keywords:
            self.check_awaited(node, name)
            self.check_use("run", node)
            asked = self.expect(args[0], ANY)
            return ir.MethodCall(receiver, name, (asked,), (), ANY, self.span(node))
        if receiver.type == TOOL and name == "batch" and len(args) == 1 and not given_keywords:
            self.check_use("run", node)
            every = t.ListType(ANY)
            return ir.MethodCall(
                receiver, name, (self.expect(args[0], every),), (), every, self.span(node)
            )
        if receiver.type in (TEXT_MODEL, WAITING_TEXT_MODEL, WAITING_CHAT_MODEL):
            return self._of_plain_model(receiver, name, node)
        if receiver.type != CHAT_MODEL:
            return super()._special_method(receiver, name, node)
        keywords = [(item.arg or "", item.value) for item in node.keywords]
        if name in ASKING and len(args) == 1 and self._takes(receiver, given_keywords):
            self.check_awaited(node, name)
            if given_keywords:
                # asked with arguments is bound to them and asked
                receiver = self._bound(receiver, given_keywords, node)
            asked = self.asked_with(args[0])
            return ir.MethodCall(receiver, "invoke", (asked,), (), ANY, self.span(node))
        if name == "bind_tools" and len(node.args) + ("tools" in dict(keywords)) == 1:
            told = node.args[0] if node.args else dict(keywords)["tools"]
            keywords = [(key, value) for key, value in keywords if key != "tools"]
            tools = self._tools_of(told)
            given = [(key, self.expect(value, ANY)) for key, value in keywords]
            return self.bound_tools(receiver, tools, given, node)
        if name == "with_structured_output" and (
            len(node.args) == 1 or (not node.args and any(key == "schema" for key, _ in keywords))
        ):
            return self._structured(receiver, node)
        if name == "bind" and not node.args:
            return self._bound(receiver, node.keywords, node)
        return None

    def _of_plain_model(self, model: ir.Expr, name: str, node: ast.Call) -> ir.Expr | None:
        """A method of a model that is only asked."""
        args, keywords = self.without_config(node)
        only_stops = all(x.arg == "stop" for x in keywords)
        if name in ASKING and len(args) == 1 and only_stops:
            self.check_awaited(node, name)
            self.check_waits(model, name, node)
            asked = self.asked_with(args[0])
            if keywords:
                model = self._bound(model, keywords, node)
            kind = ANY if model.type == WAITING_CHAT_MODEL else STR
            return ir.MethodCall(model, "invoke", (asked,), (), kind, self.span(node))
        if name == "bind" and not node.args and only_stops:
            return self._bound(model, node.keywords, node)
        return None

    def only_tells(self, node: ast.Call) -> bool:
        """Whether a call of `with_config` says only, written out, what models are not asked with.

        What langchain does not know at all, such as a temperature, only models with fields to configure look at.
        """
        told: list[tuple[object, ast.expr]] = [(x.arg, x.value) for x in node.keywords]
        match node.args:
            case []:
                pass
            case [ast.Dict(keys=keys, values=values)]:
                names = [x.value if isinstance(x, ast.Constant) else None for x in keys]
                told += zip(names, values, strict=True)
            case _:
                return False
        return all(
            self._only_tag(value)
            if name == "tags"
            else isinstance(name, str) and name not in _CHANGING and _is_written_out(value)
            for name, value in told
        )

    def _only_tag(self, node: ast.expr) -> bool:
        """Whether tags are texts that keep no message out of streams."""
        if not isinstance(node, ast.List):
            return False
        told = [self._behind(self.expr(item)) for item in node.elts]
        return all(isinstance(x, ir.StrLit) and "nostream" not in x.value for x in told)

    def _bound(self, model: ir.Expr, keywords: Sequence[ast.keyword], node: ast.Call) -> ir.Expr:
        """`model.bind(...)`."""
        if any(x.arg is None for x in keywords):
            raise self.refuse("LF302", "`*` and `**` in calls are not native", node)
        given = tuple((x.arg or "", self.expect(x.value, ANY)) for x in keywords)
        return ir.MethodCall(model, "bind", (), given, model.type, self.span(node))

    def check_waits(self, asked: ir.Expr, name: str, node: ast.Call) -> None:
        """Refuse `ainvoke` of what does something else than `invoke`."""
        if name == "ainvoke" and asked.type in WAITING:
            raise self.refuse("LF303", "`ainvoke` of what only `invoke` asks natively", node)

    def _takes(self, model: ir.Expr, keywords: Sequence[ast.keyword]) -> bool:
        """Whether a model can be asked with these arguments, whenever their values are evaluated."""
        made = self._behind(model)
        while isinstance(made, ir.MethodCall):
            made = self._behind(made.receiver)
        samples = isinstance(made, ir.Call) and made.function in _SAMPLING
        known = {"stop", *(("temperature", "top_p", "max_tokens") if samples else ())}
        return all(
            x.arg in known and isinstance(x.value, ast.Constant | ast.Name) for x in keywords
        )

    def without_config(self, node: ast.Call) -> tuple[list[ast.expr], list[ast.keyword]]:
        """The arguments of a call but the run's config, which what is asked in a node has anyway."""
        args = node.args
        if len(args) == 2 and self.is_config(args[1]):
            args = args[:1]
        keywords = [x for x in node.keywords if not (x.arg == "config" and self.is_config(x.value))]
        return args, keywords

    def _tools_of(self, node: ast.expr) -> ir.Expr:
        """Tools that a model is given: native ones, or else what Python tells of them."""

        def native() -> ir.Expr:
            forms = self._with_forms(node)
            tools = self.expr(node, t.ListType(TOOL)) if forms is None else forms
            if tools.type not in (t.ListType(TOOL), TOLD):
                raise self.refuse("LF303", "tools that are not functions of the program", node)
            return tools

        try:
            return self.meaning.attempt(native)
        except Refusal as refusal:
            if not self._is_same_later(node):
                raise
            name, span = ast.unparse(node), self.span(node)
            return self.meaning.told_here(self.scope, node, name, span, refusal.reason)

    def _with_forms(self, node: ast.expr) -> ir.Expr | None:
        """A list of tools, some of which are classes that only tell models of arguments; None for any other."""
        items = node.elts if isinstance(node, ast.List | ast.Tuple) else self._summed(node)
        if not any(self._class_named(item) for item in items):
            return None
        told = [one for item in items for one in self._told_items(item)]
        return ir.ListLit(tuple(told), TOLD, self.span(node))

    def _summed(self, node: ast.expr) -> list[ast.expr]:
        """The items of a sum of lists, in which what is no list that is written there stands with a star."""
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [*self._summed(left), *self._summed(right)]
            case ast.List(elts=items):
                return items
        # a tuple cannot be added to a list
        is_list = isinstance(self.checked_type(node), t.ListType)
        return [ast.copy_location(ast.Starred(node, ast.Load()), node) if is_list else node]

    def _told_items(self, node: ast.expr) -> list[ir.Expr]:
        """What models are told of an item of a list, or of all those of a list that goes into it."""
        found = self._class_named(node)
        if found is not None:
            return [self._told_form(*found, node)]
        if not isinstance(node, ast.Starred):
            return [self._told_tool(self._tool_named(node), node)]
        held = self._behind(self.expr(node.value, t.ListType(TOOL)))
        if not isinstance(held, ir.ListLit):
            raise self.refuse("LF303", "tools that are not functions of the program", node)
        return [self._told_tool(item, node) for item in held.items]

    def _tool_named(self, node: ast.expr) -> ir.Expr:
        """A tool in a list, where a function is taken for one."""
        defined = self.definition(node)
        if defined is None:
            return self.expr(node)
        return self.meaning.tool(*defined, self.span(node))

    def _class_named(self, node: ast.expr) -> tuple[ModuleScope, ast.ClassDef] | None:
        defined = self.definition(node)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return None
        # a decorated class is a tool of its own
        return None if defined[1].decorator_list else (defined[0], defined[1])

    def _told_form(
        self, scope: ModuleScope, definition: ast.ClassDef, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """A pydantic class of the program as a tool that a model is told of."""
        span = self.span(node)
        try:
            form = self.meaning.form(scope, definition, span)
        except Refusal:
            form = self.meaning.form(scope, definition, span, is_told=True)
        return ir.Call("langchain.told_form", (form,), (), TOLD.item, span)

    def _told_tool(self, tool: ir.Expr, node: ast.expr | ast.stmt) -> ir.Expr:
        if tool.type != TOOL:
            raise self.refuse("LF303", "tools that are not functions of the program", node)
        return ir.Call("langchain.told_tool", (tool,), (), TOLD.item, self.span(node))

    def _is_same_later(self, node: ast.expr) -> bool:
        """Whether tools are what they are here when they are asked for after their module has run."""
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return all(map(self._is_same_later, items))
            case ast.Starred(value=item):
                return self._is_same_later(item)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._is_same_later(left) and self._is_same_later(right)
            case ast.Name(id=name):
                bound = self.scope.bindings.get(name, ())
                given = [x.value for x in self.scope.tree.body if _binds(x, bound)]
                return (
                    len(bound) == 1
                    and name not in self.scope.global_names
                    and not any(name in names for names in self.inner)
                    and not any(name in names for names in self._scopes())
                    and not self.meaning.is_changed(name)
                    # what a vendor runs is no tool of the program
                    and not any(isinstance(x, ast.Dict) for item in given for x in _items(item))
                )
        return False

    def _structured(self, receiver: ir.Expr, node: ast.Call) -> ir.Expr:
        """`receiver.with_structured_output(Form, ...)`, of a class of the program or a schema."""
        options = {item.arg or "": item.value for item in node.keywords}
        told = node.args[0] if node.args else options.pop("schema")
        form, span = self._form(told), self.span(node)
        given = tuple((name, self.expect(value, ANY)) for name, value in options.items())
        return ir.MethodCall(receiver, "with_structured_output", (form,), given, STRUCTURED, span)

    def _form(self, node: ast.expr) -> ir.Expr:
        """A class that an answer is read into, or what a model is told of a dict that it is to be."""
        defined = self.definition(node)
        if defined is None:
            form = self.expr(node)
            if not isinstance(form.type, t.DictType | t.AnyType):
                raise self.refuse("LF303", f"a form of type {type_name(form.type)}", node)
            return self.fitted(form, ANY, node)
        return self._form_of(*defined, node)

    def _form_of(
        self, scope: ModuleScope, definition: ast.AST, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """The form that a class of the program is."""
        span = self.span(node)
        if not isinstance(definition, ast.ClassDef):
            raise self.refuse("LF303", "a form that is no class of the program", node)
        names = self.meaning.names_at(scope, definition)
        if is_typed_dict(names, definition):
            text = ir.StrLit(typed_form(names, scope, definition), STR, span)
            return ir.Call("json.loads", (text,), (), ANY, span)
        return self.meaning.form(scope, definition, span)

    def asked_with(self, node: ast.expr) -> ir.Expr:
        """What a model is asked: a text, messages, or what LangChain makes messages of."""
        asked = self.expr(node)
        if isinstance(asked.type, t.OptionalType | t.DictType | t.RecordType):
            raise self.refuse("LF307", f"a model is asked {type_name(asked.type)}", node)
        return self.fitted(asked, ANY, node)

    def check_awaited(self, node: ast.Call, name: str) -> None:
        """Refuse a call of `ainvoke` whose answer is not waited for right there."""
        if name == "ainvoke" and not self.is_awaited(node):
            raise self.refuse("LF302", "a model is asked later than it is told to", node)

    def bound_tools(
        self,
        receiver: ir.Expr,
        tools: ir.Expr,
        keywords: Sequence[tuple[str, ir.Expr]],
        node: ast.expr | ast.stmt,
    ) -> ir.Expr:
        """`receiver.bind_tools(tools, ...)`."""
        if tools.type not in (t.ListType(TOOL), TOLD):
            raise self.refuse("LF303", "tools that are not functions of the program", node)
        return ir.MethodCall(
            receiver, "bind_tools", (tools,), tuple(keywords), CHAT_MODEL, self.span(node)
        )

    def answered(self, node: ast.Call, name: str) -> ir.Expr:
        """`answers(tools, messages, errors, state)` and `answer(tools, call, errors, state)`, of the library."""
        tools, asked = self.expr(node.args[0]), self.expr(node.args[1])
        if tools.type != t.ListType(TOOL):
            raise self.refuse("LF303", "tools that are not functions of the program", node)
        whole = name == "answers"
        asked = self.fitted(asked, t.ListType(ANY) if whole else ANY, node)
        kind = t.ListType(ANY) if whole else ANY
        assert isinstance(node.args[2], ast.Name)
        key = self.constants.get("KEY", ir.StrLit("messages", STR, self.span(node)))
        options = (("errors", self.constants[node.args[2].id]), ("key", key))
        told = list(self.tools_in(tools))
        if any(x.kind in OF_STATE for tool in told for x in tool.injected):
            state = self.expr(node.args[3])
            if isinstance(state.type, t.RecordType) and (
                self.records[state.type.record].kind != "typed_dict"
            ):
                raise self.refuse("LF303", "tools that are shown an object of a class", node)
            shown = self.fitted(state, ANY, node)
            return ir.Call(
                f"langchain.{name}", (tools, asked, shown), options, kind, self.span(node)
            )
        return ir.Call(f"langchain.{name}", (tools, asked), options, kind, self.span(node))

    def tools_in(self, tools: ir.Expr) -> Iterator[ir.ToolLit]:
        """The tools that an expression of `TOOL`s lists."""
        for part in walk([tools]):
            match part:
                case ir.ToolLit():
                    yield part
                case ir.Global(id=id_):
                    yield from self.tools_in(self.meaning.globals[id_].value)
                case ir.Name(name=name) if name in self.constants:
                    yield from self.tools_in(self.constants[name])

    def may_command(self, answers: ir.Expr) -> bool:
        """Whether a tool of those that give these answers may return a command."""
        constants = (part.name for part in walk([answers]) if isinstance(part, ir.Name))
        made = [self.constants[name] for name in constants if name in self.constants]
        held = any(held_tools([answers, *made]))
        return held or any(tool.commands for tool in self.tools_in(answers))

    def tools_condition(self, node: ast.Call) -> ir.Expr:
        """`tools_condition(state)` in a function of the program."""
        if len(node.args) != 1 or node.keywords:
            raise self.refuse("LF303", "this form of `tools_condition` is not native", node)
        state = self.expr(node.args[0])
        kind = state.type
        if not isinstance(kind, t.DictType | t.ListType | t.AnyType) and not (
            isinstance(kind, t.RecordType) and self.records[kind.record].kind == "typed_dict"
        ):
            raise self.refuse("LF303", f"`tools_condition` of {type_name(kind)}", node)
        asked = (self.fitted(state, ANY, node),)
        return ir.Call("langchain.tools_condition", asked, (), STR, self.span(node))

    def named(self, node: ast.Call) -> ir.Expr:
        """`named(message, name)` of the library: the message, called so."""
        args = tuple(self.expect(item, ANY) for item in node.args)
        return ir.Call("langchain.named", args, (), ANY, self.span(node))

    def _written(self, given: Written, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        """What an expression gave: a model or text by a call of the function it stands in, where its names say too little."""
        span = self.span(node)
        try:
            return self.meaning.written(given, name, span)
        except Refusal:
            for call in given.calls:
                try:
                    made = self.meaning.written(call, name, span)
                except Refusal:
                    continue
                if made.type in MODEL_KINDS or made.type == STR:
                    return made
            raise

    def object(self, given: Captured, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        """The expression that makes what `name` stands for."""
        span = self.span(node)
        match given:
            case Constant():
                return literal(given, name, span)
            case Given():
                return self.meaning.argument(given, span)
            case Receiver(enumeration=Enumeration() as enumeration, member=str(member)):
                return self.member_of(enumeration, member, node)
            case Receiver(tool=(_, _)):
                return self.meaning.tool_of_object(given, span)
            case ToolAt():
                return self.meaning.tool_at(given, span)
            case Written():
                return self._written(given, node, name)
            case Setting():
                return self._setting(given, node)
            case StoreAt():
                return self.meaning.store(given, span)
            case Items(()):
                # any other list of none is plain data
                return ir.ListLit((), t.ListType(TOOL), span)
            case Items(items) if any(
                isinstance(item, Receiver) and item.tool is None for item in items
            ):
                told = tuple(self._told(item, node, name) for item in items)
                return ir.ListLit(told, TOLD, span)
            case Items(items):
                values = tuple(self._member(item, node, name) for item in items)
                kinds = {value.type for value in values}
                return ir.ListLit(values, t.ListType(kinds.pop() if len(kinds) == 1 else ANY), span)
            case Made(function, None, keywords):
                if function == SUPERVISED_HAND_OFF:
                    return self._supervised_hand_off(dict(keywords), span)
                pairs = [(key, self._dynamic(value, node, name)) for key, value in keywords]
                if function in MODELS:
                    return self._model(function, pairs, node)
                if function in web_tools.FROM_FUNCTION:
                    return self._tool_said(dict(keywords), node)
                if function in web_tools.BY_NAME:
                    return self.web_object(web_tools.BY_NAME[function], pairs, node)
            case NodeTools(tools):
                return self._node_tools(tools, node)
            case AgentModel(inner, agent_tools, may_be_bound):
                return self._agent_model(inner, agent_tools, may_be_bound, node)
            case AgentForm(inner, form):
                return self._agent_form(inner, form, node)
            case AgentPrompt(prompt):
                return self._agent_prompt(prompt, node)
            case Made("bind_tools", receiver, (("tools", tools), *keywords)) if receiver:
                pairs = [(key, self._dynamic(value, node, name)) for key, value in keywords]
                model = self.object(receiver, node, name)
                return self.bound_tools(model, self.object(tools, node, name), pairs, node)
        raise self.refuse("LF304", f"the value of `{name}` has no native counterpart", node)

    def _supervised_hand_off(self, given: dict[str, Captured], span: Span) -> ir.Expr:
        """The tool by which a supervisor hands a run over to an agent."""
        told = [x.data for x in given.values() if isinstance(x, Constant)]
        agent, name, description, tells, keys = map(json.loads, told)
        return self.meaning.hand_off(agent, name, description, span, tells, tuple(keys))

    def _setting(self, given: Setting, node: ast.expr | ast.stmt) -> ir.Expr:
        """A field of an object of settings."""
        unsure, read = self.meaning.unsure, {x.lower() for x in given.settings.variables}
        if unsure is None or any(x.lower() in read for x in unsure):
            raise self.refuse("LF303", "the program changes its environment", node)
        span = self.span(node)
        made = self.meaning.settings(given.settings, span)
        path = ir.StrLit(given.field, STR, span)
        kind = given.settings.kinds[given.field]
        return ir.MethodCall(made, "field", (path,), (), kind, span)

    def _member(self, given: Captured, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        """What stands in a list; a function there is taken for a tool."""
        if isinstance(given, Closure):
            inner = given if self._is_inner(given) else None
            at = ToolAt(given.path, given.line, given.column, inner)
            return self.meaning.tool_at(at, self.span(node))
        return self.object(given, node, name)

    def _told(self, given: Captured, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        """A tool, or a class that stands for one, as a model is told of it."""
        if not isinstance(given, Receiver) or given.tool is not None:
            return self._told_tool(self._member(given, node, name), node)
        found = None if given.defined is None else self.meaning.class_at(*given.defined)
        if found is None or not isinstance(found[1], ast.ClassDef):
            raise self.refuse("LF304", f"the value of `{name}` has no native counterpart", node)
        return self._told_form(found[0], found[1], node)

    def _agent_model(
        self,
        model: Captured,
        tools: AgentTools | None,
        may_be_bound: bool,
        node: ast.expr | ast.stmt,
    ) -> ir.Expr:
        """An agent's model, with the agent's tools bound to it."""
        found = self.object(model, node, "model")
        if found.type != CHAT_MODEL:
            raise self.refuse("LF303", "the agent's model is not native", node)
        if tools is None:
            return found
        told = self._agent_tools(tools, node)
        made = self._behind(found)
        if isinstance(made, ir.MethodCall):
            # whatever the model was told of them
            same = made.method == "bind_tools"
            if may_be_bound and same and self._tool_ids(made.args[0]) == self._tool_ids(told):
                return found
            raise self.refuse("LF303", "the agent's model has bindings of its own", node)
        return self.bound_tools(found, told, (), node)

    def _agent_form(self, model: Captured, form: Captured, node: ast.expr | ast.stmt) -> ir.Expr:
        """An agent's model, without what is bound to it, that answers in a form."""
        asked = self.object(model, node, "model")
        while isinstance(made := self._behind(asked), ir.MethodCall):
            asked = made.receiver
        if asked.type != CHAT_MODEL:
            raise self.refuse("LF303", "the agent's model is not native", node)
        if isinstance(form, Receiver):
            found = None if form.defined is None else self.meaning.class_at(*form.defined)
            if found is None:
                raise self.refuse("LF303", "a form that is no class of the program", node)
            told = self._form_of(*found, node)
        else:
            told = self._dynamic(form, node, "form")
        span = self.span(node)
        return ir.MethodCall(asked, "with_structured_output", (told,), (), STRUCTURED, span)

    def _behind(self, value: ir.Expr) -> ir.Expr:
        """The expression that a global of others is made by in the end."""
        while isinstance(value, ir.Global):
            value = self.meaning.globals[value.id].value
        return value

    def _tool_ids(self, tools: ir.Expr) -> list[str] | None:
        made = self._behind(tools)
        items = made.items if isinstance(made, ir.ListLit) else ()
        found = [item.id for item in items if isinstance(item, ir.Global)]
        return found if found and len(found) == len(items) else None

    def _agent_tools(self, tools: AgentTools, node: ast.expr | ast.stmt) -> ir.Expr:
        """Tools as a model is told of them: native ones, or else what Python tells."""
        strange = self.refuse("LF312", "the agent's tools are not functions that are known", node)
        try:
            if tools.tools is None:
                raise strange
            found = self.object(tools.tools, node, "tools")
            if found.type != t.ListType(TOOL):
                raise strange
            return found
        except Refusal as refusal:
            assert self.request is not None
            return self.meaning.told_tools(self.request, tools.ending, refusal.reason)

    def _node_tools(
        self, tools: tuple[Captured | None, ...] | None, node: ast.expr | ast.stmt
    ) -> ir.Expr:
        """The tools that a node runs: native ones, and those that only Python knows."""
        found: list[ir.Expr] = []
        reasons: list[Reason] = []
        if tools is None:
            reasons.append(self._strange_tool(node))
        for item in tools or ():
            try:
                found.append(self.meaning.attempt(functools.partial(self._node_tool, item, node)))
            except Refusal as refusal:
                if item is not None and not self.meaning.is_called_alone(item):
                    raise
                reasons.append(refusal.reason)
        span, kind = self.span(node), t.ListType(TOOL)
        native = ir.ListLit(tuple(found), kind, span)
        if not reasons:
            return native
        assert self.request is not None
        count = None if tools is None else len(tools)
        held = self.meaning.held_tools(self.request, count, reasons[0])
        return ir.Call(HELD_TOOLS, (ir.StrLit(held, STR, span), native), (), kind, span)

    def _node_tool(self, given: Captured | None, node: ast.expr | ast.stmt) -> ir.Expr:
        if given is None:
            strange = self._strange_tool(node)
            raise Refusal(strange.code, strange.message, strange.span)
        if isinstance(given, Receiver) and given.defined is not None:
            place = self.meaning.class_at(*given.defined)
            if place is not None:
                # which a ToolNode makes a tool of as the decorator does
                return self.meaning.tool(*place, self.span(node))
        found = self._member(given, node, "tools")
        if found.type != TOOL:
            raise self.refuse("LF303", "tools that are not functions of the program", node)
        return found

    def _strange_tool(self, node: ast.expr | ast.stmt) -> Reason:
        return Reason("LF312", "a tool is no function that is known", self.span(node))

    def _agent_prompt(self, prompt: Captured, node: ast.expr | ast.stmt) -> ir.Expr:
        """An agent's prompt as the messages that come before all others."""
        found, span = self.object(prompt, node, "prompt"), self.span(node)
        made = self._behind(found)
        if found.type == STR:
            content = (("content", self.fitted(found, ANY, node)),)
            found = ir.Call("langchain_core.messages.SystemMessage", (), content, ANY, span)
        elif not (
            isinstance(made, ir.Call) and made.function == "langchain_core.messages.SystemMessage"
        ):
            raise self.refuse("LF303", "the agent's prompt is no text or message", node)
        return ir.ListLit((found,), t.ListType(ANY), span)

    def _dynamic(self, given: Captured, node: ast.expr | ast.stmt, name: str) -> ir.Expr:
        return self.fitted(self.object(given, node, name), ANY, node)


_SAMPLING = frozenset(
    f"langchain.{chat_models.BY_NAME[name].name}"
    for name in chat_models.BY_NAME
    if name.rpartition(".")[2] in ("ChatOpenAI", "AzureChatOpenAI", "ChatAnthropic", "ChatGroq")
)
"""What makes models that can be asked with another temperature than their own."""


def _is_written_out(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


_WRITTEN = ir.StrLit | ir.IntLit | ir.FloatLit | ir.BoolLit | ir.NoneLit
_SILENT = _WRITTEN | ir.Global
"""What does nothing when it is evaluated: a module's name is bound before."""

_CHANGING = frozenset(
    {"callbacks", "config", "configurable", "max_concurrency", "recursion_limit", "run_id"}
)
"""Keys of a config that may change what is done with a model's answers, or that are objects."""


def _plain(value: ir.Expr | None) -> ir.Expr | None:
    """`value` as it was before it became dynamic."""
    return value.value if isinstance(value, ir.Convert) else value


def _binds(statement: ast.stmt, names: Collection[ast.AST]) -> TypeGuard[ast.Assign]:
    return isinstance(statement, ast.Assign) and any(x in names for x in statement.targets)


def _items(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
