"""What the seeded faults told, as JSON and as text for a terminal."""

from collections import Counter

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from langferry.validator.mutants import MutationReport, Outcome

_OUTCOMES: tuple[Outcome, ...] = ("caught", "survived", "not built")


def mutation_as_json(report: MutationReport) -> str:
    """The report as one JSON object, with its `exit_code` and the number of each outcome."""
    data = {
        "exit_code": report.exit_code,
        "outcomes": {outcome: report.count(outcome) for outcome in _OUTCOMES},
        **msgspec.to_builtins(report),
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def print_mutation_report(report: MutationReport, console: Console | None = None) -> None:
    """Write the report for a person; coloured only on a terminal."""
    console = console or Console(highlight=False)
    console.print(escape(f"faults seeded into the crate of {report.program}"), soft_wrap=True)
    console.print(_table(report))
    for verdict in report.verdicts:
        if verdict.outcome == "survived":
            mutant = verdict.mutant
            console.print(
                f"[bold red]not caught[/]  {escape(f'{mutant.span}: {mutant.kind}: {mutant.what}')}",
                soft_wrap=True,
            )
    built = len(report.verdicts) - report.count("not built")
    console.print(
        f"caught: {report.count('caught')} of {built} faults, "
        f"{report.false_alarms} false alarms in {report.unchanged_runs} runs without a fault"
    )
    if report.count("survived"):
        console.print(
            f"next: add cases to {escape(report.cases_file)} that make these places matter",
            soft_wrap=True,
        )


def _table(report: MutationReport) -> Table:
    counted = Counter((v.mutant.kind, v.outcome) for v in report.verdicts)
    table = Table("kind of fault")
    for outcome in _OUTCOMES:
        table.add_column(outcome, justify="right")
    for kind in sorted({verdict.mutant.kind for verdict in report.verdicts}):
        table.add_row(kind, *(str(counted[kind, outcome] or "") for outcome in _OUTCOMES))
    return table
