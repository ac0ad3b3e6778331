"""Puts a generated crate together: every file, the source map and the lock."""

from collections.abc import Mapping

import langferry
from langferry.codegen.files import Files, check_model, locked
from langferry.codegen.rust.bridged import bridged_function, program_file, python_files
from langferry.codegen.rust.environment import environment_file
from langferry.codegen.rust.extension import extension_file, wheel_files, with_whole_modules
from langferry.codegen.rust.formatting import formatted
from langferry.codegen.rust.functions import emit_function, emit_global
from langferry.codegen.rust.layout import MODULES, Layout, Role
from langferry.codegen.rust.marks import Marks
from langferry.codegen.rust.names import Scope, is_keyword, snake
from langferry.codegen.rust.options import CrateOptions
from langferry.codegen.rust.records import state_file
from langferry.codegen.rust.refusals import refuse
from langferry.codegen.rust.runtime_source import VENDOR, runtime_copy, runtime_path
from langferry.codegen.rust.rust_file import RustFile
from langferry.codegen.rust.source_map import entries, lines_after, python_entries, rendered
from langferry.codegen.rust.templating import render
from langferry.codegen.rust.wiring import graph_file
from langferry.model import Program
from langferry.model.program import Function

_TAKEN_PACKAGES = ("alloc", "core", "langferry", "proc_macro", "std", "test")


def generate_crate(
    program: Program, sources: Mapping[str, str], options: CrateOptions | None = None
) -> Files:
    """The files of the crate that does what `program` does. Nothing is written.

    Args:
        program: the model.
        sources: the texts the model was made from, by their path in it.
        options: choices; the defaults when None.

    Raises:
        Failure: a code of family LF6 says why there can be no such crate.
    """
    options = options or CrateOptions()
    check_model(program, sources)
    refuse(program)
    if options.extension:
        program = with_whole_modules(program, sources)
    layout, marks = Layout(program), Marks()
    plain: Files = {}
    marked = {}
    for path, text in _rust(layout, marks).items():
        plain[path], marked[path] = marks.strip(text)
    crate = _crate_name(program.name)
    if options.extension:
        plain["src/extension.rs"] = extension_file(layout)
    else:
        plain["src/main.rs"] = render("main.rs", crate_name=crate)
    plain["src/lib.rs"] = _lib(layout, plain)
    rust = formatted(plain)
    found = [
        entry
        for path in sorted(marked)
        for entry in entries(path, lines_after(plain[path], rust[path], marked[path]), layout)
    ]
    found += python_entries(layout)
    asks_models = any("langferry_llm::" in text for text in rust.values())
    files = rust | python_files(layout) | _manifest(layout, crate, options, asks_models)
    if options.extension:
        files |= wheel_files(layout, crate)
    files["source_map.jsonl"] = rendered(found)
    return locked(files, program, "rust")


def _entry_file(program: Program) -> str:
    """The file that compiles the graph."""
    return next(g.span.file for g in program.graphs if g.id == program.entry_graph)


def _crate_name(program: str) -> str:
    name = snake(program)
    return Scope(_TAKEN_PACKAGES).claim(f"{name}_program" if is_keyword(name) else name)


def _rust(layout: Layout, marks: Marks) -> Files:
    """The Rust files, unformatted and with their marks."""
    files = {
        "src/state.rs": state_file(RustFile(layout, marks, "state")),
        "src/graph.rs": graph_file(RustFile(layout, marks, "graph")),
    }
    by_role: dict[Role, list[Function]] = {role: [] for role in MODULES}
    for function in layout.program.functions:
        for role in layout.roles(function.id):
            by_role[role].append(function)
    if nodes := by_role.pop("node"):
        names = sorted(layout.function_name(function.id) for function in nodes)
        files["src/nodes.rs"] = render("nodes.rs", names=names)
        for function in nodes:
            module = f"nodes::{layout.function_name(function.id)}"
            path = f"src/{module.replace('::', '/').replace('r#', '')}.rs"
            doc = f"The node {_nodes_of(layout, function)}."
            file = RustFile(layout, marks, module)
            files[path] = _functions(file, doc, [_function(file, function, "node")])
    for role, functions in by_role.items():
        if functions:
            file = RustFile(layout, marks, MODULES[role])
            items = [_function(file, function, role) for function in functions]
            files[f"src/{MODULES[role]}.rs"] = _functions(file, _DOCS[role], items)
    if layout.program.bridge:
        files["src/python.rs"] = program_file(layout)
    if layout.program.environment:
        files["src/environment.rs"] = environment_file(layout.program.environment)
    if layout.program.globals:
        file = RustFile(layout, marks, "globals")
        items = [emit_global(file, value) for value in layout.program.globals]
        files["src/globals.rs"] = _functions(file, "The program's constants.", items)
    return files


_DOCS: dict[Role, str] = {
    "router": "The program's routers: where to go after a node.",
    "reducer": "The program's reducers: how a channel folds what is written to it.",
    "helper": "Functions that others call.",
    "tool": "Functions that models may ask for.",
}


def _nodes_of(layout: Layout, function: Function) -> str:
    graphs = layout.program.graphs
    nodes = [n.name for g in graphs for n in g.nodes if n.function == function.id]
    shown = ", ".join(f"`{name}`" for name in dict.fromkeys(nodes[:3]))
    return f"{shown}, …" if len(nodes) > 3 else shown


def _function(file: RustFile, function: Function, role: Role) -> str:
    if function.bridge is not None:
        return bridged_function(file, function, function.bridge, role)
    return emit_function(file, function)


def _functions(file: RustFile, doc: str, items: list[str]) -> str:
    imports = file.imports("\n".join(items))
    return render("functions.rs", doc=doc, imports=imports, items=items)


def _lib(layout: Layout, files: Files) -> str:
    program = layout.program
    modules = {path.removeprefix("src/").removesuffix(".rs").split("/")[0] for path in files}
    modules.discard("main")

    def names(disposition: str) -> list[str]:
        return [f"`{f.qualified_name}`" for f in program.functions if f.disposition == disposition]

    return render(
        "lib.rs",
        entry_file=_entry_file(program),
        version=langferry.__version__,
        input_hash=program.input_hash,
        native=names("native"),
        bridged=names("bridged"),
        extension="src/extension.rs" in files,
        modules=sorted(modules),
    )


def _manifest(layout: Layout, crate: str, options: CrateOptions, asks_models: bool) -> Files:
    program = layout.program
    if options.runtime is None:
        runtime, files = f"{VENDOR}/crates", runtime_copy(asks_models)
    else:
        runtime, files = runtime_path(options.runtime, options.directory), {}
    values = {
        "package": crate.replace("_", "-"),
        "extension": options.extension,
        "bridged": [function for function in program.functions if _is_bridged(layout, function)],
        "vendored": bool(files),
        "runtime": f"{runtime}/langferry",
        "llm": f"{runtime}/llm" if asks_models else None,
        "workspace_member": options.workspace_member,
        "build": options.build,
        "entry_file": _entry_file(program),
        "version": langferry.__version__,
    }
    if values["bridged"] and not options.extension:
        files["build.rs"] = render("build.rs")
    manifest = render("Cargo.toml", **values)
    return files | {"Cargo.toml": manifest, "README.md": render("README.md", **values)}


def _is_bridged(layout: Layout, function: Function) -> bool:
    return function.bridge is not None and bool(layout.roles(function.id))
