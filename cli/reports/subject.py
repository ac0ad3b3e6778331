"""What a report is about: a validation, and where its sources lie."""

from pathlib import Path
from typing import NamedTuple

from langferry.cli.places import seen_from_here
from langferry.diagnostics import Diagnostic
from langferry.validator import Report, Wiring, findings


class Subject(NamedTuple):
    """A validation of `program`.

    Attributes:
        program: the program as it was named.
        report: what was found.
        wiring: the graph, if it is known.
        crate: the directory of the crate that was compared, if one was.
    """

    program: Path
    report: Report
    wiring: Wiring | None
    crate: Path | None

    @property
    def findings(self) -> list[Diagnostic]:
        """What is wrong, with files as the working directory sees them."""
        return seen_from_here(findings(self.report), self.program)
