"""Pydantic classes of the program that are tools: who asks for one is given an object of the class."""

import ast

from langferry.converter.lower.form_schema import FIELDS, MODELS
from langferry.converter.lower.names import Names


def signature_of(names: Names, definition: ast.ClassDef) -> ast.FunctionDef:
    """A function with the parameters that making an object of the class has, for langchain to describe.

    What fields say beside their types and defaults is not told, as a signature does not show it.

    Raises:
        Refusal: the class is no plain model, or has fields whose defaults are made.
    """
    refused = names.refuse("LF303", f"the tool `{definition.name}` is not native", definition)
    bases = [names.resolve(base) for base in definition.bases]
    if len(bases) != 1 or bases[0] not in MODELS or definition.keywords:
        raise refused
    given: list[ast.arg] = []
    defaults: list[ast.expr] = []
    for item in definition.body:
        match item:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                default = _default(names, value)
                if default is None and defaults:
                    # which pydantic makes a parameter by name only of
                    raise refused
                given.append(ast.copy_location(ast.arg(name, annotation), item))
                defaults += [] if default is None else [default]
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case _:
                raise refused
    arguments = ast.arguments([], given, None, [], [], None, defaults)
    made = ast.FunctionDef(definition.name, arguments, definition.body[:1], [])
    return ast.copy_location(made, definition)


def _default(names: Names, value: ast.expr | None) -> ast.expr | None:
    """The default of a field that has one."""
    if not isinstance(value, ast.Call) or names.resolve(value.func) not in FIELDS:
        return value
    options = {item.arg: item.value for item in value.keywords}
    if "default_factory" in options:
        raise names.refuse("LF303", "a default that is made anew", value)
    default = options.get("default", value.args[0] if value.args else None)
    is_none = isinstance(default, ast.Constant) and default.value is Ellipsis
    return None if is_none else default
