"""The typed form of function bodies: Python's meaning, with every choice a target needs made.

Each expression's `type` is exactly what the expression yields; where Python would let two types
meet, a `Convert` or `Narrow` says so. A target needs no inference of its own.
"""

from typing import Literal

import msgspec

from langferry.diagnostics import Span
from langferry.model.types import Type


class NoneLit(msgspec.Struct, frozen=True, tag_field="ir", tag="none"):
    """`None`."""

    type: Type
    span: Span


class BoolLit(msgspec.Struct, frozen=True, tag_field="ir", tag="bool"):
    """`True` or `False`."""

    value: bool
    type: Type
    span: Span


class IntLit(msgspec.Struct, frozen=True, tag_field="ir", tag="int"):
    """An integer, as decimal digits with an optional minus sign; of any size."""

    digits: str
    type: Type
    span: Span


class FloatLit(msgspec.Struct, frozen=True, tag_field="ir", tag="float"):
    """A float, as Python's `repr` of it (`inf` and `nan` included)."""

    text: str
    type: Type
    span: Span


class StrLit(msgspec.Struct, frozen=True, tag_field="ir", tag="str"):
    """A string."""

    value: str
    type: Type
    span: Span


class Name(msgspec.Struct, frozen=True, tag_field="ir", tag="name"):
    """A parameter, local or captured name of this function."""

    name: str
    type: Type
    span: Span


class Global(msgspec.Struct, frozen=True, tag_field="ir", tag="global"):
    """A module-level constant: the `GlobalValue` of this id."""

    id: str
    type: Type
    span: Span


class Spread(msgspec.Struct, frozen=True, tag_field="ir", tag="spread"):
    """`*value` among the items of a list, set or tuple literal; `type` is that of `value`."""

    value: "Expr"
    type: Type
    span: Span


class ListLit(msgspec.Struct, frozen=True, tag_field="ir", tag="list"):
    """`[a, *b]`."""

    items: "tuple[Expr, ...]"
    type: Type
    span: Span


class TupleLit(msgspec.Struct, frozen=True, tag_field="ir", tag="tuple"):
    """`(a, b)`."""

    items: "tuple[Expr, ...]"
    type: Type
    span: Span


class SetLit(msgspec.Struct, frozen=True, tag_field="ir", tag="set"):
    """`{a, b}`."""

    items: "tuple[Expr, ...]"
    type: Type
    span: Span


class DictLit(msgspec.Struct, frozen=True, tag_field="ir", tag="dict"):
    """`{key: value, **spread}`; a spread has no key."""

    entries: "tuple[tuple[Expr | None, Expr], ...]"
    type: Type
    span: Span


class RecordLit(msgspec.Struct, frozen=True, tag_field="ir", tag="record"):
    """A record made from its fields, in the order they are evaluated."""

    fields: "tuple[tuple[str, Expr], ...]"
    type: Type
    span: Span


class Formatted(msgspec.Struct, frozen=True, tag_field="ir", tag="formatted"):
    """`{value!conversion:spec}` of an f-string; a spec without parts is no spec."""

    value: "Expr"
    conversion: Literal["", "r", "s", "a"]
    spec: "tuple[StrLit | Formatted, ...]"
    type: Type
    span: Span


class FormatString(msgspec.Struct, frozen=True, tag_field="ir", tag="format_string"):
    """An f-string."""

    parts: tuple[StrLit | Formatted, ...]
    type: Type
    span: Span


class Unary(msgspec.Struct, frozen=True, tag_field="ir", tag="unary"):
    """`-x`, `+x`, `~x`; `not x` of a bool."""

    op: Literal["-", "+", "~", "not"]
    operand: "Expr"
    type: Type
    span: Span


BinaryOp = Literal["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^"]


class Binary(msgspec.Struct, frozen=True, tag_field="ir", tag="binary"):
    """Arithmetic and whatever else Python spells so: joining lists, merging dicts, ..."""

    op: BinaryOp
    left: "Expr"
    right: "Expr"
    type: Type
    span: Span


