"""`migrate explain`: what a code means and what to do about it."""

import json

import click

from langferry.cli import options
from langferry.cli.console import output


@click.command(short_help="Explain a code such as LF102.")
@click.argument("code", required=False)
@options.as_json
def explain(code: str | None, as_json: bool) -> None:
    """Explain CODE, or list all codes."""
    from langferry.diagnostics import TABLE, lookup

    if code is not None and code.upper() not in TABLE:
        raise click.BadParameter(f"there is no code {code!r}; `migrate explain` lists them all")
    rows = [lookup(code.upper())] if code else [TABLE[key] for key in sorted(TABLE)]
    if as_json:
        import msgspec

        print(json.dumps([msgspec.to_builtins(row) for row in rows], indent=2))
        return
    console = output()
    if code is None:
        for row in rows:
            console.print(f"{row.code}  {row.title}", markup=False)
        return
    (row,) = rows
    console.print(f"{row.code}: {row.title}\n", markup=False)
    console.print(f"{row.explanation}\n\nNext step: {row.next_step}", markup=False)
    for remedy in row.fixes:
        console.print(f"Fix, {remedy.applicability}: {remedy.what}", markup=False)
