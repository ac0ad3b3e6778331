# ruff: noqa
# (written as users write)
"""Text files, paths and folders."""

import contextlib
import json
import os
from contextlib import suppress
from typing import Any

FOLDER = "/tmp/langferry_snippets_files"


def round_trip(text: str) -> Any:
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, "a.txt")
    with open(path, "w", encoding="utf-8") as f:
        written = f.write(text)
        f.writelines(["x\n", "y"])
    with open(path) as f:
        whole = f.read()
        rest = f.read()
    with open(path, "r") as f:
        first = f.readline()
        others = f.readlines()
    numbered = []
    with open(path, encoding="UTF-8") as f:
        for number, line in enumerate(f, 1):
            if "stop" in line:
                break
            numbered.append(f"{number}: {line.rstrip()}")
    with open(path, "a") as f:
        f.write("end")
        f.flush()
        size = os.path.getsize(path)
    os.remove(path)
    return [written, whole, rest, first, others, numbered, size, os.path.exists(path)]


def raw(text: str) -> str:
    os.makedirs(FOLDER, exist_ok=True)
    path = FOLDER + "/raw.txt"
    with open(path, mode="w", newline="") as out:
        out.write(text)
    try:
        return repr(open(path).read())
    finally:
        os.unlink(path)


def missing(path: str) -> str:
    try:
        with open(path) as f:
            return f.read()
    except FileNotFoundError as error:
        return f"none: {error} {error!r}"
    except IsADirectoryError as error:
        return f"folder: {error}"
    except OSError as error:
        return f"{type(error).__name__}: {error}"


def unhandled(path: str, mode: str) -> int:
    if mode == "r":
        with open(path) as f:
            return len(f.read())
    if mode == "x":
        with open(path, "x") as f:
            return f.write("new")
    with open(path, "w") as f:
        return f.write(mode)


def undecodable(data: str, lines: bool) -> str:
    path = "tests/codegen/functions/undecodable/" + data
    if lines:
        found = 0
        with open(path) as f:
            for line in f:
                found += 1
        return str(found)
    with open(path) as f:
        return f.read()


def lenient(data: str) -> str:
    path = os.path.join("tests/codegen/functions/undecodable", data)
    with open(path, errors="ignore") as f, open(path, errors="replace") as g:
        return f.read() + "|" + g.read()


def closed_too_early(text: str) -> str:
    os.makedirs(FOLDER, exist_ok=True)
    with open(f"{FOLDER}/c.txt", "w") as f:
        f.write(text)
        f.close()
        try:
            f.write("more")
        except ValueError as error:
            return str(error)
    return "?"


def left_early(names: list[str]) -> list[str]:
    found = []
    for name in names:
        with suppress(OSError), open(name) as f:
            if name.endswith("skip"):
                continue
            found.append(f.readline())
    return found


def saved(value: Any, indent: bool) -> str:
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, "v.json")
    try:
        with open(path, "w") as f:
            if indent:
                json.dump(value, f, indent=2, ensure_ascii=False)
            else:
                json.dump(value, f)
    except TypeError as error:
        print(error)
    with open(path) as f:
        text = f.read()
    try:
        with open(path) as f:
            again = json.load(f)
    except json.JSONDecodeError as error:
        return f"{text} {error}"
    return f"{text} {again}"


def in_order(value: Any) -> str:
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, "sorted.json")
    try:
        with open(path, "w") as f:
            json.dump(value, f, sort_keys=True, indent=1)
    except TypeError as error:
        print(error)
    with open(path) as f:
        return f.read()


def loaded(name: str) -> Any:
    with open(f"tests/codegen/functions/undecodable/{name}") as f:
        return json.load(f)


def dropped(text: str) -> int:
    number = -1
    with contextlib.suppress(ValueError, KeyError):
        number = int(text)
        return number
    return number


def paths(path: str, other: str) -> list[str]:
    root, ending = os.path.splitext(path)
    joined = os.path.join(path, other, "c")
    plain = os.path.normpath(joined)
    absolute = os.path.abspath(path) == os.path.normpath(os.path.join(os.getcwd(), path))
    return [
        root,
        ending,
        os.path.basename(path),
        os.path.dirname(path),
        joined,
        plain,
        str(os.path.isabs(path)),
        str(absolute),
    ]


