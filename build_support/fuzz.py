"""Generates functions and inputs, and compares what CPython and native Rust make of them.

    python build_support/fuzz.py [--seed N] [--functions N] [--pairs N]

Each function is made of statements over the supported subset; what the converter refuses is left out and
counted. All native ones go into one crate. A difference is printed with its function and arguments, and
what does not compile with the compiler's error; either makes the exit code 1. The seed is printed first:
the same seed makes the same functions.
"""

import argparse
import contextlib
import io
import json
import math
import os
import random
import resource
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "target" / "fuzz"

INT, STR, BOOL, FLOAT = "int", "str", "bool", "float"
INTS, STRS, COUNTS, MAYBE = "list[int]", "list[str]", "dict[str, int]", "str | None"
ROWS, GROUPS, WORDS, PAIR = "list[list[int]]", "dict[str, list[int]]", "set[str]", "tuple[str, int]"
DYNAMIC, ITEM, MOMENT = "Any", "Item", "datetime"
KINDS = (INT, STR, BOOL, FLOAT, INTS, STRS, COUNTS, MAYBE, ROWS, GROUPS, WORDS, PAIR, DYNAMIC)
KINDS += (ITEM, MOMENT)
GIVEN = (*(INT, STR, INTS, STRS, COUNTS) * 2, FLOAT, BOOL, MAYBE, ROWS, GROUPS, DYNAMIC, ITEM)
"""What parameters are of: what JSON can hold."""
RETURNED = (INT, STR, BOOL, FLOAT, INTS, STRS, COUNTS, ROWS, GROUPS, WORDS, PAIR)
PLAIN = (INT, STR, BOOL, FLOAT)
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
    """Writes one random function, which may call some of those already written."""

    def __init__(self, dice: random.Random, name: str, known: Sequence["Writer"]) -> None:
        self._dice = dice
        self.name = name
        self._known = known if dice.random() < 0.1 else ()
        self._lines: list[str] = []
        self._fresh = 0
        self._loops = 0
        self.kinds = [dice.choice(GIVEN) for _ in range(dice.randint(1, 4))]
        self._scope: dict[str, str] = {f"p{at}": kind for at, kind in enumerate(self.kinds)}
        self._own: set[str] = set()
        self.returns = dice.choice(RETURNED)
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
        makers: list[Callable[[int], None]] = [self._bind, self._bind, self._bind, self._unpack]
        makers += [self._augment, self._change, self._change, self._again, self._show, self._fail]
        if depth < 4:
            makers += [self._if, self._for, self._try, self._if, self._while]
        self._dice.choice(makers)(depth)

    def _bind(self, depth: int) -> None:
        kind = self._dice.choice(KINDS)
        value, name = self._of(kind, 3), self._name()
        self._line(depth, f"{name}: {kind} = {value}")
        self._scope[name] = kind
        if value.startswith(("[", "{", "set(")) and kind in CHANGES:
            self._own.add(name)

    def _unpack(self, depth: int) -> None:
        kinds, form = self._dice.choice(UNPACKED)
        value, names = self._filled(form, 2), [self._name() for _ in kinds]
        self._line(depth, f"{', '.join(names)} = {value}")
        self._scope |= dict(zip(names, kinds, strict=True))

    def _again(self, depth: int) -> None:
        names = [name for name, kind in self._scope.items() if kind in PLAIN]
        if names:
            name = self._dice.choice(names)
            self._line(depth, f"{name} = {self._of(self._scope[name], 2)}")

    def _augment(self, depth: int) -> None:
        names = [name for name, kind in self._scope.items() if kind in (INT, STR, FLOAT)]
        if names:
            name = self._dice.choice(names)
            kind = self._scope[name]
            sign = "+" if kind == STR else self._dice.choice(["+", "-", "*", "//", "%"])
            self._line(depth, f"{name} {sign}= {self._of(kind, 2)}")

    def _change(self, depth: int) -> None:
        names = [name for name in self._own if name in self._scope]
        if names:
            name = self._dice.choice(sorted(names))
            form = self._dice.choice(CHANGES[self._scope[name]])
            self._line(
                depth, f"{form.split('§', 1)[0]}{name}{self._filled(form.split('§', 1)[1], 1)}"
            )

    def _show(self, depth: int) -> None:
        shown = ", ".join(self._of(self._dice.choice(SHOWN), 1) for _ in range(2))
        between = self._dice.choice(["", "", ", sep='-'"])
        self._line(depth, f"print({shown}{between})")

    def _fail(self, depth: int) -> None:
        if depth > 1 and self._dice.random() < 0.4:
            error = self._dice.choice(ERRORS[:-2])
            self._line(depth, f"if {self._of(BOOL, 1)}:")
            self._line(depth + 1, f"raise {error}({self._of(STR, 1)})")
        elif self._dice.random() < 0.2:
            self._line(depth, f"assert {self._of(BOOL, 1)}, {self._of(STR, 1)}")

    def _inner(self, depth: int, known: dict[str, str] | None = None) -> None:
        scope, own = dict(self._scope), set(self._own)
        self._scope |= known or {}
        before = len(self._lines)
        for _ in range(self._dice.randint(1, 3)):
            self._statement(depth + 1)
        if self._dice.random() < 0.2:
            self._line(depth + 1, f"return {self._of(self.returns, 2)}")
        elif self._loops and self._dice.random() < 0.15:
            self._line(depth + 1, self._dice.choice(["break", "continue"]))
        if len(self._lines) == before:
            self._line(depth + 1, "pass")
        self._scope, self._own = scope, own

    def _if(self, depth: int) -> None:
        self._line(depth, f"if {self._of(BOOL, 2)}:")
        self._inner(depth)
        while self._dice.random() < 0.2:
            self._line(depth, f"elif {self._of(BOOL, 2)}:")
            self._inner(depth)
        if self._dice.random() < 0.5:
            self._line(depth, "else:")
            self._inner(depth)

    def _for(self, depth: int) -> None:
        kinds, form = self._dice.choice(LOOPED)
        names = [self._name() for _ in kinds]
        self._line(depth, f"for {', '.join(names)} in {self._filled(form, 1)}:")
        self._looped(depth, dict(zip(names, kinds, strict=True)))

    def _while(self, depth: int) -> None:
        # the counter is no name of the scope: nothing else changes it
        name = f"n{self._name()}"
        self._line(depth, f"{name} = {self._dice.randint(0, 4)}")
        also = f" and {self._of(BOOL, 2)}" if self._dice.random() < 0.5 else ""
        self._line(depth, f"while {name} > 0{also}:")
        self._line(depth + 1, f"{name} -= 1")
        self._looped(depth, {})

    def _looped(self, depth: int, known: dict[str, str]) -> None:
        self._loops += 1
        self._inner(depth, known)
        self._loops -= 1

    def _try(self, depth: int) -> None:
        self._line(depth, "try:")
        self._inner(depth)
        final = self._dice.random() < 0.2
        for error in self._dice.sample(CAUGHT, self._dice.choice([0, 1] if final else [1, 1, 2])):
            named = self._dice.random() < 0.5
            self._line(depth, f"except {error}{' as error' if named else ''}:")
            if named:
                self._line(depth + 1, 'print("caught", error)')
            self._inner(depth)
            if self._dice.random() < 0.15:
                self._line(depth + 1, "raise")
        if self._dice.random() < 0.15:
            self._line(depth, "except:")
            self._inner(depth)
        if final:
            self._line(depth, "finally:")
            loops, self._loops = self._loops, 0
            self._line(depth + 1, f"print({self._of(STR, 1)})")
            self._loops = loops

    def _of(self, kind: str, depth: int) -> str:
        names = [name for name, known in self._scope.items() if known == kind]
        if names and self._dice.random() < (0.7 if depth <= 0 else 0.3):
            return self._dice.choice(names)
        if depth <= 0:
            return self._dice.choice(LITERALS[kind])
        called = [writer for writer in self._known if writer.returns == kind]
        if called and self._dice.random() < 0.3:
            writer = self._dice.choice(called)
            return f"{writer.name}({', '.join(self._of(given, 1) for given in writer.kinds)})"
        forms = [form for form in FORMS[kind] if self._has_names(form)]
        return self._filled(self._dice.choice(forms), depth - 1)

    def _has_names(self, form: str) -> bool:
        """Whether something in scope can stand where a form takes a name only."""
        wanted = [piece for piece in form.split("§") if len(piece) == 1 and piece.islower()]
        return all(SHORT[piece.upper()] in self._scope.values() for piece in wanted)

    def _filled(self, form: str, depth: int) -> str:
        text = ""
        for piece in form.split("§"):
            kind = SHORT.get(piece.upper()) if len(piece) == 1 else None
            if kind is None:
                text += piece
            elif piece.islower():
                text += self._dice.choice([n for n, known in self._scope.items() if known == kind])
            else:
                text += self._of(kind, depth)
        return text


