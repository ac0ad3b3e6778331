"""Findings that are known already, kept in a file, so that only new ones count.

A finding is the same when its code, file and message are, wherever in the file it stands. As many as are kept
are known: a second one of the same kind is new.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec

from langferry.diagnostics import Diagnostic, Failure


class _Known(msgspec.Struct, frozen=True):
    code: str
    file: str
    message: str
    count: int = 1


def write_baseline(found: Iterable[Diagnostic], path: Path) -> None:
    """Keep findings in a file.

    Raises:
        Failure: LF702, it cannot be written.
    """
    counts = sorted(Counter(map(_key, found)).items())
    known = [_Known(*key, count) for key, count in counts]
    text = msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n"
    try:
        path.write_bytes(text)
    except OSError as error:
        raise Failure("LF702", f"cannot write {path}: {error}") from error


def new_findings(found: Iterable[Diagnostic], path: Path) -> list[Diagnostic]:
    """The findings that a file does not hold.

    Raises:
        Failure: LF702, there is no such file, or it is no baseline.
    """
    try:
        known = msgspec.json.decode(path.read_bytes(), type=list[_Known])
    except (OSError, msgspec.DecodeError) as error:
        raise Failure("LF702", f"{path} is no baseline: {error}") from error
    left = Counter({(item.code, item.file, item.message): item.count for item in known})
    new = []
    for item in found:
        key = _key(item)
        left[key] -= 1
        if left[key] < 0:
            new.append(item)
    return new


def _key(item: Diagnostic) -> tuple[str, str, str]:
    return item.code, item.span.file if item.span is not None else "", item.message
