"""Functions of the program as tools: what models are told of them, and who runs them."""

import ast
import inspect
import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from langferry.converter.constants import encode
from langferry.converter.lower import convert as fit
from langferry.converter.lower.class_tools import signature_of
from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.hand_off import HANDING_OFF
from langferry.converter.lower.names import type_name
from langferry.converter.lower.object_tools import told_object
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import (
    Captured,
    Closure,
    Filled,
    Receiver,
    StayingTool,
    ToolAt,
    Written,
)
from langferry.converter.lower.signatures import ANY
from langferry.converter.lower.statements import Statements
from langferry.converter.lower.tool_arguments import (
    OF_STATE,
    hidden,
    injected,
    is_store,
    keyed_only,
    shown_record,
    told_more,
)
from langferry.converter.lower.tool_schema import described, field_of, tool_schema
from langferry.converter.module_scope import Definition, ModuleScope, parameters
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant

if TYPE_CHECKING:
    from langferry.converter.lower.program import ProgramLowering

_DECORATORS = frozenset(
    {"langchain_core.tools.tool", "langchain.tools.tool", "langchain.agents.tool"}
)
_TOOL = t.ClassType("langchain.Tool")

_STATE = t.DictType(t.StrType(), t.AnyType())
"""The state as tools are shown it."""

_ASKING_FOR_ALL = "run_sent_tools"
"""The library's node whose tools are shown more than the program's state."""

_OF_RUNS = frozenset({"Send", "get_config", "get_runtime", "get_store"})
"""What of LangGraph a tool cannot have when only its function is called."""

_OF_CONTEXT = frozenset({"interrupt", "get_stream_writer"})
"""What it has where its function is called in the run."""


