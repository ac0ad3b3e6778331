"""What the user asks of single functions and lines: comments in the source and `[tool.langferry]`.

`# langferry: bridge`, `native` or `refuse` is about a function; `# langferry: ignore[LF803]` silences
findings of these codes on its line, or on the next one where it stands alone.
"""

import io
import re
import tokenize
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from langferry.converter.project import SourceModule
from langferry.diagnostics import Diagnostic, Edit, Failure, Fix, Span, lookup

CHOICES = {"bridge": "bridged", "native": "native", "refuse": "refused"}
_COMMENT = re.compile(r"#\s*langferry:\s*(.*?)\s*$")
_IGNORE = re.compile(r"ignore\[(LF\d{3}(?:\s*,\s*LF\d{3})*)\]$")


@dataclass(frozen=True)
class _Ignored:
    """A comment that silences a line: where it is, the line it stands on, and which of its codes were met."""

    span: Span
    line: str
    inside: tuple[int, int]
    """The columns between its brackets."""
    codes: dict[str, bool]

    def without_unmet(self, is_sure: bool) -> Fix:
        """The fix that leaves the codes that were met."""
        met = [code for code, used in self.codes.items() if used]
        span, before = self.span, self.line[: self.span.column]
        if met:
            start, end = self.inside
            place = msgspec.structs.replace(span, column=start, end_column=end)
        elif before.strip():
            start, end = len(before.rstrip()), len(self.line)
            place = msgspec.structs.replace(span, column=start, end_column=end)
        else:
            place = Span(span.file, span.line, 0, span.line + 1, 0)
        message = "take what silences nothing out of the comment" if met else "take the comment out"
        edit = Edit(place, ", ".join(met))
        return Fix("safe" if is_sure else "unsafe", message, (edit,))


class Requests:
    """The requests of a program.

    Raises:
        Failure: LF233 when `[tool.langferry]` is not what it should be.
    """

    def __init__(self, root: Path, findings: list[Diagnostic]) -> None:
        self._findings = findings
        self._configured = _configured(root)
        self._comments: dict[str, dict[int, str]] = {}
        self._ignored: dict[tuple[str, int], _Ignored] = {}
        """The comment of each line that is silenced."""
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

    def silenced(
        self,
        findings: Sequence[Diagnostic],
        modules: Sequence[SourceModule],
        own: SourceModule | None,
    ) -> list[Diagnostic]:
        """The findings but for those that comments silence, and one for each code that silences none.

        Errors cannot be silenced: without what they are about there is no graph. Where there is one,
        not all that could be found is, and no comment is said to be in vain.

        Args:
            findings: what was found.
            modules: the program's.
            own: the module of which every graph was looked at, and that is this program's alone.
        """
        for module in modules:
            self._read(module)
        kept = [found for found in findings if not self._is_ignored(found)]
        if any(found.severity == "error" for found in kept):
            return kept
        for ignored in self._ignored.values():
            fix = ignored.without_unmet(own is not None and ignored.span.file == own.file)
            for code in (code for code, used in ignored.codes.items() if not used):
                message = f"nothing here is {code}"
                step = lookup("LF234").next_step
                kept.append(Diagnostic("LF234", "warning", message, ignored.span, step, fix))
        return kept

    def _is_ignored(self, found: Diagnostic) -> bool:
        if found.span is None or found.severity == "error":
            return False
        ignored = self._ignored.get((found.span.file, found.span.line))
        if ignored is None or found.code not in ignored.codes:
            return False
        ignored.codes[found.code] = True
        return True

    def _read(self, module: SourceModule) -> dict[int, str]:
        if module.file not in self._comments:
            found = self._comments[module.file] = {}
            if "langferry" not in module.text:
                return found
            reader = io.StringIO(module.text).readline
            for token in tokenize.generate_tokens(reader):
                match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
                if match is None:
                    continue
                line, column = token.start
                column += match.start()
                span = Span(module.file, line, column, *token.end)
                ignored = _IGNORE.match(match[1])
                if match[1] in CHOICES:
                    # on a line of its own it speaks of the next one
                    found[line] = CHOICES[match[1]]
                elif ignored is not None:
                    codes = dict.fromkeys(re.findall(r"LF\d{3}", ignored[1]), False)
                    text = module.lines[line - 1]
                    alone = text.lstrip().startswith("#")
                    inside = (text.rindex("[") + 1, text.rindex("]"))
                    self._ignored[module.file, line + alone] = _Ignored(span, text, inside, codes)
                else:
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
