"""The texts that libraries give names to are theirs."""

import os
import string

import pytest

from langferry.converter.lower.text_constants import TEXTS, wraps_output
from langferry.converter.module_scope import ModuleScope


def test_of_the_standard_library() -> None:
    modules = {"os": os, "string": string}
    named = {name: text for name, text in TEXTS.items() if not name.startswith("colorama.")}
    assert named == {
        name: getattr(modules[name.partition(".")[0]], name.partition(".")[2]) for name in named
    }


@pytest.mark.parametrize(
    ("name", "number"),
    [("Fore.BLACK", 30), ("Fore.LIGHTRED_EX", 91), ("Back.RESET", 49), ("Style.RESET_ALL", 0)],
)
def test_of_colorama(name: str, number: int) -> None:
    # its `AnsiFore` and so on: the numbers of ECMA-48
    assert TEXTS[f"colorama.{name}"] == f"\033[{number}m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from colorama import Fore, init\ninit()", True),
        ("import colorama\ncolorama.init(autoreset=True)", True),
        ("from colorama import *", True),
        ("from colorama import Fore, Style\nprint(Fore.RED)", False),
        ("import app\napp.init()", False),
    ],
)
def test_wraps_output(text: str, expected: bool) -> None:
    assert wraps_output([ModuleScope("m.py", "m", text)]) is expected
