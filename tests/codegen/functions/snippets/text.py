# ruff: noqa
# (written as users write)
"""Text."""

import json
import re
import textwrap

WORD = re.compile(r"[a-z]+", re.IGNORECASE)
STOP = {"the", "a"}
LIMIT = 3
NAMES = {"x": [1, 2], "y": []}


def methods(s: str) -> list[str]:
    return [
        s.lower(),
        s.upper(),
        s.title(),
        s.strip(),
        s.strip("x "),
        s.replace("a", "bb"),
        s.replace("a", "", 1),
        s.zfill(6),
        s.center(9, "*"),
        s.ljust(7) + "|",
        s.removeprefix("ab"),
        s.capitalize(),
        s.swapcase(),
    ]


def splits(s: str) -> list[list[str]]:
    return [s.split(), s.split(","), s.split(None, 1), s.splitlines(), s.rsplit(",", 1), list(s)]


def queries(s: str, sub: str) -> list[int]:
    return [s.find(sub), s.rfind(sub), s.count(sub), len(s), s.index(sub)]


def tests(s: str) -> list[bool]:
    return [
        s.isupper(),
        s.isdigit(),
        s.isalpha(),
        s.isspace(),
        s.startswith("ab"),
        s.endswith(("a", "b")),
        "a" in s,
        "z" not in s,
        s == "ab",
        s < "b",
        s in ("ab", "cd"),
        s in ["x"],
    ]


def slices(s: str, i: int) -> list[str]:
    return [s[i], s[:i], s[i:], s[-2:], s[::-1], s[1:4:2], s[-i:], s[:-1], s[i : i + 2]]


def tricky() -> list[str]:
    return [
        'quote " and \\ backslash',
        "braces {} {{x}}",
        'raw "# text',
        "{% jinja %} {{ x }}",
        "\x00\x07\u2028\u202e\x1b",
        "ünï 😀",
        'println!("{}", x)',
        "\\u{41}",
        f"{{literal}} {1 + 1} \u2028 \\u{{41}}",
    ]


def interpolated(name: str, n: int) -> str:
    return f"{name!r:>12}|{name:<8}|{name:^8}|{n:>4}|{name.upper()}|{'x' * n}|{name=}"


def joined(words: list[str]) -> str:
    return ", ".join(words) + "; " + "-".join(w for w in words if len(w) > 1) + f" [{len(words)}]"


def repeated(s: str, n: int) -> str:
    return s * n + n * "-"


def matched(s: str) -> str:
    found = re.search(r"(\d+)-(\d+)?", s)
    if not found:
        return "no"
    first = found.group(1)
    second = found.group(2)
    return f"{found.group()} {first!r} {second!r} {found.start()} {found.group(0)}"


def optional_group(s: str) -> str | None:
    found = re.match(r"(a)?b", s)
    return found.group(1) if found else None


def words(s: str) -> list[str]:
    return [w for w in WORD.findall(s) if w.lower() not in STOP]


def substituted(s: str) -> str:
    return re.sub(r"\s+", " ", s).strip() + WORD.sub("_", s)


def constants(key: str) -> int:
    return len(NAMES[key]) + LIMIT


def best(text: str) -> str:
    winner = "none"
    top = 0
    for name, values in NAMES.items():
        hits = sum(1 for v in values if v < len(text))
        if hits > top:
            winner, top = name, hits
    return f"{winner}:{top}"


def grade(n: int) -> str:
    # comments are kept
    if n > 9:
        mark = "high"
    elif n > 4:
        mark = "medium"  # beside
    else:
        mark = "low"
    return mark


def plural(n: int) -> str:
    return f"{n} item{'s' if n != 1 else ''}"


def dumped(xs: list[int]) -> str:
    return json.dumps({"items": xs, "name": "é"})


def grown(words: list[str]) -> str:
    line = ""
    for word in words:
        line += word
        line += "!"
    return line


def characters(s: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for c in s:
        counts[c] = counts.get(c, 0) + 1
    return counts


def codes(s: str) -> list[int]:
    return [ord(c) for c in s] + [len(chr(128512))]


def either(a: str, b: str) -> str:
    return a or b or "neither"


def both(a: str, b: str) -> str:
    return a and b


def keywords(type: str, match: str, len_: int, ctx: str) -> str:
    fn = type + match
    self = ctx
    return f"{fn}{len_}{self}"


_TEXTS = ["", "ab", " Ab c,d xX ", "ÄÖ straße ß", "a\nb\r\nc", "abab", "12", "😀é"]
PAIR = re.compile(r"(\w)=(\d)?")


def found_in_groups(s: str, pattern: str) -> str:
    lines = [f"{name}:{value}" for name, value in re.findall(r"(\w+)\s*=\s*(\w*)", s)]
    for match in PAIR.findall(s):
        lines.append(match[0] + match[1] + str(len(match)))
    return f"{lines} {re.findall(pattern, s)} {re.findall(pattern, s, re.IGNORECASE)}"


_DEDENTED = textwrap.dedent("""
    Of the module:
      {name}
""")


def dedented(name: str) -> list[str]:
    text = textwrap.dedent("""\
        First ä
          second

        \tthird""")
    return [text, _DEDENTED.format(name=name), textwrap.dedent("  a  b").strip()]


def dedented_when_made(name: str) -> str:
    return textwrap.dedent(f"  {name}")


CASES = {
    "dedented": [("x",)],
    "found_in_groups": [
        ("a=1 b= cc = 2", "A|b"),
        ("x=y=3", "(X)(=)"),
        ("", "a(b)?"),
        ("a", "(a)|(b)"),
    ],
    "methods": [(s,) for s in _TEXTS],
    "splits": [(s,) for s in _TEXTS],
    "queries": [("abcab", "ab"), ("abc", ""), ("é😀é", "é"), ("abc", "z")],
    "tests": [(s,) for s in _TEXTS],
    "slices": [("abcdef", 2), ("😀éab", 1), ("abc", 7), ("ab", -1)],
    "tricky": [()],
    "interpolated": [("o'k", 3), ('q"', 0), ("é\n", 1)],
    "joined": [([],), (["a", "bb", "ccc"],)],
    "repeated": [("ab", 3), ("ab", 0), ("", -2)],
    "matched": [("12-34",), ("x 5- y",), ("none",)],
    "optional_group": [("ab",), ("b",), ("c",)],
    "words": [("The quick, a FOX",), ("",)],
    "substituted": [("  a  b\tc ",)],
    "constants": [("x",), ("y",), ("z",)],
    "best": [("",), ("abc",)],
    "grade": [(1,), (5,), (10,)],
    "plural": [(0,), (1,), (2,)],
    "dumped": [([],), ([1, 2],)],
    "grown": [([],), (["a", "b"],)],
    "characters": [("",), ("hello",)],
    "codes": [("aé😀",)],
    "either": [("", ""), ("a", "b"), ("", "b")],
    "both": [("", "b"), ("a", "b")],
    "keywords": [("a", "b", 3, "c")],
}

REFUSED = {"dedented_when_made": "LF303"}
