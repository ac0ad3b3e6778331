"""A drawing has everything on the page, nothing on top of anything, and leads down but for circles."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langferry.cli.reports.drawing import HEIGHT, Box, drawing
from langferry.validator import END, START, Wiring

NAMES = ["a", "b", "c", "d", "a longer name"]
WAYS = st.lists(st.tuples(st.sampled_from([START, *NAMES]), st.sampled_from([*NAMES, END])))


@given(WAYS, WAYS)
def test_boxes_lie_on_the_page_and_apart(
    edges: list[tuple[str, str]], routes: list[tuple[str, str]]
) -> None:
    made = drawing(Wiring(NAMES, edges, routes))
    assert {box.name for box in made.boxes} == {START, END, *NAMES}
    assert [line.way for line in made.lines] == list(dict.fromkeys([*edges, *routes]))
    for box in made.boxes:
        assert box.width / 2 <= box.x <= made.width - box.width / 2
        assert HEIGHT / 2 <= box.y <= made.height - HEIGHT / 2
    for one, other in itertools.combinations(made.boxes, 2):
        assert one.y != other.y or abs(one.x - other.x) >= (one.width + other.width) / 2


def test_a_node_stands_below_all_that_leads_to_it() -> None:
    ways = [(START, "a"), ("a", "b"), ("b", "c"), ("a", "c"), ("c", END), (START, END)]
    made = drawing(Wiring(["a", "b", "c"], ways))
    y = {box.name: box.y for box in made.boxes}
    assert y[START] < y["a"] < y["b"] < y["c"] < y[END]


def test_a_circle_is_drawn_round_the_side() -> None:
    made = drawing(Wiring(["a", "b"], [(START, "a"), ("a", "b")], [("b", "a"), ("b", END)]))
    back = next(line for line in made.lines if line.way == ("b", "a"))
    assert back.is_route
    boxes: dict[str, Box] = {box.name: box for box in made.boxes}
    assert back.path.startswith(f"M{boxes['b'].x + boxes['b'].width / 2:.1f},")


@pytest.mark.parametrize("count", [0, 40])
def test_small_and_large_graphs_have_a_drawing(count: int) -> None:
    names = [f"node_{number}" for number in range(count)]
    ways = [*itertools.pairwise([START, *names, END])]
    assert len(drawing(Wiring(names, ways)).boxes) == count + 2
