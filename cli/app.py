"""The `migrate` group: its options, its exit codes, and how failures are shown."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import langferry
from langferry.cli import exit_codes
from langferry.cli.check import check
from langferry.cli.console import messages, print_diagnostics, print_failure
from langferry.cli.convert import convert
from langferry.cli.explain import explain
from langferry.cli.mutate import mutate
from langferry.cli.run import run
from langferry.cli.validate import validate

if TYPE_CHECKING:
    from langferry.diagnostics import Diagnostic


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(langferry.__version__, prog_name="migrate")
def app() -> None:
    """Move LangGraph programs to Rust, and prove that they still do the same thing.

    \b
    migrate check    what would become of a program; writes nothing
    migrate convert  write a Rust crate, or Python on langferry's own graph API
    migrate run      run a program unchanged, on langferry's engine
    migrate validate run the original and the new versions, compare their traces
    migrate mutate   seed faults into the crate, see which of them the cases catch

    Exit codes: 0 done, 1 the answer is no, 2 could not run, 130 interrupted.
    """


for command in (check, convert, run, validate, mutate, explain):
    app.add_command(command)


def main() -> None:
    """Entry point of the `migrate` script; never returns."""
    as_json = "--json" in sys.argv[1:]
    try:
        code = app.main(standalone_mode=False)
    except click.ClickException as usage:
        usage.show()
        code = exit_codes.COULD_NOT_RUN
    except (KeyboardInterrupt, click.Abort):
        messages().print("interrupted")
        code = exit_codes.INTERRUPTED
    except Exception as error:
        from langferry.diagnostics import Failure

        if not isinstance(error, Failure):
            raise
        _tell(error.diagnostic, as_json)
        code = exit_codes.COULD_NOT_RUN
    sys.exit(code or exit_codes.DONE)


def _tell(diagnostic: "Diagnostic", as_json: bool) -> None:
    if as_json:
        print_failure(diagnostic)
    else:
        print_diagnostics(messages(), [diagnostic], Path.cwd())
