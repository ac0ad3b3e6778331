"""`migrate convert`: write a Rust crate, one for a Python wheel, or Python on langferry's own API."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langferry.cli import exit_codes, options
from langferry.cli.check import shares, summary
from langferry.cli.console import Progress, messages, output, print_diagnostics
from langferry.cli.read_program import program_root, read_program

if TYPE_CHECKING:
    from langferry.model import Program


@click.command(short_help="Write a Rust crate, a Python wheel's, or Python on our own API.")
@options.analysis
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write; must be empty, or made by an earlier convert.",
)
@click.option(
    "--target",
    type=click.Choice(["rust", "wheel", "python"]),
    default="rust",
    show_default=True,
    help="What to write: a program in Rust, a crate that builds to a Python wheel, or Python on langferry's own API.",
)
@click.option(
    "--runtime",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Depend on the runtime's source in this directory instead of a copy in the crate.",
)
@click.option(
    "--force", is_flag=True, help="Overwrite files edited by hand since the last convert."
)
def convert(
    program: Path,
    entry: str | None,
    checkpointer: str | None,
    as_json: bool,
    quiet: bool,
    directory: Path,
    target: str,
    runtime: Path | None,
    force: bool,
) -> int:
    """Convert PROGRAM into DIRECTORY.

    Nothing is written unless everything could be generated, and PROGRAM is never imported or run.
    """
    from langferry import codegen

    console = messages()
    with Progress(console, quiet or as_json).shown() as progress:
        model, sources = read_program(program, entry, checkpointer, progress)
        if any(found.severity == "error" for found in model.diagnostics):
            return _not_convertible(model, program, as_json)
        progress("generating")
        if target in ("rust", "wheel"):
            chosen = codegen.CrateOptions(
                runtime=runtime, directory=directory, extension=target == "wheel"
            )
            files = codegen.generate_crate(model, sources, chosen)
        else:
            files = codegen.generate_python(model, sources)
        progress(f"writing {directory}")
        codegen.write_files(files, directory, force=force)
    if as_json:
        result = {
            "directory": str(directory),
            "target": target,
            "files": sorted(files),
            "share": shares(model),
        }
        print(json.dumps(result, indent=2, ensure_ascii=False))
        return exit_codes.DONE
    warning = codegen.missing_formatter() if target != "python" else None
    findings = [*model.diagnostics, *([warning] if warning else [])]
    print_diagnostics(console, findings, program_root(program, model))
    count = shares(model)
    output().print(
        f"{directory}: {len(files)} files; {count['native']} functions native,"
        f" {count['bridged']} bridged"
    )
    return exit_codes.DONE


def _not_convertible(model: "Program", program: Path, as_json: bool) -> int:
    """Say what is wrong with the graph; nothing was written."""
    if as_json:
        print(json.dumps(summary(model), indent=2, ensure_ascii=False))
    else:
        print_diagnostics(messages(), model.diagnostics, program_root(program, model))
    return exit_codes.NEGATIVE
