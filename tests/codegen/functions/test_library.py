"""Whatever the lowering lets through, the Rust side has a call for."""

import pytest

from langferry.codegen.rust.functions import library
from langferry.converter.lower import signatures


def _arities(table: dict[str, signatures.Signature]) -> list[tuple[str, int]]:
    return [
        (name, count)
        for name, signature in table.items()
        for count in range(signature.required, len(signature.params) + 1)
    ]


@pytest.mark.parametrize(
    ("lowered", "written", "elsewhere"),
    [
        (signatures.STR_METHODS, library.STR_METHODS, set()),
        (signatures.LIST_METHODS, library.LIST_METHODS, set()),
        (signatures.DICT_METHODS, library.DICT_METHODS, {"get", "keys", "values", "items"}),
        (signatures.SET_METHODS, library.SET_METHODS, set()),
        (signatures.FUNCTIONS, library.FUNCTIONS, {"datetime.datetime"}),
    ],
    ids=["str", "list", "dict", "set", "functions"],
)
def test_every_signature_has_a_call(
    lowered: dict[str, signatures.Signature],
    written: dict[tuple[str, int], str],
    elsewhere: set[str],
) -> None:
    missing = [key for key in _arities(lowered) if key not in written and key[0] not in elsewhere]
    assert not missing


def test_every_method_of_a_class_has_a_call() -> None:
    missing = [
        (kind, *key)
        for kind, table in signatures.CLASS_METHODS.items()
        for key in _arities(table)
        if (kind, *key) not in library.CLASS_METHODS
    ]
    assert not missing
