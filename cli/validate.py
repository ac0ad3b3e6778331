"""`migrate validate`: run the original and the new versions, compare their traces."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from langferry.cli import exit_codes, options
from langferry.cli.console import Progress, messages, output
from langferry.cli.read_program import program_root, read_program
from langferry.cli.reports import REPORTS, write
from langferry.cli.work_dir import default_work_dir, place_key

if TYPE_CHECKING:
    from langferry.model import Program
    from langferry.validator import CaseFile, Report, Wiring

_ENGINES = ("shim", "python", "crate")


def _engines(_: click.Context, __: click.Parameter, value: str) -> list[str]:
    chosen = [name.strip() for name in value.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in _ENGINES]
    if unknown or not chosen:
        raise click.BadParameter(f"choose among {', '.join(_ENGINES)}, separated by commas")
    return list(dict.fromkeys(chosen))


def _report_files(
    _: click.Context, __: click.Parameter, value: tuple[Path, ...]
) -> tuple[Path, ...]:
    for path in value:
        if path.suffix not in REPORTS:
            raise click.BadParameter(f"{path}: its name must end in one of {', '.join(REPORTS)}")
    return value


@click.command(short_help="Run original and converted versions, compare their traces.")
@options.program
@options.entry
@options.cases
@click.option(
    "--case", "case_names", multiple=True, help="Only the case of this name; may be repeated."
)
@click.option(
    "--against",
    callback=_engines,
    default=",".join(_ENGINES),
    show_default=True,
    metavar="ENGINES",
    help="What to compare with LangGraph, separated by commas.",
)
@click.option(
    "--crate",
    "crate_dir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A crate made by `migrate convert`, used as it is, instead of a fresh conversion.",
)
@options.work_dir
@click.option("--release", is_flag=True, help="Build the crate optimised.")
@click.option(
    "--kill-and-resume",
    is_flag=True,
    help="End LangGraph and the crate after everything they store, and have the other one go on.",
)
@click.option(
    "--cassette",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Answer what the program asks models from this file: nothing is sent to a server, and engines that"
    " ask for something else than LangGraph does are different.",
)
@click.option(
    "--record",
    "records",
    is_flag=True,
    help="Ask the servers for what the cassette lacks when LangGraph runs, and keep what they answer.",
)
@click.option(
    "--fuzz",
    "fuzzed",
    type=click.IntRange(1),
    metavar="N",
    help="Draw N inputs from the types of the graph's input instead of running the cases, and cut the first"
    " one that differs down. Config and seed are those of the first case, if there is one.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="With --fuzz: the same seed draws the same inputs.",
)
@click.option(
    "--report",
    "report_files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    callback=_report_files,
    metavar="FILE",
    help="Write the result there as well; may be repeated. The name's ending says how: .html a page with"
    " the graph and both sources, .xml JUnit, .json, .md, .sarif.",
)
@click.option(
    "--github",
    is_flag=True,
    help="Print GitHub Actions' commands, which mark the lines that differ.",
)
@click.option(
    "--min-coverage",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 when the cases show less than this of the nodes, edges, routes and pauses.",
)
@click.option("--show-trace", metavar="CASE", help="Print LangGraph's trace of this case as well.")
@options.quiet
@options.as_json
def validate(
    program: Path,
    entry: str | None,
    cases: Path | None,
    case_names: tuple[str, ...],
    against: list[str],
    crate_dir: Path | None,
    work_dir: Path | None,
    release: bool,
    kill_and_resume: bool,
    cassette: Path | None,
    records: bool,
    fuzzed: int | None,
    seed: int,
    report_files: tuple[Path, ...],
    github: bool,
    min_coverage: float | None,
    show_trace: str | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run PROGRAM's cases on real LangGraph and on each of langferry's engines, and stop at the
    first difference of each pair of traces.

    PROGRAM is executed, as its cases say. Exit code 0: equal; 1: different, or too little of the
    graph was compared; 2: something could not run.
    """
    if github and as_json:
        raise click.UsageError("--github and --json both print to standard output: choose one")
    if records and cassette is None:
        raise click.UsageError("--record needs --cassette, the file to keep the answers in")
    if cassette is not None and kill_and_resume:
        raise click.UsageError(
            "--kill-and-resume asks again what it is ended at: it takes no --cassette"
        )
    from langferry import validator
    from langferry.cli.reports.subject import Subject
    from langferry.diagnostics.formats import FORMATS

    if fuzzed is not None and (case_names or show_trace or kill_and_resume):
        raise click.UsageError("--fuzz takes none of --case, --show-trace and --kill-and-resume")
    work = (work_dir or default_work_dir("validate", program)).resolve()
    traces = work / "traces"
    console = messages()
    with Progress(console, quiet or as_json).shown() as progress:
        known = _cases(program, cases, fuzzed is not None)
        conversion = _Conversion(program, entry, known, work, progress)
        wiring = conversion.wiring()

        def compared(chosen: "CaseFile") -> "Report":
            return validator.validate(
                program,
                chosen,
                cast(Any, against),
                crate_dir=crate_dir or conversion.crate,
                python_dir=conversion.python,
                progress=progress,
                entry=entry,
                case_names=case_names or None,
                traces=traces,
                # a crate of the user's is built where the user builds it
                build_dir=None if crate_dir else work.parent / "cargo-build",
                release=release,
                kills=kill_and_resume,
                wiring=wiring,
                cassette=cassette,
                records=records,
            )

        if fuzzed is None:
            report, told = compared(known), None
        else:
            report, told = _searched(conversion, known, fuzzed, seed, work, compared)
    crate = crate_dir or (conversion.crate_directory if "crate" in against else None)
    subject = Subject(program, report, wiring, crate)
    if github:
        print(FORMATS["github"](subject.findings))
    if as_json:
        print(validator.as_json(report))
    else:
        if show_trace is not None:
            _print_trace(traces, report, show_trace)
        validator.print_report(report, output())
    if told is not None:
        console.print(told, soft_wrap=True, markup=False)
    for path in report_files:
        write(subject, path)
    return report.exit_code or _too_little(report, min_coverage)


