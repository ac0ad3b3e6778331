"""How a place inside a value is written: `log[3]`, `expenses[0].amount`, `counts['two words']`."""

Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """`path` as text; the first key stands bare, as channels do. Empty for the value itself."""
    text = ""
    for position, key in enumerate(path):
        if isinstance(key, int):
            text += f"[{key}]"
        elif position == 0:
            text += key
        elif key.isidentifier():
            text += f".{key}"
        else:
            text += f"[{key!r}]"
    return text
