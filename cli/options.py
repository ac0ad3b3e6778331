"""Options that several sub-commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

program = click.argument("program", type=click.Path(path_type=Path))
entry = click.option(
    "--entry",
    metavar="EXPR",
    help="Which graph: an expression in the module's scope, e.g. graph or 'build(10)'."
    " By default every graph the module builds, the one called graph, app, workflow or agent first."
    " `@LINE` names the graph compiled at a line.",
)
checkpointer = click.option(
    "--checkpointer",
    type=click.Choice(["memory"]),
    help="Compile an entry that is not compiled yet with this saver.",
)
cases = click.option(
    "--cases",
    type=click.Path(path_type=Path),
    help="The case file. Default: PROGRAM's .cases.yaml, else cases.yaml beside it.",
)
work_dir = click.option(
    "--work-dir",
    type=click.Path(path_type=Path),
    help="Where conversions, builds and traces are kept. Default: a directory in the user's cache.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
quiet = click.option("-q", "--quiet", is_flag=True, help="No progress messages.")


def analysis(command: Command) -> Command:
    """The argument and options of every command that reads a program."""
    for option in (quiet, as_json, checkpointer, entry, program):
        command = option(command)
    return command
