"""What the converter's tests share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def types_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for the type checker, warm after the first test."""
    return tmp_path_factory.mktemp("types")
