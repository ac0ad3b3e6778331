"""Rust identifiers for names that come from anywhere: Python, strings, the user's imagination."""

import re
from collections.abc import Iterable
from itertools import count
from unicodedata import combining, normalize

_KEYWORDS = frozenset(
    re.findall(
        "[a-z]+",
        """
        abstract as async await become box break const continue do dyn else enum extern false final
        fn for gen if impl in let loop macro match mod move mut override priv pub ref return static
        struct trait true try type typeof unsafe unsized use virtual where while yield
        """,
    )
)
_NEVER_RAW = frozenset({"self", "Self", "super", "crate"})


def _words(text: str) -> str:
    """`text` without accents, and with underscores for all that is no ASCII letter or digit."""
    plain = "".join(c for c in normalize("NFKD", text) if not combining(c))
    return re.sub(r"[^A-Za-z0-9_]+", "_", plain)


def _usable(name: str) -> str:
    """`name` as something that is not empty, not all underscores, and starts with no digit."""
    if not name.strip("_"):
        return "unnamed"
    return f"n{name}" if name[0].isdigit() else name


def snake(text: str) -> str:
    """`text` as the name of a value, module or file: `HTTPCall` becomes `http_call`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3_\2", _words(text))
    return _usable(re.sub(r"__+", "_", spaced.lower()).strip("_") or spaced)


def pascal(text: str) -> str:
    """`text` as the name of a type: `ticket_state` becomes `TicketState`."""
    parts = [part for part in _words(text).split("_") if part]
    return _usable("".join(part[0].upper() + part[1:] for part in parts))


def shouting(text: str) -> str:
    """`text` as the name of a constant: `keyWords` becomes `KEY_WORDS`."""
    return snake(text).upper()


def escaped(name: str) -> str:
    """`name` as it is written in Rust: keywords as raw identifiers."""
    if name in _NEVER_RAW:
        return f"{name}_"
    return f"r#{name}" if name in _KEYWORDS else name


def is_keyword(name: str) -> bool:
    """Whether Rust keeps `name` for itself."""
    return name in _KEYWORDS or name in _NEVER_RAW


class Scope:
    """Names in use in one place. What is taken gets a number: `check`, `check_2`, `check_3`.

    Args:
        taken: names nobody may be given.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def claim(self, name: str, also: Iterable[str] = ()) -> str:
        """A name like `name` that nobody has yet, as it is written in Rust.

        Args:
            name: an identifier, from `snake`, `pascal` or `shouting`.
            also: endings whose names are claimed along, e.g. `"Update"`.
        """
        is_type = name[:1].isupper() and not name.isupper()
        for number in count(1):
            found = name if number == 1 else f"{name}{'' if is_type else '_'}{number}"
            group = {escaped(found), *(found + ending for ending in also)}
            if not group & self._taken:
                self._taken |= group
                return escaped(found)
        raise AssertionError("counting never ends")