def _forms(text: str) -> list[str]:
    """The forms in `text`, where `¦` stands between them.

    `§I§` stands for any expression of a kind (`SHORT`), `§i§` for a name that holds one.
    """
    return [form.strip() for form in text.replace("\n", " ").split(" ¦ ")]


SHORT = {"I": INT, "S": STR, "B": BOOL, "F": FLOAT, "X": INTS, "Y": STRS, "D": COUNTS, "M": MAYBE}
SHORT |= {"R": ROWS, "G": GROUPS, "W": WORDS, "T": PAIR, "A": DYNAMIC, "N": ITEM, "Z": MOMENT}
SHOWN = tuple(kind for kind in KINDS if kind != WORDS)
"""Kinds whose text does not depend on the order of a set."""
CAUGHT = (*ERRORS, "(KeyError, ValueError)", "(IndexError, ZeroDivisionError)")

LITERALS: dict[str, list[str]] = {
    INT: [repr(number) for number in NUMBERS[:9]],
    STR: [repr(text) for text in TEXTS],
    BOOL: ["True", "False"],
    FLOAT: [repr(number) for number in FLOATS],
    INTS: ["[]", "[1, 2, 3]", "[5]", "[-1, 0, 10]"],
    STRS: ["[]", "['a', 'B']", "['']", "['x y', '12', 'é']"],
    COUNTS: ["{}", "{'a': 1}", "{'k': -2, 'a': 10}"],
    MAYBE: ["None", "'maybe'"],
    ROWS: ["[]", "[[1, 2], []]", "[[3], [1, 0], [3]]"],
    GROUPS: ["{}", "{'a': [1, 2]}", "{'k': [], 'a': [3]}"],
    WORDS: ["{'a', 'B'}", "set(['x', ''])", "{'k'}"],
    PAIR: ["('a', 1)", "('', -3)"],
    ITEM: ["{'title': 'a', 'count': 1}", "{}", "{'tags': ['x'], 'title': 'é'}"],
    MOMENT: ["datetime(2024, 2, 29, 13, 5)", "datetime(1999, 12, 31, 23, 59, 59, 1)"],
    DYNAMIC: ["json.loads('[1, 2.5, null]')", 'json.loads(\'{"a": [1, "x"]}\')'],
}

