"""Strict resume: refuses answers to questions that are not open, before anything is written."""

from typing import Any

from langferry.compat._internal._constants import (
    CONF,
    CONFIG_KEY_STRICT_RESUME,
    CONFIG_KEY_TASK_ID,
)
from langferry.compat.errors import UnknownInterruptError
from langferry.graph.saving import Saving
from langferry.graph.starting import AMBIGUOUS_RESUME, is_interrupt_id


def check_strictly(resume: Any, saving: Saving) -> None:
    """Check the answers of a command, if the run's config asks for it.

    A thread that has gone on from the addressed checkpoint is not checked: its tasks may run and
    ask again, whatever they wrote before.

    Raises:
        UnknownInterruptError: If an answer is for no open question, or for none in particular.
    """
    conf = saving.config[CONF]
    if not conf.get(CONFIG_KEY_STRICT_RESUME) or CONFIG_KEY_TASK_ID in conf or saving.superseded:
        return
    pending = sorted({interrupt.id for interrupt in saving.open_interrupts()})
    if not (isinstance(resume, dict) and all(map(is_interrupt_id, resume))):
        if len(pending) > 1:
            raise UnknownInterruptError(AMBIGUOUS_RESUME, reason="ambiguous", pending_ids=pending)
        return
    if not resume:
        raise UnknownInterruptError(
            "The resume map names no interrupt", reason="empty_map", pending_ids=pending
        )
    unknown = sorted(resume.keys() - set(pending))
    if unknown:
        raise UnknownInterruptError(
            f"Unknown or already-consumed interrupt: {unknown[0]}",
            reason="not_pending",
            interrupt_ids=unknown,
            pending_ids=pending,
        )
