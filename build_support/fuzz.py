"""Generates functions and inputs, and compares what CPython and native Rust make of them.

    python build_support/fuzz.py [--seed N] [--functions N] [--pairs N]

Each function is made of statements over the supported subset; what the converter refuses is left out and
counted. All native ones go into one crate. A difference is printed with its function and arguments, and
what does not compile with the compiler's error; either makes the exit code 1. The seed is printed first: the same seed makes the same functions.
"""

import argparse
import json
import random
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "target" / "fuzz"

INT, STR, BOOL, FLOAT = "int", "str", "bool", "float"
INTS, STRS, COUNTS, MAYBE = "list[int]", "list[str]", "dict[str, int]", "str | None"
KINDS = (INT, STR, BOOL, FLOAT, INTS, STRS, COUNTS, MAYBE)
ERRORS = ("ValueError", "IndexError", "KeyError", "ZeroDivisionError", "LookupError", "Exception")
TEXTS = [
    "",
    "a",
    "Ab c",
    "x,y,,z",
    "  pad ",
    "12",
    "-7",
    "3.5",
    "é✓",
    "it's",
    "aaa",
    "{b}",
    "line\nend\t",
]
NUMBERS = [0, 1, -1, 2, 3, 7, 10, -13, 255, 10**12, 2**63, -(2**70)]
FLOATS = [0.0, -0.0, 0.5, 1.5, 2.5, -3.25, 1e16, 1e-7, 123456.789]


