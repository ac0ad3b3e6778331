# ruff: noqa
# (written as users write)
"""Loggers with handlers of their own: several at once, formats with widths and times."""

import logging
import sys

two = logging.getLogger("two.places")
two.setLevel(logging.INFO)
two.propagate = False
shown = logging.StreamHandler(sys.stdout)
shown.setFormatter(logging.Formatter("%(levelname)-8s|%(name)12s|%(message)s 100%%"))
two.addHandler(shown)
told = logging.StreamHandler()
told.setLevel(logging.WARNING)
told.setFormatter(logging.Formatter("{%(asctime)s} %(message)s", datefmt="year %Y"))
two.addHandler(told)


def in_two_places(text: str, n: int) -> int:
    two.debug("not shown %s", text)
    two.info("%s and %d", text, n)
    two.warning(f"{text} %s")
    two.log(logging.ERROR, "%r", text)
    two.log(logging.DEBUG, "not shown")
    two.critical(n, stack_info=False)
    return n


def with_more(text: str, n: int, told: list[str]) -> int:
    two.error("failed", extra={"reason": text, "count": len(told), "first": told[n]})
    two.info(text, exc_info=False, extra={"n": n}, stacklevel=2)
    two.debug("not shown", extra={"first": told[n]})
    return n


def asked_for_there(text: str, n: int) -> int:
    logging.getLogger("two.places.below").warning("%s of %s", n, text)
    logging.getLogger("two.places").info(text)
    logging.getLogger("two.places.below").debug(text)
    return n


CASES = {
    "asked_for_there": [("a", 1)],
    "in_two_places": [("a", 1), ("%(message)s {asctime}", -2), ("two\nlines", 0)],
    "with_more": [("a", 0, ["x"]), ("b", 1, ["x"])],
}
