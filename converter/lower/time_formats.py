"""Formats of `strftime`: which directives native code knows, all of them as the C locale and library have them."""

_KNOWN = frozenset("YmdeHkIlMSfpPyCaAbhBjwuUWGgVDxFTXRrczZnt%")
_UNPADDED = frozenset("YmdeHkIlMSyCjwuUWGgV")
"""What may stand behind `%-`."""


def unknown_directive(text: str) -> str | None:
    """The first directive of a format that native code does not know."""
    at = text.find("%")
    while at >= 0:
        directive = text[at + 1 : at + 2]
        if directive == "-":
            directive = text[at + 1 : at + 3]
            known = directive[1:] in _UNPADDED
        else:
            known = directive in _KNOWN
        if directive and not known:
            return f"%{directive}"
        at = text.find("%", at + 1 + max(len(directive), 1))
    return None