CompareOp = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is none", "is not none"]


class Compare(msgspec.Struct, frozen=True, tag_field="ir", tag="compare"):
    """One comparison. The two `none` forms ignore `right`, which is a `NoneLit`."""

    op: CompareOp
    left: "Expr"
    right: "Expr"
    type: Type
    span: Span


class Truth(msgspec.Struct, frozen=True, tag_field="ir", tag="truth"):
    """Whether `value` counts as true: what `if value` asks."""

    value: "Expr"
    type: Type
    span: Span


class Logical(msgspec.Struct, frozen=True, tag_field="ir", tag="logical"):
    """`left and right`, `left or right`: yields one of the operands, which share `type`."""

    op: Literal["and", "or"]
    left: "Expr"
    right: "Expr"
    type: Type
    span: Span


class Conditional(msgspec.Struct, frozen=True, tag_field="ir", tag="conditional"):
    """`then if test else otherwise`; `test` is a bool."""

    test: "Expr"
    then: "Expr"
    otherwise: "Expr"
    type: Type
    span: Span


class Item(msgspec.Struct, frozen=True, tag_field="ir", tag="item"):
    """`value[index]`."""

    value: "Expr"
    index: "Expr"
    type: Type
    span: Span


class Slice(msgspec.Struct, frozen=True, tag_field="ir", tag="slice"):
    """`value[start:stop:step]`; a bound that is left out or `None` is None."""

    value: "Expr"
    start: "Expr | None"
    stop: "Expr | None"
    step: "Expr | None"
    type: Type
    span: Span


class Field(msgspec.Struct, frozen=True, tag_field="ir", tag="field"):
    """A field of a record: `state["key"]`, or `record.key`."""

    value: "Expr"
    field: str
    type: Type
    span: Span


class FieldOr(msgspec.Struct, frozen=True, tag_field="ir", tag="field_or"):
    """`state.get("key", default)`; `default` is a `NoneLit` where Python has none."""

    value: "Expr"
    field: str
    default: "Expr"
    type: Type
    span: Span


class HasField(msgspec.Struct, frozen=True, tag_field="ir", tag="has_field"):
    """`"key" in state`."""

    value: "Expr"
    field: str
    type: Type
    span: Span


class Attribute(msgspec.Struct, frozen=True, tag_field="ir", tag="attribute"):
    """`value.name` of a library class, or of an object of unknown class."""

    value: "Expr"
    name: str
    type: Type
    span: Span


class Call(msgspec.Struct, frozen=True, tag_field="ir", tag="call"):
    """A call of a builtin or library function by its qualified name, e.g. `builtins.len`."""

    function: str
    args: "tuple[Expr, ...]"
    keywords: "tuple[tuple[str, Expr], ...]"
    type: Type
    span: Span


class MethodCall(msgspec.Struct, frozen=True, tag_field="ir", tag="method"):
    """`receiver.method(...)` of a builtin or library class."""

    receiver: "Expr"
    method: str
    args: "tuple[Expr, ...]"
    keywords: "tuple[tuple[str, Expr], ...]"
    type: Type
    span: Span


class FunctionCall(msgspec.Struct, frozen=True, tag_field="ir", tag="function"):
    """A call of a helper of the program: the `Function` of this id, arguments in its order."""

    function: str
    args: "tuple[Expr, ...]"
    type: Type
    span: Span


class Injected(msgspec.Struct, frozen=True):
    """An argument of a tool that whoever runs it gives, of which models are not told.

    A "state" must have these `keys`; a "field" is the one of that name, and with "field_if_there" the
    argument has a default where the state lacks it. "runtime" is what a tool is told of its run.
    """

    name: str
    kind: Literal["config", "tool_call_id", "state", "field", "field_if_there", "runtime"]
    keys: tuple[str, ...] = ()


