"""By which calls Python's containers change, and by which new ones are made of what lies in them."""

MUTATORS = frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "pop",
        "popitem",
        "clear",
        "sort",
        "reverse",
        "update",
        "setdefault",
        "add",
        "discard",
        "difference_update",
        "intersection_update",
        "symmetric_difference_update",
    ]
)
"""Methods of lists, dicts and sets that change what they are called on."""

COPYING = frozenset(
    {"sorted", "sum", "min", "max", "enumerate", "zip", "reversed", "list", "dict", "set", "tuple"}
)
"""Functions that hold what lies in a container they are given, if not that itself."""
