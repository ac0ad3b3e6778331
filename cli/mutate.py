"""`migrate mutate`: seed faults into the crate, and see which of them the cases catch."""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langferry.cli import exit_codes, options
from langferry.cli.console import Progress, messages, output, print_diagnostics
from langferry.cli.read_program import program_root, read_program
from langferry.cli.work_dir import default_work_dir, place_key

if TYPE_CHECKING:
    from langferry.model import Program
    from langferry.mutation import Fault
    from langferry.validator import Mutant


@click.command(short_help="Seed faults into the crate; see which the cases catch.")
@options.program
@options.entry
@options.cases
@click.option(
    "--faults",
    "wanted",
    type=click.IntRange(min=1),
    metavar="N",
    help="Seed only N faults, chosen at random. Default: every one there is.",
)
@click.option("--seed", default=0, show_default=True, help="What --faults chooses by.")
@options.work_dir
@options.quiet
@options.as_json
def mutate(
    program: Path,
    entry: str | None,
    cases: Path | None,
    wanted: int | None,
    seed: int,
    work_dir: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Find out what PROGRAM's cases are worth.

    Faults are seeded into its crate, one at a time: another constant, a turned comparison, a write
    too few, an edge that leads elsewhere. Each crate is built and run, and must be told from LangGraph by
    the cases; the crate without a fault must not be. Only native code is touched. Takes a few seconds a
    fault.

    PROGRAM is executed, as its cases say. Exit code 0: every fault was caught; 1: one survived; 2:
    something could not run.
    """
    from langferry import mutation, validator

    case_file = cases or validator.find_cases(program)
    known = validator.read_cases(case_file)
    console = messages()
    with Progress(console, quiet or as_json).shown() as progress:
        model, sources = read_program(program, entry or known.entry, known.checkpointer, progress)
        if any(found.severity == "error" for found in model.diagnostics):
            print_diagnostics(console, model.diagnostics, program_root(program, model))
            return exit_codes.COULD_NOT_RUN
        seeded = _chosen(list(mutation.faults(model)), wanted, seed)
        work = (work_dir or default_work_dir("mutate", program)).resolve()
        crates = _Crates(model, sources, seeded, work / "crates")
        report = validator.judge(
            program,
            crates.mutants(),
            crates.write,
            crates.unchanged,
            case_file,
            progress,
            entry=entry,
            build_dir=work.parent / "cargo-build",
        )
    if as_json:
        print(validator.mutation_as_json(report))
    else:
        validator.print_mutation_report(report, output())
    return report.exit_code


def _chosen(seeded: "list[Fault]", wanted: int | None, seed: int) -> "list[Fault]":
    if wanted is None or wanted >= len(seeded):
        return seeded
    kept = sorted(random.Random(seed).sample(range(len(seeded)), wanted))
    return [seeded[position] for position in kept]


class _Crates:
    """The crates with a fault in each, and the one without: one cargo workspace."""

    def __init__(
        self,
        model: "Program",
        sources: dict[str, str],
        seeded: "Sequence[Fault]",
        directory: Path,
    ) -> None:
        import msgspec

        def named(program: "Program", number: int) -> "Program":
            return msgspec.structs.replace(program, name=f"fault_{number}")

        self._sources = sources
        self._directory = directory
        self._faults = {f"fault-{number}": fault for number, fault in enumerate(seeded, 1)}
        self._programs = {
            f"fault-{number}": named(program, number)
            for number, program in enumerate([model, *(fault.program for fault in seeded)])
        }
        self.unchanged = "fault-0"
        """The name of the crate without a fault."""

    def mutants(self) -> "list[Mutant]":
        from langferry.validator import Mutant

        return [
            Mutant(name, fault.kind, fault.what, fault.span) for name, fault in self._faults.items()
        ]

    def write(self, names: Sequence[str]) -> Path:
        """Make a workspace of these crates and no others; its directory."""
        from langferry import codegen
        from langferry.diagnostics import Failure

        shutil.rmtree(self._directory, ignore_errors=True)
        for name in names:
            place = self._directory / name
            chosen = codegen.CrateOptions(
                runtime=codegen.runtime_root(),
                directory=place,
                workspace_member=True,
                build=place_key(place),
            )
            try:
                files = codegen.generate_crate(self._programs[name], self._sources, chosen)
            except Failure:
                if name == self.unchanged:
                    raise
                continue  # a fault that no crate can have; it counts as not built
            codegen.write_files(files, place)
        # thousands of small binaries: nothing in them that only a debugger would read
        (self._directory / "Cargo.toml").write_text(
            '[workspace]\nresolver = "3"\nmembers = ["*"]\n\n'
            "[profile.dev]\ndebug = false\nincremental = false\n"
        )
        return self._directory