class Tools:
    """The tools of one program, made when they are first asked for."""

    def __init__(self, program: "ProgramLowering") -> None:
        self._program = program

    def of(
        self,
        scope: ModuleScope,
        definition: ast.AST,
        at: Span,
        closure: Closure | None = None,
        said: "Said | None" = None,
    ) -> ir.GlobalValue:
        """The tool that `definition` is, or that is made of it by what is `said` of it.

        Raises:
            Refusal: it is no tool, or none whose arguments can be described.
        """
        if isinstance(definition, ast.ClassDef) and closure is None and said is None:
            return self._of_class(scope, definition)
        if not isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef):
            raise Refusal("LF303", "only functions and classes are native tools", at)
        program = self._program
        name = scope.qualified_name(definition)
        instance = closure if said is None else (closure, said)
        identifier = program.identifier(scope, name, "tool", instance)
        if identifier not in program.globals:
            program.globals[identifier] = self._made(scope, definition, identifier, closure, said)
        made = program.globals[identifier]
        assert isinstance(made.value, ir.ToolLit)
        self._check_state(scope, definition, made.value)
        return made

    def makes_tool(self, scope: ModuleScope, definition: Definition) -> bool:
        """Whether a function's only decorator makes a tool of it that is no longer a function."""
        match definition.decorator_list:
            case [decorator]:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                names = self._program.names_at(scope, definition)
                is_tool = _makes_tools(names, called, definition)
                return is_tool and not _is_rebound(names, definition, decorator)
        return False

    def is_called_alone(self, tool: Captured) -> bool:
        """Whether whoever runs a tool gives it nothing but its arguments, as far as the program says."""
        match tool:
            case Constant():
                # what a vendor runs
                return False
            case ToolAt(path, line, column):
                return self._needs_no_run(*self._program.place(path, line, column))
            case Written(path, line, column, end_line, end_column):
                scope = self._program.by_path[path]
                found = scope.expression_at((line, column, end_line, end_column))
                called = found[0].func if found and isinstance(found[0], ast.Call) else None
                names = self._program.lowering(scope)
                return called is None or names.resolve(called) not in HANDING_OFF
        return True

    def _needs_no_run(self, scope: ModuleScope, definition: ast.AST | None) -> bool:
        if not isinstance(definition, Definition):
            return False
        names = self._program.lowering(scope)
        try:
            self._asks(scope, definition, names)
            given = injected(names, definition)
            asks_store = any(is_store(names, item) for item in parameters(definition))
            return not asks_store and not any(item.kind in OF_STATE for item in given)
        except Refusal:
            return False

    def _check_state(self, scope: ModuleScope, definition: Definition, tool: ir.ToolLit) -> None:
        """Refuse a tool that is shown another state by the node that asks for it than it says."""
        asking = self._program.asking
        if asking is None or asking.library is None or asking.state is None:
            return
        names = self._program.lowering(scope)
        whole = keyed_only(definition, tool.injected)
        if asking.library == _ASKING_FOR_ALL and whole is not None:
            raise names.refuse("LF303", "a tool that sees what LangGraph keeps in a state", whole)
        shown = {x.name: x.type for x in names.records[asking.state].fields}
        names.outer = scope.enclosing_functions(definition)
        injected = {item.name for item in tool.injected if item.kind == "state"}
        for item in parameters(definition):
            record = shown_record(names, item) if item.arg in injected else None
            for field in () if record is None else record.fields:
                if shown.get(field.name, field.type) != field.type:
                    message = f"`{field.name}` is something else in the state of a tool"
                    raise names.refuse("LF303", message, definition)

    def _of_class(self, scope: ModuleScope, definition: ast.ClassDef) -> ir.GlobalValue:
        """The tool that a pydantic class is, which is decorated or taken for one."""
        program, names = self._program, self._program.lowering(scope)
        identifier = program.identifier(scope, scope.qualified_name(definition), "tool", None)
        if identifier in program.globals:
            return program.globals[identifier]
        doc = ast.get_docstring(definition, clean=False)
        decorators = definition.decorator_list
        if (
            not doc
            or len(decorators) > 1
            or not all(_makes_tools(names, x, definition) for x in decorators)
        ):
            raise names.refuse("LF303", "a class that is no plain tool", definition)
        schema = tool_schema(names, signature_of(names, definition), definition.name)
        told = (definition.name, textwrap.dedent(doc).strip(), schema)
        where = names.span(definition)
        program.push()
        try:
            form = program.form(scope, definition, where, is_tool=True)
        finally:
            program.global_needs[identifier] = program.pop()
        texts = tuple(ir.StrLit(text, t.StrType(), where) for text in told)
        made = ir.Call("langchain.class_tool", (*texts, form), (), _TOOL, where)
        value = ir.GlobalValue(identifier, definition.name, _TOOL, made, (), where)
        program.globals[identifier] = value
        return value

    def of_object(self, given: Receiver, at: Span) -> ir.GlobalValue:
        """The tool that an object of a class of the program is.

        Raises:
            Refusal: the class says more of it than is known, or its method stays Python.
        """
        program = self._program
        place = None if given.tool is None else program.class_at(*given.tool)
        if place is None or not isinstance(place[1], ast.ClassDef):
            raise Refusal("LF303", "an object that is no tool", at)
        scope, definition = place[0], place[1]
        name = scope.qualified_name(definition)
        identifier = program.identifier(scope, name, "tool", given)
        if identifier in program.globals:
            return program.globals[identifier]
        names = program.lowering(scope)
        if any(program.is_changed(x) for x in ("description", "args_schema", "return_direct")):
            raise names.refuse("LF303", "a tool that is changed is not native", definition)
        told = told_object(program.names_at(scope, definition), definition)
        where = names.span(definition)
        _, commands = self._asks(scope, told.run, names)
        own = {"name": told.name, "description": told.description}
        known = {key: encode(value) for key, value in own.items()}
        itself = msgspec.structs.replace(given, attributes={**given.attributes, **known})
        program.push()
        try:
            helper, taken, returns = program.helper(scope, told.run, where, receiver=itself)
            parameters = tuple(
                (x, kind, None if default is None else _default(names, default, kind))
                for x, kind, default in taken
            )
            if not all(_from_json(kind) for _, kind, _ in parameters):
                raise names.refuse("LF303", "its parameters are not plain data", definition)
            if not fit.fits_any(returns):
                raise names.refuse("LF307", f"a tool's result of {type_name(returns)}", definition)
        finally:
            program.global_needs[identifier] = program.pop()
        tool = ir.ToolLit(
            told.name,
            told.description,
            told.schema,
            helper,
            parameters,
            returns,
            told.ends,
            _TOOL,
            where,
            (),
            (),
            False,
            commands,
        )
        value = ir.GlobalValue(identifier, definition.name, _TOOL, tool, (), where)
        program.globals[identifier] = value
        return value

    def _made(
        self,
        scope: ModuleScope,
        definition: Definition,
        identifier: str,
        closure: Closure | None,
        said: "Said | None",
    ) -> ir.GlobalValue:
        names = self._program.lowering(scope)
        names.stands_for = self._program.asked_at.get(closure)
        names.captured = {} if closure is None else closure.names
        names.outer = scope.enclosing_functions(definition)
        if names.outer and closure is None:
            raise names.refuse(
                "LF303", "a tool defined within a function is not native", definition
            )
        told = _told(names, definition, said)
        filled, unsaid = injected(names, definition), hidden(names, definition)
        schema = told.schema
        if schema is None:
            schema = tool_schema(names, definition, told.name, told.arguments, told.about)
        elif filled or unsaid:
            raise names.refuse("LF303", "arguments that a schema does not tell", definition)
        where = names.span(definition)
        made = _Made(definition, identifier, told.name, closure, filled, said is not None)
        asks, commands = self._asks(scope, definition, names)
        function, parameters, returns = self._function(scope, made, names)
        tool = ir.ToolLit(
            told.name,
            told.description,
            schema,
            function,
            parameters,
            returns,
            told.ends,
            _TOOL,
            where,
            tuple(unsaid),
            tuple(filled),
            parameters is None and (asks or any(x.kind in OF_STATE for x in filled)),
            commands,
        )
        return ir.GlobalValue(identifier, definition.name, _TOOL, tool, (), where)

    def _asks(
        self, scope: ModuleScope, definition: Definition, names: Statements
    ) -> tuple[bool, bool]:
        """Whether a tool asks something of the run that calls it, and whether it may return a command.

        Raises:
            Refusal: it needs more of its run than there is.
        """
        found = commands = False
        pending: list[tuple[ModuleScope, ast.AST]] = [(scope, definition)]
        seen: set[ast.AST] = set()
        while pending:
            place, function = pending.pop()
            if function in seen:
                continue
            seen.add(function)
            inside = self._program.lowering(place)
            for part in ast.walk(function):
                if not isinstance(part, ast.Name | ast.Attribute):
                    continue
                qualified = inside.resolve(part) or ""
                what = qualified.rpartition(".")[2] if qualified.startswith("langgraph.") else ""
                found = found or what in _OF_CONTEXT
                commands = commands or what == "Command"
                if what in _OF_RUNS:
                    raise names.refuse("LF303", f"`{what}` in a tool is not native", definition)
                # what it is, and what decorators may have wrapped
                for called in (inside.definition(part), inside.defined_as(part)):
                    if called is not None and isinstance(called[1], Definition):
                        pending.append(called)
        return found, commands

    def _function(
        self, scope: ModuleScope, made: "_Made", names: Statements
    ) -> tuple[str, tuple[tuple[str, t.Type, ir.Expr | None], ...] | None, t.Type]:
        """Who runs the tool: a helper with its parameters, or what stays Python."""
        program, definition = self._program, made.definition
        span, identifier = names.span(definition), made.identifier
        config = next((x.name for x in made.filled if x.kind == "config"), None)
        runtimes: Filled = frozenset((x.name, "tool") for x in made.filled if x.kind == "runtime")
        states = tuple((x.name, _STATE) for x in made.filled if x.kind == "state")
        is_decorated = bool(_decorators(names, definition))
        form = ToolForm(config) if config is not None or is_decorated else None
        program.push()
        try:
            helper, given, returns = program.helper(
                scope, definition, span, made.closure, tool=form, filled=runtimes, given=states
            )
            rest = definition.args.kwarg
            parameters = tuple(
                (
                    name,
                    kind,
                    None
                    if default is None or (name, kind) in states
                    else _default(names, default, kind),
                )
                for name, kind, default in given
                if rest is None or name != rest.arg
            )
            if rest is not None:
                # the function never reads it: what no model can name is always left out
                none = t.DictType(t.StrType(), t.AnyType())
                parameters = (*parameters, (f"**{rest.arg}", none, ir.DictLit((), none, span)))
            if not all(_from_json(kind) for _, kind, _ in parameters):
                raise names.refuse("LF303", "its parameters are not plain data", definition)
            if not fit.fits_any(returns):
                raise names.refuse("LF307", f"a tool's result of {type_name(returns)}", definition)
            return helper, parameters, returns
        except Refusal as refusal:
            if made.is_said:
                # which is not to be found where the function is
                raise
            asked = told_more(definition, [name for name, _ in runtimes])
            if asked is not None:
                raise names.refuse("LF303", "what only LangGraph tells a tool", asked) from refusal
            holder = None
            if names.outer:
                # what only the agent holds that has it
                holder = program.asking
                if holder is None or holder.library is None:
                    raise names.refuse(
                        "LF303", f"a tool within a function: {refusal.reason.message}", definition
                    ) from refusal
            request = None if holder is None else holder.id
            at = ToolAt(scope.path, definition.lineno, definition.col_offset)
            stays = f"{identifier}_in_python"
            program.tools[stays] = StayingTool(
                stays, identifier, made.name, at, request, refusal.reason
            )
            return stays, None, ANY
        finally:
            program.global_needs[identifier] = program.pop()