def _too_little(report: "Report", wanted: float | None) -> int:
    """Whether less of the graph was compared than is wanted, as an exit code; says so if it is."""
    percent = report.coverage.percent
    if wanted is None or (percent is not None and percent >= wanted):
        return exit_codes.DONE
    shown = "an unknown share" if percent is None else f"{percent:.1f} %"
    messages().print(f"the cases show {shown} of the graph, less than {wanted:g} %")
    return exit_codes.NEGATIVE


def _cases(program: Path, path: Path | None, may_lack: bool) -> "CaseFile":
    """The cases; those of no file where they may lack."""
    from langferry.diagnostics import Failure
    from langferry.validator import CaseFile, find_cases, read_cases

    try:
        found = path or find_cases(program)
    except Failure:
        if not may_lack:
            raise
        return CaseFile("inputs that are drawn", "", [])
    return read_cases(found)


def _searched(
    conversion: "_Conversion",
    known: "CaseFile",
    count: int,
    seed: int,
    work: Path,
    compared: "Callable[[CaseFile], Report]",
) -> "tuple[Report, str]":
    """The report on inputs that are drawn, and what to tell of the search."""
    import msgspec

    from langferry.cli.inputs import inputs_of
    from langferry.validator import Case, Run, search

    model = conversion.model
    first = known.cases[0] if known.cases else None

    def of(inputs: list[Any]) -> "CaseFile":
        cases = [
            Case(
                f"input {number}",
                [Run("input", given)],
                {} if first is None else first.config,
                0 if first is None else first.seed,
            )
            for number, given in enumerate(inputs, 1)
        ]
        return msgspec.structs.replace(known, entry=known.entry or model.entry, cases=cases)

    given = [run.value for case in known.cases for run in case.runs if run.kind == "input"]
    found = search(inputs_of(model, given), count, seed, lambda inputs: compared(of(inputs)))
    if found.found is None:
        return found.report, f"{found.tried} inputs drawn with seed {seed}: no difference"
    chosen = of([found.found])
    case = {"name": f"found with seed {seed}", "runs": [{"input": found.found}]}
    cases = {"entry": chosen.entry, "cases": [case]}
    path = work / "found.cases.yaml"
    path.write_text(json.dumps(cases, indent=1, ensure_ascii=False), encoding="utf-8")
    return found.report, (
        f"{found.tried} inputs drawn with seed {seed}; the one that differs, cut down, is a case in {path}"
    )


