"""Rust literals, comments and doc comments: whatever the text holds, it stays data."""

import math

from langferry.diagnostics import Failure

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def _visible(character: str) -> str:
    """`character`, escaped where a reader could not see it or could mistake it."""
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def string(text: str) -> str:
    """A `&'static str` literal, a raw one for what has backslashes and can be seen.

    Raises:
        Failure: LF604, `text` holds half a surrogate pair, which a Rust string cannot.
    """
    if "\\" in text and text.isprintable():
        hashes = ""
        while f'"{hashes}' in text:
            hashes += "#"
        return f'r{hashes}"{text}"{hashes}'
    return f'"{escaped(text)}"'


def escaped(text: str) -> str:
    """What stands between the quotes of a literal that is not raw.

    Raises:
        Failure: as `string`.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Failure("LF604", f"the string {text!r} holds a lone surrogate")
    return "".join(_ESCAPES.get(c) or _visible(c) for c in text)


def integer(digits: str) -> str | None:
    """An integer literal without suffix, or None when it does not fit into 64 bits."""
    value = int(digits)
    return str(value) if -(2**63) <= value < 2**63 else None


def floating(text: str) -> str:
    """An `f64` expression for Python's `repr` of a float."""
    value = float(text)
    if math.isnan(value):
        return "f64::NAN"
    if math.isinf(value):
        return "f64::INFINITY" if value > 0 else "f64::NEG_INFINITY"
    return repr(value)


def comment(text: str) -> str:
    """`text` as line comments."""
    return _prefixed("//", text)


def doc(text: str, prefix: str = "///") -> str:
    """`text` as doc comments; `prefix` is `///`, or `//!` for the item around."""
    return _prefixed(prefix, text)


def _prefixed(prefix: str, text: str) -> str:
    lines = [
        "".join(c if c == "\t" else _visible(c) for c in line).expandtabs(4).rstrip()
        for line in text.splitlines()
    ]
    return "\n".join(f"{prefix} {line}".rstrip() for line in lines or [""])