@dataclass(frozen=True)
class ToolForm:
    """How a function is called as a tool: `config` is its parameter that is the run's config."""

    config: str | None


@dataclass(frozen=True)
class _Made:
    """A tool that is being made, with the parameters that runs give."""

    definition: Definition
    identifier: str
    name: str
    closure: Closure | None
    filled: Sequence[ir.Injected]
    is_said: bool
    """Whether it is made by more than the function."""


@dataclass(frozen=True)
class _Told:
    """What a model is told of a tool besides its parameters, and whether its answer ends a run."""

    name: str
    description: str
    ends: bool
    arguments: Mapping[str, str]
    """What is said of parameters by name, where that is read from the docstring."""
    about: str | None
    """What the docstring says of the function, where that is not all of it."""
    schema: str | None = None
    """The schema of its arguments, where a class says what they are."""


def _told(names: Statements, definition: Definition, said: "Said | None" = None) -> _Told:
    """What the decorator says of a tool, or its function where there is none.

    Raises:
        Refusal: it has decorators of other kinds, or nothing to describe it.
    """
    name, ends = definition.name, False
    description: str | None = None
    schema: dict[str, Any] | None = None
    arguments: Mapping[str, str] = {}
    about: str | None = None
    decorators = _decorators(names, definition)
    if said is not None:
        if decorators:
            raise names.refuse("LF303", "a tool of what decorators make", definition)
        decorators = [ast.copy_location(ast.Name(definition.name), definition)]
    for decorator in decorators:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        options = dict(said) if said is not None else _options(names, decorator)
        if said is None and _is_rebound(names, definition, decorator):
            options = None
        known = said is not None or (
            _makes_tools(names, called, definition) and len(decorators) == 1
        )
        if options is None or not known or not options.keys() <= _OPTIONS.keys():
            text = ast.unparse(decorator)
            raise names.refuse("LF303", f"what `@{text}` makes is not native", decorator)
        for option, given in options.items():
            if given not in _OPTIONS[option] and type(given) not in _OPTIONS[option]:
                text = ast.unparse(decorator)
                raise names.refuse("LF303", f"what `@{text}` makes is not native", decorator)
        name = options.get("name_or_callable", name)
        description, ends = options.get("description"), options.get("return_direct", False)
        if options.get("parse_docstring"):
            strict = options.get("error_on_invalid_docstring", True)
            told = described(ast.get_docstring(definition) or "", definition, strict)
            if told is None:
                raise names.refuse("LF303", "langchain refuses this docstring", definition)
            about, arguments = told
        if options.get("args_schema") is not None:
            schema = _form_schema(names, definition, options["args_schema"])
    if description is None and about is not None:
        if not about:
            raise names.refuse("LF303", "a tool without a docstring is not native", definition)
        description = textwrap.dedent(about)
    if description is None:
        doc = ast.get_docstring(definition, clean=False)
        if not doc:
            raise names.refuse("LF303", "a tool without a docstring is not native", definition)
        description = textwrap.dedent(doc)
    description = description.strip()
    if schema is None:
        return _Told(name, description, ends, arguments, about)
    schema |= {"title": name, "description": inspect.cleandoc(description)}
    text = json.dumps(dict(sorted(schema.items())), ensure_ascii=False)
    return _Told(name, description, ends, arguments, about, text)