UNPACKED: list[tuple[tuple[str, ...], str]] = [
    ((STR, INT), "§T§"),
    ((INT, STR), "§I§, §S§"),
    ((STR, STR, STR), "§S§.partition(§S§)"),
    ((INT, INT), "§X§"),
    ((STR, FLOAT, INT), "(§S§, §F§, §I§)"),
]
"""What is taken apart, with the kinds of its parts."""

LOOPED: list[tuple[tuple[str, ...], str]] = [
    ((INT,), "§X§"),
    ((STR,), "§Y§"),
    ((STR,), "§D§"),
    ((STR,), "§S§"),
    ((INTS,), "§R§"),
    ((INT,), "range(§I§ % 5)"),
    ((INT,), "range(§I§ % 9, -3, -2)"),
    ((INT,), "reversed(§X§)"),
    ((STR,), "sorted(§W§)"),
    ((STR, INT), "§D§.items()"),
    ((STR, INTS), "§G§.items()"),
    ((INT,), "§D§.values()"),
    ((INT, STR), "enumerate(§Y§)"),
    ((INT, INT), "enumerate(§X§, §I§)"),
    ((INT, STR), "zip(§X§, §Y§)"),
    ((STR, INT), "[(q, len(q)) for q in §Y§]"),
    ((STR,), "NAMES"),
    ((STR, INT), "TABLE.items()"),
    ((STR,), "§N§.get('tags', [])"),
]
"""What is looped over, with the kinds of what each round gets."""

_INSERTED = (
    ".append(§{0}§) ¦ §.insert(§I§, §{0}§) ¦ §.extend(§{1}§) ¦ §[§I§] = §{0}§ ¦ §.remove(§{0}§)"
)
_ORDERED = (
    "§.reverse() ¦ §.sort() ¦ §.pop() ¦ §.pop(§I§) ¦ §.clear() ¦ del §[§I§] ¦ §.sort(reverse=True)"
)
CHANGES: dict[str, list[str]] = {
    INTS: _forms(
        f"§{_INSERTED.format('I', 'X')} ¦ {_ORDERED} ¦ §[§I§] += §I§ ¦ §[§I§] *= 2 ¦ § += §X§"
    ),
    STRS: _forms(f"§{_INSERTED.format('S', 'Y')} ¦ {_ORDERED} ¦ §[§I§] += §S§ ¦ §.sort(key=len)"),
    ROWS: _forms(f"§{_INSERTED.format('X', 'R')} ¦ {_ORDERED} ¦ §.sort(key=len)"),
    COUNTS: _forms("""
        §[§S§] = §I§ ¦ §[§S§] += §I§ ¦ §.pop(§S§, §I§) ¦ §.update(§D§) ¦ §.pop(§S§) ¦ del §[§S§]
        ¦ §.setdefault(§S§, §I§) ¦ §.clear() ¦ §.popitem() ¦ § |= §D§ ¦ §[§S§] = len(§S§)
    """),
    GROUPS: _forms("""
        §[§S§] = §X§ ¦ §.update(§G§) ¦ §.pop(§S§, §X§) ¦ del §[§S§] ¦ §[§S§] += §X§
    """),
    ITEM: _forms("""
        §['count'] = §I§ ¦ §['title'] = §S§ ¦ §['count'] += §I§ ¦ §['title'] += §S§ ¦ del §['title']
        ¦ §.update({'count': §I§}) ¦ §['tags'] = §Y§ ¦ §.pop('count', None) ¦ §.update(§N§)
    """),
    WORDS: _forms("§.add(§S§) ¦ §.discard(§S§) ¦ §.remove(§S§) ¦ §.clear() ¦ § |= §W§"),
}
"""How a container is changed in place; the first `§` stands for its name."""

