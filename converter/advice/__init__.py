"""What is worth knowing about a program whether or not it is ever converted: one module a rule.

Each rule is certain of what it says, or says nothing: it looks at the wiring and at the text of nodes,
and runs nothing. Severity "warning" is for what fails or repeats itself, "info" for what costs.
"""

from collections.abc import Callable, Iterator
from typing import Final

from langferry.converter.advice.caught_interrupt import caught_interrupt
from langferry.converter.advice.growing_messages import growing_messages
from langferry.converter.advice.moved_name import moved_name
from langferry.converter.advice.parallel_writers import parallel_writers
from langferry.converter.advice.renamed_option import renamed_option
from langferry.converter.advice.repeated_effect import repeated_effect
from langferry.converter.advice.subject import Subject, subjects
from langferry.converter.advice.sync_saver import sync_saver
from langferry.converter.advice.unawaited_coroutine import unawaited_coroutine
from langferry.converter.advice.unreachable_node import unreachable_node
from langferry.converter.advice.whole_state import whole_state
from langferry.diagnostics import Diagnostic

RULES: Final[tuple[Callable[[Subject], Iterator[Diagnostic]], ...]] = (
    parallel_writers,
    whole_state,
    repeated_effect,
    caught_interrupt,
    growing_messages,
    sync_saver,
    unreachable_node,
    unawaited_coroutine,
    moved_name,
    renamed_option,
)

__all__ = ["RULES", "Subject", "advice", "subjects"]


def advice(found: "list[Subject]") -> list[Diagnostic]:
    """What the rules say of every graph, each thing once."""
    return list(
        dict.fromkeys(said for subject in found for rule in RULES for said in rule(subject))
    )
