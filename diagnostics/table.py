"""The one table of codes, put together from its families.

`docs/codes.md` is made from it by `make generate`.
"""

from langferry.diagnostics.code import Code
from langferry.diagnostics.families import (
    advice,
    bodies,
    command,
    generation,
    reading,
    runtime,
    validation,
    wiring,
)


def _merge(*families: tuple[Code, ...]) -> dict[str, Code]:
    table: dict[str, Code] = {}
    for row in (row for family in families for row in family):
        if row.code in table:
            raise ValueError(f"code {row.code} stands twice in the table")
        table[row.code] = row
    return table


TABLE: dict[str, Code] = _merge(
    reading.ROWS,
    wiring.ROWS,
    bodies.ROWS,
    runtime.ROWS,
    validation.ROWS,
    generation.ROWS,
    command.ROWS,
    advice.ROWS,
)


def lookup(code: str) -> Code:
    """The table's row of `code`.

    Raises:
        KeyError: there is no such code.
    """
    return TABLE[code]
