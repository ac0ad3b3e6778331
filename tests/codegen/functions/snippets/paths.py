# ruff: noqa
# (written as users write)
"""Paths of `pathlib`."""

import json
import pathlib
from pathlib import Path
from typing import Any

FOLDER = Path("/tmp/langferry_snippets_paths")
NESTED = FOLDER / "deep" / "er"
HERE = Path(__file__).resolve().parent


def taken_apart(text: str) -> list[str]:
    path = Path(text)
    return [str(path), path.name, str(path.parent), path.as_posix(), repr(path)]


def endings(text: str) -> list[str]:
    path = pathlib.Path(text)
    return [path.stem, path.suffix, path.suffix.lower()]


def joined(a: str, b: str) -> list[str]:
    one = Path(a) / b
    two = Path(a, b)
    three = Path(a).joinpath(b, "c")
    four = Path(a) / Path(b)
    return [str(one), f"{two}", f"<{three!s}> {three!r}", str(four), str(Path()), f"{one == two}"]


def above(text: str, level: int) -> str:
    try:
        return f"{Path(text).parents[level]} {Path(text).parent.parent}"
    except IndexError as error:
        return f"none {error}"


def renamed(text: str) -> list[str]:
    path = Path(text)
    return [str(path.with_suffix(".json")), str(path.with_suffix("")), str(path.with_name("x.y"))]


def with_spec(text: str) -> str:
    try:
        return f"{Path(text):>9}"
    except TypeError as error:
        return str(error)


def written(text: str) -> list[Any]:
    NESTED.mkdir(parents=True, exist_ok=True)
    path = NESTED / "a.txt"
    count = path.write_text(text, encoding="utf-8")
    found = [count, path.read_text(), path.exists(), path.is_file(), path.is_dir()]
    with open(path, "a") as f:
        f.write("more")
    with path.open() as f:
        found.append(f.read())
    with path.open("w", encoding="utf-8") as f:
        json.dump({"a": text}, f)
    found.append(json.loads(path.read_text(encoding="utf-8")))
    path.unlink()
    path.unlink(missing_ok=True)
    found.append(path.exists())
    found.append(NESTED.is_dir())
    found.append(NESTED.is_absolute())
    return found


def not_there(name: str) -> str:
    path = FOLDER / name
    try:
        return path.read_text()
    except FileNotFoundError as error:
        return f"{error}"
    except OSError as error:
        return f"{type(error).__name__} {error}"


def not_removed(name: str) -> None:
    Path(name).unlink()


def not_made(name: str, parents: bool) -> str:
    try:
        if parents:
            Path(name).mkdir(parents=True)
        else:
            Path(name).mkdir(exist_ok=True)
    except OSError as error:
        return f"{type(error).__name__} {error}"
    return "made"


def looked_for(name: str) -> list[bool]:
    path = Path(name)
    return [path.exists(), path.is_file(), path.is_dir()]


def gone_through(text: str) -> str:
    for path in [Path(text), Path(text) / "b"]:
        if path and path.name == "b":
            return f"found {path}"
    return "none"


def maybe_path(text: str) -> str:
    path = Path(text) if text else None
    if path is None:
        return "none"
    return path.name


def resolved(text: str) -> list[str]:
    return [str(Path(text).resolve()), str(Path(text).absolute()), str(Path.cwd() / text)]


def given_as_value(text: str) -> str:
    held: list[Any] = [1]
    held.append(Path(text))
    return f"{held}"


def listed_folder(text: str) -> list[str]:
    return sorted(str(path) for path in Path(text).iterdir())


TEXTS = [
    ("",),
    (".",),
    ("a/b.txt",),
    ("a//b/./c/",),
    ("/",),
    ("//x/y",),
    ("///x",),
    ("../..",),
    (".hidden",),
    ("/a/.b.tar.gz",),
    ("é/ü b.TXT",),
]

CASES = {
    "taken_apart": TEXTS,
    "endings": TEXTS,
    "joined": [
        ("a", "b"),
        ("", "b"),
        ("a", ""),
        ("a", "/b"),
        ("/", "b/"),
        ("//a", "b"),
        ("a", ".."),
        ("a", "//b"),
    ],
    "above": [
        ("a/b/c", 0),
        ("a/b/c", 2),
        ("a/b/c", 3),
        ("/a/b", 1),
        ("/a/b", 2),
        ("a", -1),
        ("/", 0),
    ],
    "renamed": [("a/b.txt",), ("/x",), (".a",), ("a.b.c",)],
    "with_spec": [("a",)],
    "written": [("",), ("é\r\nb\n",)],
    "not_there": [("none.txt",), ("",)],
    "not_removed": [("/tmp/langferry_nothing/x",), ("/tmp",)],
    "not_made": [
        ("/tmp", False),
        ("/tmp", True),
        ("/tmp/langferry_nothing/x", False),
        ("/etc/hostname/x", True),
    ],
    "looked_for": [("/tmp",), ("/etc/hostname",), ("/etc/hostname/x",), ("a\0b",), ("",)],
    "gone_through": [("a",), ("a/b",), ("/",)],
    "maybe_path": [("",), ("a/b",)],
    "resolved": [
        (".",),
        ("/tmp/../tmp/./x/../y",),
        ("a/../../b",),
        ("//tmp",),
        ("/",),
        ("/proc/self/..",),
    ],
}

REFUSED = {
    "given_as_value": "LF307",
    "listed_folder": "LF303",
}
