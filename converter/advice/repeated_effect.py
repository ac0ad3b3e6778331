"""LF803: what a node does before it asks is done again when it is answered."""

import ast
from collections.abc import Iterator

from langferry.converter.advice.subject import NodeCode, Subject
from langferry.converter.module_scope import own_nodes
from langferry.diagnostics import Diagnostic

INTERRUPT = "langgraph.types.interrupt"
_SENDING = frozenset({"post", "put", "patch", "delete", "request"})
_EFFECTS = frozenset(
    [
        *("os.remove", "os.unlink", "os.rename", "os.replace", "os.makedirs", "os.system"),
        *("shutil.copy", "shutil.copytree", "shutil.move", "shutil.rmtree"),
        *("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"),
        *("subprocess.Popen", "urllib.request.urlopen", "smtplib.SMTP", "smtplib.SMTP_SSL"),
    ]
)
_ASKING = frozenset({"invoke", "ainvoke"})


def repeated_effect(subject: Subject) -> Iterator[Diagnostic]:
    """Calls that reach outside in what runs before an `interrupt` of the same function."""
    for code in subject.nodes.values():
        if isinstance(code.function, ast.Lambda) or not code.calls(INTERRUPT):
            continue
        seen: set[ast.AST] = set()
        for asked in code.calls(INTERRUPT):
            for call in _before(code.function.body, asked):
                what = _effect(call, code)
                if what is not None and call not in seen:
                    seen.add(call)
                    message = f"{what} comes before `interrupt`: it is done again on every resume"
                    yield code.source.finding("LF803", "warning", message, call)


def _before(block: list[ast.stmt], asked: ast.Call) -> Iterator[ast.Call]:
    """The calls in the statements that come before one, in its block and in those around it."""
    for statement in block:
        inside = list(ast.walk(statement))
        if asked in inside:
            for inner in _blocks(statement):
                if any(asked in ast.walk(item) for item in inner):
                    yield from _before(inner, asked)
            return
        own = own_nodes(ast.Module([statement], []))
        yield from (node for node in own if isinstance(node, ast.Call))


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body


def _effect(call: ast.Call, code: NodeCode) -> str | None:
    name = code.source.name(call.func, code.function)
    text = f"`{ast.unparse(call.func)}`"
    if name in _EFFECTS:
        return text
    library, _, method = (name or "").rpartition(".")
    if library in ("requests", "httpx") and method in _SENDING:
        return text
    if name == "builtins.open" and _writes(call):
        return f"{text} for writing"
    if isinstance(call.func, ast.Attribute) and call.func.attr in _ASKING:
        return f"the question to a model or tool, {text},"
    return None


def _writes(call: ast.Call) -> bool:
    modes = [*call.args[1:2], *(item.value for item in call.keywords if item.arg == "mode")]
    return any(isinstance(x, ast.Constant) and set(str(x.value)) & set("wax+") for x in modes)
