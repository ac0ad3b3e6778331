# ruff: noqa
# (written as users write)
"""Records that tell of an exception, and tracebacks that are printed."""

import logging
import sys
import traceback

logger = logging.getLogger(__name__)
shown = logging.getLogger("exceptions.shown")
shown.setLevel(logging.ERROR)
shown.propagate = False
to_output = logging.StreamHandler(sys.stdout)
to_output.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
shown.addHandler(to_output)
both = logging.getLogger("exceptions.both")
both.addHandler(to_output)
both.addHandler(logging.StreamHandler())
both.propagate = False
around = logging.getLogger("exceptions.around")
around.propagate = False
with_end = logging.StreamHandler()
with_end.setFormatter(logging.Formatter("%(message)s [%(name)s]"))
around.addHandler(with_end)


def by_method(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        logger.exception("no number: %s", text)
        return 0


def by_option(values: dict[str, int], name: str) -> int:
    try:
        return 10 // values[name]
    except KeyError as error:
        logger.error(f"no {name}", exc_info=True)
        logger.warning("no %s at all\n", error, exc_info=error)
        shown.warning("not shown", exc_info=True)
        return -1
    except Exception as e:
        shown.exception(e)
        both.critical("divided", exc_info=True)
        logger.debug("not shown", exc_info=True)
        logger.exception("without", exc_info=False)
        return -2


def within_another(text: str, values: list[int]) -> str:
    error = "outer"
    try:
        number = int(text)
    except:
        logger.exception("first")
        try:
            number = values[3]
        except IndexError:
            number = 7
        shown.error("after", exc_info=True)
    return f"{error} {number}"


def printed(text: str) -> bool:
    try:
        assert text
        raise RuntimeError(text, 3)
    except AssertionError:
        traceback.print_exc()
    except Exception:
        print("before")
        traceback.print_exc()
    return True


def below_others(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        around.exception("told above what stands at the end")
        return 0


def in_a_caller(text: str) -> int:
    logger.exception("what a caller may handle")
    return len(text)


CASES = {
    "by_method": [("1",), ("a",), ("",)],
    "by_option": [({"a": 0}, "a"), ({"a": 1}, "a"), ({}, "a"), ({}, "x\n")],
    "within_another": [("1", []), ("x", []), ("x", [1, 2, 3, 4])],
    "printed": [("",), ("a",)],
    "below_others": [("1",)],
    "in_a_caller": [("1",)],
}

REFUSED = {"below_others": "LF303", "in_a_caller": "LF303"}