def _decorators(names: Statements, definition: Definition) -> list[ast.expr]:
    """The decorators that make something else of a function than it is: not that of a static method."""
    decorators = definition.decorator_list
    is_static = len(decorators) == 1 and names.resolve(decorators[0]) == "builtins.staticmethod"
    return [] if is_static else decorators


Said = tuple[tuple[str, Any], ...]
"""What a call that makes a tool of a function says of it, by the names of the decorator's options."""


def said_of(names: Statements, keywords: Sequence[ast.keyword]) -> Said | None:
    """What the arguments of a call that makes a tool say, None where that is not known."""
    renamed = [ast.keyword(_SAID.get(x.arg or "", x.arg), x.value) for x in keywords]
    options = _options(names, ast.Call(ast.Name("tool"), [], renamed))
    return None if options is None else tuple(options.items())


_SAID = {"name": "name_or_callable"}


def _makes_tools(names: Statements, called: ast.expr, decorated: ast.stmt) -> bool:
    """Whether a decorator is langchain's, which a program may import from several places."""
    if names.resolve(called) in _DECORATORS:
        return True
    if not isinstance(called, ast.Name) or any(
        called.id in names.scope.bound_in(outer) for outer in names.outer
    ):
        return False
    bound = _bound_there(names, called.id, decorated)
    return bool(bound) and all(names.scope.imported(x, called.id) in _DECORATORS for x in bound)


