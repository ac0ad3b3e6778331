"""Whether an engine asked servers what LangGraph asked them."""

from collections.abc import Iterator

from langferry.diagnostics import Diagnostic, lookup
from langferry.validator.cassette import Turn, nearest
from langferry.validator.cassette_server import Standing

_SHOWN = 3
"""How many differences of two requests are told."""


def missed(servers: Standing) -> Iterator[str]:
    """What was asked and not answered, each with the answered request that is most like it."""
    for request in servers.turn.missed:
        near = nearest(request, servers.turn.entries)
        if near is None:
            yield f"{request}: nothing of {request.server} is kept"
            continue
        kept, differing = near
        if not differing:
            yield f"{request}: asked more often than it was when it was kept"
            continue
        told = ", ".join(differing[:_SHOWN])
        more = f", and {len(differing) - _SHOWN} more" if len(differing) > _SHOWN else ""
        yield f"{request}: the nearest is {kept}, but {told}{more}"


def refused(servers: Standing) -> Iterator[str]:
    """The hosts that were asked by addresses that no variable of the environment says."""
    for host in dict.fromkeys(servers.refused):
        yield f"{host} is asked by an address of its own, which cannot be kept"


def differing(servers: Standing, golden: Turn) -> list[Diagnostic]:
    """What an engine asked and LangGraph did not, and what it did not ask."""
    found = [("LF517", text) for text in (*missed(servers), *refused(servers))]
    found += [("LF518", str(request)) for request in servers.turn.not_asked(golden)]
    return [Diagnostic(code, "error", text, None, lookup(code).next_step) for code, text in found]
