"""Texts that libraries give names to."""

import ast
from collections.abc import Iterable

from langferry.converter.module_scope import ModuleScope

_COLOURS = ("BLACK", "RED", "GREEN", "YELLOW", "BLUE", "MAGENTA", "CYAN", "WHITE")

_STYLES = {"BRIGHT": 1, "DIM": 2, "NORMAL": 22, "RESET_ALL": 0}

_DIGITS = "0123456789"

_LOWERCASE = "abcdefghijklmnopqrstuvwxyz"


def _shades(first: int) -> dict[str, int]:
    """The numbers of the colours from `first` on, and of their light ones."""
    numbers = {name: first + place for place, name in enumerate(_COLOURS)}
    light = {f"LIGHT{name}_EX": number + 60 for name, number in numbers.items()}
    return numbers | light | {"RESET": first + 9}


TEXTS = {
    f"colorama.{group}.{name}": f"\x1b[{number}m"
    for group, numbers in (("Fore", _shades(30)), ("Back", _shades(40)), ("Style", _STYLES))
    for name, number in numbers.items()
} | {
    "os.linesep": "\n",
    "os.sep": "/",
    "string.ascii_letters": _LOWERCASE + _LOWERCASE.upper(),
    "string.ascii_lowercase": _LOWERCASE,
    "string.ascii_uppercase": _LOWERCASE.upper(),
    "string.digits": _DIGITS,
    "string.hexdigits": _DIGITS + "abcdefABCDEF",
    "string.punctuation": r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~""",
}
"""The constants, by their qualified names."""

_WRAPPING = frozenset({"init", "reinit", "colorama_text", "wrap_stream", "AnsiToWin32"})


def wraps_output(modules: Iterable[ModuleScope]) -> bool:
    """Whether a program has colorama take its colours out of what is printed to no terminal."""
    return any(
        alias.name in _WRAPPING or alias.name == "*"
        for scope in modules
        for node in scope.nodes
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "colorama"
        for alias in node.names
    ) or any(
        isinstance(node, ast.Attribute)
        and node.attr in _WRAPPING
        and isinstance(node.value, ast.Name)
        and any(
            scope.imported(x, node.value.id) == "colorama"
            for x in scope.nodes
            if isinstance(x, ast.Import)
        )
        for scope in modules
        for node in scope.nodes
    )