class ToolLit(msgspec.Struct, frozen=True, tag_field="ir", tag="tool"):
    """A tool that models may call: a function of the program with what models are told of it.

    `schema` is the JSON schema of its arguments. A native `function` (a helper) takes `parameters` in
    order, with the defaults of those that may be left out; one that stays Python takes them as a dict.
    With `ends` an agent's run ends with its answer. Models are not told of the arguments in `hidden`,
    nor of those that are `injected`. One that stays Python and `asks` something of the run that calls it
    is called in that run. With `commands` its answer may be a `Command`.
    """

    name: str
    description: str
    schema: str
    function: str
    parameters: "tuple[tuple[str, Type, Expr | None], ...] | None"
    returns: Type
    ends: bool
    type: Type
    span: Span
    hidden: tuple[str, ...] = ()
    injected: tuple[Injected, ...] = ()
    asks: bool = False
    commands: bool = False


class FormLit(msgspec.Struct, frozen=True, tag_field="ir", tag="form"):
    """A pydantic class of the program, as models are told of it and as objects of it are made.

    `schema` is its JSON schema, `classes` has the qualified names of the classes that speaks of by bare
    name. `factories` says what the fields hold that are not given, where the schema does not: bare
    names of classes, fields, and values as JSON.
    """

    name: str
    schema: str
    classes: tuple[tuple[str, str], ...]
    factories: tuple[tuple[str, str, str], ...]
    type: Type
    span: Span


class Lambda(msgspec.Struct, frozen=True, tag_field="ir", tag="lambda"):
    """A function given to a call: `lambda params: body`. `type` is its CallableType."""

    params: tuple[tuple[str, Type], ...]
    body: "Expr"
    type: Type
    span: Span


class NameTarget(msgspec.Struct, frozen=True, tag_field="ir", tag="name_target"):
    """A local that is bound."""

    name: str
    type: Type
    span: Span


class TupleTarget(msgspec.Struct, frozen=True, tag_field="ir", tag="tuple_target"):
    """`a, (b, c)`: unpacks a tuple of exactly as many items."""

    items: "tuple[BindTarget, ...]"
    span: Span


BindTarget = NameTarget | TupleTarget


class Clause(msgspec.Struct, frozen=True):
    """`for target in iterable if condition ...` of a comprehension; `item` is the items' type."""

    target: BindTarget
    iterable: "Expr"
    item: Type
    conditions: "tuple[Expr, ...]"


class Comprehension(msgspec.Struct, frozen=True, tag_field="ir", tag="comprehension"):
    """A comprehension; `key` is set for dicts only."""

    kind: Literal["list", "set", "dict", "generator"]
    key: "Expr | None"
    element: "Expr"
    clauses: tuple[Clause, ...]
    type: Type
    span: Span


class Convert(msgspec.Struct, frozen=True, tag_field="ir", tag="convert"):
    """`value` seen as the wider `type`: an int as a float, anything as `T | None` or `Any`."""

    value: "Expr"
    type: Type
    span: Span


class Narrow(msgspec.Struct, frozen=True, tag_field="ir", tag="narrow"):
    """`value` seen as the narrower `type`, which the type checker has proved or Python checks."""

    value: "Expr"
    type: Type
    span: Span


class Interrupt(msgspec.Struct, frozen=True, tag_field="ir", tag="interrupt"):
    """`interrupt(value)`: the resume value, or the end of this run of the node."""

    value: "Expr"
    type: Type
    span: Span


class Update(msgspec.Struct, frozen=True, tag_field="ir", tag="update"):
    """What a node writes: channels of `record` (the graph's state), in the order written.

    `base` is a record whose present fields are written first: `{**state, "key": value}`, or
    `return state`. `added` lists the fields the function may have put into it, as they come.

    What is written has its channel's type, or no known type where `add_messages` makes messages of it.
    """

    record: str
    writes: "tuple[tuple[str, Expr, Span], ...]"
    span: Span
    base: "Expr | None" = None
    added: tuple[str, ...] = ()