FORMS: dict[str, list[str]] = {
    INT: _forms("""
        (§I§ + §I§) ¦ (§I§ - §I§) ¦ (§I§ * §I§) ¦ (§I§ // §I§) ¦ (§I§ % §I§) ¦ (-§I§) ¦ (~§I§)
        ¦ (§I§ & §I§) ¦ (§I§ | §I§) ¦ (§I§ ^ §I§) ¦ (§i§ ** 2) ¦ (§I§ >> 2) ¦ (§i§ << (§i§ % 5))
        ¦ abs(§I§) ¦ len(§S§) ¦ len(§X§) ¦ len(§D§) ¦ len(§R§) ¦ len(§W§) ¦ len(§G§) ¦ len(§Y§)
        ¦ int(§S§) ¦ int(§S§, 16) ¦ int(§F§) ¦ int(§B§) ¦ ord('é') ¦ ord(§S§[0]) ¦ round(§F§)
        ¦ min(§I§, §I§) ¦ max(§I§, §I§, §I§) ¦ max(§X§) ¦ min(§X§) ¦ max(§X§, default=§I§)
        ¦ min(§X§, key=abs) ¦ max(§X§, key=lambda q: -q) ¦ sum(§X§) ¦ sum(§D§.values())
        ¦ sum(len(q) for q in §Y§) ¦ sum(q for q in §X§ if q > §I§) ¦ sum(1 for q in §Y§ if q)
        ¦ sum(sum(q) for q in §R§) ¦ sum([q for r in §R§ for q in r]) ¦ len({q for q in §Y§})
        ¦ §D§.get(§S§, §I§) ¦ §D§[§S§] ¦ §X§[§I§] ¦ §R§[§I§][§I§] ¦ §T§[1] ¦ len(§G§[§S§])
        ¦ §S§.count(§S§) ¦ §S§.find(§S§) ¦ §S§.rfind(§S§) ¦ §S§.index(§S§) ¦ §X§.index(§I§)
        ¦ §X§.count(§I§) ¦ §Y§.index(§S§) ¦ (§I§ if §B§ else §I§) ¦ (§I§ or §I§) ¦ (§I§ and §I§)
        ¦ next((q for q in §X§ if q > §I§), 0) ¦ math.floor(§F§) ¦ math.gcd(§I§, §I§)
        ¦ len(§M§ or §S§) ¦ (§D§.get(§S§) or §I§) ¦ round(§I§, 1) ¦ [*§X§, §I§][-1]
        ¦ LIMIT ¦ TABLE[§S§] ¦ TABLE.get(§S§, LIMIT) ¦ len(NAMES) ¦ §N§['count'] ¦ len(§N§)
        ¦ §N§.get('count', §I§) ¦ (§N§.get('count') or §I§) ¦ §Z§.year ¦ §Z§.day ¦ §Z§.microsecond
        ¦ §Z§.weekday() ¦ (§Z§ - §Z§).days ¦ (§Z§ - §Z§).seconds
    """),
    STR: _forms("""
        (§S§ + §S§) ¦ (§S§ * 2) ¦ (3 * §S§) ¦ §S§.upper() ¦ §S§.strip() ¦ §S§.title() ¦ §S§.lower()
        ¦ §S§.capitalize() ¦ §S§.casefold() ¦ §S§.swapcase() ¦ §S§.lstrip('ax ') ¦ §S§.rstrip()
        ¦ §S§.removeprefix(§S§) ¦ §S§.removesuffix(§S§) ¦ §S§.expandtabs(4) ¦ §S§.zfill(§I§ % 9)
        ¦ §S§.center(§I§ % 20, '*') ¦ §S§.ljust(§I§ % 9, '-') ¦ §S§.rjust(§I§ % 9)
        ¦ §S§.replace(§S§, §S§) ¦ §S§.replace(§S§, §S§, 1) ¦ §S§.partition(§S§)[2]
        ¦ §S§.rpartition(',')[0] ¦ §S§[§I§] ¦ §S§[§I§:§I§] ¦ §S§[::-1] ¦ §S§[§I§:] ¦ §S§[:-1]
        ¦ §S§[§I§:§I§:§I§] ¦ §S§.join(§Y§) ¦ §Y§[§I§] ¦ §T§[0] ¦ §S§.split(§S§)[0]
        ¦ str(§I§) ¦ str(§F§) ¦ str(§B§) ¦ str(§X§) ¦ str(§M§) ¦ str(§R§) ¦ str(§T§) ¦ str(§A§)
        ¦ repr(§S§) ¦ repr(§D§) ¦ repr(§F§) ¦ repr(§G§) ¦ repr(§A§) ¦ hex(§I§) ¦ bin(§I§) ¦ oct(§I§)
        ¦ chr(abs(§I§) % 900) ¦ json.dumps(§D§) ¦ json.dumps(§A§) ¦ json.dumps(§Y§, indent=1)
        ¦ f'{§i§} {§s§}' ¦ f'{§f§:.2f}|{§i§:>5}|{§s§!r}' ¦ f'{§x§}{§b§}' ¦ f'{§i§:,}' ¦ f'{§i§:+d}'
        ¦ f'{§i§:08}' ¦ f'{§i§:x}' ¦ f'{§i§:#b}' ¦ f'{§f§:.3e}' ¦ f'{§f§:10.1f}|' ¦ f'{§f§:g}'
        ¦ f'{§f§:.1%}' ¦ f'{§s§:*^9}' ¦ f'{§s§:.2}' ¦ f'{§s§:<{abs(§i§) % 9}}|' ¦ f'{§d§} {§y§!r}'
        ¦ f'{§a§}' ¦ f'{§m§}{§t§}' ¦ f'{§s§.upper()}{len(§y§)}' ¦ '{} of {:>4}'.format(§I§, §S§)
        ¦ (§S§ if §B§ else §S§) ¦ (§M§ or §S§) ¦ (§S§ and §S§) ¦ min(§Y§, key=len) ¦ max(§Y§)
        ¦ max(§Y§, default=§S§) ¦ ', '.join(str(q) for q in §X§) ¦ ' '.join(sorted(§W§))
        ¦ next((q for q in §Y§ if q), 'none') ¦ re.sub('[a-z]', §S§, §S§)
        ¦ '-'.join(re.findall('[a-z]+', §S§)) ¦ '|'.join(k + str(v) for k, v in §D§.items())
        ¦ ''.join([q for q in §S§ if q.isalnum()]) ¦ ''.join(reversed(§S§))
        ¦ TITLE ¦ NAMES[§I§] ¦ ', '.join(NAMES) ¦ f'{TITLE}:{LIMIT}' ¦ §N§['title'] ¦ str(§N§)
        ¦ §N§.get('title', §S§) ¦ json.dumps(§N§) ¦ f'{§n§}' ¦ f"{§n§['title']}!"
        ¦ TITLE.format(§S§) ¦ str(§Z§) ¦ §Z§.isoformat() ¦ f'{§z§}' ¦ f'{§z§:%d.%m.%y}' ¦ str(§Z§ - §Z§)
        ¦ §Z§.strftime('%Y-%m-%d %H:%M:%S') ¦ §Z§.strftime('%A %j %b %p') ¦ repr(§Z§)
    """),
    BOOL: _forms("""
        (§I§ < §I§) ¦ (§I§ == §I§) ¦ (§I§ != §I§) ¦ (§F§ <= §I§) ¦ (§F§ == §F§) ¦ (0 < §i§ < 10)
        ¦ (§S§ == §S§) ¦ (§S§ < §S§) ¦ (§S§ in §S§) ¦ (§I§ in §X§) ¦ (§I§ not in §X§) ¦ (§S§ in §D§)
        ¦ (§S§ in §Y§) ¦ (§S§ in §W§) ¦ (§S§ in ['a', §S§]) ¦ (§S§ in ('a', 'B')) ¦ (§X§ in §R§)
        ¦ (§X§ == §X§) ¦ (§Y§ != §Y§) ¦ (§D§ == §D§) ¦ (§W§ == §W§) ¦ (§T§ == §T§) ¦ (§X§ < §X§)
        ¦ (§T§ < §T§) ¦ (§M§ == §S§) ¦ (§B§ == §B§) ¦ (§m§ is None) ¦ (§m§ is not None)
        ¦ (not §B§) ¦ (not §X§) ¦ (§B§ and §B§) ¦ (§B§ or §B§) ¦ (§B§ if §B§ else §B§)
        ¦ §S§.startswith(§S§) ¦ §S§.endswith(§S§) ¦ §S§.startswith(('a', 'x')) ¦ §S§.isdigit()
        ¦ §S§.isalpha() ¦ §S§.isupper() ¦ §S§.isspace() ¦ §S§.isidentifier() ¦ §S§.istitle()
        ¦ bool(§S§) ¦ bool(§X§) ¦ bool(§I§) ¦ bool(§F§) ¦ bool(§M§) ¦ bool(§A§) ¦ bool(§W§)
        ¦ any(q > 1 for q in §X§) ¦ all(§Y§) ¦ any(§X§) ¦ all(q for q in §Y§) ¦ any([§B§, §B§])
        ¦ any(q in §S§ for q in §Y§) ¦ all(len(q) > §I§ for q in §Y§ if q) ¦ isinstance(§s§, str)
        ¦ isinstance(§a§, dict) ¦ isinstance(§a§, (int, str)) ¦ (§A§ == §A§) ¦ (§a§ is None)
        ¦ (§S§ in NAMES) ¦ (§S§ in TABLE) ¦ ('title' in §N§) ¦ (§S§ in §N§) ¦ (§N§ == §N§) ¦ bool(§N§)
        ¦ bool(§n§.get('tags')) ¦ ('count' not in §n§) ¦ (§Z§ < §Z§) ¦ (§Z§ == §Z§)
        ¦ (§a§ in ('a', '3')) ¦ (§a§ in ['text', '12', 3]) ¦ (§a§ not in {'a': 1}) ¦ (§a§ in {'a', 'B'})
        ¦ §W§.issubset(§W§) ¦ §W§.isdisjoint(§W§) ¦ bool(re.search('a+', §S§))
    """),
    FLOAT: _forms("""
        (§F§ + §F§) ¦ (§F§ - §F§) ¦ (§F§ * §I§) ¦ (§I§ / §I§) ¦ (§F§ / §F§) ¦ (§F§ // §F§)
        ¦ (§F§ % §F§) ¦ (§f§ ** 2) ¦ (-§F§) ¦ (§I§ * 0.5) ¦ (1.5 - §I§) ¦ abs(§F§) ¦ float(§S§)
        ¦ float(§I§) ¦ round(§F§, 2) ¦ round(§F§, §I§ % 4) ¦ max(§F§, §F§) ¦ min(§F§, §F§)
        ¦ (§F§ if §B§ else §F§) ¦ (§F§ or §F§) ¦ math.sqrt(§F§) ¦ sum([§F§, §F§]) ¦ float('inf')
        ¦ RATE ¦ (§Z§ - §Z§).total_seconds() ¦ (§I§ * RATE) ¦ max([§F§, §F§]) ¦ sorted([§F§, §F§])[0] ¦ sum(q / 2 for q in §X§)
    """),
    INTS: _forms("""
        sorted(§X§) ¦ sorted(§X§, reverse=True) ¦ sorted(§X§, key=abs) ¦ §X§[§I§:§I§] ¦ §X§[::2]
        ¦ §X§[::-1] ¦ §X§[§I§:] ¦ §X§[:§I§] ¦ §X§[§I§:§I§:§I§] ¦ (§X§ + §X§) ¦ (§X§ * 2) ¦ [*§X§, §I§]
        ¦ list(range(§I§ % 7)) ¦ list(range(§I§ % 5, 9, 2)) ¦ list(reversed(§X§)) ¦ [§I§, §I§]
        ¦ list(§X§) ¦ §X§.copy() ¦ [q + §I§ for q in §X§] ¦ [q for q in §X§ if q > §I§]
        ¦ list(§D§.values()) ¦ [len(q) for q in §Y§] ¦ [i for i, q in enumerate(§Y§) if q]
        ¦ [int(q) for q in §Y§ if q.isdigit()] ¦ [a * b for a, b in zip(§X§, §X§)] ¦ §R§[§I§]
        ¦ [q for r in §R§ for q in r if q] ¦ §G§[§S§] ¦ §G§.get(§S§, §X§) ¦ (§X§ if §B§ else §X§)
        ¦ [v for k, v in sorted(§D§.items())] ¦ [ord(q) for q in §S§] ¦ (§X§ or §X§)
        ¦ [§T§[1], §I§] ¦ [sum(q) for q in §R§] ¦ [q if q > 0 else -q for q in §X§]
    """),
    STRS: _forms("""
        §S§.split() ¦ §S§.split(',') ¦ §S§.split(§S§) ¦ §S§.rsplit(',', 1) ¦ §S§.split(',', 1)
        ¦ §S§.splitlines() ¦ sorted(§Y§) ¦ sorted(§Y§, key=len) ¦ sorted(set(§Y§)) ¦ sorted(§W§)
        ¦ sorted(§Y§, key=lambda q: q.lower(), reverse=True) ¦ [str(q) for q in §X§] ¦ list(§D§)
        ¦ list(§S§) ¦ list(§D§.keys()) ¦ [§S§] ¦ [§S§, *§Y§] ¦ [q.upper() for q in §Y§ if q]
        ¦ (§Y§ + §Y§) ¦ §Y§[§I§:] ¦ §Y§[::-1] ¦ §Y§[:§I§] ¦ list(reversed(§Y§)) ¦ §Y§.copy()
        ¦ [k for k, v in §D§.items() if v > §I§] ¦ [f'{k}={v}' for k, v in §D§.items()]
        ¦ [q + r for q in §Y§ for r in §S§] ¦ re.findall('[a-z]', §S§) ¦ (§Y§ if §B§ else §Y§)
        ¦ [q.strip() for q in §S§.split(',')] ¦ sorted(§D§, key=lambda q: §d§[q]) ¦ (§Y§ or [§S§])
        ¦ [f'{i}{q}' for i, q in enumerate(§S§)] ¦ list(§N§) ¦ §N§['tags'] ¦ §N§.get('tags', §Y§)
        ¦ [q for q in NAMES if q not in §Y§] ¦ [*NAMES, §S§] ¦ sorted(TABLE)
    """),
    COUNTS: _forms("""
        {q: len(q) for q in §Y§} ¦ {§S§: §I§} ¦ {**§D§, §S§: §I§} ¦ dict(§D§) ¦ (§D§ | §D§)
        ¦ {k: v + 1 for k, v in §D§.items()} ¦ {str(q): q for q in §X§} ¦ §D§.copy()
        ¦ {k: v for k, v in §D§.items() if v > §I§} ¦ {q: i for i, q in enumerate(§Y§)}
        ¦ dict(zip(§Y§, §X§)) ¦ {k: len(v) for k, v in §G§.items()} ¦ {q: §S§.count(q) for q in §S§}
        ¦ {§S§: §I§, §S§: §I§} ¦ dict(sorted(§D§.items())) ¦ {**TABLE, §S§: §I§} ¦ dict(TABLE)
    """),
    MAYBE: _forms("(§S§ if §B§ else None) ¦ §M§ ¦ None ¦ §S§ ¦ next((q for q in §Y§ if q), None)"),
    ROWS: _forms("""
        [[§I§], §X§] ¦ [[q] for q in §X§] ¦ [[q, §I§] for q in §X§] ¦ sorted(§R§) ¦ §R§[§I§:]
        ¦ list(§G§.values()) ¦ [q for q in §R§ if q] ¦ [q[::-1] for q in §R§] ¦ (§R§ + §R§)
        ¦ [sorted(q) for q in §R§] ¦ sorted(§R§, key=len)
    """),
    GROUPS: _forms("""
        {§S§: §X§} ¦ {q: [len(q)] for q in §Y§} ¦ {k: [v] for k, v in §D§.items()} ¦ dict(§G§)
        ¦ {k: v for k, v in §G§.items() if v} ¦ {**§G§, §S§: §X§} ¦ {str(len(q)): q for q in §R§}
        ¦ {k: [q + 1 for q in v] for k, v in §G§.items()}
    """),
    WORDS: _forms("""
        set(§Y§) ¦ {q for q in §Y§} ¦ {§S§, §S§} ¦ (§W§ | §W§) ¦ (§W§ & §W§) ¦ (§W§ - §W§) ¦ (§W§ ^ §W§)
        ¦ §W§.union(§W§) ¦ §W§.intersection(§W§) ¦ set(§S§) ¦ {q.upper() for q in §Y§ if q}
        ¦ set(§D§) ¦ {str(q) for q in §X§}
    """),
    PAIR: _forms("""
        (§S§, §I§) ¦ sorted(§D§.items())[§I§] ¦ list(§D§.items())[0] ¦ (§T§ if §B§ else §T§)
        ¦ max(§D§.items(), key=lambda q: q[1]) ¦ [(q, len(q)) for q in §Y§][§I§] ¦ (§T§[0], §I§)
    """),
    ITEM: _forms("""
        {'title': §S§, 'count': §I§} ¦ {'tags': §Y§} ¦ {**§N§, 'count': §I§} ¦ Item(title=§S§, tags=§Y§)
        ¦ (§N§ if §B§ else §N§) ¦ {'count': len(§Y§), **§N§} ¦ §N§.copy()
    """),
    MOMENT: _forms("""
        (§Z§ + timedelta(days=§I§ % 400)) ¦ (§Z§ - timedelta(hours=§I§ % 90)) ¦ §Z§.replace(day=1)
        ¦ (§Z§ + (§Z§ - §Z§)) ¦ (§Z§ if §B§ else §Z§) ¦ max(§Z§, §Z§) ¦ datetime.fromisoformat(§S§)
        ¦ datetime.fromisoformat('2020-01-02T03:04:05') ¦ datetime(2000 + §I§ % 99, §I§ % 14, 28)
    """),
    DYNAMIC: _forms("""
        §a§ ¦ json.loads('3') ¦ json.loads('"text"') ¦ json.loads(§S§) ¦ §a§['a'] ¦ §a§[0]
        ¦ json.loads('{"a": {"b": 1}}')['a']
    """),
}
"""How an expression of each kind may be written."""


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
        case "list[list[int]]":
            return [argument(dice, INTS) for _ in range(dice.randint(0, 3))]
        case "dict[str, list[int]]":
            return {dice.choice(TEXTS): argument(dice, INTS) for _ in range(dice.randint(0, 3))}
        case "Item":
            kinds = {"title": STR, "count": INT, "tags": STRS}
            return {k: argument(dice, v) for k, v in kinds.items() if dice.random() < 0.7}
        case "Any":
            return argument(dice, dice.choice([INT, STR, BOOL, INTS, STRS, COUNTS, GROUPS, MAYBE]))
    return dice.choice([None, *TEXTS])


