# ruff: noqa
# (written as the generator writes them)
"""Functions of `make fuzz` that once did not compile or gave something else, cut down."""

import re
from typing import Any, TypedDict


class Tally(TypedDict, total=False):
    name: str
    count: int


def record_at_once(words: list[str], n: int) -> list[str]:
    first: Tally = {"name": "a", "count": n & 3}
    found = [q for q in Tally(name=words[0]).get("name", "")]
    for letter in Tally(name=words[0])["name"]:
        found.append(letter)
    second: Tally = {"count": -len(words)}
    return [*found, str(first), str(second), str(Tally(count=n).get("count") or 7)]


def kept_for_the_next_round(n: int, word: str) -> int:
    shown = word + "!"
    left = n
    while left > 0:
        left -= 1
        try:
            if left > 1:
                continue
            left = int(word)
        except ValueError:
            counts = {**{"a": 1}, shown: 2}
            return len(counts)
        finally:
            print(shown)
        return left
    return -1


def empty_literals(n: int, words: list[str]) -> list[str]:
    shown = [repr({}), str([] + []), str([q for q in []]), str({} | {}), str([][n:])]
    total = len([]) + max([], default=n)
    found: list[str] = [k for k, v in {}.items() if v > n]
    return [*shown, str(total), *found, str([n] == []), str("a" in [])]


def empty_item(n: int) -> str:
    try:
        return f"{[][n]}"
    except IndexError as error:
        return str(error)


def joined_dicts(p: dict[str, int], q: dict[str, int]) -> list[str]:
    keys = [key for key in p | q]
    for key in p | q | {"a": 1}:
        keys.append(key)
    for key, value in (p | {"z": 2}).items():
        keys.append(f"{key}{value}")
    return keys + list(dict((p | q))) + [str("b" in dict((q | p))), str(("a" in (p | {})))]


def lists_are_made_whole(words: list[str], xs: list[int]) -> bool:
    return all([str(x) for x in xs]) and any([len(w) for w in words])


def filtered_values(n: int, words: list[str]) -> list[int]:
    kept = [q for q in [1, 2, 3] if q > n]
    return kept + [len({q for q in ["a", "a"]}), len({w for w in words})]


def only_bound_again(words: list[str]) -> int:
    count = 0
    for word in words:
        count += 1
        word += "x"
    return count


def loop_name_in_try(text: str, table: dict[str, int]) -> list[str]:
    found: list[str] = []
    for letter in text:
        try:
            try:
                letter = (letter + "!")[table[letter]]
            except IndexError as error:
                letter += "?"
            found.append(letter)
        except KeyError:
            letter += "."
            found.append(letter)
    return found


def used_twice(text: str, flag: bool, more: list[str]) -> list[str]:
    print(text, (text if flag else None))
    same = text == ("" if flag else text)
    word = text + "a"
    print(word, (word if flag else None))
    found = word in [word, "b"]
    other = text.upper()
    return [str(same), str(found), str(other == (other if flag else ""))]


def given_back_while_iterated(xs: list[int], n: int) -> list[int]:
    ys = [x + 1 for x in xs]
    for y in ys:
        if y > n:
            return ys
    zs = sorted(ys)
    last = [n]
    for i, z in enumerate(zs):
        if z < 0:
            last = zs
            break
    return last


def negated_part(table: dict[str, int], xs: list[int]) -> int:
    return len(xs[-table["a"] : ~xs[0]]) - -xs[0]


def float_against_int(n: int) -> bool:
    return 1.5 <= n or 0.5 > n or 2.0 == n


def looked_for_first(text: str, words: list[str], table: dict[str, int]) -> list[bool]:
    first = int(text) in [len(words[3])]
    return [first, words[0] not in words[3]]


def looked_for_dynamically(text: str, data: Any) -> bool:
    return int(text) in data["a"]


def counted_in_itself(xs: list[int], text: str) -> list[int]:
    ys = [x for x in xs]
    ys[ys[0]] *= 2
    ys[int(text)] //= ys[1]
    return ys


def crossed(words: list[str]) -> list[str]:
    return [q + r for q in [w.strip() for w in words] for r in q if r + q]


def listed_items(table: dict[str, int]) -> str:
    first = list({**table, "a": 1}.items())[0]
    return f"{first}{list(dict(table).items())}"


def joined(table: dict[str, int]) -> int:
    return len(table)


def passes_joined(p: dict[str, int], q: dict[str, int]) -> int:
    return joined(p | q) + joined({}) + joined({} | q)


