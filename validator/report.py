"""What a validation found: as data, as JSON and as text for a terminal."""

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from langferry.diagnostics import Diagnostic, Span, lookup
from langferry.validator.coverage import Coverage
from langferry.validator.diff import Divergence
from langferry.validator.source_map import RustPlace

_WIDTH = 160


class CaseReport(msgspec.Struct, frozen=True):
    """One case on one engine.

    Attributes:
        case: its name.
        events: how many events LangGraph's trace has.
        seconds: how long the engine took.
        divergence: the first difference; None when the traces are equal.
        python: where in the program it comes from, if the source map tells.
        rust: where in the crate it stands, if the engine is the crate and the source map tells.
        resumptions: from how many places the case was gone on with after its process had been ended.
        killed: where it had been ended before the first difference.
    """

    case: str
    events: int
    seconds: float
    divergence: Divergence | None = None
    python: Span | None = None
    rust: RustPlace | None = None
    resumptions: int = 0
    killed: str | None = None


class EngineReport(msgspec.Struct, frozen=True):
    """One engine compared with LangGraph.

    Attributes:
        engine: its name.
        version: its version.
        start_seconds: how long it took to import or build.
        cases: what came out; empty when it could not run.
        problem: why it could not run.
        requests: what it asked servers and LangGraph did not, or the other way round.
    """

    engine: str
    version: str
    start_seconds: float
    cases: list[CaseReport]
    problem: Diagnostic | None = None
    requests: list[Diagnostic] = []


class Report(msgspec.Struct, frozen=True):
    """A whole validation.

    Attributes:
        program: the program.
        cases_file: where the cases came from.
        langgraph_version: the version of LangGraph compared with.
        langgraph_seconds: how long LangGraph took for every case.
        engines: one for each engine asked for.
        coverage: how much of the graph was compared.
    """

    program: str
    cases_file: str
    langgraph_version: str
    langgraph_seconds: list[float]
    engines: list[EngineReport]
    coverage: Coverage

    @property
    def exit_code(self) -> int:
        """0 equal, 1 different, 2 an engine could not run."""
        if any(engine.problem is not None for engine in self.engines):
            return 2
        cases = [case for engine in self.engines for case in engine.cases]
        asked_else = any(engine.requests for engine in self.engines)
        return int(asked_else or any(case.divergence is not None for case in cases))


def as_json(report: Report) -> str:
    """The report as one JSON object, with its `exit_code` and `equal`."""
    data = msgspec.to_builtins(report)
    data = {"equal": report.exit_code == 0, "exit_code": report.exit_code, **data}
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode()


def print_report(report: Report, console: Console | None = None) -> None:
    """Write the report for a person; coloured only on a terminal."""
    console = console or Console(highlight=False)
    title = f"{report.program} against LangGraph {report.langgraph_version}"
    console.print(escape(title), soft_wrap=True)
    console.print(_table(report))
    for engine in report.engines:
        if engine.problem is not None:
            _print_problem(console, f"{engine.engine} could not run", engine.problem)
        for found in engine.requests:
            _print_problem(console, f"{lookup(found.code).title}: {engine.engine}", found)
        for case in engine.cases:
            if case.divergence is not None:
                _print_divergence(console, engine.engine, case, case.divergence)
    _print_coverage(console, report.coverage)


def _table(report: Report) -> Table:
    table = Table()
    table.add_column("case", overflow="fold")
    table.add_column("events", justify="right")
    table.add_column("langgraph", justify="right")
    ran = [engine for engine in report.engines if engine.problem is None]
    for engine in ran:
        table.add_column(engine.engine, justify="right")
    for position, langgraph_seconds in enumerate(report.langgraph_seconds):
        cells = [engine.cases[position] for engine in ran]
        name = cells[0].case if cells else str(position)
        events = str(cells[0].events) if cells else ""
        marks = []
        for case in cells:
            word = "[green]equal[/]" if case.divergence is None else "[red]different[/]"
            how = f"{case.resumptions} ends" if case.resumptions else _milliseconds(case.seconds)
            marks.append(f"{word} {how}")
        table.add_row(escape(name), events, _milliseconds(langgraph_seconds), *marks)
    if any(engine.engine == "crate" for engine in ran):
        table.caption = "one run each; a crate's time includes starting a process for the case"
        table.caption_justify = "left"
    return table


def _print_divergence(console: Console, engine: str, case: CaseReport, found: Divergence) -> None:
    code = lookup(found.cause)
    console.print(f"\n[bold red]{found.cause}[/] {code.title}: case [bold]{escape(case.case)}[/]")
    where = [f"run {found.run}"]
    where += [f"step {found.step}"] if found.step is not None else []
    where += [f"task {found.task}"] if found.task else []
    where += [f"at {found.path}"] if found.path else []
    lines = [
        ("ended after", case.killed),
        ("where", ", ".join(where)),
        ("langgraph", _cut(found.expected)),
        (engine, _cut(found.actual)),
        ("python", str(case.python) if case.python else None),
        ("rust", str(case.rust) if case.rust else None),
        ("equal before", f"{found.equal_events} events, the last: {found.after}"),
        ("next", code.next_step),
    ]
    for label, text in lines:
        if text is not None:
            console.print(f"  [dim]{label:>12}[/]  {escape(text)}", soft_wrap=True)


def _print_problem(console: Console, title: str, problem: Diagnostic) -> None:
    console.print(f"\n[bold red]{problem.code}[/] {title}")
    console.print(f"  {escape(problem.message)}", soft_wrap=True)
    if problem.help:
        console.print(f"  [dim]next[/]  {escape(problem.help)}", soft_wrap=True)


def _print_coverage(console: Console, coverage: Coverage) -> None:
    parts = [f"{x.seen} of {x.known} {name}" for name, x in coverage.shares.items()]
    parts = parts or [f"{len(coverage.nodes_run)} nodes"]
    told = f" ({coverage.percent:.0f} % of the graph)" if coverage.percent is not None else ""
    console.print(
        f"\ncompared: {', '.join(parts)}{told}, {coverage.interrupts} interrupts, "
        f"{coverage.errors} runs that raise"
    )
    for name, share in coverage.shares.items():
        if share.missed:
            missed = escape(", ".join(share.missed))
            console.print(f"[yellow]{name} not seen in any trace:[/] {missed}")
    if coverage.open_routers:
        routers = escape(", ".join(coverage.open_routers))
        console.print(f"[yellow]not counted, as no text says where they lead:[/] {routers}")


def _cut(text: str | None) -> str:
    if text is None:
        return "nothing"
    return text if len(text) <= _WIDTH else f"{text[:_WIDTH]}… ({len(text)} characters)"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
