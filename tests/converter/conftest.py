"""What the converter's tests share."""

from pathlib import Path

import pytest

from tests.types_cache import TYPES_CACHE


@pytest.fixture(scope="session")
def types_cache() -> Path:
    """A cache for the type checker, warm after the first test."""
    return TYPES_CACHE
