# ruff: noqa
# (written as users write)
"""Loggers of a program that sets nothing up: warnings and worse go to standard error."""

import logging

logger = logging.getLogger(__name__)
quiet = logging.getLogger("quiet")
quiet.setLevel(logging.ERROR)
within = logging.getLogger("quiet.within")
logging.getLogger("chatty").setLevel(logging.DEBUG)
chatty = logging.getLogger("chatty")


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


def by_levels(n: int) -> int:
    quiet.warning("not shown")
    quiet.error(n)
    within.warning("not shown either")
    within.critical("shown")
    chatty.info("not shown by the handler")
    chatty.warning("shown, too")
    return n


def with_places(text: str, n: int, x: float) -> int:
    logger.warning("%d of %5d, %-5d| %i%% %r", n, n, n, n, text)
    logger.warning("%.2f %f %8.1f|%-8.1f| %05d", x, x, x, x, n)
    logger.warning("%10s|%-10s|%.2s|%r", text, text, text, [text, n])
    logger.debug("%.3f %s", x, text)
    return n


if __name__ == "__main__":
    logging.basicConfig(level=logging.DEBUG)

CASES = {
    "by_levels": [(1,)],
    "logged": [("a", 1), ("{x}", 2)],
    "evaluated_anyway": [(1,), (0,)],
    "with_places": [("añ{b}", 7, 2.675), ("", -123456789, -0.0), ("x" * 12, 2**70, 1e22)],
}
