"""`termcolor.colored` and `cprint`, whose colours are written out."""

import ast

from langferry.converter.lower.consoles import Consoles
from langferry.converter.lower.signatures import NONE, STR
from langferry.model import ir

_NAMES = ("red", "green", "yellow", "blue", "magenta", "cyan")
_COLORS = {
    **{name: 31 + place for place, name in enumerate(_NAMES)},
    **{f"light_{name}": 91 + place for place, name in enumerate(_NAMES)},
    **{"black": 30, "grey": 30, "light_grey": 37, "dark_grey": 90, "white": 97},
}
_ATTRIBUTES = {
    **{"bold": 1, "dark": 2, "italic": 3, "underline": 4, "blink": 5},
    **{"reverse": 7, "concealed": 8, "strike": 9},
}
_PARAMETERS = ("text", "color", "on_color", "attrs")
_READ = ("ANSI_COLORS_DISABLED", "NO_COLOR", "FORCE_COLOR", "TERM")


class Colors(Consoles):
    """Lowers texts with colours."""

    def colored(self, node: ast.Call) -> ir.Expr:
        """`colored(text, color, on_color, attrs)`."""
        given = dict(zip(_PARAMETERS, node.args, strict=False))
        given |= {item.arg or "**": item.value for item in node.keywords}
        codes = self._codes(given) if given.keys() <= set(_PARAMETERS) else None
        starred = any(isinstance(item, ast.Starred) for item in node.args)
        if codes is None or starred or "text" not in given or len(node.args) > len(_PARAMETERS):
            raise self.refuse("LF303", "this form of `termcolor` is not native", node)
        unsure = self.meaning.unsure
        if unsure is None or any(name in unsure for name in _READ):
            raise self.refuse("LF303", "the program changes its environment", node)
        span = self.span(node)
        text = ir.FormatString(tuple(self.text_of(given["text"])), STR, span)
        return ir.Call("termcolor.colored", (text, ir.StrLit(codes, STR, span)), (), STR, span)

    def cprint(self, node: ast.Call) -> ir.Expr:
        """`cprint(text, color, on_color, attrs)`."""
        span = self.span(node)
        parts = (ir.Formatted(self.colored(node), "", (), STR, span), ir.StrLit("\n", STR, span))
        return self._builtin(node, "print", (ir.FormatString(parts, STR, span),), NONE)

    def _codes(self, given: dict[str, ast.expr]) -> str | None:
        """What stands before a text, None where that is not written out; what is added last stands first."""
        told = {name: _written_out(x) for name, x in given.items() if name != "text"}
        color, on_color = told.get("color"), told.get("on_color")
        attributes = told.get("attrs") or []
        if color not in (None, *_COLORS) or not isinstance(attributes, list | tuple):
            return None
        behind = str(on_color).removeprefix("on_")
        if on_color is not None and (behind == on_color or behind not in _COLORS):
            return None
        if not all(item in _ATTRIBUTES for item in attributes):
            return None
        numbers = [_ATTRIBUTES[item] for item in reversed(attributes)]
        numbers += [] if on_color is None else [_COLORS[behind] + 10]
        numbers += [_COLORS[color]] if isinstance(color, str) else []
        return "".join(f"\x1b[{number}m" for number in numbers)


def _written_out(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...
