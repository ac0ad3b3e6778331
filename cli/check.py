"""`migrate check`: what would become of a program, without writing anything."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from langferry.cli import exit_codes, options
from langferry.cli.console import Progress, messages, output, print_diagnostics, print_failure
from langferry.cli.places import seen_from_here
from langferry.cli.read_program import program_root, read_model

if TYPE_CHECKING:
    from rich.console import Console

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
@click.option("--fix", is_flag=True, help="Make the safe fixes in PROGRAM's files.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff, also make fixes that may change what the program does.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Print what --fix would change, and nothing else; write nothing. Exit code 1 if it is anything.",
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
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
) -> int:
    """Read PROGRAM and say for every function of its graph whether it would be native Rust, stay
    Python behind the bridge, or be refused, and why.

    PROGRAM is never imported or run, and changed by --fix only. Exit code 1 when something is refused or an error was found; with a
    baseline, when anything was found that it does not hold.
    """
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline, the file to write")
    if diff and (as_json or shape != "full"):
        raise click.UsageError("--diff prints diffs only, in no other format")
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff")
    from langferry.cli.baseline import new_findings, write_baseline
    from langferry.diagnostics import Failure
    from langferry.diagnostics.formats import FORMATS

    as_json = as_json or shape == "json"
    console = messages()
    made: dict[str, int] | None = None
    left_out: list[Diagnostic] = []
    try:
        with Progress(console, quiet or as_json).shown() as progress:
            if fix or diff:
                from langferry.cli import fixing

                done = fixing.fixed(
                    lambda files: read_model(program, entry, checkpointer, progress, files),
                    program,
                    lambda model: (
                        findings(model)
                        if baseline is None or update_baseline
                        else new_findings(findings(model), baseline)
                    ),
                    unsafe_fixes,
                )
                model, made = done.model, dict(sorted(done.codes.items()))
                left_out = done.left_out
                if not diff:
                    fixing.write(done)
            else:
                model = read_model(program, entry, checkpointer, progress)
    except Failure as failure:
        if as_json:
            print_failure(failure.diagnostic)
        elif shape in FORMATS:
            print(FORMATS[shape](seen_from_here([failure.diagnostic], program)))
        else:
            raise
        return exit_codes.COULD_NOT_RUN
    if diff:
        click.echo(fixing.diff(done), nl=False)
        _tell_fixed(console, made or {}, "would be fixed", left_out)
        return exit_codes.NEGATIVE if done.changed else exit_codes.DONE
    if model_path is not None:
        from langferry.model import encode

        model_path.write_bytes(encode(model))
    told, new = findings(model), None
    if baseline is not None:
        if update_baseline:
            write_baseline(told, baseline)
        told = new = new_findings(told, baseline)
    if as_json:
        print(json.dumps(summary(model, new, made, left_out), indent=2, ensure_ascii=False))
    elif shape in FORMATS:
        print(FORMATS[shape](seen_from_here(told, program)))
    else:
        root = program_root(program, model)
        shown = model.diagnostics if new is None else new
        print_diagnostics(console, shown, root)
        _tell_fixable(console, shown)
        _print_functions(model)
    if made is not None:
        _tell_fixed(console, made, "fixed", left_out)
    if new is not None:
        return exit_codes.NEGATIVE if new else exit_codes.DONE
    return exit_codes.NEGATIVE if _is_negative(model) else exit_codes.DONE


def _tell_fixed(
    console: "Console", made: "Mapping[str, int]", what: str, left_out: "Iterable[Diagnostic]"
) -> None:
    for item in left_out:
        console.print(f"{item.span}: {item.severity}[{item.code}]: {item.message}", markup=False)
    count = ", ".join(f"{number} {code}" for code, number in made.items())
    console.print(f"{what}: {count}" if made else f"nothing {what}")


def _tell_fixable(console: "Console", found: "Iterable[Diagnostic]") -> None:
    kinds = [item.fix.applicability for item in found if item.fix is not None and item.fix.edits]
    safe, unsafe = kinds.count("safe"), kinds.count("unsafe")
    told = [f"{safe} fixable with --fix"] if safe else []
    told += [f"{unsafe} with --fix --unsafe-fixes"] if unsafe else []
    if told:
        console.print(f"[*] {', '.join(told)}", markup=False)


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


def summary(
    model: "Program",
    new: "list[Diagnostic] | None" = None,
    made: "Mapping[str, int] | None" = None,
    left_out: "Iterable[Diagnostic]" = (),
) -> dict[str, object]:
    """The result of a check as plain data, with what is `new` to a baseline where there is one.

    `made` is how many findings of which code were fixed, where any were to be, and `left_out` which were not.
    """
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
        **({} if made is None else _fixes(made, left_out)),
    }


def _fixes(made: "Mapping[str, int]", left_out: "Iterable[Diagnostic]") -> dict[str, object]:
    import msgspec

    return {"fixed": dict(made), "left_out": [msgspec.to_builtins(item) for item in left_out]}


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
