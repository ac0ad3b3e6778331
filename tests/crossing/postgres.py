"""A Postgres server for the tests: one that runs already, or one started from a package."""

import os
import tempfile
from collections.abc import Iterator

import pytest

_RUNNING = "postgresql://postgres@127.0.0.1:5432/postgres?connect_timeout=3"


def server() -> Iterator[str]:
    """The address of a server; one that is started here ends with the tests.

    It is the one `LANGFERRY_TEST_POSTGRES` names, else one on this machine that trusts its users, else
    one from the package `pgserver`. Without any, the tests are skipped and say so.
    """
    psycopg = pytest.importorskip("psycopg")
    address = os.environ.get("LANGFERRY_TEST_POSTGRES", _RUNNING)
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError as error:
        if "LANGFERRY_TEST_POSTGRES" in os.environ:
            raise
        unreachable = str(error).splitlines()[0]
    else:
        yield address
        return
    pgserver = pytest.importorskip(
        "pgserver", reason=f"no Postgres server: {unreachable}; and pgserver is not installed"
    )
    with tempfile.TemporaryDirectory() as data, pgserver.get_server(data) as started:
        yield started.get_uri()
