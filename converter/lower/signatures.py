"""The builtins, methods and library functions that may be called natively, with their types.

A signature is read as in Python's documentation: parameters after `?` may be left out. What is
not listed here is not native. In method signatures `T` is a list's or set's item, `K` and `V` a
dict's key and value.
"""

from collections.abc import Mapping

import msgspec

from langferry.model import types as t

ANY, NONE, BOOL = t.AnyType(), t.NoneType(), t.BoolType()
INT, FLOAT, STR, BYTES = t.IntType(), t.FloatType(), t.StrType(), t.BytesType()
PATTERN, MATCH = t.ClassType("re.Pattern"), t.ClassType("re.Match")
DATE, DATETIME = t.ClassType("datetime.date"), t.ClassType("datetime.datetime")
TIME, DELTA = t.ClassType("datetime.time"), t.ClassType("datetime.timedelta")
PATH = t.ClassType("pathlib.Path")
SEND = t.ClassType("langgraph.types.Send")
EXCEPTION = t.ClassType("Exception")
FORM = t.ClassType("pydantic.Form")
"""A pydantic class of the program, as models are told of it and as its objects are made."""
STORE = t.ClassType("langgraph.store.BaseStore")
"""What LangGraph lends nodes to keep things in beyond a run."""
COUNTER = t.ClassType("collections.Counter")
"""A counter of texts."""
RANGE = t.ClassType("builtins.range")
"""A range that is kept, not only gone through where it is made."""
CONFIGURABLE = t.ClassType("langgraph.configurable")
"""`config["configurable"]`: only keys that the program knows by name are looked at."""

_LETTERS: dict[str, t.Type] = {
    "any": ANY,
    "none": NONE,
    "bool": BOOL,
    "int": INT,
    "float": FLOAT,
    "str": STR,
    "bytes": BYTES,
    "strs": t.ListType(STR),
    "str?": t.OptionalType(STR),
    "str?s": t.ListType(t.OptionalType(STR)),
    "str3": t.TupleType((STR, STR, STR)),
    "str&int": t.TupleType((STR, INT)),
    "int2": t.TupleType((INT, INT)),
    "str2": t.TupleType((STR, STR)),
    "Pattern": PATTERN,
    "Match": MATCH,
    "Match?": t.OptionalType(MATCH),
    "Matches": t.ListType(MATCH),
    "date": DATE,
    "datetime": DATETIME,
    "time": TIME,
    "timedelta": DELTA,
    "Path": PATH,
}


class Signature(msgspec.Struct, frozen=True):
    """Parameter types, how many must be given, and the result; types of `T` still open."""

    params: tuple[str, ...]
    required: int
    result: str

    def types(self, open_types: Mapping[str, t.Type]) -> tuple[tuple[t.Type, ...], t.Type]:
        """Parameter types and result with `T`, `K`, `V` filled in."""
        return tuple(_type(name, open_types) for name in self.params), _type(
            self.result, open_types
        )


def _type(name: str, open_types: Mapping[str, t.Type]) -> t.Type:
    if name in open_types:
        return open_types[name]
    if name.startswith("list "):
        return t.ListType(_type(name[5:], open_types))
    if name.startswith("set "):
        return t.SetType(_type(name[4:], open_types))
    if name.startswith("optional "):
        inner = _type(name[9:], open_types)
        return inner if isinstance(inner, t.OptionalType | t.AnyType) else t.OptionalType(inner)
    if name == "items":
        return t.ListType(t.TupleType((open_types["K"], open_types["V"])))
    if name == "pair":
        return t.TupleType((open_types["K"], open_types["V"]))
    if name == "dict":
        return t.DictType(open_types["K"], open_types["V"])
    return _LETTERS[name]


def _table(text: str) -> dict[str, Signature]:
    table = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        head, result = line.split(" -> ")
        names, _, rest = head.partition("(")
        required, _, optional = rest.rstrip(")").partition("?")
        needed = [item.strip() for item in required.split(",") if item.strip()]
        more = [item.strip() for item in optional.split(",") if item.strip()]
        for name in names.split("/"):
            table[name.strip()] = Signature((*needed, *more), len(needed), result.strip())
    return table


STR_METHODS = _table("""
    lower/upper/title/capitalize/casefold/swapcase() -> str
    strip/lstrip/rstrip(? str) -> str
    split/rsplit(? str, int) -> strs
    splitlines() -> strs
    replace(str, str ? int) -> str
    find/rfind/index/rindex/count(str) -> int
    startswith/endswith(str) -> bool
    isdigit/isalpha/isalnum/isupper/islower/istitle/isspace/isnumeric/isdecimal() -> bool
    isidentifier/isprintable/isascii() -> bool
    zfill(int) -> str
    center/ljust/rjust(int ? str) -> str
    partition/rpartition(str) -> str3
    removeprefix/removesuffix(str) -> str
    expandtabs(int) -> str
""")

LIST_METHODS = _table("""
    append(T) -> none
    extend(list T) -> none
    insert(int, T) -> none
    pop(? int) -> T
    remove(T) -> none
    clear/reverse() -> none
    index/count(T) -> int
    copy() -> list T
""")

DICT_METHODS = _table("""
    get(K) -> optional V
    pop(K ? V) -> V
    popitem() -> pair
    setdefault(K, V) -> V
    keys() -> list K
    values() -> list V
    items() -> items
    update(dict) -> none
    clear() -> none
    copy() -> dict
""")

SET_METHODS = _table("""
    add/discard/remove(T) -> none
    clear() -> none
    copy() -> set T
    union/intersection/difference/symmetric_difference(set T) -> set T
    issubset/issuperset/isdisjoint(set T) -> bool
""")

