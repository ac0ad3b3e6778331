"""What the user asks of single functions: comments in the source and `[tool.langferry]`."""

import io
import re
import tokenize
import tomllib
from pathlib import Path

from langferry.converter.project import SourceModule
from langferry.diagnostics import Diagnostic, Failure, Span, lookup

CHOICES = {"bridge": "bridged", "native": "native", "refuse": "refused"}
_COMMENT = re.compile(r"#\s*langferry:\s*(.*?)\s*$")


class Requests:
    """The requests of a program.

    Raises:
        Failure: LF233 when `[tool.langferry]` is not what it should be.
    """

    def __init__(self, root: Path, findings: list[Diagnostic]) -> None:
        self._findings = findings
        self._configured = _configured(root)
        self._comments: dict[str, dict[int, str]] = {}
        self.used: set[str] = set()

    def of(self, module: SourceModule, line: int, name: str, qualified: str) -> str | None:
        """The disposition asked for the function whose definition starts at `line`."""
        comments = self._read(module)
        for at in (line, line - 1):
            if at in comments:
                return comments[at]
        for candidate in (qualified, f"{module.name}.{qualified}", name):
            if candidate in self._configured:
                self.used.add(candidate)
                return self._configured[candidate]
        return None

    def unused(self) -> list[str]:
        """Configured names that no function of the program has."""
        return sorted(self._configured.keys() - self.used)

    def _read(self, module: SourceModule) -> dict[int, str]:
        if module.file not in self._comments:
            found = self._comments[module.file] = {}
            reader = io.StringIO(module.text).readline
            for token in tokenize.generate_tokens(reader):
                match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
                if match is None:
                    continue
                line, column = token.start
                if match[1] in CHOICES:
                    # on a line of its own it speaks of the next one
                    found[line] = CHOICES[match[1]]
                else:
                    span = Span(module.file, line, column, *token.end)
                    self._findings.append(
                        Diagnostic(
                            "LF233",
                            "error",
                            f"unknown request {match[1]!r}",
                            span,
                            lookup("LF233").next_step,
                        )
                    )
        return self._comments[module.file]


def _configured(root: Path) -> dict[str, str]:
    path = root / "pyproject.toml"
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get("langferry", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure("LF233", f"{path.name} cannot be read: {error}") from error
    found: dict[str, str] = {}
    for choice, disposition in CHOICES.items():
        listed = table.get(choice, [])
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise Failure("LF233", f"tool.langferry.{choice} is not a list of names")
        found.update(dict.fromkeys(listed, disposition))
    return found
