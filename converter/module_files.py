"""What the modules of a program do to files when they run, before any graph does."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from langferry.converter.module_scope import Function, ModuleScope, only_in_scripts

_CHANGING = frozenset(
    [
        *("makedirs", "mkdir", "mkdtemp", "mkstemp", "NamedTemporaryFile", "TemporaryDirectory"),
        *("write_text", "write_bytes", "unlink", "rmtree", "rmdir", "removedirs", "rename"),
        *("save", "save_model", "to_excel", "to_feather", "make_archive"),
        *("copyfileobj", "symlink", "link", "truncate", "mkfifo", "mknod", "renames", "getoutput"),
        *("savetxt", "savez", "imsave", "imwrite", "TemporaryFile", "ZipFile", "copymode"),
        *("copy2", "copyfile", "copytree", "touch", "chdir", "chmod", "symlink_to", "hardlink_to"),
        *("to_csv", "to_json", "to_parquet", "savefig", "save_local", "urlretrieve", "extractall"),
        *("FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "from_documents"),
        *("from_texts", "connect", "system", "Popen", "check_call", "check_output"),
        *("snapshot_download", "hf_hub_download", "load_dataset", "create_all"),
    ]
)
"""Names of functions that may make, change or remove files."""

_OF_MODULES = frozenset(
    {
        *("os.remove", "os.replace", "os.open", "os.popen", "shutil.move", "shutil.copy"),
        *("subprocess.run", "subprocess.call", "shelve.open", "dbm.open", "tarfile.open"),
    }
)
"""The same for names that mean something else of most objects."""

_RUNNING = frozenset(
    {"invoke", "ainvoke", "stream", "astream", "astream_events", "batch", "abatch"}
)
"""Methods that run a graph, and by that any of its functions."""

_PATHS = frozenset({"output_file_path"})
"""Arguments that name a file to write."""


def folders_made(scopes: Iterable[ModuleScope]) -> list[tuple[ModuleScope, ast.Call]] | None:
    """The calls of `os.makedirs`, and of a path's `mkdir`, that modules make when they run.

    None where they may change files in other ways, too.
    """
    found: list[tuple[ModuleScope, ast.Call]] = []
    called: set[str] = set()
    scopes = list(scopes)
    for scope in scopes:
        scripts, imports = only_in_scripts(scope.tree), _imports(scope)
        for statement in scope.tree.body:
            if statement in scripts:
                continue
            match statement:
                case ast.Expr(value=ast.Call(keywords=[ast.keyword("exist_ok")]) as call) if (
                    _is_makedirs(call, scope)
                ):
                    found.append((scope, call))
                    continue
                case ast.Expr(value=ast.Call(func=ast.Attribute(attr="mkdir")) as call) if any(
                    x.arg == "exist_ok" for x in call.keywords
                ):
                    # of a path, or nothing that is native
                    found.append((scope, call))
                    continue
            nodes = list(_run_at_once(statement))
            if any(_changes(x, imports) for x in nodes):
                return None
            called |= _called(nodes)
    return None if _reach_changes(scopes, called) else found


def _is_makedirs(call: ast.Call, scope: ModuleScope) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="os"), attr="makedirs"):
            bound = scope.bindings.get("os", [])
            return bool(bound) and all(scope.imported(x, "os") == "os" for x in bound)
    return False


def _reach_changes(scopes: Sequence[ModuleScope], called: set[str]) -> bool:
    """Whether functions of the program with the names that are `called`, or what they call, may change files."""
    defined: dict[str, list[tuple[ast.AST, dict[str, str]]]] = {}
    for scope in scopes:
        imports = _imports(scope)
        for node in ast.walk(scope.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.setdefault(node.name, []).append((node, imports))
    if not _RUNNING.isdisjoint(called):
        called = {*called, *defined}
    pending, seen = list(called), set(called)
    while pending:
        for definition, imports in defined.get(pending.pop(), ()):
            nodes = list(ast.walk(definition))
            if any(_changes(x, imports) for x in nodes):
                return True
            new = _called(nodes) - seen
            seen |= new
            pending.extend(new)
    return False


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are evaluated when a module runs."""
    yield node
    for part in ast.iter_child_nodes(node):
        if isinstance(node, Function) and part in _body(node):
            continue
        yield from _run_at_once(part)


def _body(function: Function) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else list(function.body)


def _called(nodes: Iterable[ast.AST]) -> set[str]:
    names = {_name(node.func) for node in nodes if isinstance(node, ast.Call)}
    return {name for name in names if name is not None}


def _name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _changes(node: ast.AST, imports: Mapping[str, str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    qualified = _qualified(node.func, imports)
    name = qualified.rpartition(".")[2]
    if name == "open" and qualified not in _OF_MODULES:
        modes = [*node.args[1:2], *(x.value for x in node.keywords if x.arg == "mode")]
        texts = [x.value for x in modes if isinstance(x, ast.Constant)]
        if isinstance(node.func, ast.Attribute):
            # of a path, which is given nothing before the mode
            first = [x.value for x in node.args[:1] if isinstance(x, ast.Constant)]
            if any(set(str(x)) <= set("rwxabt+") and set(str(x)) & set("wax+") for x in first):
                return True
        return len(texts) < len(modes) or any(set(str(x)) & set("wax+") for x in texts)
    if any(x.arg in _PATHS for x in node.keywords):
        return True
    return qualified in _OF_MODULES or name in _CHANGING


def _qualified(node: ast.expr, imports: Mapping[str, str]) -> str:
    """What is called, by the name it has where it comes from; only the last name of a method."""
    match node:
        case ast.Name(id=name):
            return imports.get(name, name)
        case ast.Attribute(value=ast.Name(id=of), attr=name):
            return f"{imports.get(of, of)}.{name}"
        case ast.Attribute(attr=name):
            return name
    return ""


def _imports(scope: ModuleScope) -> dict[str, str]:
    """What a module imports, wherever that stands in it."""
    found: dict[str, str] = {}
    for node in scope.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name.split(".")[0]
                found[name] = scope.imported(node, name) or name
    return found
