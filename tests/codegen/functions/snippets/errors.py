# ruff: noqa
# (written as users write)
"""Exceptions."""

import re


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


def caught_whatever_it_is(texts: list[str], i: int) -> list[str]:
    try:
        found = texts[i].split(texts[0])
    except:  # noqa: E722
        found = ["none"]
    return found


def bound_in_branches(text: str) -> str:
    try:
        number = int(text)
        if number > 5:
            said = "large"
        else:
            said = f"small {number}"
    except ValueError:
        said = "no number"
    return said


def bound_before_it_fails(texts: list[str]) -> str:
    said = "nothing"
    for text in texts:
        try:
            if text:
                said = text
            number = int(text)
        except ValueError:
            number = len(said)
        said += str(number)
    return said


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


def left_loops(texts: list[str]) -> str:
    found = []
    for text in texts:
        try:
            if text == "stop":
                break
            if text == "skip":
                continue
            if text == "out":
                return f"out after {found}"
            found.append(int(text))
        except ValueError as error:
            if text == "":
                break
            if text == "-":
                continue
            found.append(-1)
            print(error)
        else:
            found.append(100)
            if len(found) > 4:
                break
    return f"{found} {len(texts)}"


def left_early_only(texts: list[str]) -> int:
    total = 0
    for text in texts:
        try:
            total += int(text)
            continue
        except ValueError:
            total += 1000
        total += 10
    while True:
        try:
            total = int(texts[total % 3]) + total
            break
        except (ValueError, IndexError):
            total += 1
            if total > 5000:
                return -1
    return total


