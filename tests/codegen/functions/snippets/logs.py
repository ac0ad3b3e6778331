# ruff: noqa
# (written as users write)
"""Loggers of a program that sets nothing up: warnings and worse go to standard error."""

import logging

logger = logging.getLogger(__name__)


def logged(text: str, n: int) -> int:
    logger.debug("not shown")
    logger.info(f"not shown {text}")
    logger.warning("100% sure")
    logger.warning(f"{text!r} braces {{}}")
    logger.error("%s times %s", n, text)
    logger.critical(n)
    return n


def evaluated_anyway(n: int) -> int:
    logger.debug(f"{10 // n}")
    return n


CASES = {"logged": [("a", 1), ("{x}", 2)], "evaluated_anyway": [(1,), (0,)]}