class Writer:
    """Writes one random function."""

    def __init__(self, dice: random.Random, name: str) -> None:
        self._dice = dice
        self._lines: list[str] = []
        self._fresh = 0
        count = dice.randint(1, 4)
        self.kinds = [dice.choice(KINDS) for _ in range(count)]
        self._scope: dict[str, str] = {f"p{at}": kind for at, kind in enumerate(self.kinds)}
        self._own: set[str] = set()
        self.returns = dice.choice([INT, STR, BOOL, FLOAT, INTS, STRS, COUNTS])
        given = ", ".join(f"p{at}: {kind}" for at, kind in enumerate(self.kinds))
        self._lines.append(f"def {name}({given}) -> {self.returns}:")
        for _ in range(dice.randint(1, 5)):
            self._statement(1)
        self._line(1, f"return {self._of(self.returns, 3)}")

    @property
    def text(self) -> str:
        """The function's source."""
        return "\n".join(self._lines) + "\n"

    def _line(self, depth: int, text: str) -> None:
        self._lines.append("    " * depth + text)

    def _name(self) -> str:
        self._fresh += 1
        return f"v{self._fresh}"

    def _statement(self, depth: int) -> None:
        makers: list[Callable[[int], None]] = [self._bind, self._bind, self._bind]
        makers += [self._augment, self._change, self._again, self._show]
        if depth < 4:
            makers += [self._if, self._for, self._try, self._if]
        self._dice.choice(makers)(depth)

    def _bind(self, depth: int) -> None:
        kind = self._dice.choice(KINDS)
        value, name = self._of(kind, 3), self._name()
        self._line(depth, f"{name}: {kind} = {value}")
        self._scope[name] = kind
        if value.startswith(("[", "{")) and kind in (INTS, STRS, COUNTS):
            self._own.add(name)

    def _again(self, depth: int) -> None:
        names = [name for name, kind in self._scope.items() if kind in (INT, STR, BOOL, FLOAT)]
        if names:
            name = self._dice.choice(names)
            self._line(depth, f"{name} = {self._of(self._scope[name], 2)}")

    def _augment(self, depth: int) -> None:
        names = [name for name, kind in self._scope.items() if kind in (INT, STR, FLOAT)]
        if names:
            name = self._dice.choice(names)
            kind = self._scope[name]
            sign = "+" if kind == STR else self._dice.choice("+-")
            self._line(depth, f"{name} {sign}= {self._of(kind, 2)}")

    def _change(self, depth: int) -> None:
        names = [name for name in self._own if name in self._scope]
        if not names:
            return
        name = self._dice.choice(sorted(names))
        if self._scope[name] == COUNTS:
            forms = ["{n}[{s}] = {i}", "{n}[{s}] += {i}", "{n}.pop({s}, {i})", "{n}.update({d})"]
        else:
            item = "i" if self._scope[name] == INTS else "s"
            rest = "x" if self._scope[name] == INTS else "y"
            forms = [
                f"{{n}}.append({{{item}}})",
                f"{{n}}.insert({{i}}, {{{item}}})",
                "{n}.reverse()",
            ]
            forms += [
                f"{{n}}.extend({{{rest}}})",
                "{n}.sort()",
                "{n}.pop()",
                f"{{n}}[{{i}}] = {{{item}}}",
            ]
        form = self._dice.choice(forms)
        parts = {"i": INT, "s": STR, "d": COUNTS, "x": INTS, "y": STRS}
        filled = {key: self._of(kind, 1) for key, kind in parts.items()}
        self._line(depth, form.format(n=name, **filled))

    def _show(self, depth: int) -> None:
        shown = ", ".join(self._of(self._dice.choice(KINDS), 1) for _ in range(2))
        self._line(depth, f"print({shown})")

    def _inner(self, depth: int, known: dict[str, str] | None = None) -> None:
        scope, own = dict(self._scope), set(self._own)
        self._scope |= known or {}
        before = len(self._lines)
        for _ in range(self._dice.randint(1, 3)):
            self._statement(depth + 1)
        if self._dice.random() < 0.25:
            self._line(depth + 1, f"return {self._of(self.returns, 2)}")
        if len(self._lines) == before:
            self._line(depth + 1, "pass")
        self._scope, self._own = scope, own

    def _if(self, depth: int) -> None:
        self._line(depth, f"if {self._of(BOOL, 2)}:")
        self._inner(depth)
        if self._dice.random() < 0.5:
            self._line(depth, "else:")
            self._inner(depth)

    def _for(self, depth: int) -> None:
        name, kind = self._name(), self._dice.choice([INTS, STRS, COUNTS, STR])
        item = INT if kind == INTS else STR
        self._line(depth, f"for {name} in {self._of(kind, 1)}:")
        self._inner(depth, {name: item})
        if self._dice.random() < 0.3:
            self._line(depth + 1, self._dice.choice(["break", "continue"]))

    def _try(self, depth: int) -> None:
        self._line(depth, "try:")
        self._inner(depth)
        error = self._dice.choice(ERRORS)
        named = self._dice.random() < 0.5
        self._line(depth, f"except {error}{' as error' if named else ''}:")
        if named:
            self._line(depth + 1, 'print("caught", error)')
        self._inner(depth)

    def _of(self, kind: str, depth: int) -> str:
        names = [name for name, known in self._scope.items() if known == kind]
        if names and self._dice.random() < (0.7 if depth <= 0 else 0.3):
            return self._dice.choice(names)
        if depth <= 0:
            return self._literal(kind)
        return self._filled(self._dice.choice(FORMS[kind]), depth - 1)

    def _filled(self, form: str, depth: int) -> str:
        text = ""
        for piece in form.split("§"):
            kind = SHORT.get(piece.upper()) if len(piece) == 1 else None
            if kind is None:
                text += piece
            elif piece.islower():
                # within an f-string's quotes
                text += self._named(kind)
            else:
                text += self._of(kind, depth)
        return text

    def _named(self, kind: str) -> str:
        names = [name for name, known in self._scope.items() if known == kind]
        plain = {STR: '"q"', INT: "12", FLOAT: "0.5", BOOL: "True", INTS: "[1]", MAYBE: "None"}
        return self._dice.choice(names or [plain[kind]])

    def _literal(self, kind: str) -> str:
        match kind:
            case "int":
                return repr(self._dice.choice(NUMBERS[:9]))
            case "str":
                return repr(self._dice.choice(TEXTS))
            case "bool":
                return self._dice.choice(["True", "False"])
            case "float":
                return repr(self._dice.choice(FLOATS))
            case "list[int]":
                return self._dice.choice(["[]", "[1, 2, 3]", "[5]", "[-1, 0, 10]"])
            case "list[str]":
                return self._dice.choice(["[]", "['a', 'B']", "['']", "['x y', '12', 'é']"])
            case "dict[str, int]":
                return self._dice.choice(["{}", "{'a': 1}", "{'k': -2, 'a': 10}"])
        return self._dice.choice(["None", "'maybe'"])


