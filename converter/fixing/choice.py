"""Which of many fixes can be made at once."""

from collections.abc import Iterable

from langferry.diagnostics import Edit, Fix


def chosen(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes, in order, that get in the way of none before them; each once.

    Several may ask for the very same edit, an import say: it is made once.
    """
    kept: dict[Fix, None] = {}
    made: set[Edit] = set()
    for fix in fixes:
        if fix.edits and not any(_meet(edit, other) for edit in fix.edits for other in made):
            kept[fix] = None
            made.update(fix.edits)
    return list(kept)


def _meet(one: Edit, other: Edit) -> bool:
    """Whether two edits are about the same text, so that one would change what the other means."""
    if one == other or one.span.file != other.span.file:
        return False
    first, second = sorted([_extent(one), _extent(other)])
    (_, end), (start, second_end) = first, second
    return end > start or first[0] == start or (end == start and start == second_end)


def _extent(edit: Edit) -> tuple[tuple[int, int], tuple[int, int]]:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)
