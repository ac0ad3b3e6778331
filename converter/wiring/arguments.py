"""Arguments of the program's entry that are given when the program runs: what they have to be."""

import ast

from langferry.converter import chat_models
from langferry.converter.wiring.names import parameters
from langferry.converter.wiring.values import Const, FunctionValue, Unknown, Value

ARGUMENT = "langferry.argument"

_PLAIN = frozenset({"str", "int", "float", "bool"})
_MODELS = frozenset(
    f"{module}.{name}"
    for module in (
        *("langchain_core.language_models", "langchain_core.language_models.chat_models"),
        *("langchain_core.language_models.base", "langchain.chat_models.base"),
    )
    for name in ("BaseChatModel", "BaseLanguageModel")
)


def note(function: FunctionValue, bound: dict[str, Value]) -> None:
    """Note what the arguments have to be that are bound to parameters of `function`."""
    for name, value in bound.items():
        match value:
            case Unknown(made=(made, None, {"kind": Const(None)} as given)) if made == ARGUMENT:
                given["kind"] = Const(_kind_of(function, name))


def _kind_of(function: FunctionValue, name: str) -> str | None:
    """ "model", or the name of a plain type; None where it may be something else.

    Without an annotation it is what it is used as, where Python takes nothing else.
    """
    annotation = next(x.annotation for x in parameters(function.node) if x.arg == name)
    if annotation is None:
        return "model" if any(_asks_model(x, name) for x in ast.walk(function.node)) else None
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
    match annotation:
        case ast.Name(id=text) if text in _PLAIN:
            return text
        case ast.Name(id=text):
            # imported where only a type checker looks, too
            for item in function.module.scope.nodes:
                if isinstance(item, ast.ImportFrom) and any(
                    (x.asname or x.name) == text and _is_model(f"{item.module}.{x.name}")
                    for x in item.names
                ):
                    return "model"
    return None


def _asks_model(node: ast.AST, name: str) -> bool:
    """Whether `node` does with what is called `name` what can be done with chat models only."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Name(id=asked), attr="bind_tools" | "with_structured_output"
            )
        ):
            return asked == name
    return False


def _is_model(name: str) -> bool:
    return name in _MODELS or name in chat_models.BY_NAME