SHORT = {"I": INT, "S": STR, "B": BOOL, "F": FLOAT, "X": INTS, "Y": STRS, "D": COUNTS, "M": MAYBE}
FORMS: dict[str, list[str]] = {
    INT: [
        *("(§I§ + §I§)", "(§I§ - §I§)", "(§I§ * §I§)", "(§I§ // §I§)", "(§I§ % §I§)", "(-§I§)"),
        *("abs(§I§)", "len(§S§)", "len(§X§)", "len(§D§)", "int(§S§)", "min(§I§, §I§)", "max(§X§)"),
        *(
            "sum(§X§)",
            "§D§.get(§S§, §I§)",
            "§D§[§S§]",
            "§X§[§I§]",
            "§S§.count(§S§)",
            "§S§.find(§S§)",
        ),
        *(
            "(§I§ if §B§ else §I§)",
            "max(§X§, default=§I§)",
            "round(§F§)",
            "§X§.count(§I§)",
            "ord('é')",
        ),
        *("len({q for q in §Y§})", "sum(len(q) for q in §Y§)", "(§I§ & §I§)", "(§I§ | §I§)"),
    ],
    STR: [
        *("(§S§ + §S§)", "(§S§ * 2)", "§S§.upper()", "§S§.strip()", "§S§.title()", "§S§.lower()"),
        *("§S§.replace(§S§, §S§)", "str(§I§)", "str(§F§)", "§S§[§I§]", "§S§[§I§:§I§]", "§S§[::-1]"),
        *(
            "§S§.join(§Y§)",
            "f'{§i§} {§s§}'",
            "f'{§f§:.2f}|{§i§:>5}|{§s§!r}'",
            "repr(§S§)",
            "§Y§[§I§]",
        ),
        *("(§S§ if §B§ else §S§)", "(§M§ or §S§)", "§S§.zfill(§I§ % 9)", "str(§X§)", "repr(§D§)"),
        *(
            "§S§.center(§I§ % 20, '*')",
            "', '.join(str(q) for q in §X§)",
            "str(§m§)",
            "f'{§x§}{§b§}'",
        ),
        *(
            "'{} of {:>4}'.format(§I§, §S§)",
            "min(§Y§, key=len)",
            "(§S§ and §S§)",
            "§S§.lstrip('ax ')",
        ),
    ],
    BOOL: [
        *(
            "(§I§ < §I§)",
            "(§I§ == §I§)",
            "(§S§ == §S§)",
            "(§S§ in §S§)",
            "(§I§ in §X§)",
            "(§S§ in §D§)",
        ),
        *("§S§.startswith(§S§)", "§S§.isdigit()", "(not §B§)", "(§B§ and §B§)", "(§B§ or §B§)"),
        *(
            "(§m§ is None)",
            "bool(§S§)",
            "any(q > 1 for q in §X§)",
            "all(§Y§)",
            "(§F§ <= §I§)",
            "(§S§ < §S§)",
        ),
        *(
            "(§X§ == §X§)",
            "isinstance(§s§, str)",
            "(§Y§ != §Y§)",
            "§S§.isalpha()",
            "(0 < §i§ < 10)",
        ),
    ],
    FLOAT: [
        *(
            "(§F§ + §F§)",
            "(§F§ * §I§)",
            "(§I§ / §I§)",
            "float(§S§)",
            "float(§I§)",
            "round(§F§, 2)",
            "(-§F§)",
        ),
        *(
            "(§F§ if §B§ else §F§)",
            "(§F§ - §F§)",
            "abs(§F§)",
            "max(§F§, §F§)",
            "(§F§ // §F§)",
            "(§F§ % §F§)",
        ),
    ],
    INTS: [
        *(
            "sorted(§X§)",
            "§X§[§I§:§I§]",
            "list(range(§I§ % 7))",
            "(§X§ + §X§)",
            "list(reversed(§X§))",
        ),
        *(
            "[q + §I§ for q in §X§]",
            "[q for q in §X§ if q > §I§]",
            "list(§D§.values())",
            "[§I§, §I§]",
        ),
        *(
            "[len(q) for q in §Y§]",
            "sorted(§X§, reverse=True)",
            "[i for i, q in enumerate(§Y§) if q]",
        ),
        *("[int(q) for q in §Y§ if q.isdigit()]", "[a * b for a, b in zip(§X§, §X§)]", "§X§[::2]"),
    ],
    STRS: [
        *(
            "§S§.split()",
            "§S§.split(',')",
            "sorted(§Y§)",
            "[str(q) for q in §X§]",
            "list(§D§)",
            "[§S§]",
        ),
        *(
            "[q.upper() for q in §Y§ if q]",
            "(§Y§ + §Y§)",
            "§Y§[§I§:]",
            "list(§S§)",
            "§S§.splitlines()",
        ),
        *("sorted(§Y§, key=len)", "sorted(set(§Y§))", "[k for k, v in §D§.items() if v > §I§]"),
    ],
    COUNTS: [
        *(
            "{q: len(q) for q in §Y§}",
            "{§S§: §I§}",
            "{**§D§, §S§: §I§}",
            "dict(§D§)",
            "(§D§ | §D§)",
        ),
        *("{k: v + 1 for k, v in §D§.items()}", "{str(q): q for q in §X§}"),
    ],
    MAYBE: ["(§S§ if §B§ else None)", "§M§", "None", "§S§"],
}


