"""Values of libraries that are known by the call that is written for them."""

import ast

from langferry.converter.wiring.values import LibraryValue, Unknown


def maker(value: Unknown) -> str | None:
    """The qualified name of what is called, None where that is not known.

    Methods of what a call gives come behind what is called: `ChatPromptTemplate.from_messages.partial`.
    """
    written = value.written
    if written is None or not isinstance(written.node, ast.Call):
        return None
    part: ast.expr = written.node
    path = ""
    while True:
        match part:
            case ast.Call(func=func):
                part = func
            case ast.Attribute(value=owner, attr=attribute):
                part, path = owner, f".{attribute}{path}"
            case ast.Name(id=name):
                break
            case _:
                return None
    match written.names.get(name):
        case LibraryValue(found):
            return f"{found}{path}"
        case Unknown() as before:
            made = maker(before)
            return None if made is None else f"{made}{path}"
    return None
