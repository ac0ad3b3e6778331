# ruff: noqa
# (written as users write)
"""Exceptions."""


def raised(n: int) -> int:
    if n == 0:
        raise ValueError("zero is not allowed")
    if n == 1:
        raise KeyError("one")
    if n == 2:
        raise RuntimeError
    if n == 3:
        raise ValueError(f"{n} {'x'!r}", n)
    assert n != 4, "four"
    assert n != 5
    return n


def caught(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    return value * 2


def caught_and_left(text: str) -> str:
    try:
        value = int(text)
    except ValueError as error:
        return f"bad: {error}"
    return f"good: {value}"


def several(xs: list[int], i: int) -> str:
    try:
        return str(10 // xs[i])
    except IndexError:
        return "index"
    except (ZeroDivisionError, KeyError) as e:
        return f"zero {e}"


def wide(xs: list[int], i: int) -> str:
    result = "start"
    try:
        result = str(10 // xs[i])
    except LookupError:
        result = result + " lookup"
    except Exception as error:
        result = f"{result} other {error}"
    else:
        result += " fine"
    return result


def uncaught(xs: list[int], i: int) -> int:
    try:
        return xs[i]
    except KeyError:
        return -1


def again(n: int) -> int:
    try:
        return raised(n)
    except KeyError as error:
        raise error
    except ValueError as error:
        raise RuntimeError(f"wrapped: {error}")


def counted(texts: list[str]) -> int:
    total = 0
    failed = 0
    for text in texts:
        try:
            total += int(text)
        except ValueError:
            failed += 1
    return total * 100 + failed


def looked_up(table: dict[str, int], key: str) -> int:
    try:
        found = table[key]
    except KeyError as error:
        raise ValueError(f"no key {error}") from None
    return found


def returned_on_some_ways(texts: list[str]) -> str:
    count = 0
    for text in texts:
        try:
            n = int(text)
            if n > 9:
                return f"big {n} after {count}"
            for digit in range(n):
                if digit == 7:
                    break
                if digit == 8:
                    continue
                count += 1
        except ValueError as error:
            if not text:
                return f"empty: {error}"
            count += 100
        else:
            count += 1000
    return f"all {count}"


def returned_in_two(n: int) -> int:
    total = 1
    try:
        try:
            if n == 0:
                return -1
            total = 10 // (n - 1)
        except ZeroDivisionError:
            total = 50
            if n == 1:
                raise KeyError("inner")
        total += 1
        if n == 3:
            return total
        total *= 2
    except KeyError:
        return 99
    return total


def bound_again(text: str, n: int, flag: bool, maybe: str | None) -> str:
    if maybe is None:
        maybe = "none"
    text = text.strip() or "nothing"
    n += 1
    if n > 3:
        n = -n
        text += "!"
        flag = not flag
    return f"{text} {n} {flag} {maybe}"


def shouted_words(text: str, flag: bool, xs: list[int]) -> int:
    text = "other" if flag and xs else text
    nothing: str | None = None
    shouted = [word.upper() for word in ["a", "b c"] if word]
    return len(text) + len(shouted) + len([word.title() for word in shouted if word != "A"])


CASES = {
    "shouted_words": [("a", True, [1]), ("", False, [])],
    "returned_on_some_ways": [(["1", "x", "9"],), (["3", "12"],), (["", "1"],), ([],)],
    "returned_in_two": [(0,), (1,), (2,), (3,), (4,)],
    "bound_again": [(" a ", 1, True, None), ("", 3, False, "m"), ("b", 9, True, "")],
    "raised": [(n,) for n in range(7)],
    "caught": [("7",), ("x",)],
    "caught_and_left": [("7",), ("x",)],
    "several": [([1], 0), ([], 0), ([0], 0)],
    "wide": [([2], 0), ([], 1), ([0], 0)],
    "uncaught": [([1], 0), ([1], 3)],
    "again": [(n,) for n in range(7)],
    "counted": [(["1", "x", "2"],), ([],)],
    "looked_up": [({"a": 1}, "a"), ({}, "b")],
}
REFUSED: dict[str, str] = {}