def _bound_there(names: Statements, name: str, decorated: ast.stmt) -> list[ast.AST]:
    """What may have bound a module's name where a function is decorated.

    Programs import `tool` and give a tool of theirs that name once the others are decorated.
    """
    bound = names.scope.bindings.get(name, [])
    body = names.scope.tree.body
    if name in names.scope.global_names or not any(x is decorated for x in body):
        return bound
    before = [x for x in bound if getattr(x, "lineno", 0) < decorated.lineno]
    # without an import that is certain to have been made, who knows what the name meant
    return before if any(x is y for x in before for y in body) else bound


def _form_schema(names: Statements, definition: Definition, given: ast.ClassDef) -> dict[str, Any]:
    """The schema of a tool's arguments that a pydantic class tells: those of its function, all plain."""
    form = form_of(names, names.scope, given)
    schema: dict[str, Any] = json.loads(form.schema)
    arguments = definition.args
    optional = {x.arg for x in arguments.args[len(arguments.args) - len(arguments.defaults) :]}
    taken = {x.arg for x in arguments.args}
    told = schema["properties"].keys()
    if (
        form.inner
        or form.factories
        or arguments.kwonlyargs
        or not taken - optional <= told <= taken
    ):
        raise names.refuse("LF303", "a tool whose schema is not of its arguments", definition)
    return schema


