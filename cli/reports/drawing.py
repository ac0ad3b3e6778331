"""Where the nodes and edges of a graph stand on a page: layers from START down to END.

The usual steps of a layered drawing (Sugiyama, Tagawa and Toda, 1981): edges that lead back are set
aside, a node stands below everything that leads to it, edges over several layers get a point in each,
and each layer is sorted by the middle of what its items are joined to.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from langferry.validator import END, START, Way, Wiring

HEIGHT, GAP, LAYER, MARGIN = 30.0, 24.0, 74.0, 20.0
"""In pixels: of a box, between boxes, from layer to layer, around everything."""
LETTER = 7.4
SWEEPS = 6

Item = str | tuple[Way, int]
"""A node, or the point where an edge passes a layer."""


class Box(NamedTuple):
    """A node, by its middle, in pixels."""

    name: str
    label: str
    x: float
    y: float
    width: float


class Line(NamedTuple):
    """An edge or a router's way, as an SVG path."""

    way: Way
    is_route: bool
    path: str


class Drawing(NamedTuple):
    """A graph on a page of `width` by `height` pixels."""

    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float


def drawing(wiring: Wiring) -> Drawing:
    """Lay out `wiring`."""
    ways = list(dict.fromkeys([*wiring.edges, *wiring.routes]))
    names = list(dict.fromkeys([START, *wiring.nodes, *(x for way in ways for x in way), END]))
    back = _leading_back(names, ways)
    layers = _layers(names, [way for way in ways if way not in back and way[0] != way[1]])
    rows = _rows(layers, [way for way in ways if way not in back and way[0] != way[1]])
    at = _placed(rows)
    width = max(x for x, _ in at.values()) + max(map(_width, names)) / 2
    routes = set(wiring.routes)
    lines, side = [], width + GAP
    for way in ways:
        if layers[way[0]] < layers[way[1]]:
            points = [at[item] for item in _passed(way, layers)]
            path = _down(points)
        else:
            path = _around(at[way[0]], at[way[1]], _width(way[0]), _width(way[1]), side)
            side += GAP / 2
        lines.append(Line(way, way in routes, path))
    boxes = [Box(name, _label(name), *at[name], _width(name)) for name in names]
    height = max(y for _, y in at.values()) + HEIGHT / 2 + MARGIN
    return Drawing(boxes, lines, side + MARGIN, height)


def _label(name: str) -> str:
    return {START: "START", END: "END"}.get(name, name)


def _width(item: Item) -> float:
    return len(_label(item)) * LETTER + 22 if isinstance(item, str) else GAP / 2


def _leading_back(names: Sequence[str], ways: Sequence[Way]) -> set[Way]:
    """The ways that close a circle when the graph is walked from START, depth first."""
    after = defaultdict(list)
    for source, target in ways:
        after[source].append(target)
    back: set[Way] = set()
    done: set[str] = set()
    for first in names:
        open_path: dict[str, Iterator[str]] = {}
        current: str | None = first if first not in done else None
        while current is not None:
            following = open_path.setdefault(current, iter(after[current]))
            near: str | None = next(following, None)
            if near is None:
                done.add(current)
                del open_path[current]
                current = next(reversed(open_path), None)
            elif near in open_path:
                back.add((current, near))
            elif near not in done:
                current = near
    return back


def _layers(names: Sequence[str], ways: Sequence[Way]) -> dict[str, int]:
    """The length of the longest way to each node; END below everything."""
    before = defaultdict(list)
    for source, target in ways:
        before[target].append(source)
    layers: dict[str, int] = {}
    pending = list(reversed(names))
    while pending:
        name = pending[-1]
        left = [source for source in before[name] if source not in layers]
        if left and name not in layers:
            pending.extend(left)
            continue
        pending.pop()
        least = 0 if name == START else 1
        layers.setdefault(name, max((layers[x] + 1 for x in before[name]), default=least))
    others = [layer for name, layer in layers.items() if name != END]
    layers[END] = max(others) + 1
    return layers


def _passed(way: Way, layers: dict[str, int]) -> list[Item]:
    source, target = way
    between = range(layers[source] + 1, layers[target])
    return [source, *((way, layer) for layer in between), target]


def _rows(layers: dict[str, int], ways: Sequence[Way]) -> list[list[Item]]:
    rows: list[list[Item]] = [[] for _ in range(max(layers.values()) + 1)]
    for name, layer in layers.items():
        rows[layer].append(name)
    joined: dict[Item, list[Item]] = defaultdict(list)
    for way in ways:
        items = _passed(way, layers)
        for upper, lower in pairwise(items):
            joined[upper].append(lower)
            joined[lower].append(upper)
        for item in items[1:-1]:
            assert isinstance(item, tuple)
            rows[item[1]].append(item)
    for _ in range(SWEEPS):
        for row in rows:
            places = {
                item: (position - (len(other) - 1) / 2)
                for other in rows
                for position, item in enumerate(other)
            }

            def middle(item: Item, places: dict[Item, float] = places) -> float:
                near = [places[other] for other in joined[item]]
                return sum(near) / len(near) if near else places[item]

            row.sort(key=middle)
    return rows


def _placed(rows: Sequence[Sequence[Item]]) -> dict[Item, tuple[float, float]]:
    widths = [sum(map(_width, row)) + GAP * (len(row) - 1) for row in rows]
    at: dict[Item, tuple[float, float]] = {}
    for layer, (row, width) in enumerate(zip(rows, widths, strict=True)):
        left = MARGIN + (max(widths) - width) / 2
        for item in row:
            at[item] = (left + _width(item) / 2, MARGIN + HEIGHT / 2 + layer * LAYER)
            left += _width(item) + GAP
    return at


def _down(points: Sequence[tuple[float, float]]) -> str:
    """A curve from the lower side of a box through points to the upper side of another."""
    (x, y), *others = points
    y += HEIGHT / 2
    path = f"M{x:.1f},{y:.1f}"
    for position, (to_x, to_y) in enumerate(others, 1):
        end = to_y - HEIGHT / 2 if position == len(others) else to_y
        half = (y + end) / 2
        path += f" C{x:.1f},{half:.1f} {to_x:.1f},{half:.1f} {to_x:.1f},{end:.1f}"
        x, y = to_x, end
    return path


def _around(
    source: tuple[float, float],
    target: tuple[float, float],
    source_width: float,
    target_width: float,
    side: float,
) -> str:
    """A way back: out of the right side of a box, along the page's side, into another's right."""
    (x, y), (to_x, to_y) = source, target
    shift = HEIGHT / 4
    x, to_x = x + source_width / 2, to_x + target_width / 2
    start, end = f"M{x:.1f},{y + shift:.1f}", f"{to_x:.1f},{to_y - shift:.1f}"
    return f"{start} C{side:.1f},{y + shift:.1f} {side:.1f},{to_y - shift:.1f} {end}"
