"""SARIF 2.1.0, which code scanning of GitHub, GitLab and Azure takes.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from langferry.diagnostics.diagnostic import Diagnostic, Severity
from langferry.diagnostics.table import lookup

_LEVEL: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def sarif(findings: Sequence[Diagnostic]) -> str:
    """A log with one run; the rules are the codes that occur."""
    codes = sorted({found.code for found in findings})
    driver = {"name": "langferry", "version": version("langferry"), "rules": [*map(_rule, codes)]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes) for found in findings],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    row = lookup(code)
    return {
        "id": code,
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": row.explanation},
        "help": {"text": row.next_step},
    }


def _result(found: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": _LEVEL[found.severity],
        "message": {"text": found.message},
    }
    if found.span is not None:
        region = {
            "startLine": found.span.line,
            "startColumn": found.span.column + 1,
            "endLine": found.span.end_line,
            "endColumn": found.span.end_column + 1,
        }
        place = {"artifactLocation": {"uri": quote(found.span.file)}, "region": region}
        result["locations"] = [{"physicalLocation": place}]
    return result
