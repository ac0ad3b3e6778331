"""LangGraph's own test suite, run on langferry's engine and counted.

`python -m conformance` (or `make conformance`). Nothing of LangGraph is kept here: the suites come
from its released sdists at pinned versions and hashes, into `target/conformance`.
"""