class DynamicUpdate(msgspec.Struct, frozen=True, tag_field="ir", tag="dynamic_update"):
    """What a node writes, where the keys are known only at run time: a dict of strings."""

    value: "Expr"
    span: Span


class Send(msgspec.Struct, frozen=True, tag_field="ir", tag="send"):
    """`Send(node, argument)`."""

    node: "Expr"
    argument: "Expr"
    type: Type
    span: Span


class Command(msgspec.Struct, frozen=True, tag_field="ir", tag="command"):
    """`Command(update=..., goto=...)`; `goto` lists strings and Sends, or is one list of them."""

    update: Update | DynamicUpdate | None
    goto: "tuple[Expr, ...]"
    span: Span


Expr = (
    NoneLit
    | BoolLit
    | IntLit
    | FloatLit
    | StrLit
    | Name
    | Global
    | Spread
    | ListLit
    | TupleLit
    | SetLit
    | DictLit
    | RecordLit
    | FormatString
    | Unary
    | Binary
    | Compare
    | Truth
    | Logical
    | Conditional
    | Item
    | Slice
    | Field
    | FieldOr
    | HasField
    | Attribute
    | Call
    | MethodCall
    | FunctionCall
    | ToolLit
    | FormLit
    | Lambda
    | Comprehension
    | Convert
    | Narrow
    | Interrupt
    | Send
)


class Bind(msgspec.Struct, frozen=True, tag_field="ir", tag="bind"):
    """`target = value`."""

    target: BindTarget
    value: Expr
    span: Span
    comments: tuple[str, ...] = ()


class Augment(msgspec.Struct, frozen=True, tag_field="ir", tag="augment"):
    """`name += value` of a local."""

    target: NameTarget
    op: BinaryOp
    value: Expr
    span: Span
    comments: tuple[str, ...] = ()


class Shape(msgspec.Struct, frozen=True):
    """What a value must be for pydantic to take it as it is.

    A "message" or "object" is of one of the classes `names` (any message where there are none), a
    "text" is one of `names`, a "float" is no int; of a list, of a dict's values and of what may be None, `item` says more.
    A number "within" bounds is not beyond any of `names`: "ge 0.0", "lt 1.5" and the like.
    """

    kind: Literal["message", "object", "text", "float", "within", "list", "dict", "optional"]
    names: tuple[str, ...] = ()
    item: "Shape | None" = None


class Require(msgspec.Struct, frozen=True, tag_field="ir", tag="require"):
    """An object is made of a record's fields: the run stops here when one of these lacks.

    It stops, too, where a field in `shapes` has a value that would not stay what it is.
    """

    container: Name
    fields: tuple[str, ...]
    span: Span
    comments: tuple[str, ...] = ()
    shapes: tuple[tuple[str, Shape], ...] = ()


class SetField(msgspec.Struct, frozen=True, tag_field="ir", tag="set_field"):
    """`record["field"] = value` of a record that is the function's own."""

    container: Name
    field: str
    value: Expr
    span: Span
    comments: tuple[str, ...] = ()


class SetItem(msgspec.Struct, frozen=True, tag_field="ir", tag="set_item"):
    """`container[index] = value` of what nobody shares; with `op`, `container[index] op= value`."""

    container: Name | Field
    index: Expr
    op: BinaryOp | None
    value: Expr
    span: Span
    comments: tuple[str, ...] = ()


class DeleteItem(msgspec.Struct, frozen=True, tag_field="ir", tag="delete_item"):
    """`del container[index]` of what nobody shares."""

    container: Name | Field
    index: Expr
    span: Span
    comments: tuple[str, ...] = ()


class If(msgspec.Struct, frozen=True, tag_field="ir", tag="if"):
    """`if test: ... else: ...`; an `elif` is an `If` alone in `orelse`."""

    test: Expr
    body: "tuple[Stmt, ...]"
    orelse: "tuple[Stmt, ...]"
    span: Span
    comments: tuple[str, ...] = ()


