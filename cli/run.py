"""`migrate run`: run a program unchanged on langferry's engine."""

from pathlib import Path

import click


@click.command(
    short_help="Run a LangGraph program unchanged on langferry's engine.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("program", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run(program: Path, arguments: tuple[str, ...]) -> None:
    """Run PROGRAM as `python PROGRAM ARGUMENTS...` would, with `import langgraph` landing on
    langferry's shim. Its exit code and its traceback are the program's own."""
    from langferry.compat import run_program

    run_program(program, arguments)
