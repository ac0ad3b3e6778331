from langferry.converter.fixing import chosen
from langferry.diagnostics import Applicability, Edit, Fix, Span


def edit(start: int, end: int, text: str = "", file: str = "a.py") -> Edit:
    return Edit(Span(file, 1, start, 1, end), text)


def fix(*edits: Edit, applicability: Applicability = "safe") -> Fix:
    return Fix(applicability, "change it", edits)


def test_fixes_apart_are_all_made_and_each_once() -> None:
    one, other, elsewhere = fix(edit(0, 2)), fix(edit(2, 4)), fix(edit(0, 4, file="b.py"))
    assert chosen([one, other, one, elsewhere]) == [one, other, elsewhere]


def test_what_gets_in_the_way_of_an_earlier_one_waits() -> None:
    one = fix(edit(0, 4))
    assert chosen([one, fix(edit(3, 6)), fix(edit(1, 2)), fix(edit(0, 4, "x"))]) == [one]
    assert chosen([one, fix(edit(4, 4, "x"))]) == [one]
    assert chosen([fix(edit(4, 4, "x")), fix(edit(4, 6)), fix(edit(4, 4, "y"))]) == [
        fix(edit(4, 4, "x"))
    ]


def test_all_edits_of_a_fix_are_made_or_none() -> None:
    one, both = fix(edit(0, 2)), fix(edit(1, 3), edit(8, 9))
    free = fix(edit(8, 9, "y"))
    assert chosen([one, both, free]) == [one, free]


def test_the_same_edit_of_two_fixes_is_made_once() -> None:
    shared = edit(0, 0, "import operator\n")
    one, other = fix(shared, edit(5, 6)), fix(shared, edit(7, 8))
    assert chosen([one, other]) == [one, other]


def test_there_is_nothing_to_make_of_a_fix_by_hand() -> None:
    assert chosen([fix(applicability="manual")]) == []
