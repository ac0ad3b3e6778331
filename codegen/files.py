"""What generators return: texts by path, with the lock that tells them from a user's own files."""

import hashlib
import json
from collections.abc import Mapping
from typing import Literal

import langferry
from langferry.diagnostics import Failure
from langferry.model import Program

Files = dict[str, str]
"""Texts by path: relative, with forward slashes."""

LOCK = "langferry.lock.json"
"""Where the hashes of all generated files stand."""


def sha256(text: str) -> str:
    """The hash of `text` as it is written: UTF-8, line ends as they are."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def locked(files: Files, program: Program, target: Literal["rust", "python"]) -> Files:
    """`files` in order of their paths, with their lock."""
    ordered = {path: files[path] for path in sorted(files)}
    lock = {
        "tool": "langferry",
        "version": langferry.__version__,
        "target": target,
        "input": program.input_hash,
        "files": {path: sha256(text) for path, text in ordered.items()},
    }
    return ordered | {LOCK: json.dumps(lock, indent=2) + "\n"}


def check_model(program: Program, sources: Mapping[str, str]) -> None:
    """Makes sure that `program` holds no error, and was read from the texts in `sources`.

    Raises:
        Failure: the first error the converter found; LF613, a file is missing or has changed since.
    """
    for found in program.diagnostics:
        if found.severity == "error":
            raise Failure(found.code, found.message, found.span, found.help)
    for file in program.files:
        text = sources.get(file.path)
        if text is None or sha256(text) != file.sha256:
            raise Failure("LF613", f"`{file.path}` is not what the model was made from")
