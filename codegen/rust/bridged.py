"""Functions that stay Python: the Rust that calls them in embedded CPython."""

from langferry.codegen.rust.layout import Layout, Role
from langferry.codegen.rust.marks import Kind
from langferry.codegen.rust.rust_file import RustFile
from langferry.codegen.rust.templating import render
from langferry.model.program import BridgeSource, Function


def python_path(layout: Layout, function: Function) -> str:
    """Where the crate keeps the Python of `function`."""
    return f"python/{layout.function_name(function.id).removeprefix('r#')}.py"


def bridged_function(
    file: RustFile, function: Function, source: BridgeSource, role: Role, depth: int
) -> str:
    """The Rust function that stands for `function` in `role`; `depth` folders below the crate.

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
        entry=source.entry,
        path="../" * depth + python_path(file.layout, function),
    )
    return file.marks.wrap(text, function.span, _kind(role), function.id)


def _kind(role: Role) -> Kind:
    return "statement" if role == "helper" else role


def _signature(file: RustFile, function: Function, role: Role) -> tuple[str, str, str, str]:
    """Parameters, arguments, result and the bridge's method."""
    if role == "reducer":
        value = file.type(file.layout.reduced(function.id))
        parameters = f"left: {value}, right: {value}"
        return parameters, "&[&left, &right]", f"Result<{value}, Exception>", "call"
    result, call = ("NodeResult", "call_node") if role == "node" else ("RouteResult", "call_router")
    parameters = f"state: &{file.struct(file.layout.input(function.id, role))}, context: &Context"
    return parameters, "state, context", result, call
