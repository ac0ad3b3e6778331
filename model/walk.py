"""Goes through the typed form of functions."""

from collections.abc import Iterable, Iterator

import msgspec

Node = msgspec.Struct


def children(node: Node) -> Iterator[Node]:
    """The parts of a typed node that are nodes themselves, in evaluation order."""
    for name in node.__struct_fields__:
        if name not in ("span", "type", "item", "params"):
            yield from _nodes(getattr(node, name))


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """All nodes below and including `nodes`."""
    for node in nodes:
        yield node
        yield from walk(children(node))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, msgspec.Struct):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
