"""SARIF 2.1.0, which code scanning of GitHub, GitLab and Azure takes.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from langferry.diagnostics.diagnostic import Diagnostic, Severity
from langferry.diagnostics.fix import Fix
from langferry.diagnostics.span import Span
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
        place = {"artifactLocation": _file(found.span), "region": _region(found.span)}
        result["locations"] = [{"physicalLocation": place}]
    # a notebook's lines are those of its cells, and an edit of the file there would break it
    if found.fix is not None and found.fix.edits and not _is_notebook(found.fix.edits[0].span):
        result["fixes"] = [_fix(found.fix)]
    return result


def _fix(fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    change = {"artifactLocation": _file(fix.edits[0].span), "replacements": replacements}
    return {
        "description": {"text": fix.message},
        "artifactChanges": [change],
        "properties": {"applicability": fix.applicability},
    }


def _is_notebook(span: Span) -> bool:
    return span.file.endswith(".ipynb")


def _file(span: Span) -> dict[str, str]:
    return {"uri": quote(span.file)}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }
