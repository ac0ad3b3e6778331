//! The names of the methods and other attributes CPython 3.11's types have.

/// The methods Python has, by type.
pub(super) const METHODS: &[(&str, &str)] = &[
    (
        "str",
        "capitalize casefold center count encode endswith expandtabs find format \
         format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower \
         isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans \
         partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit \
         rstrip split splitlines startswith strip swapcase title translate upper zfill",
    ),
    (
        "bytes",
        "capitalize center count decode endswith expandtabs find fromhex hex index \
         isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower \
         lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust \
         rpartition rsplit rstrip split splitlines startswith strip swapcase title \
         translate upper zfill",
    ),
    (
        "list",
        "append clear copy count extend index insert pop remove reverse sort",
    ),
    ("tuple", "count index"),
    (
        "dict",
        "clear copy fromkeys get items keys pop popitem setdefault update values",
    ),
    (
        "set",
        "add clear copy difference difference_update discard intersection \
         intersection_update isdisjoint issubset issuperset pop remove \
         symmetric_difference symmetric_difference_update union update",
    ),
    (
        "frozenset",
        "copy difference intersection isdisjoint issubset issuperset symmetric_difference \
         union",
    ),
    (
        "int",
        "as_integer_ratio bit_count bit_length conjugate from_bytes to_bytes",
    ),
    ("float", "as_integer_ratio conjugate fromhex hex is_integer"),
    (
        "bool",
        "as_integer_ratio bit_count bit_length conjugate from_bytes to_bytes",
    ),
    (
        "date",
        "ctime fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar \
         isoformat isoweekday replace strftime timetuple today toordinal weekday",
    ),
    (
        "time",
        "dst fromisoformat isoformat replace strftime tzname utcoffset",
    ),
    (
        "datetime",
        "astimezone combine ctime date dst fromisocalendar fromisoformat fromordinal \
         fromtimestamp isocalendar isoformat isoweekday now replace strftime strptime \
         time timestamp timetuple timetz today toordinal tzname utcfromtimestamp utcnow \
         utcoffset utctimetuple weekday",
    ),
    ("timedelta", "total_seconds"),
];

/// The other attributes, by type.
pub(super) const DATA: &[(&str, &str)] = &[
    ("int", "denominator imag numerator real"),
    ("bool", "denominator imag numerator real"),
    ("float", "imag real"),
    ("date", "max min resolution"),
    (
        "time",
        "fold hour max microsecond min minute resolution second tzinfo",
    ),
    ("datetime", "fold max min resolution tzinfo"),
    ("timedelta", "max min resolution"),
];