_HEAD = """import json
import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict

LIMIT = 3
RATE = 0.25
TITLE = "of {}"
NAMES = ["a", "B", "é"]
TABLE = {"a": 1, "k": -2, "": 5}


class Item(TypedDict, total=False):
    title: str
    count: int
    tags: list[str]
"""

_CASES = """
_GIVEN = json.loads(Path(__file__).with_suffix(".json").read_text())
CASES = {name: [tuple(given) for given in calls] for name, calls in _GIVEN.items()}
"""


MOST_MEMORY, MOST_SECONDS = 2**30, 20
"""What all calls of one function may take of the machine: bytes, and seconds of CPU."""


def ends(function: Callable[..., Any], calls: Sequence[Sequence[Any]]) -> bool:
    """Whether a function comes to an end on each input before it has taken too much.

    A random function may well add to the list that it loops over, or double a text in every round.
    """
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (2 * MOST_MEMORY, 2 * MOST_MEMORY))
        with contextlib.redirect_stdout(io.StringIO()):
            for given in calls:
                try:
                    function(*given)
                except MemoryError:
                    os._exit(1)
                except Exception:
                    continue
        os._exit(0)
    _, status, used = os.wait4(child, 0)
    # the function may have caught the MemoryError itself
    return status == 0 and used.ru_maxrss * 1024 < MOST_MEMORY


