"""Edits of notebooks: the JSON changes in the edited texts only."""

import json

import pytest

from langferry.converter.fixing import edited
from langferry.converter.notebooks import notebook_source
from langferry.diagnostics import Edit, Failure, Span

NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "source": ["# héllo \\u0041\\n"]},
  {
   "source": [
    "%pip install x\\n",
    "a = 'é' # x\\n",
    "b = 2"
   ],
   "cell_type" : "code",  "outputs": [{"text": ["\\/"]}]
  },
  {"cell_type": "code", "source": "c = 3\\nd = 4 # \\u00e9"}
 ],
 "nbformat": 4
}
"""
# what it is read as: "# %% cell 1" is line 1, then the cell's lines, then "# %% cell 2" at 5


def change(edit: Edit, text: str = NOTEBOOK) -> str:
    return edited(text.encode(), "a.ipynb", [edit]).decode()


def at(line: int, start: int, end_line: int, end: int, text: str = "") -> Edit:
    return Edit(Span("a.ipynb", line, start, end_line, end), text)


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        pytest.param(at(3, 7, 3, 11), '"a = \'é\' # x\\n"', '"a = \'é\'\\n"', id="in a line"),
        pytest.param(at(3, 0, 4, 0), '    "a = \'é\' # x\\n",\n', "", id="a line"),
        pytest.param(at(4, 0, 5, 0), ',\n    "b = 2"', "", id="the last line"),
        pytest.param(
            at(4, 0, 4, 0, "z = 0\n"), '    "b = 2"', '    "z = 0\\n",\n    "b = 2"', id="a new line"
        ),
        pytest.param(at(7, 5, 7, 9), "d = 4 # \\u00e9", "d = 4", id="a cell that is one text"),
        pytest.param(at(6, 4, 6, 5, "30"), "c = 3\\nd", "c = 30\\nd", id="escapes stay escapes"),
    ],
)  # fmt: skip
def test_only_the_edited_text_changes(edit: Edit, old: str, new: str) -> None:
    assert NOTEBOOK.count(old) == 1
    assert change(edit) == NOTEBOOK.replace(old, new)


def test_several_edits_of_one_cell() -> None:
    edits = [at(3, 7, 3, 11), at(4, 4, 4, 5, "5"), at(6, 0, 7, 0)]
    changed = edited(NOTEBOOK.encode(), "a.ipynb", edits).decode()
    source = notebook_source(changed)
    assert source.split("\n")[2:4] == ["a = 'é'", "b = 5"]
    assert json.loads(changed)["cells"][2]["source"] == "d = 4 # é"


def test_the_only_line_of_a_cell() -> None:
    one = '{"cells": [{"cell_type": "code", "source": ["# x"]}]}'
    assert change(at(2, 0, 3, 0), one) == one.replace('["# x"]', '[""]')
    # the layout of one line is kept for two
    two = '{"cells": [{"cell_type": "code", "source": [\n "x"\n]}]}'
    assert '[\n "y\\n",\n "x"\n]' in change(at(2, 0, 2, 0, "y\n"), two)


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        pytest.param(at(2, 0, 2, 4), NOTEBOOK, id="a line of IPython's"),
        pytest.param(at(4, 0, 6, 0), NOTEBOOK, id="across cells"),
        pytest.param(
            at(2, 0, 2, 1),
            '{"cells": [{"cell_type": "code", "source": ["a\\/b"]}]}',
            id="escapes of another kind",
        ),
        pytest.param(
            at(2, 0, 2, 1),
            '{"cells": [{"cell_type": "code", "source": ["a\\r\\n", "b"]}]}',
            id="newlines of another kind",
        ),
        pytest.param(
            at(2, 0, 2, 1),
            '{"worksheets": [{"cells": [{"cell_type": "code", "input": ["a"]}]}]}',
            id="an old format",
        ),
    ],
)
def test_what_cannot_be_changed_exactly_is_refused(edit: Edit, text: str) -> None:
    with pytest.raises(Failure, match="LF703"):
        change(edit, text)