class For(msgspec.Struct, frozen=True, tag_field="ir", tag="for"):
    """`for target in iterable`; `item` is the items' type."""

    target: BindTarget
    iterable: Expr
    item: Type
    body: "tuple[Stmt, ...]"
    span: Span
    comments: tuple[str, ...] = ()


class While(msgspec.Struct, frozen=True, tag_field="ir", tag="while"):
    """`while test: ...`."""

    test: Expr
    body: "tuple[Stmt, ...]"
    span: Span
    comments: tuple[str, ...] = ()


class Break(msgspec.Struct, frozen=True, tag_field="ir", tag="break"):
    """`break`."""

    span: Span
    comments: tuple[str, ...] = ()


class Continue(msgspec.Struct, frozen=True, tag_field="ir", tag="continue"):
    """`continue`."""

    span: Span
    comments: tuple[str, ...] = ()


class Return(msgspec.Struct, frozen=True, tag_field="ir", tag="return"):
    """`return value`; in nodes an update or a command, in routers a target or a list of them."""

    value: Expr | Update | DynamicUpdate | Command | None
    span: Span
    comments: tuple[str, ...] = ()


class Raise(msgspec.Struct, frozen=True, tag_field="ir", tag="raise"):
    """`raise ExceptionClass(args)`; with neither class nor `again`, a bare `raise` in a handler."""

    exception: str | None
    args: tuple[Expr, ...]
    again: str | None
    """Name of the caught exception that is raised again."""
    span: Span
    comments: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    """What the class is derived from, nearest first, if the program defines it."""


class Handler(msgspec.Struct, frozen=True):
    """`except (A, B) as name`; no classes: catches all."""

    classes: tuple[str, ...]
    name: str | None
    body: "tuple[Stmt, ...]"
    span: Span


class Try(msgspec.Struct, frozen=True, tag_field="ir", tag="try"):
    """`try ... except ... else ...`, or `try ... finally ...` without handlers.

    Control never leaves `final` but at its end, or by an exception.
    """

    body: "tuple[Stmt, ...]"
    handlers: tuple[Handler, ...]
    orelse: "tuple[Stmt, ...]"
    span: Span
    comments: tuple[str, ...] = ()
    final: "tuple[Stmt, ...]" = ()


class Assert(msgspec.Struct, frozen=True, tag_field="ir", tag="assert"):
    """`assert test, message`."""

    test: Expr
    message: Expr | None
    span: Span
    comments: tuple[str, ...] = ()


class Evaluate(msgspec.Struct, frozen=True, tag_field="ir", tag="evaluate"):
    """An expression for its effects alone."""

    value: Expr
    span: Span
    comments: tuple[str, ...] = ()


class Pass(msgspec.Struct, frozen=True, tag_field="ir", tag="pass"):
    """Nothing; kept for its comments."""

    span: Span
    comments: tuple[str, ...] = ()


Stmt = (
    Bind
    | Augment
    | Require
    | SetField
    | SetItem
    | DeleteItem
    | If
    | For
    | While
    | Break
    | Continue
    | Return
    | Raise
    | Try
    | Assert
    | Evaluate
    | Pass
)


class FunctionBody(msgspec.Struct, frozen=True):
    """A body in typed form.

    `form` says which signature the body was written for; `constants` are captured names and bound
    parameters with the values they always hold; `comments` stand after the last statement.
    """

    form: Literal["node", "router", "reducer", "helper"]
    constants: tuple[tuple[str, Expr], ...]
    statements: tuple[Stmt, ...]
    comments: tuple[str, ...] = ()


class GlobalValue(msgspec.Struct, frozen=True):
    """A constant that native functions reach: a module's, or what a function was given.

    One that is `at_start` would be another value if it were made later than the graph.
    """

    id: str
    name: str
    type: Type
    value: Expr
    doc: tuple[str, ...]
    span: Span
    at_start: bool = False