def write_module(dice: random.Random, name: str, functions: int, pairs: int) -> Path:
    """A module of random functions with inputs for each, as the snippets' harness reads it."""
    # up to half of the functions may turn out not to be native
    each = max(1, math.ceil(pairs / (functions / 2)))
    texts: list[str] = []
    cases: dict[str, list[list[Any]]] = {}
    known: list[Writer] = []
    left_out, scope = 0, dict[str, Any]()
    exec(_HEAD, scope)
    while len(texts) < functions:
        writer = Writer(dice, f"f{len(texts)}", known)
        calls = [[argument(dice, kind) for kind in writer.kinds] for _ in range(each)]
        exec(writer.text, scope)
        if not ends(scope[writer.name], calls):
            left_out += 1
            continue
        known = [*known[-3:], writer]
        texts.append(writer.text)
        cases[writer.name] = calls
    print(f"{left_out} functions left out: they take more than {MOST_SECONDS} s or 1 GiB")
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.py"
    path.write_text("\n\n".join([_HEAD, _CASES, *texts]))
    # apart from the module: the type checker would look at every argument
    path.with_suffix(".json").write_text(json.dumps(cases))
    return path


def main() -> int:
    """Generate, build, run and compare."""
    from tests.codegen.functions.harness import Snippets

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--functions", type=int, default=900)
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
    # one pair of each function says most of what there is to say
    for name, args, expected, found in list({pair[0]: pair for pair in wrong}.values())[:20]:
        print(f"{name}{args!r}\n  python {expected}\n  rust   {found}")
    functions = options.functions - len(snippets.refused)
    print(f"{len(native)} pairs of {functions} functions: {len(wrong)} differ")
    print(f"{refused} of {options.functions} functions refused, {len(uncompiled)} not compiled")
    return 1 if wrong or uncompiled else 0


if __name__ == "__main__":
    sys.exit(main())