def left_from_within(rows: list[list[str]]) -> list[str]:
    out = []
    for row in rows:
        try:
            for text in row:
                try:
                    if text == "row":
                        break
                    if not text:
                        continue
                    out.append(str(10 // int(text)))
                except ValueError:
                    if text == "all":
                        raise KeyError(text)
                    break
            else_ = len(out)
            if else_ > 6:
                break
        except ZeroDivisionError:
            out.append("zero")
            continue
        except KeyError:
            return out
        out.append("|")
    return out


def raised_again(text: str, xs: list[int]) -> int:
    try:
        return xs[int(text)]
    except ValueError:
        try:
            return xs[len(text)]
        except IndexError:
            if text == "again":
                raise
            print("inner")
        if text:
            raise
        return -1
    except IndexError as e:
        print(f"no {e}")
        raise


def caused(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise RuntimeError(f"not {text}") from error


def finished(text: str, xs: list[int]) -> int:
    state = "started"
    value = 0
    try:
        state = "parsing"
        value = int(text)
        state = "looking"
        value = xs[value]
        if value == 3:
            return value
    except ValueError:
        state = "no number"
        value = -1
    finally:
        print(f"{state} {value}")
    return value * 2


def finished_in_loop(texts: list[str]) -> list[str]:
    log = []
    for text in texts:
        try:
            if text == "stop":
                break
            if text == "skip":
                continue
            if text == "out":
                return [text, *log]
            log.append(str(int(text)))
        finally:
            log.append(f"done {text}")
    log.append("end")
    return log


def changed_when_finished(texts: list[str]) -> list[str]:
    log = []
    try:
        log.append(texts[0])
        return log
    finally:
        log.append("done")


def finished_whatever(n: int) -> str:
    try:
        try:
            return str(10 // n)
        finally:
            print("inner")
    except ZeroDivisionError as e:
        return f"caught {e}"
    finally:
        print("outer")


def raised_while_finishing(n: int) -> int:
    found = []
    try:
        found.append(10 // n)
    finally:
        found.append(100 // (n - 1))
        print(len(found))
    return found[0]


def asked_of_none(text: str, table: dict[str, str], key: str) -> str:
    found = re.search(r"(\d+)-(\d+)", text).group(2)
    name = table.get(key).strip()
    maybe = table.get("maybe")
    return f"{found} {name} {maybe.upper()}"


def moved_before_leaving(words: list[str]) -> str:
    last = "none"
    kept = []
    for word in words:
        if word == "use":
            kept.append(last)
            break
        kept.append(last)
        last = word + "!"
    try:
        last = last + words[9]
    except IndexError:
        kept.append(last)
    return last + ",".join(kept)


def not_installed(name: str) -> str:
    try:
        import json

        if name:
            raise ModuleNotFoundError(f"No module named {name!r}")
        return json.dumps("there")
    except ImportError as error:
        return f"none: {error}"


def unbound_in_branches(kind: str, n: int) -> str:
    if kind == "a":
        label = "first"
    elif kind == "b":
        if n > 1:
            label = "many"
        elif n == 1:
            return "one"
    elif kind == "c":
        try:
            label = str(10 // n)
        except ZeroDivisionError:
            label = "none"
    elif kind == "d":
        raise ValueError(kind)
    return label


def unbound_and_caught(kind: str) -> str:
    try:
        if kind:
            seen = [kind]
        seen.append("x")
        return "-".join(seen)
    except NameError as error:
        return f"{type(error).__name__}: {error}"


def unbound_beside(flag: bool, n: int, texts: list[str]) -> list[str]:
    if flag:
        part = texts[0]
    found = [part, texts[n]]
    return [*found, part]


def unbound_in_dict(flag: bool, n: int) -> dict[str, int]:
    if flag and n:
        total = n * 2
    return {"n": n, "total": total, "ratio": 10 // n}


def unbound_after_call(flag: bool, text: str) -> int:
    if flag:
        value = 1
    return int(text) + value


def unbound_in_a_loop(n: int) -> int:
    total = 0
    for i in range(n):
        if i % 2:
            value = i
        total = value + total
    return total


def unbound_again(flag: bool, n: int) -> int:
    if n:
        value = n
    if flag:
        value = 1
    return value


class ConfigError(Exception):
    """Nothing of its own."""


class MissingKey(ConfigError): ...


class BadNumber(ConfigError, ValueError):
    pass


class NotThere(KeyError):
    pass


class Coded(Exception):
    def __init__(self, text: str, code: int):
        super().__init__(text)
        self.code = code


class Unreachable(ConnectionError):
    """One of the system's."""


class ValidationError(ValueError):
    """Called as one of pydantic's is."""


def own_raised(kind: str, n: int) -> int:
    if kind == "plain":
        raise ConfigError
    if kind == "told":
        raise ConfigError(f"no {kind}: {n}", n)
    if kind == "derived":
        raise MissingKey("k")
    if kind == "key":
        raise NotThere(kind)
    if kind == "far":
        raise Unreachable(f"{n}")
    if kind == "same":
        raise ValidationError("mine")
    if kind == "value":
        raise ValueError("theirs")
    return n


def own_caught(kind: str, n: int) -> str:
    try:
        return str(own_raised(kind, n))
    except MissingKey as error:
        return f"missing {error} {error!r} {type(error).__name__}"
    except (ConfigError, NotThere) as error:
        return f"config {error} {error!r} {type(error).__name__}"
    except OSError as error:
        return f"system {error} {error!r}"
    except ValidationError as error:
        return f"invalid {error!r}"


def own_raised_again(kind: str, n: int) -> str:
    try:
        own_raised(kind, n)
    except LookupError as error:
        raise MissingKey(f"after {error}") from error
    except ConfigError:
        raise
    finally:
        n += 1
    return f"{n}"


def own_of_two(n: int) -> int:
    if n:
        raise BadNumber("x")
    return n


def own_with_a_code(n: int) -> int:
    if n:
        raise Coded("x", n)
    return n


def of_the_system(name: str) -> str:
    if name:
        raise OSError(2, "No such file", name)
    return name


CASES = {
    "own_raised": [(k, 2) for k in ("plain", "told", "derived", "key", "far", "same", "value", "")],
    "own_caught": [(k, 2) for k in ("plain", "told", "derived", "key", "far", "same", "value", "")],
    "own_raised_again": [(k, 2) for k in ("plain", "derived", "key", "far", "value", "")],
    "unbound_in_branches": [
        ("a", 0),
        ("b", 2),
        ("b", 1),
        ("b", 0),
        ("c", 0),
        ("c", 4),
        ("d", 0),
        ("é", 0),
    ],
    "unbound_and_caught": [("",), ("k",)],
    "unbound_beside": [(True, 0, ["a"]), (True, 1, ["a"]), (False, 1, ["a"]), (True, 0, [])],
    "unbound_in_dict": [(True, 2), (False, 0), (True, 0)],
    "not_installed": [("",), ("x",)],
    "caught_whatever_it_is": [(["a", "cab"], 1), (["", "x"], 1), ([], 0), (["b"], 4)],
    "bound_in_branches": [("7",), ("2",), ("x",)],
    "bound_before_it_fails": [(["1", "a", ""],), ([],), (["", "2"],)],
    "left_loops": [
        (["1", "x", "skip", "-", "2", "3", "4"],),
        (["1", "stop", "2"],),
        (["1", "", "2"],),
        (["a", "out"],),
        ([],),
    ],
    "left_early_only": [(["1", "x", "2"],), (["x", "y"],), ([],)],
    "left_from_within": [
        ([["1", "row", "2"], ["", "5"], ["0", "1"], ["x", "1"]],),
        ([["1"], ["all"], ["1"]],),
        ([["1"] * 8, ["1"]],),
    ],
    "raised_again": [("0", [7]), ("x", [1, 2]), ("again", []), ("no", [1]), ("", []), ("5", [])],
    "caused": [("1",), ("x",)],
    "finished": [("0", [1]), ("0", [3]), ("x", []), ("7", [1])],
    "finished_in_loop": [(["1", "skip", "2", "stop", "3"],), (["1", "out"],), (["1", "x"],), ([],)],
    "changed_when_finished": [(["a"],)],
    "finished_whatever": [(0,), (3,)],
    "raised_while_finishing": [(0,), (1,), (2,)],
    "asked_of_none": [
        ("a 1-22", {"k": " v ", "maybe": "m"}, "k"),
        ("a", {"k": " v "}, "k"),
        ("1-2", {}, "k"),
        ("1-2", {"k": "v"}, "k"),
    ],
    "moved_before_leaving": [(["a", "b", "use", "c"],), ([],), (["a"] * 10,)],
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
REFUSED = {
    "own_of_two": "LF303",
    "own_with_a_code": "LF303",
    "of_the_system": "LF303",
    "changed_when_finished": "LF305",
    "unbound_after_call": "LF308",
    "unbound_in_a_loop": "LF308",
    "unbound_again": "LF308",
}
