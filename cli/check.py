"""`migrate check`: what would become of a program, without writing anything."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langferry.cli import exit_codes, options
from langferry.cli.console import Progress, messages, output, print_diagnostics, print_failure
from langferry.cli.places import seen_from_here
from langferry.cli.read_program import program_root, read_program

if TYPE_CHECKING:
    from langferry.diagnostics import Diagnostic
    from langferry.model import Program
    from langferry.model.program import Function

_STYLE = {"native": "green", "bridged": "yellow", "refused": "red"}


@click.command(short_help="Say what would become of a program; write nothing.")
@options.analysis
@click.option(
    "--model",
    "model_path",
    type=click.Path(path_type=Path),
    help="Write the Program model (JSON) there.",
)
@click.option(
    "--output-format",
    "shape",
    type=click.Choice(["full", "json", "concise", "github", "junit", "markdown", "sarif"]),
    default="full",
    show_default=True,
    help="How to print what was found. `--json` is short for json.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Tell only of findings that FILE does not hold, and let only those make the exit code 1.",
)
@click.option(
    "--update-baseline", is_flag=True, help="Put what is found now into the file of --baseline."
)
def check(
    program: Path,
    entry: str | None,
    checkpointer: str | None,
    as_json: bool,
    quiet: bool,
    model_path: Path | None,
    shape: str,
    baseline: Path | None,
    update_baseline: bool,
) -> int:
    """Read PROGRAM and say for every function of its graph whether it would be native Rust, stay
    Python behind the bridge, or be refused, and why.

    PROGRAM is never imported or run. Exit code 1 when something is refused or an error was found; with a
    baseline, when anything was found that it does not hold.
    """
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline, the file to write")
    from langferry.cli.baseline import new_findings, write_baseline
    from langferry.diagnostics import Failure
    from langferry.diagnostics.formats import FORMATS

    as_json = as_json or shape == "json"
    console = messages()
    try:
        with Progress(console, quiet or as_json).shown() as progress:
            model, _ = read_program(program, entry, checkpointer, progress)
    except Failure as failure:
        if as_json:
            print_failure(failure.diagnostic)
        elif shape in FORMATS:
            print(FORMATS[shape](seen_from_here([failure.diagnostic], program)))
        else:
            raise
        return exit_codes.COULD_NOT_RUN
    if model_path is not None:
        from langferry.model import encode

        model_path.write_bytes(encode(model))
    told, new = findings(model), None
    if baseline is not None:
        if update_baseline:
            write_baseline(told, baseline)
        told = new = new_findings(told, baseline)
    if as_json:
        print(json.dumps(summary(model, new), indent=2, ensure_ascii=False))
    elif shape in FORMATS:
        print(FORMATS[shape](seen_from_here(told, program)))
    else:
        root = program_root(program, model)
        print_diagnostics(console, model.diagnostics if new is None else new, root)
        _print_functions(model)
    if new is not None:
        return exit_codes.NEGATIVE if new else exit_codes.DONE
    return exit_codes.NEGATIVE if _is_negative(model) else exit_codes.DONE


def _is_negative(model: "Program") -> bool:
    return any(found.severity == "error" for found in model.diagnostics) or any(
        function.disposition == "refused" for function in model.functions
    )


def findings(model: "Program") -> "list[Diagnostic]":
    """What was found in the program, then why functions are not native, each once."""
    found = dict.fromkeys(model.diagnostics)
    told = {(item.code, item.span) for item in found}
    for function in model.functions:
        for item in _reasons(function):
            if (item.code, item.span) not in told:
                found[item] = None
    return list(found)


def _reasons(function: "Function") -> "Iterator[Diagnostic]":
    from langferry.diagnostics import Diagnostic, lookup

    refused = function.disposition == "refused"
    becomes = "is refused" if refused else "stays Python"
    for reason in function.reasons:
        yield Diagnostic(
            reason.code,
            "error" if refused else "info",
            f"`{function.qualified_name}` {becomes}: {reason.message}",
            reason.span,
            lookup(reason.code).next_step,
        )


def summary(model: "Program", new: "list[Diagnostic] | None" = None) -> dict[str, object]:
    """The result of a check as plain data, with what is `new` to a baseline where there is one."""
    import msgspec

    return {
        "program": model.name,
        "entry": model.entry,
        "input_hash": model.input_hash,
        "graphs": [
            {
                "id": graph.id,
                "nodes": [node.name for node in graph.nodes],
                "routers": [branch.router for branch in graph.branches],
            }
            for graph in model.graphs
        ],
        "functions": [
            {
                "name": function.qualified_name,
                "roles": list(function.roles),
                "disposition": function.disposition,
                "reasons": [msgspec.to_builtins(reason) for reason in function.reasons],
            }
            for function in model.functions
        ],
        "share": shares(model),
        "diagnostics": [msgspec.to_builtins(found) for found in model.diagnostics],
        **({} if new is None else {"new": [msgspec.to_builtins(found) for found in new]}),
    }


def shares(model: "Program") -> dict[str, int]:
    """How many functions are native, bridged and refused."""
    return {
        kind: sum(function.disposition == kind for function in model.functions)
        for kind in ("native", "bridged", "refused")
    }


def _print_functions(model: "Program") -> None:
    from rich.table import Table
    from rich.text import Text

    console = output()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("function", "role", "becomes", "because"):
        table.add_column(column, overflow="fold")
    for function in model.functions:
        because = "; ".join(f"{r.code} {r.message} ({r.span})" for r in function.reasons)
        table.add_row(
            Text(function.qualified_name),
            Text(", ".join(function.roles)),
            Text(function.disposition, style=_STYLE[function.disposition]),
            Text(because),
        )
    console.print(table)
    count = shares(model)
    nodes = sum(len(graph.nodes) for graph in model.graphs)
    console.print(
        f"{nodes} nodes, {len(model.functions)} functions: {count['native']} native,"
        f" {count['bridged']} bridged, {count['refused']} refused"
    )
