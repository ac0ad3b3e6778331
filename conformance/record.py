"""The committed record of the last full run: what the pages are made from, and the ratchet.

A test that fails now and is not in the record's failures is a regression.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from conformance.score import Score
from conformance.suites import SUITES

RECORD: Final = Path(__file__).with_name("record.json")
ROOT: Final = RECORD.parent.parent
PAGE: Final = ROOT / "docs" / "conformance.md"

_HEAD: Final = """# Conformance: LangGraph's own tests on langferry's engine

Made by `make conformance-record`. {sources}. The suites run in an
environment in which the core of LangGraph is not installed; every loaded module is compared with the
core's files, and the engine counts the supersteps it runs ({supersteps:,} in this run). The denominator
is what passes on LangGraph itself on the same machine, with memory and SQLite savers; what needs
Postgres, Redis or LangGraph's server is not counted. A file that cannot be imported counts as failed.

**Public** tests use documented names only. **Internals** reach for private names or attributes of
LangGraph. **Remote** is the client of LangGraph's server.

"""


@dataclass(frozen=True)
class Ratchet:
    """How a run compares with the record."""

    lost: list[str]
    gained: list[str]


def save(score: Score) -> None:
    """Write the record of a full run."""
    record = {
        "supersteps": score.supersteps,
        "files": score.files,
        "features": score.features,
        "failing": dict(sorted(score.failing.items())),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def compare(score: Score) -> Ratchet:
    """What a run of any part of the suites lost or gained against the record."""
    known = _load()["failing"]
    return Ratchet(
        lost=sorted(set(score.failing) - set(known)),
        gained=sorted(score.passing & set(known)),
    )


def page() -> str:
    """`docs/conformance.md`, from the record."""
    record = _load()
    sources = " and ".join(f"{s.distribution} {s.version}" for s in SUITES.values())
    parts = [_HEAD.format(sources=f"Suites: {sources}", supersteps=record["supersteps"])]
    parts.append("| | public | internals | remote |\n|---|---:|---:|---:|\n")
    for suite in SUITES:
        files = {n: k for n, k in record["files"].items() if n.startswith(f"{suite}::")}
        parts.append(_row(f"**{suite}**", _sum(files.values())))
    parts.append(_row("**both**", _sum(record["files"].values())))
    parts.append(
        "\n## By feature\n\nPublic tests that use its names; a test may count in several.\n"
    )
    parts.append("\n| feature | pass | of | |\n|---|---:|---:|---:|\n")
    for feature, (passed, expected) in record["features"].items():
        parts.append(f"| {feature} | {passed} | {expected} | {_percent(passed, expected)} |\n")
    parts.append("\n## By file\n\n| file | public | internals | remote |\n|---|---:|---:|---:|\n")
    parts += [_row(_short(name), kinds) for name, kinds in record["files"].items()]
    parts.append("\n## What fails, and why\n")
    parts += _failures(record["failing"])
    return "".join(parts)


def figure() -> str:
    """The sentence that other pages quote."""
    kinds = _sum(_load()["files"].values())
    passed, expected = kinds["public"]
    inner, of = kinds["internals"]
    return (
        f"{passed} of {expected} public tests of LangGraph's own suite pass "
        f"({_percent(passed, expected)}), and {inner} of the {of} that reach for its internals "
        f"([by feature and file](docs/conformance.md))"
    )


def _load() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def _sum(files: Any) -> dict[str, tuple[int, int]]:
    totals: dict[str, tuple[int, int]] = {}
    for kinds in files:
        for kind, (passed, expected) in kinds.items():
            before = totals.get(kind, (0, 0))
            totals[kind] = (before[0] + passed, before[1] + expected)
    return totals


def _row(name: str, kinds: dict[str, tuple[int, int]]) -> str:
    cells = [
        f"{kinds[kind][0]} / {kinds[kind][1]}" if kind in kinds else ""
        for kind in ("public", "internals", "remote")
    ]
    return f"| {name} | {' | '.join(cells)} |\n"


def _failures(failing: dict[str, str]) -> list[str]:
    """Failures by file; those of one test for one reason, on one line."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for name, why in failing.items():
        file, _, rest = name.partition(".py")
        test, _, parameters = rest.removeprefix("::").partition("[")
        groups.setdefault((file, test.strip(), why), []).append(parameters.removesuffix("]"))
    lines = []
    section = ""
    for (file, test, why), variants in groups.items():
        if file != section:
            section = file
            lines.append(f"\n### {_short(file)}\n\n")
        told = f" [{', '.join(variants)}]" if any(variants) else ""
        lines.append(f"- `{test}`{told}: {_escape(why)}\n")
    return lines


def _short(name: str) -> str:
    return name.replace("::tests/", " · ").removesuffix(".py")


def _escape(text: str) -> str:
    return "`" + text.replace("`", "'") + "`" if text else "no reason given"


def _percent(passed: int, expected: int) -> str:
    return f"{100 * passed / expected:.1f} %" if expected else ""
