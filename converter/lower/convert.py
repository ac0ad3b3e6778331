"""Fitting a typed expression to the type its place asks for."""

from langferry.model import ir
from langferry.model import types as t

PROMPTS = (t.ClassType("langchain.ChatPromptTemplate"), t.ClassType("langchain.PromptTemplate"))
EITHER_PROMPT = t.ClassType("langchain.EitherPrompt")
"""A prompt of which it is not known what it makes, which only a chain can begin with."""

CHAIN = t.ClassType("langchain.Chain")
CHAT_MODEL = t.ClassType("langchain.ChatModel")

TARGET_CLASSES = (t.ClassType("langgraph.types.Send"),)


def plain(found: t.Type) -> t.Type:
    """`found` without the values of literals: what a variable of that type may hold."""
    match found:
        case t.StrType():
            return t.StrType()
        case t.ListType(item=item):
            return t.ListType(plain(item))
        case t.SetType(item=item):
            return t.SetType(plain(item))
        case t.DictType(key=key, value=value):
            return t.DictType(plain(key), plain(value))
        case t.TupleType(items=items):
            return t.TupleType(tuple(plain(item) for item in items))
        case t.OptionalType(item=item):
            inner = plain(item)
            return inner if isinstance(inner, t.OptionalType | t.AnyType) else t.OptionalType(inner)
        case t.VarTupleType() | t.CallableType():
            return t.AnyType()
        case t.ClassType(name=name) if name == "datetime.timezone":
            return t.AnyType()
    return found


def fits_any(found: t.Type) -> bool:
    """Whether a value of this type can stand where the type is not known."""
    match found:
        case t.RecordType() | t.CallableType() | t.BytesType():
            return False
        case t.ClassType(name=name):
            return name.startswith("datetime.")
        case t.ListType(item=item) | t.SetType(item=item) | t.OptionalType(item=item):
            return fits_any(item)
        case t.DictType(key=key, value=value):
            return fits_any(key) and fits_any(value)
        case t.TupleType(items=items):
            return all(fits_any(item) for item in items)
    return True


def is_of_langchain(found: t.Type) -> bool:
    """Whether it is what LangChain's classes make, or a list or dict of that, which no type checker told."""
    match found:
        case t.ClassType(name=name):
            return name.startswith("langchain.")
        case t.ListType(item=item) | t.DictType(value=item):
            return is_of_langchain(item)
    return False


def _widens(found: t.Type, want: t.Type) -> bool:
    """Whether each value of `found` is one of `want`, with the same meaning."""
    if found == want:
        return True
    match found, want:
        case t.RecordType(), t.AnyType():
            return True
        case _, t.AnyType():
            return fits_any(found)
        case t.IntType(), t.FloatType():
            return True
        case t.NoneType(), t.OptionalType():
            return True
        case t.OptionalType(item=a), t.OptionalType(item=b):
            return _widens(a, b)
        case _, t.OptionalType(item=b):
            return _widens(found, b)
        case t.ListType(item=a), t.ListType(item=b):
            return _widens(a, b)
        case t.TupleType(items=a), t.TupleType(items=b):
            return len(a) == len(b) and all(map(_widens, a, b))
        case t.DictType(key=a, value=c), t.DictType(key=b, value=d):
            return (a == b or isinstance(b, t.AnyType)) and _widens(a, b) and _widens(c, d)
    return False


def _may_fit(found: t.Type, want: t.Type) -> bool:
    """Whether a `found` may turn out to be a `want`, where parts of it are not known."""
    match found, want:
        case t.AnyType(), _:
            return True
        case t.OptionalType(item=a), t.OptionalType(item=b):
            return _may_fit(a, b)
        case t.ListType(item=a), t.ListType(item=b):
            return _may_fit(a, b)
        case t.DictType(key=a, value=c), t.DictType(key=b, value=d):
            return _may_fit(a, b) and _may_fit(c, d)
        case t.TupleType(items=a), t.TupleType(items=b):
            return len(a) == len(b) and all(map(_may_fit, a, b))
        case _, t.OptionalType(item=b):
            return _may_fit(found, b)
    return _widens(found, want)


def convert(value: ir.Expr, want: t.Type) -> ir.Expr | None:
    """`value` as `want`; None when that is not certain to keep its meaning."""
    found = value.type
    if found == want:
        return value
    if isinstance(value, ir.NoneLit) and isinstance(want, t.OptionalType | t.AnyType):
        return ir.NoneLit(want, value.span)
    match value, want:
        case ir.ListLit(items=()), t.ListType():
            return ir.ListLit((), want, value.span)
        case ir.DictLit(entries=()), t.DictType():
            return ir.DictLit((), want, value.span)
        case ((ir.ListLit(items=()) | ir.DictLit(entries=())), t.OptionalType(item=item)):
            inner = convert(value, item)
            return None if inner is None else ir.Convert(inner, want, value.span)
    if (want == EITHER_PROMPT and found in PROMPTS) or (want == CHAIN and found == CHAT_MODEL):
        return ir.Call("langchain.as_chain", (value,), (), want, value.span)
    if _widens(found, want):
        return ir.Convert(value, want, value.span)
    if isinstance(found, t.AnyType):
        # checked when it runs; what does not fit stops the run, and is never taken for granted
        return ir.Narrow(value, want, value.span) if fits_any(want) else None
    if fits_any(found) and fits_any(want) and _may_fit(found, want):
        return ir.Narrow(ir.Convert(value, t.AnyType(), value.span), want, value.span)
    return None


def both(a: t.Type, b: t.Type) -> t.Type:
    """The narrowest type that a local must have to be given a `found` of either type."""
    match a, b:
        case _ if a == b:
            return a
        case t.NoneType(), _:
            return b if isinstance(b, t.OptionalType | t.AnyType) else t.OptionalType(b)
        case _, t.NoneType():
            return both(b, a)
        case t.OptionalType(item=x), t.OptionalType(item=y):
            return _optional(both(x, y))
        case (t.OptionalType(item=x), y) | (y, t.OptionalType(item=x)):
            return _optional(both(x, y))
        case t.ListType(item=x), t.ListType(item=y):
            return t.ListType(both(x, y))
        case t.DictType(key=k, value=x), t.DictType(key=l, value=y):
            return t.DictType(both(k, l), both(x, y))
        case (t.IntType(), t.FloatType()) | (t.FloatType(), t.IntType()):
            return t.FloatType()
    return t.AnyType()


def _optional(kind: t.Type) -> t.Type:
    return kind if isinstance(kind, t.OptionalType | t.AnyType) else t.OptionalType(kind)


def join(a: t.Type, b: t.Type) -> t.Type | None:
    """The narrower of two types that holds both, or None."""
    if _widens(a, b):
        return b
    if _widens(b, a):
        return a
    if isinstance(a, t.NoneType):
        return t.OptionalType(b)
    if isinstance(b, t.NoneType):
        return t.OptionalType(a)
    if CHAIN in (a, b) and CHAT_MODEL in (a, b):
        return CHAIN
    prompts = (*PROMPTS, EITHER_PROMPT)
    return EITHER_PROMPT if a in prompts and b in prompts else None