def holds_all(words: list[str], more: list[str]) -> bool:
    return set(words).issuperset(set([more[0]]))


def dynamic_text(data: Any) -> list[str]:
    text = data[0]
    tests = [text.isidentifier(), text.isprintable(), text.isascii()]
    found = [text.center(7, "*"), text.ljust(7, "-"), text.rjust(7, "."), text.expandtabs(4)]
    parts = [text.rsplit(), text.rsplit(","), text.split(None, 1), text.rsplit(None, 1)]
    return [str(tests), str(found), str(parts), str(text.rindex("a"))]


def bound_again_in_try(word: str, words: list[str]) -> list[str]:
    found: list[str] = []
    text = word.strip()
    for key in {text: words}:
        found.append(key)
    try:
        count = int(word)
        text = ", ".join(words)
        found.append(text * count)
    except ValueError:
        found.append("none")
    return found


def goes_on_in_try_in_try(words: list[str]) -> list[str]:
    found: list[str] = []
    try:
        for word in words:
            try:
                found.append(str(int(word)))
                continue
            except ValueError:
                found.append("none")
            found.append(word)
    except KeyError:
        found.append("never")
    return found


def raises_in_try_in_try(word: str) -> list[str]:
    found: list[str] = []
    try:
        try:
            raise ValueError(word)
        except KeyError:
            found.append("never")
        finally:
            found.append("at last")
    except ValueError as error:
        found.append(str(error))
    return found


def replaces_badly(word: str) -> str:
    return re.sub("a", "line\n" + word, "aba")


def prints_nul(n: int) -> str:
    print(chr(n))
    return chr(n)


def inserted(place: int) -> list[int]:
    numbers = [1, 2, 3]
    numbers.insert(place, 7)
    return numbers


COUNTED = {"a": 1, "b": 2}


def loop_name_bound_to_itself(rounds: int) -> str:
    for name, count in COUNTED.items():
        while rounds > count:
            rounds -= 1
            name = name
            other = name
            print(other)
            name = other
        kept, length = (name, len(name))
        if length > rounds:
            return name
        print(kept, length)
    return ""


CASES = {
    "loop_name_bound_to_itself": [(0,), (3,), (1,)],
    "inserted": [(0,), (-1,), (9,), (-(2**63),), (2**63,), (-(2**70),)],
    "record_at_once": [(["ab"], 6), (["", "x"], 0)],
    "kept_for_the_next_round": [(3, "x"), (2, "8"), (0, "")],
    "replaces_badly": [("\\u",), ("\\1",), ("c",)],
    "prints_nul": [(0,)],
    "goes_on_in_try_in_try": [(["1", "x", "2"],), ([],)],
    "raises_in_try_in_try": [("a",)],
    "bound_again_in_try": [("2", ["a", "b"]), (" x", ["a"])],
    "dynamic_text": [(["a,b\tc d a"],), (["é"],), ([1],)],
    "looked_for_first": [("x", [], {}), ("1", [], {}), ("1", ["a", "b", "c", "d"], {})],
    "looked_for_dynamically": [("x", {}), ("1", {}), ("1", {"a": [1]}), ("1", {"a": 2})],
    "counted_in_itself": [([0, 2], "1"), ([3], "0"), ([0, 0], "1"), ([0, 1], "x")],
    "crossed": [([" ab", "c"],)],
    "listed_items": [({"b": 2},), ({},)],
    "joined": [({},)],
    "passes_joined": [({"a": 1}, {"b": 2})],
    "holds_all": [(["a"], ["a"]), (["a"], ["b"]), (["a"], [])],
    "empty_literals": [(1, ["a"])],
    "negated_part": [({"a": 2}, [1, 2, 3]), ({}, [1])],
    "float_against_int": [(1,), (2,), (-1,)],
    "empty_item": [(0,)],
    "joined_dicts": [({"a": 1}, {"b": 2, "a": 3}), ({}, {})],
    "lists_are_made_whole": [(["a"], [1]), ([""], [1]), ([], [])],
    "filtered_values": [(1, ["a", "b", "a"])],
    "only_bound_again": [(["a", "b"],)],
    "loop_name_in_try": [("ab", {"a": 0, "b": 1}), ("abc", {"a": 7}), ("", {})],
    "used_twice": [("a", True, []), ("b", False, [])],
    "given_back_while_iterated": [([1, 2], 2), ([1, -5], 9), ([], 0)],
}
