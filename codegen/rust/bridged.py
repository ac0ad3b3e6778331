"""Functions that stay Python: the Rust that calls them in embedded CPython."""

from typing import Any

from langferry.codegen.files import Files
from langferry.codegen.rust.layout import Layout, Role
from langferry.codegen.rust.literals import string
from langferry.codegen.rust.marks import Kind
from langferry.codegen.rust.rust_file import RustFile
from langferry.codegen.rust.templating import render
from langferry.model import types as t
from langferry.model.program import BridgeEntry, BridgeModule, Function


def python_path(module: BridgeModule) -> str:
    """Where the crate keeps the Python of `module`."""
    return f"python/{module.file}" if module.file.endswith(".py") else f"python/{module.file}.py"


def python_files(layout: Layout) -> Files:
    """The modules that stay Python."""
    # a folder without code needs no file
    return {python_path(module): module.source for module in layout.program.bridge if module.source}


def program_file(layout: Layout) -> str:
    """The text of `src/python.rs`, which holds the modules together."""
    return render("python.rs", modules=[_module(module) for module in layout.program.bridge])


def _module(module: BridgeModule) -> dict[str, Any]:
    path = string(f"../{python_path(module)}")
    return {
        "name": string(module.name),
        "file": string(module.file),
        "is_package": str(module.is_package).lower(),
        "source": f"include_str!({path})" if module.source else '""',
    }


def bridged_function(file: RustFile, function: Function, entry: BridgeEntry, role: Role) -> str:
    """The Rust function that stands for `function` in `role`.

    Raises:
        Failure: LF605, its parameters are not known well enough.
    """
    parameters, arguments, returns, call = _signature(file, function, role)
    text = render(
        "bridged.rs",
        doc=function.doc,
        reasons=[f"{r.code} {r.message}" for r in function.reasons],
        name=file.layout.function_name(function.id),
        parameters=parameters,
        arguments=arguments,
        returns=returns,
        call=call,
        python=_python(file.layout, function, entry, role),
    )
    return file.marks.wrap(text, function.span, _kind(role), function.id)


def _python(layout: Layout, function: Function, entry: BridgeEntry, role: Role) -> str:
    place = f"&crate::python::PROGRAM, {string(entry.module)}, {string(entry.expression)}"
    made = f"langferry::bridge::Function::new({place})"
    injected = layout.injected(function.id)
    for name in (item.name for item in injected if item.kind == "runtime"):
        made += f".told_of_run({string(name)})"
    shown = [item.name for item in injected if item.kind in ("state", "field", "field_if_there")]
    if shown:
        made += f".shows_state(&[{', '.join(map(string, shown))}])"
    if entry.input_class is not None:
        made += f".given({string(entry.input_class)})"
    if role == "node" and layout.is_sent_anything(function.id):
        made += ".sent()"
    elif role == "node":
        keys = _replaced(layout, layout.input(function.id, role))
        if keys:
            made += f".replaces(&[{', '.join(map(string, keys))}])"
    return made


def _replaced(layout: Layout, record: str) -> list[str]:
    """The channels to which returning the value itself, changed in place, is an update like another."""
    return [
        field.name
        for field in layout.record(record).fields
        if (
            not t.is_immutable(field.type)
            if field.reducer is None
            else field.reducer.kind == "add_messages"
        )
    ]


def _kind(role: Role) -> Kind:
    return "statement" if role == "helper" or role == "tool" else role


def _signature(file: RustFile, function: Function, role: Role) -> tuple[str, str, str, str]:
    """Parameters, arguments, result and the bridge's method."""
    if role == "reducer":
        value = file.type(file.layout.reduced(function.id))
        parameters = f"left: {value}, right: {value}"
        return parameters, "&[&left, &right]", f"Result<{value}, Exception>", "call"
    if role == "tool":
        result = "Result<Value, Exception>"
        if file.layout.uses_run(function.id):
            parameters = "arguments: langferry_llm::Kwargs, context: &Context"
            return parameters, "&Value::from(arguments), context", result, "call_tool"
        return "arguments: langferry_llm::Kwargs", "&[&Value::from(arguments)]", result, "call"
    result, call = ("NodeResult", "call_node") if role == "node" else ("RouteResult", "call_router")
    parameters = f"state: &{file.struct(file.layout.input(function.id, role))}, context: &Context"
    return parameters, "state, context", result, call