_OPTIONS: dict[str, tuple[object, ...]] = {
    "name_or_callable": (str,),
    "description": (str, None),
    "return_direct": (bool,),
    "infer_schema": (True,),
    "parse_docstring": (bool,),
    "error_on_invalid_docstring": (bool,),
    "response_format": ("content",),
    "args_schema": (ast.ClassDef, None),
}
"""Options of the decorator, with the values or the types of values that are known."""


def _is_rebound(names: Statements, definition: Definition, decorator: ast.expr) -> bool:
    """Whether a name in a decorator may have meant something else there than it does once all has run."""
    used = {node.id for node in ast.walk(decorator) if isinstance(node, ast.Name)}
    for outer in names.outer:
        loops = [
            set(ast.walk(node))
            for node in ast.walk(outer)
            if isinstance(node, ast.For | ast.AsyncFor | ast.While) and _holds(node, definition)
        ]
        for name, places in names.scope.bound_in(outer).items():
            again = any(place in loop for place in places for loop in loops)
            later = any(getattr(x, "lineno", 0) > definition.lineno for x in places)
            if name in used and (again or later):
                return True
    return False


def _holds(node: ast.AST, inner: ast.AST) -> bool:
    return any(part is inner for part in ast.walk(node))


def _options(names: Statements, decorator: ast.expr) -> dict[str, Any] | None:
    """What a decorator is called with, None where that is not known; a class of the program as its definition."""
    if not isinstance(decorator, ast.Call):
        return {}
    given = dict(zip(("name_or_callable",), decorator.args, strict=False))
    if len(decorator.args) > len(given):
        return None
    given |= {item.arg or "": item.value for item in decorator.keywords}
    found: dict[str, Any] = {}
    for name, value in given.items():
        defined = names.definition(value) if name == "args_schema" else None
        if defined is not None and defined[0] is names.scope:
            found[name] = defined[1]
        elif isinstance(value, ast.Constant):
            found[name] = value.value
        else:
            text = _text(names, value)
            if text is None:
                return None
            found[name] = text
    return found


def _text(names: Statements, node: ast.expr) -> str | None:
    """The text that an expression of known values gives."""
    try:
        return _folded(names, names.expr(node))
    except Refusal:
        return None


def _folded(names: Statements, value: ir.Expr | ir.Formatted) -> str | None:
    match value:
        case ir.StrLit(value=text):
            return text
        case ir.Global(id=id_):
            return _folded(names, names.meaning.globals[id_].value)
        case ir.Formatted(value=inner, conversion="", spec=()):
            return _folded(names, inner)
        case ir.FormatString(parts=parts):
            texts = [_folded(names, part) for part in parts]
            return "".join(x for x in texts if x is not None) if None not in texts else None
    return None


def _default(names: Statements, default: ast.expr, kind: t.Type) -> ir.Expr | None:
    field = field_of(names, default)
    if field is not None:
        if field.default is None:
            return None
        default = field.default
    if not isinstance(default, ast.Constant):
        raise names.refuse("LF309", "a tool's default that is no constant", default)
    return names.default(default, kind, default)


def _from_json(kind: t.Type) -> bool:
    """Whether pydantic takes a value of JSON for this type as it is, a whole number for a float apart."""
    match kind:
        case t.StrType() | t.IntType() | t.BoolType() | t.FloatType() | t.AnyType():
            return True
        case t.ClassType(name="datetime.datetime" | "datetime.date"):
            return True
        case t.ListType(item=item) | t.OptionalType(item=item) | t.DictType(value=item):
            return _from_json(item) and not isinstance(item, t.FloatType)
    return False