def folders(name: str) -> str:
    path = os.path.join(FOLDER, name)
    os.makedirs(path, exist_ok=True)
    shown = ""
    try:
        os.makedirs(path)
    except FileExistsError as error:
        shown = str(error)
    with open(os.path.join(path, "one"), "w") as f:
        f.write("1")
    found = [item for item in os.listdir(path) if os.path.isfile(os.path.join(path, item))]
    kinds = [os.path.isdir(path), os.path.isfile(path), os.path.exists(path)]
    return f"{shown} {found} {kinds}"


def no_folder(name: str) -> list[str]:
    return os.listdir(name)


def under_a_file(name: str) -> str:
    os.makedirs(FOLDER, exist_ok=True)
    with open(FOLDER + "/plain", "w") as f:
        f.write("")
    try:
        os.makedirs(FOLDER + "/plain/" + name, exist_ok=True)
    except NotADirectoryError as error:
        return str(error)
    except OSError as error:
        return f"{type(error).__name__} {error}"
    return "made"


def gone(name: str) -> None:
    os.remove(name)


def bytes_of(name: str) -> int:
    with open(name, "rb") as f:
        return len(f.read())


def other_encoding(name: str) -> str:
    with open(name, encoding="latin-1") as f:
        return f.read()


def both_ways(name: str) -> str:
    with open(name) as f:
        for line in f:
            return line + f.read()
    return ""


def kept(name: str) -> str:
    with open(name) as f:
        return f"{f}"


_WRONG = ("start", "rest", "inner", "lone", "long", "fine")

REFUSED = {
    "bytes_of": "LF303",
    "other_encoding": "LF303",
    "both_ways": "LF303",
    "kept": "LF302",
}

CASES = {
    "round_trip": [("",), ("one\ntwo\r\nthree\rstop\n\u00fc\U0001f600\n",), ("\n\n",)],
    "raw": [("a\r\nb\rc\n",), ("",), ("\u2028x\x0by",)],
    "missing": [
        ("/nowhere/x'y",),
        ("",),
        ("/tmp",),
        ("/etc/passwd/x",),
        ("a" * 300,),
    ],
    "unhandled": [
        ("/nowhere", "r"),
        ("/tmp", "r"),
        ("/tmp", "w"),
        ("/tmp", "x"),
        ("/nowhere/a", "w"),
        ("a\0b", "r"),
    ],
    "undecodable": [
        (name, lines)
        for name in _WRONG
        for lines in (False, True)
        if (name, lines) != ("rest", True)
    ],
    "lenient": [(name,) for name in _WRONG],
    "closed_too_early": [("x",)],
    "left_early": [([],), (["/nowhere", "/tmp", "tests/codegen/functions/undecodable/fine"],)],
    "saved": [
        ({"a": [1, 2.5, None, True], "\u00fc": "\U0001f600", "e": {}, "l": []}, False),
        ({"a": [1, {"b": ()}], "\u00fc": "x"}, True),
        ("text", True),
        ([1, {"k": {1}}, 2], False),
        ([1, {"k": [0, {1}]}, 2], True),
        ({"a": 1, (1, 2): 2}, True),
        ({"a": 1, (1, 2): 2}, False),
    ],
    "in_order": [({"b": 1, "a": {}},), ({"b": 1, 2: 3},), ([{"b": 1, 2: 3}],), ({},)],
    "loaded": [("bom",), ("fine",), ("start",)],
    "dropped": [("12",), ("x",), ("",)],
    "paths": [
        ("", ""),
        ("a/b.txt", "../c"),
        ("/", "x"),
        ("//x//y/", "/z"),
        ("a/.bashrc", ""),
        ("..x.tar.gz", ".."),
        ("../..", "./."),
    ],
    "folders": [("deep/er",), ("one/",), ("a/../b",)],
    "no_folder": [("/nowhere",), ("/etc/passwd",)],
    "under_a_file": [("x",), ("x/y",)],
    "gone": [("/nowhere",), ("/tmp",)],
}
