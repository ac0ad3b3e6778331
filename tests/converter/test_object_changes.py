"""What counts as a change of what a name stands for."""

import ast

import pytest

from langferry.converter.object_changes import changed, changed_in_place


def _found(text: str, name: str = "LIMITS") -> tuple[bool, bool]:
    nodes = list(ast.walk(ast.parse(text)))
    return name in changed(nodes), name in changed_in_place(nodes)


@pytest.mark.parametrize(
    "text",
    [
        "LIMITS.append(1)",
        "module.LIMITS.update(a=1)",
        "LIMITS['a']['b'] = 1",
        "del LIMITS[0]",
        "LIMITS += [1]",
    ],
)
def test_changes_in_place(text: str) -> None:
    assert _found(text) == (True, True)


def test_setting_it_from_outside_is_no_change_in_place() -> None:
    assert _found("module.LIMITS = 1") == (True, False)


def test_attributes_of_a_methods_own_object_are_no_names_of_a_module() -> None:
    assert _found("self.LIMITS = 1") == (False, False)
    assert _found("self.LIMITS.append(1)") == (False, True)


@pytest.mark.parametrize("text", ["LIMITS.get('a')", "x = LIMITS[0]", "OTHER.append(LIMITS)"])
def test_reading_is_no_change(text: str) -> None:
    assert _found(text) == (False, False)
