"""Every operation that native code has for a value of unknown type, as a module of functions on every kind of it."""

from pathlib import Path

_OF_ONE = """
len(x) | str(x) | repr(x) | int(x) | float(x) | bool(x) | list(x) | sorted(x) | sum(x) | min(x) | max(x) | round(x)
round(x, 1) | not x | x[0] | x[-1] | x["a"] | x[1:] | x[::-1] | x[:2] | x[-2:] | x["a"]["b"] | x.upper() | x.lower()
x.title() | x.capitalize() | x.strip() | x.strip("a ") | x.split() | x.split("a") | x.rsplit("a", 1) | x.splitlines()
x.partition("a") | x.replace("a", "b") | x.find("a") | x.index("a") | x.count("a") | x.startswith("a") | x.isdigit()
x.endswith(("a", "c")) | x.isalpha() | x.zfill(4) | x.ljust(5) | x.removeprefix("a") | x.copy() | ", ".join(x)
list(x.keys()) | list(x.values()) | list(x.items()) | x.get("a") | x.get("a", 5) | f"{x}" | f"{x!r}" | f"{x:>8}"
f"{x:.2f}" | f"{x:d}" | "{}".format(x) | x is None | isinstance(x, str) | isinstance(x, int) | isinstance(x, dict)
isinstance(x, (list, tuple)) | [i for i in x] | [str(i) for i in x if i] | any(x) | all(x) | {k: 1 for k in x}
[(i, v) for i, v in enumerate(x)] | len(set(x)) | type(x).__name__ | json.dumps(x) | x == None | "y" if x else "n"
x or "default" | x and "set" | x * 2 | "p" + x | [1] + x | x + 1 | 1 + x | x - 1 | x // 2 | x / 2 | x ** 2
x in [1, "a", None] | "a" in x | x < 2 | x >= "a" | [*x] | sum(1 for i in x if i) | sorted(x, key=lambda i: str(i))
max(x, key=lambda i: len(str(i))) | min(x, default=0) | "".join(str(i) for i in x) | int(float(x))
next((i for i in x if i), None) | [a for a in zip(x, "ab")] | dict(x) | list(reversed(x)) | [i for i in reversed(x)]
x is True | x is not False | x["a"] is True | [(i, v) for i, v in enumerate(reversed(x))] | json.dumps(x, default=str)
"""
_OF_TWO = """
x + y | x - y | x * y | x / y | x // y | x == y | x != y | x < y | x <= y | x in y | x not in y | x[y] | x or y | x and y
x.get(y) | x.join(y) | x.startswith(y) | x.index(y) | [x, y] | {"a": x, "b": y} | [*x, *y] | max(x, y) | min(x, y)
sorted([x, y]) | list(zip(x, y)) | f"{x:{y}}"
"""
_CHANGES = """
x.append(1) | x.extend([1, "a"]) | x.extend({"k": 1}) | x.extend("ab") | x.extend(x) | x["a"] = 1 | x[0] = "n"
x[-1] = "n" | del x["a"] | del x[0] | x.update({"z": 1}) | x.insert(0, "n") | x.insert(-1, "n") | x.setdefault("q", [])
x.remove("a") | x.sort() | x.reverse() | x.clear() | x["a"] += 1 | x["a"]["b"] += 1 | x["a"]["b"] = 1 | x["a"].append(1)
x.pop() | x.pop(0) | x.pop("a") | x.pop("a", None) | a, b = x; x = [b, a] | y = x.copy(); y["n"] = 1; x = [x, y]
y = list(x); y.append(1); x = [x, y] | y = x[:]; y.append(1); x = [x, y] | x = {**x, "z": 1}
"""
_VALUES = """
None, True, False, 0, 1, -3, 2, 2.5, -0.0, 1e20, "", "a", "abc", " 12 ", "12", "3.7", "a b\\nc", "é€", [], [1, 2],
["a", "b"], [1, "a", None], [[1], [2]], [{"a": 1}], [0, ""], {}, {"a": 1}, {"a": {"b": 2}}, {"b": [1]}, (1, 2), ("a",),
[3, 1, 2], ["b", "a", "é"], [1.5, 2], [True, 0], {1: 2}
"""
_HEAD = """
import json
from typing import Any, TypedDict


class State(TypedDict):
    a: int
"""


def write(folder: Path) -> None:
    """Write the module, with the cases, into `folder`."""
    text, cases = [_HEAD], []

    def add(name: str, head: str, body: str, drawn: str) -> None:
        text.append(f"def {name}({head}) -> Any:\n    {body}\n")
        cases.append(f"    {name!r}: [{drawn}],")

    for number, operation in enumerate(_parts(_OF_ONE)):
        add(f"of_one_{number}", "x: Any", f"return {operation}", "(x,) for x in _VALUES")
    for number, operation in enumerate(_parts(_OF_TWO)):
        drawn = "(x, y) for x in _VALUES for y in _VALUES"
        add(f"of_two_{number}", "x: Any, y: Any", f"return {operation}", drawn)
    for number, change in enumerate(_parts(_CHANGES)):
        # of a value that nobody else holds
        lines = ["x = json.loads(t)", *change.split("; "), "return x"]
        add(f"changed_{number}", "t: str", "\n    ".join(lines), "(t,) for t in _TEXTS")
    text.append(f"_VALUES = [{_VALUES}]")
    text.append("_TEXTS = [json.dumps(x) for x in _VALUES]")
    text.append("CASES = {\n" + "\n".join(cases) + "\n}\n")
    (folder / "matrix.py").write_text("\n\n".join(text))


def _parts(table: str) -> list[str]:
    return [part.strip() for line in table.splitlines() for part in line.split(" | ") if part]
