"""Functions that keep what they have made in variables of their module."""

_lengths: dict[str, int] = {}
_pairs: dict[tuple[str, int], str] = {}
_shouted = {}
_whispered: dict[str, str] = {}
_limit: int | None = None
_greeting: str | None = None


def length(word: str) -> int:
    if word in _lengths:
        return _lengths[word]
    found = len(word)
    _lengths[word] = found
    return found


def repeated(word: str, times: int) -> str:
    if (word, times) not in _pairs:
        if times < 0:
            raise ValueError(f"{times} times {word}")
        _pairs[(word, times)] = word * times
    return _pairs[(word, times)]


def shouted(word: str) -> str:
    known = _shouted.get(word)
    if known is not None:
        return known
    _shouted[word] = word.upper()
    return _shouted[word]


def whispered(word: str) -> str:
    if word not in _whispered:
        try:
            said = str(int(word))
        except ValueError:
            said = word.lower()
        _whispered[word] = said
    return _whispered[word]


def limit() -> int:
    global _limit
    if _limit is None:
        _limit = len("seven77")
    return _limit


def greeting() -> str:
    global _greeting
    if not _greeting:
        _greeting = "good " + "day"
    return _greeting


def twice(word: str, times: int) -> list[str]:
    found = [repeated(word, times), repeated(word, times), shouted(word), shouted(word)]
    return [
        *found,
        whispered(word),
        whispered(word),
        greeting(),
        greeting(),
        str(limit() + limit()),
    ]


CASES = {
    "length": [("",), ("ab",), ("ab",)],
    "repeated": [("a", 2), ("a", -1), ("a", 2), ("a", -1)],
    "shouted": [("é",), ("é",), ("",), ("",)],
    "whispered": [("12",), (" 7 ",), ("AB",), ("AB",)],
    "limit": [(), ()],
    "greeting": [(), ()],
    "twice": [("Ab", 2), ("Ab", -2)],
}
