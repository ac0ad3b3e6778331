"""Objects of the program's classes of tools: what a model is told of one, and the method that it runs."""

import ast
import json
from dataclasses import dataclass
from typing import Any

from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.names import Names
from langferry.converter.lower.tool_arguments import hidden, injected

BASES = frozenset(
    {
        *("langchain_core.tools.BaseTool", "langchain_core.tools.base.BaseTool"),
        *("langchain.tools.BaseTool", "langchain.tools.base.BaseTool"),
    }
)

_SAID = frozenset({"name", "description", "args_schema", "return_direct"})


@dataclass(frozen=True)
class ToldObject:
    """What the class of a tool says: all of it is written out."""

    name: str
    description: str
    ends: bool
    schema: str
    run: ast.FunctionDef


def told_object(names: Names, definition: ast.ClassDef) -> ToldObject:
    """What a class of tools says of its objects that are made of nothing else.

    Raises:
        Refusal: it says more, or what is not known here.
    """
    said: dict[str, ast.expr] = {}
    methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    refused = names.refuse("LF303", f"the tool `{definition.name}` is not native", definition)
    bases = [names.resolve(base) for base in definition.bases]
    if len(bases) != 1 or bases[0] not in BASES or definition.keywords:
        raise refused
    if definition.decorator_list:
        raise refused
    for item in definition.body:
        match item:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                said[name] = value
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                methods[name] = item
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise refused
    run = methods.pop("_run", None)
    awaited = methods.pop("_arun", None)
    if not isinstance(run, ast.FunctionDef) or run.decorator_list or methods or said.keys() - _SAID:
        raise refused
    if awaited is not None and not _only_runs(awaited):
        # which of the two is run depends on how the graph is
        raise refused
    called, description = _text(said.get("name")), _text(said.get("description"))
    ends = said.get("return_direct", ast.Constant(False))
    if not called or description is None or not isinstance(ends, ast.Constant):
        raise refused
    schema = _schema(names, run, said.get("args_schema"))
    if schema is None or type(ends.value) is not bool:
        raise refused
    schema |= {"title": called, "description": description}
    text = json.dumps(dict(sorted(schema.items())), ensure_ascii=False)
    return ToldObject(called, description, ends.value, text, run)


def _text(node: ast.expr | None) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
    return None


def _schema(names: Names, run: ast.FunctionDef, given: ast.expr | None) -> dict[str, Any] | None:
    """The schema of a tool's arguments, where a class of the program tells all that its method takes."""
    arguments = run.args
    found = None if given is None else names.definition(given)
    if found is None or not isinstance(found[1], ast.ClassDef):
        return None
    scope, definition = found[0], found[1]
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.posonlyargs:
        return None
    if injected(names, run) or hidden(names, run):
        return None
    form = form_of(names.meaning.names_at(scope, definition), scope, definition)
    schema: dict[str, Any] = json.loads(form.schema)
    told, taken = schema["properties"].keys(), [x.arg for x in arguments.args[1:]]
    # what is left out is what the class has for it, and else what the method has
    same = [x for x in told if x not in schema.get("required", ())]
    optional = taken[len(taken) - len(arguments.defaults) :] if arguments.defaults else []
    if form.inner or form.factories or set(told) != set(taken) or not set(same) <= set(optional):
        return None
    return schema


def _only_runs(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the method for those who wait gives what the other does."""
    given = method.args
    named = [x.arg for x in given.args[1:]]
    rest = [x.arg for x in (given.vararg, given.kwarg) if x is not None]
    body = [x for x in method.body if not isinstance(x, ast.Expr)]
    match body:
        case [
            ast.Return(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=own), attr="_run"),
                    args=args,
                    keywords=keywords,
                )
            )
        ] if own == given.args[0].arg:
            passed = [ast.unparse(x) for x in args]
            passed += [
                ast.unparse(x.value) if x.arg is None or ast.unparse(x.value) == x.arg else ""
                for x in keywords
            ]
            return [x.removeprefix("*") for x in passed] == [*named, *rest]
    return False
