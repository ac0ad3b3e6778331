"""Recognises what only a newer Python than the one that runs can read."""

import ast
import re
import warnings
from typing import NamedTuple


class Newer(NamedTuple):
    """A form that Python 3.12 brought, and the line of its first use."""

    form: str
    line: int


def python_312(text: str) -> Newer | None:
    """What of Python 3.12 a text uses that this Python cannot read.

    None unless the text is read once just these forms are written otherwise, so that it is certain
    that nothing else is wrong with it.
    """
    strings: list[Newer] = []
    statements: list[Newer] = []
    try:
        plain = _without_new_strings(text, strings)
        plain = _STATEMENT.sub(lambda at: _noted(at, statements), plain)
        if not strings and not statements:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(plain, "<plain>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return min(strings + statements, key=lambda item: item.line)


_STATEMENT = re.compile(
    r"^(?P<indent>[ \t]*)(?:type[ \t]+(?P<alias>\w+)(?:[ \t]*\[[^\[\]\n]*\])?(?P<is>[ \t]*=)(?!=)"
    r"|(?P<head>(?:async[ \t]+)?(?:def|class)[ \t]+\w+)[ \t]*\[[^\[\]\n]*\])",
    re.MULTILINE,
)


def _noted(at: re.Match[str], found: list[Newer]) -> str:
    if not found:
        form = "a `type` statement" if at["alias"] else "what has type parameters"
        found.append(Newer(form, at.string.count("\n", 0, at.start()) + 1))
    return str(at["indent"] + (f"{at['alias']}{at['is']}" if at["alias"] else at["head"]))


_TOKEN = re.compile(
    r"#[^\n]*|(?<!\w)(?P<prefix>[rRbBuUfF]{0,2})(?P<quote>'''|\"\"\"|'|\")", re.DOTALL
)


def _without_new_strings(text: str, found: list[Newer]) -> str:
    """The text with f-strings that repeat their quotes inside of a field written as tuples of fields."""
    parts = []
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        parts.append(text[position : token.start()])
        position = token.end()
        if token["quote"] is None:
            continue
        fields: list[str] = []
        position = _end(text, token, fields)
        if any(token["quote"] in field for field in fields):
            if not found:
                line = text.count("\n", 0, token.start()) + 1
                found.append(Newer("an f-string with its own quotes inside of it", line))
            # as many lines as before, for what stands behind
            rows = "\n" * text.count("\n", token.start(), position)
            parts.append(f"''.join(({''.join(f'({x}),' for x in fields)}{rows}))")
        else:
            parts.append(text[token.start() : position])
    return "".join([*parts, text[position:]])


def _end(text: str, token: re.Match[str], fields: list[str]) -> int:
    """Where a string ends as Python 3.12 reads it; what stands in its fields is added to `fields`."""
    quote, position = token["quote"], token.end()
    has_fields, is_raw = "f" in token["prefix"].lower(), "r" in token["prefix"].lower()
    while position < len(text) and not text.startswith(quote, position):
        if text[position] == "\n" and len(quote) == 1:
            break
        if text[position] == "\\":
            # of `\N{...}` no field is made
            named = not is_raw and re.match(r"\\N\{[^}]*\}", text[position:])
            position += named.end() if named else 2
        elif has_fields and text.startswith(("{{", "}}"), position):
            position += 2
        elif has_fields and text[position] == "{":
            position = _field(text, position + 1, quote, fields)
        else:
            position += 1
    return position + len(quote)


_OPENING, _CLOSING = "([{", ")]}"


def _field(text: str, start: int, quote: str, fields: list[str]) -> int:
    """Where a field ends: the place behind its closing brace."""
    position, depth = start, 0
    end: int | None = None
    while position < len(text):
        character = text[position]
        inner = _TOKEN.match(text, position)
        if end is None and inner is not None:
            position = inner.end() if inner["quote"] is None else _end(text, inner, [])
            continue
        if end is not None and character == "{":
            # a field in what says how to write it
            position = _field(text, position + 1, quote, fields)
            continue
        if character == "}" and depth == 0:
            break
        if end is None:
            depth += (character in _OPENING) - (character in _CLOSING)
            is_conversion = character == "!" and text[position + 1 : position + 2] != "="
            if depth == 0 and (character == ":" or is_conversion):
                end = position
        position += 1
    fields.append(text[start : position if end is None else end].rstrip().removesuffix("="))
    return position + 1