def argument(dice: random.Random, kind: str) -> Any:
    """A random value of a type."""
    match kind:
        case "int":
            return dice.choice([*NUMBERS, dice.randint(-20, 20)])
        case "str":
            return dice.choice(TEXTS)
        case "bool":
            return dice.random() < 0.5
        case "float":
            return dice.choice([*FLOATS, 3])
        case "list[int]":
            return [dice.randint(-9, 12) for _ in range(dice.randint(0, 5))]
        case "list[str]":
            return [dice.choice(TEXTS) for _ in range(dice.randint(0, 4))]
        case "dict[str, int]":
            return {dice.choice(TEXTS): dice.randint(-3, 9) for _ in range(dice.randint(0, 3))}
    return dice.choice([None, *TEXTS])


_HEAD = """import json
from pathlib import Path
from typing import TypedDict


class Unused(TypedDict, total=False):
    x: int


_GIVEN = json.loads(Path(__file__).with_suffix(".json").read_text())
CASES = {name: [tuple(given) for given in calls] for name, calls in _GIVEN.items()}
"""


def write_module(dice: random.Random, name: str, functions: int, pairs: int) -> Path:
    """A module of random functions with inputs for each, as the snippets' harness reads it."""
    each = max(1, pairs // functions)
    texts, cases = [], {}
    for at in range(functions):
        writer = Writer(dice, f"f{at}")
        texts.append(writer.text)
        cases[f"f{at}"] = [[argument(dice, kind) for kind in writer.kinds] for _ in range(each)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.py"
    path.write_text("\n\n".join([_HEAD, *texts]))
    # apart from the module: the type checker would look at every argument
    path.with_suffix(".json").write_text(json.dumps(cases))
    return path


def main() -> int:
    """Generate, build, run and compare."""
    from tests.codegen.functions.harness import Snippets

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--functions", type=int, default=400)
    parser.add_argument("--pairs", type=int, default=100_000)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    module = write_module(
        random.Random(options.seed), "generated", options.functions, options.pairs
    )
    snippets = Snippets(module.parent, "fuzz")
    refused = len(snippets.refused)
    uncompiled = snippets.built()
    for name, error in uncompiled.items():
        print(f"{name} does not compile:\n{error}")
    native = [case for case in snippets.cases() if f"{case[0]}.{case[1]}" not in snippets.refused]
    wrong = [
        (name, args, expected, found)
        for (_, name, args), expected, found in zip(
            native, snippets.python_results(), snippets.rust_results(), strict=True
        )
        if repr(expected) != repr(found)
    ]
    for name, args, expected, found in wrong[:20]:
        print(f"{name}{args!r}\n  python {expected}\n  rust   {found}")
    functions = options.functions - len(snippets.refused)
    print(f"{len(native)} pairs of {functions} functions: {len(wrong)} differ")
    print(f"{refused} of {options.functions} functions refused, {len(uncompiled)} not compiled")
    return 1 if wrong or uncompiled else 0


if __name__ == "__main__":
    sys.exit(main())