class _Conversion:
    """Converts the program when an engine needs it; reads it once."""

    def __init__(
        self,
        program: Path,
        entry: str | None,
        known: "CaseFile",
        work: Path,
        progress: Callable[[str], None],
    ) -> None:
        self._program = program
        self._work = work
        self._progress = progress
        self._entry = entry or known.entry or None
        self._checkpointer = known.checkpointer
        self._read: tuple[Any, dict[str, str]] | None = None

    def _model(self) -> tuple[Any, dict[str, str]]:
        if self._read is None:
            self._read = read_program(
                self._program, self._entry, self._checkpointer, self._progress
            )
        return self._read

    @property
    def model(self) -> "Program":
        """What the converter understands of the program."""
        return cast("Program", self._model()[0])

    def wiring(self) -> "Wiring | None":
        """What the graph is made of; None when that cannot be read, which LangGraph need not mind."""
        from langferry.cli.wiring import wiring_of
        from langferry.diagnostics import Failure

        try:
            return wiring_of(self._model()[0])
        except Failure:
            return None

    @property
    def crate_directory(self) -> Path:
        return self._work / "crate"

    def crate(self) -> Path:
        from langferry import codegen

        model, sources = self._model()
        directory = self.crate_directory
        # in a work directory of ours the runtime need not be copied: one build of it serves all
        chosen = codegen.CrateOptions(
            runtime=codegen.runtime_root(), directory=directory, build=place_key(directory)
        )
        files = codegen.generate_crate(model, sources, chosen)
        codegen.write_files(files, directory, force=True)
        return directory

    def python(self) -> Path:
        from langferry import codegen

        model, sources = self._model()
        directory = self._work / "python"
        codegen.write_files(codegen.generate_python(model, sources), directory, force=True)
        root = program_root(self._program, model)
        return directory / self._program.resolve().relative_to(root).parent


def _print_trace(traces: Path, report: "Report", case: str) -> None:
    """LangGraph's events of `case`, one a line, with which engines gave the same trace."""
    from langferry.validator import read_trace

    ran = next((engine.cases for engine in report.engines if engine.cases), [])
    names = [known.case for known in ran]
    if case not in names:
        from langferry.diagnostics import Failure

        raise Failure("LF502", f"no case {case!r} was run")
    position = names.index(case)
    import msgspec
    from rich.markup import escape

    console = output()
    console.print(f"[bold]trace of {escape(case)}[/] on LangGraph")
    for event in read_trace(traces / "langgraph" / f"{position}.jsonl")[1:]:
        fields = {k: v for k, v in msgspec.to_builtins(event).items() if k != "run"}
        kind, step = fields.pop("event"), fields.pop("step", "")
        text = json.dumps(fields, ensure_ascii=False)
        shown = text if len(text) <= 150 else text[:149] + "…"
        console.print(f"{step!s:>3} {kind:<12} {shown}", markup=False)
    for engine in report.engines:
        if engine.cases:
            found = engine.cases[position]
            verdict = "equal" if found.divergence is None else "different"
            console.print(f"    {engine.engine}: {verdict}, {found.events} events compared")
    console.print()
