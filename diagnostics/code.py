"""A row of the table of codes."""

import msgspec


class Code(msgspec.Struct, frozen=True):
    """A code with its title (what), explanation (why) and the usual next step."""

    code: str
    title: str
    explanation: str
    next_step: str
