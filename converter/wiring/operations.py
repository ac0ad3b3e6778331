"""Python's operators, builtins and methods on plain data, with limits on what they may cost."""

import ast
import operator
import re
from collections.abc import Callable
from typing import Any

MAX_SIZE = 1_000_000
MAX_ITEMS = 100_000
MAX_BITS = 4_096

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}

COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}

UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}

BUILTINS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        abs, all, any, ascii, bin, bool, chr, divmod, float, format, hex, int,
        len, max, min, oct, ord, pow, repr, round, str, sum,
    )
}  # fmt: skip
"""Builtins that only look at plain data and return plain data."""

STR_METHODS = frozenset(
    [
        "capitalize",
        "casefold",
        "count",
        "encode",
        "endswith",
        "find",
        "format",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "join",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
    ]
)


class TooCostly(Exception):
    """The operation might take more memory than wiring could need."""


def binary(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """`left <operator> right`.

    Raises:
        TooCostly: the result could be huge.
        Exception: whatever Python raises.
    """
    if kind is ast.Mult:
        for sized, times in ((left, right), (right, left)):
            repeats = isinstance(sized, str | bytes | list | tuple) and isinstance(times, int)
            # an item of a list costs far more than a character
            limit = MAX_SIZE if isinstance(sized, str | bytes) else MAX_ITEMS
            if repeats and len(sized) * max(times, 0) > limit:
                raise TooCostly
        if _bits(left) + _bits(right) > MAX_BITS:
            raise TooCostly
    integers = isinstance(left, int) and isinstance(right, int)
    if kind is ast.Pow and integers and _bits(left) * abs(right) > MAX_BITS:
        raise TooCostly
    if kind is ast.LShift and isinstance(right, int) and _bits(left) + right > MAX_BITS:
        raise TooCostly
    if kind is ast.Mod and isinstance(left, str | bytes):
        _check_widths(left if isinstance(left, str) else left.decode("latin-1"))
        if "*" in str(left):
            raise TooCostly
    return bounded(BINARY[kind](left, right))


def formatted(value: object, conversion: int, spec: str) -> str:
    """One `{value!conversion:spec}` of an f-string.

    Raises:
        TooCostly: the text could be huge.
        Exception: whatever Python raises.
    """
    _check_widths(spec)
    convert: dict[int, Callable[[object], object]] = {115: str, 114: repr, 97: ascii}
    shown = convert[conversion](value) if conversion in convert else value
    return str(bounded(format(shown, spec)))


def builtin(name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
    """A call of one of `BUILTINS`.

    Raises:
        TooCostly: the result could be huge.
        Exception: whatever Python raises.
    """
    if name == "pow":
        return binary(ast.Pow, *args) if len(args) == 2 else bounded(pow(*args))
    if name == "format" and len(args) > 1:
        _check_widths(str(args[1]))
    return bounded(BUILTINS[name](*args, **keywords))


def str_method(text: str, name: str, args: list[Any], keywords: dict[str, Any]) -> Any:
    """A call of one of `STR_METHODS`.

    Raises:
        TooCostly: the result could be huge.
        Exception: whatever Python raises.
    """
    if name == "format":
        _check_widths(text)
        if re.search(r"\{[^{}]*[.\[{]", text):
            raise TooCostly
    times = 0
    if name == "replace" and len(args) >= 2 and isinstance(args[1], str):
        times = max(len(args[1]), 1)
    elif name == "join" and args and isinstance(args[0], list | tuple):
        times = len(args[0])
    if (len(text) + 1) * times > MAX_SIZE:
        raise TooCostly
    return bounded(getattr(text, name)(*args, **keywords))


def replaced(pattern: str, by: str, text: str) -> Any:
    """`re.sub(pattern, by, text)`, for patterns that never look at a text in many ways.

    Raises:
        TooCostly: it is another pattern, or the result could be huge.
        Exception: whatever Python raises.
    """
    plain = re.sub(r"\\.", "", pattern)
    if "(" in plain or "\\" in by or len(re.findall(r"[*+?{]", plain)) > 1:
        raise TooCostly
    if (len(text) + 1) * max(len(by), 1) > MAX_SIZE:
        raise TooCostly
    return bounded(re.sub(pattern, by, text))


def bounded(found: Any) -> Any:
    """`found`, if it is of a size that wiring could need.

    Raises:
        TooCostly: it is not.
    """
    if isinstance(found, int) and _bits(found) > MAX_BITS:
        raise TooCostly
    sized = isinstance(found, str | bytes | list | tuple | set | frozenset | dict)
    if sized and len(found) > MAX_SIZE:
        raise TooCostly
    return found


def _bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _check_widths(spec: str) -> None:
    if re.search(r"\d{6,}", spec):
        raise TooCostly