CLASS_METHODS: dict[str, dict[str, Signature]] = {
    "re.Pattern": _table("""
        search/match/fullmatch(str) -> Match?
        finditer(str) -> Matches
        sub(str, str ? int) -> str
        subn(str, str ? int) -> str&int
        split(str ? int) -> str?s
    """),
    "collections.Counter": _table("""
        most_common(? int) -> list str&int
        items() -> list str&int
        keys() -> strs
        values() -> list int
    """),
    "re.Match": _table("""
        start/end(? int) -> int
        span(? int) -> int2
    """),
    "datetime.date": _table("""
        isoformat() -> str
        weekday/isoweekday/toordinal() -> int
        strftime(str) -> str
    """),
    "datetime.datetime": _table("""
        isoformat() -> str
        weekday/isoweekday/toordinal() -> int
        strftime(str) -> str
        date() -> date
        time() -> time
    """),
    "datetime.time": _table("""
        isoformat() -> str
        strftime(str) -> str
    """),
    "datetime.timedelta": _table("""
        total_seconds() -> float
    """),
    "pathlib.Path": _table("""
        as_posix() -> str
        is_absolute() -> bool
        with_name/with_suffix(str) -> Path
    """),
    "files.Reader": _table("""
        read/readline() -> str
        readlines() -> strs
        close() -> none
    """),
    "files.Writer": _table("""
        write(str) -> int
        writelines(strs) -> none
        flush/close() -> none
    """),
}

ATTRIBUTES: dict[str, dict[str, t.Type]] = {
    "langchain.Tool": {"name": STR, "description": STR},
    "pathlib.Path": {
        **dict.fromkeys(("name", "stem", "suffix"), STR),
        "parent": PATH,
        "parents": t.ClassType("pathlib.Parents"),
    },
    "datetime.date": dict.fromkeys(("year", "month", "day"), INT),
    "datetime.datetime": dict.fromkeys(
        ("year", "month", "day", "hour", "minute", "second", "microsecond"), INT
    ),
    "datetime.time": dict.fromkeys(("hour", "minute", "second", "microsecond"), INT),
    "datetime.timedelta": dict.fromkeys(("days", "seconds", "microseconds"), INT),
}

FUNCTIONS = _table("""
    builtins.input(? str) -> str
    builtins.chr(int) -> str
    builtins.ord(str) -> int
    builtins.bin/builtins.oct/builtins.hex(int) -> str
    re.search/re.match/re.fullmatch(str, str ? int) -> Match?
    re.finditer(str, str ? int) -> Matches
    re.escape(str) -> str
    re.compile(str ? int) -> Pattern
    math.sqrt/math.exp/math.log2/math.log10/math.sin/math.cos/math.tan(float) -> float
    math.log(float) -> float
    math.floor/math.ceil/math.trunc(float) -> int
    math.gcd(int, int) -> int
    urllib.parse.quote/urllib.parse.quote_plus(str ? str) -> str
    urllib.parse.unquote/urllib.parse.unquote_plus(str) -> str
    json.dumps(any) -> str
    json.loads(str) -> any
    random.random() -> float
    random.randint(int, int) -> int
    random.uniform(float, float) -> float
    time.time/time.perf_counter/time.monotonic() -> float
    time.sleep(float) -> none
    os.system(str) -> int
    datetime.datetime.now/datetime.datetime.today/datetime.datetime.utcnow() -> datetime
    datetime.date.today() -> date
    datetime.date(int, int, int) -> date
    datetime.datetime(int, int, int ? int, int, int, int) -> datetime
    datetime.datetime.fromisoformat(str) -> datetime
    datetime.date.fromisoformat(str) -> date
    datetime.datetime.strptime(str, str) -> datetime
    os.path.exists/os.path.isfile/os.path.isdir/os.path.isabs(str) -> bool
    os.path.basename/os.path.dirname/os.path.abspath/os.path.normpath(str) -> str
    os.path.splitext(str) -> str2
    os.path.getsize(str) -> int
    os.getcwd() -> str
    os.listdir(? str) -> strs
""")
"""Functions with fixed types; the generic ones are lowered one by one."""

CONSTANTS: dict[str, t.Type] = {"math.pi": FLOAT, "math.e": FLOAT, "math.inf": FLOAT}

RE_FLAGS = frozenset({"IGNORECASE", "MULTILINE", "DOTALL", "VERBOSE", "ASCII", "UNICODE"})
RE_FLAG_ALIASES = {"I": "IGNORECASE", "M": "MULTILINE", "S": "DOTALL", "X": "VERBOSE", "A": "ASCII"}

EXCEPTIONS = frozenset(
    [
        "Exception",
        "BaseException",
        "ArithmeticError",
        "AssertionError",
        "AttributeError",
        "ImportError",
        "ModuleNotFoundError",
        "IndexError",
        "KeyError",
        "LookupError",
        "NotImplementedError",
        "OverflowError",
        "RuntimeError",
        "StopIteration",
        "TypeError",
        "UnboundLocalError",
        "NameError",
        "ValueError",
        "ZeroDivisionError",
        "RecursionError",
        "OSError",
        "FileExistsError",
        "FileNotFoundError",
        "IsADirectoryError",
        "NotADirectoryError",
        "UnicodeDecodeError",
        "PermissionError",
        "TimeoutError",
        "ConnectionError",
        "UnicodeError",
        "EOFError",
        "json.JSONDecodeError",
    ]
)
"""Builtin exceptions that may be raised and caught natively."""
