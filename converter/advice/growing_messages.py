"""LF805: messages are added for as long as a thread lives, and nothing takes any away."""

from collections.abc import Iterator

from langferry.converter.advice.subject import Source, Subject
from langferry.diagnostics import Diagnostic, lookup

_SHORTENING = frozenset(
    [
        *("RemoveMessage", "REMOVE_ALL_MESSAGES", "trim_messages", "Overwrite", "pre_model_hook"),
        *("SummarizationNode", "SummarizationMiddleware", "ContextEditingMiddleware"),
    ]
)


def growing_messages(subject: Subject) -> Iterator[Diagnostic]:
    """A channel of messages in a graph with a saver, where no part of the program removes messages."""
    if subject.graph.checkpointer is None or any(map(_shortens, subject.sources)):
        return
    for field in subject.state.fields:
        if field.reducer is not None and field.reducer.kind == "add_messages":
            message = (
                f"{field.name!r} only ever grows: every checkpoint of a thread holds all of its "
                "messages, and every call of a model is sent them"
            )
            yield Diagnostic("LF805", "info", message, field.span, lookup("LF805").next_step)


def _shortens(source: Source) -> bool:
    names = (
        getattr(node, name, None)
        for node in source.module.scope.nodes
        for name in ("id", "attr", "arg", "name")
    )
    return any(name in _SHORTENING for name in names)
