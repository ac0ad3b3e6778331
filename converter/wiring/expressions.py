"""Evaluates expressions abstractly: to a known value, or to `Unknown` with the reason."""

import ast
import builtins
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from langferry.converter.wiring import instances, operations, sequences
from langferry.converter.wiring.calls import call
from langferry.converter.wiring.graphs import Builder, Compiled, Whole
from langferry.converter.wiring.library import AGENTS, MAKING_METHODS, RUNNABLE_MAKERS, resolve
from langferry.converter.wiring.names import free
from langferry.converter.wiring.values import (
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    ListValue,
    ModuleValue,
    RangeValue,
    Scope,
    SetValue,
    StoreValue,
    Subscripted,
    SuperValue,
    TupleValue,
    UnionValue,
    Unknown,
    Value,
    Written,
    is_plain,
    plain,
    wrap,
)

if TYPE_CHECKING:
    from langferry.converter.wiring.interpreter import Interpreter


def evaluate(run: "Interpreter", node: ast.expr, scope: Scope) -> Value:
    """The value of `node` in `scope`.

    Raises:
        Failure: LF107 when the budget is used up.
    """
    run.step(node, scope.module)
    found = _evaluate(run, node, scope)
    if isinstance(found, Unknown):
        run.raised += not _surely_gives(node, found)
        if found.written is None and not isinstance(node, _PASSING):
            found = replace(found, written=_written(node, scope))
        elif found.written is not None and _gives_on(node, found.written, scope):
            call = _written(node, scope)
            if not any(isinstance(value, _HOLDING) for value in call.names.values()):
                calls = (*found.written.calls, call)
                found = replace(found, written=replace(found.written, calls=calls))
    elif isinstance(found, Const) and isinstance(found.value, str | bytes):
        run.step(node, scope.module, len(found.value) // 64)
    elif isinstance(found, ListValue | TupleValue | SetValue | DictValue):
        run.step(node, scope.module, len(found.items) // 8)
    return found


def _surely_gives(node: ast.expr, found: Unknown) -> bool:
    """Whether evaluating `node` raises nothing, whatever it gives."""
    match node:
        case ast.Name():
            return found.made is not None
        case ast.Attribute():
            return found.member is not None and found.member[1] in MAKING_METHODS
        case ast.Call():
            # the form is one of which a schema can be made
            return found.made is not None and found.made[0] == "with_structured_output"
    return False


_PASSING = ast.Name | ast.NamedExpr | ast.Starred | ast.Await
"""Expressions that give a value on, or more than one."""


_MOST_CALLS = 4
_HOLDING = ListValue | DictValue | SetValue | TupleValue | InstanceValue
"""What a call may have changed, or taken something out of."""


def _gives_on(node: ast.expr, written: Written, scope: Scope) -> bool:
    """Whether `node` is a call of a program's function that gives what was made in one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    called = lookup(scope, node.func.id)
    return (
        written.is_in_function
        and written.node is not node
        and len(written.calls) < _MOST_CALLS
        and isinstance(called, FunctionValue)
        and _gives_the_same_later(called, set())
    )


def _gives_the_same_later(function: FunctionValue, seen: set[ast.AST]) -> bool:
    """Whether no name of a module that a function looks at, or one that it calls, is bound again."""
    if function.node in seen:
        return True
    seen.add(function.node)
    module = function.module.scope
    own = module.bound_in(function.node)
    for part in ast.walk(function.node):
        if not isinstance(part, ast.Name) or part.id in own:
            continue
        if len(module.bindings.get(part.id, ())) > 1 or part.id in module.global_names:
            return False
        value = lookup(function.scope, part.id)
        if isinstance(value, FunctionValue) and not _gives_the_same_later(value, seen):
            return False
    return True


def _written(node: ast.expr, scope: Scope) -> Written:
    names: dict[str, Value] = {}
    for name in free(node):
        match lookup(scope, name):
            case None:
                continue
            # what it holds later it need not hold now
            case ListValue(items, None):
                names[name] = ListValue(list(items))
            case DictValue(pairs, None):
                names[name] = DictValue(dict(pairs))
            case SetValue(members, frozen, None):
                names[name] = SetValue(set(members), frozen)
            case value:
                names[name] = value
    return Written(node, scope.module, names, scope.kind == "function")


def lookup(scope: Scope, name: str) -> Value | None:
    """What `name` means in `scope`, None when Python would raise NameError."""
    place: Scope | None = scope.top if name in scope.global_names else scope
    if name in scope.nonlocal_names:
        place = scope.parent
    first = place
    while place is not None:
        if (place.kind != "class" or place is first) and name in place.names:
            return place.names[name]
        place = place.parent
    if hasattr(builtins, name):
        return LibraryValue(f"builtins.{name}")
    return None


def truth(value: Value) -> bool | None:
    """Whether `value` counts as true; None when that is not known."""
    match value:
        case Const(found) | RangeValue(found):
            return bool(found)
        case ListValue() | DictValue() | SetValue():
            return None if value.unknown is not None else bool(value.items)
        case TupleValue(items):
            return bool(items)
        case Unknown(made=(maker, _, _)) if maker in RUNNABLE_MAKERS:
            return True
        case Unknown() | Subscripted() | UnionValue():
            return None
        case LibraryValue():
            # an imported class or function is true, but an imported constant need not be
            return True if value.name.startswith("builtins.") else None
    return True


def unknown(reason: str, node: ast.AST, scope: Scope) -> Unknown:
    """An `Unknown` that comes from `node`."""
    return Unknown(reason, scope.module.span(node))


def _evaluate(run: "Interpreter", node: ast.expr, scope: Scope) -> Value:
    match node:
        case ast.Constant(value=value):
            return Const(value)
        case ast.Name(id=name):
            found = lookup(scope, name)
            if found is None:
                return Unknown(f"name {name!r} is not defined", scope.module.span(node), name)
            return found
        case ast.Attribute(value=inner, attr=name):
            return attribute(run, evaluate(run, inner, scope), name, node, scope)
        case ast.Call():
            return _call(run, node, scope)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return _sequence(run, node, items, scope)
        case ast.Dict():
            return _dict(run, node, scope)
        case ast.JoinedStr(values=parts):
            return _joined(run, node, parts, scope)
        case ast.BinOp(left=left, op=op, right=right):
            values = evaluate(run, left, scope), evaluate(run, right, scope)
            return binary(type(op), *values, node, scope)
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, evaluate(run, operand, scope), node, scope)
        case ast.BoolOp(op=op, values=operands):
            return _logical(run, op, operands, node, scope)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compare(run, left, ops, others, node, scope)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            decided = truth(evaluate(run, test, scope))
            if decided is None:
                return _perhaps(run, [body, orelse], node, scope)
            return evaluate(run, body if decided else orelse, scope)
        case ast.Subscript(value=inner, slice=index):
            container = evaluate(run, inner, scope)
            return subscript(container, evaluate(run, index, scope), node, scope)
        case ast.Slice(lower=lower, upper=upper, step=step):
            bounds = [
                Const(None) if x is None else evaluate(run, x, scope) for x in (lower, upper, step)
            ]
            return TupleValue([LibraryValue("builtins.slice"), *bounds])
        case ast.Lambda():
            return function_value(run, node, scope)
        case ast.NamedExpr(target=target, value=inner):
            from langferry.converter.wiring.statements import bind_name

            given = evaluate(run, inner, scope)
            holder = scope
            while holder.kind == "comprehension" and holder.parent is not None:
                holder = holder.parent
            bind_name(run, target.id, given, holder)
            return given
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return _comprehension(run, node, scope)
        case ast.Starred(value=inner) | ast.Await(value=inner):
            # a coroutine's body is evaluated where it is called
            return evaluate(run, inner, scope)
    return unknown(f"{type(node).__name__} is not evaluated", node, scope)


def function_value(
    run: "Interpreter", node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
) -> FunctionValue:
    """The function a `def` or `lambda` makes; decorators are left to the caller."""
    from langferry.converter.wiring.schemas import annotation

    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = {
        item.arg: evaluate(run, default, scope)
        for item, default in zip(reversed(positional), reversed(arguments.defaults), strict=False)
    }
    for item, optional in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if optional is not None:
            defaults[item.arg] = evaluate(run, optional, scope)
    hints = {}
    if not isinstance(node, ast.Lambda):
        starred = [item for item in (arguments.vararg, arguments.kwarg) if item is not None]
        for item in (*positional, *arguments.kwonlyargs, *starred):
            if item.annotation is not None:
                hints[item.arg] = annotation(run, item.annotation, scope)
        if node.returns is not None:
            hints["return"] = annotation(run, node.returns, scope)
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    qualified = f"{scope.qualified}.{name}" if scope.qualified else name
    return FunctionValue(node, scope.module, scope, qualified, defaults, hints)


def iterate(value: Value) -> list[Value] | None:
    """The items `for` would see, None when they or their order are not known."""
    match value:
        case ListValue(items, None) | TupleValue(items):
            return items if isinstance(value, ListValue) else list(items)
        case DictValue(pairs, None):
            return [wrap(key) for key in pairs]
        case SetValue(found, _, None):
            # with two or more items the order differs from run to run
            return [wrap(item) for item in found] if len(found) < 2 else None
        case RangeValue(found):
            return [Const(item) for item in found] if len(found) <= operations.MAX_ITEMS else None
        case Const(str(text)):
            return [Const(character) for character in text]
    return None


def attribute(run: "Interpreter", value: Value, name: str, node: ast.AST, scope: Scope) -> Value:
    """`value.name`."""
    match value:
        case Unknown() if value.made is not None:
            return Unknown(value.reason, value.span, member=(value, name))
        case Unknown():
            return value.other()
        case LibraryValue(dotted):
            return resolve(f"{dotted}.{name}")
        case ModuleValue(module):
            found = module.names.get(name)
            return found or unknown(f"module {module.module.name!r} has no {name!r}", node, scope)
        case FunctionValue() if name == "__name__" and value.unknown is None:
            return Const(value.name)
        case ClassValue() if name == "__name__":
            return Const(value.name)
        case BoundMethod(InstanceValue() as owner, called) if name == "__name__":
            method = instances.bound(owner, called)
            if method is not None and method[0].unknown is None:
                return Const(method[0].name)
        case ClassValue():
            return instances.of_class(value, name, node, scope)
        case InstanceValue() | SuperValue():
            return instances.of_instance(run, value, name, node, scope)
        case Builder() if name in INSIDES:
            value.unknown = value.unknown or unknown(
                f"its {name!r} is used, which may change it", node, scope
            )
            return value.unknown
        case Builder() | Compiled() | Const():
            return BoundMethod(value, name)
        case ListValue() | DictValue() | SetValue() | TupleValue() | StoreValue():
            return BoundMethod(value, name)
    return unknown(f"attribute {name!r} is not known", node, scope)


INSIDES = frozenset(
    {
        "nodes",
        "edges",
        "branches",
        "waiting_edges",
        "channels",
        "managed",
        "schemas",
        "builder",
    }
)
"""Attributes of graphs through which they can be changed."""


def subscript(container: Value, index: Value, node: ast.AST, scope: Scope) -> Value:
    """`container[index]`, of data or of a type expression."""
    match container:
        case Unknown():
            return container.other()
        case LibraryValue() | ClassValue() | Subscripted():
            arguments = index.items if isinstance(index, TupleValue) else [index]
            return Subscripted(container, list(arguments))
        case ListValue(items, None) | TupleValue(items):
            if isinstance(index, TupleValue) and _is_slice(index):
                return _sliced(container, items, index, node, scope)
            if isinstance(index, Const) and isinstance(index.value, int):
                if -len(items) <= index.value < len(items):
                    return items[index.value]
                return unknown("the index is out of range", node, scope)
        case DictValue(pairs, None):
            if is_plain(index):
                try:
                    return pairs[plain(index)]
                except (KeyError, TypeError):
                    return unknown(f"there is no key {plain(index)!r}", node, scope)
        case Const(str(text)) if is_plain(index):
            try:
                return Const(text[plain(index)])
            except (IndexError, TypeError):
                return unknown("the index is not valid", node, scope)
    return unknown("the item is not known", node, scope)


def binary(
    kind: type[ast.operator], left: Value, right: Value, node: ast.AST, scope: Scope
) -> Value:
    """`left <operator> right`, of data or of type expressions, or a chain of both."""
    steps = sequences.steps(left, right) if kind is ast.BitOr else None
    if steps is not None:
        span = scope.module.span(node)
        found = next((x for x in (left, right) if isinstance(x, Unknown)), None)
        made = Unknown("it is a chain", span) if found is None else found.other()
        made.steps = steps
        return made
    for side in (left, right):
        if isinstance(side, Unknown):
            return side.other()
    match left, right:
        case (ListValue(a, None), ListValue(b, None)) if kind is ast.Add:
            return ListValue([*a, *b])
        case (TupleValue(a), TupleValue(b)) if kind is ast.Add:
            return TupleValue([*a, *b])
        case (DictValue(a, None), DictValue(b, None)) if kind is ast.BitOr:
            return DictValue({**a, **b})
    types = LibraryValue | ClassValue | Subscripted | UnionValue
    if kind is ast.BitOr and (isinstance(left, types) or isinstance(right, types)):
        return _union(left, right)
    if not (is_plain(left) and is_plain(right)):
        return unknown("the operands are not known", node, scope)
    return _guarded(lambda: operations.binary(kind, plain(left), plain(right)), node, scope)


def _union(left: Value, right: Value) -> UnionValue:
    def is_typing(value: Value) -> bool:
        match value:
            case UnionValue():
                return value.typing
            case Subscripted(base):
                return not (isinstance(base, LibraryValue) and base.name.startswith("builtins."))
            case LibraryValue(name):
                return name in {"Optional", "Union", "Literal"}
        return False

    members = [
        member
        for side in (left, right)
        for member in (side.members if isinstance(side, UnionValue) else [side])
    ]
    return UnionValue(members, is_typing(left) or is_typing(right))


def _is_slice(index: TupleValue) -> bool:
    return bool(index.items) and (
        isinstance(index.items[0], LibraryValue) and index.items[0].name == "builtins.slice"
    )


def _sliced(
    container: Value, items: list[Value], index: TupleValue, node: ast.AST, scope: Scope
) -> Value:
    if not all(is_plain(bound) for bound in index.items[1:]):
        return unknown("the slice is not known", node, scope)
    try:
        part = items[slice(*(plain(bound) for bound in index.items[1:]))]
    except (TypeError, ValueError):
        return unknown("the slice is not valid", node, scope)
    return ListValue(part) if isinstance(container, ListValue) else TupleValue(part)


def _guarded(make: Callable[[], object], node: ast.AST, scope: Scope) -> Value:
    try:
        return wrap(make())
    except operations.TooCostly:
        return unknown("the value could be very large", node, scope)
    # whatever Python raises here the program itself would raise
    except Exception as error:
        return unknown(f"it raises {type(error).__name__}", node, scope)


def _call(run: "Interpreter", node: ast.Call, scope: Scope) -> Value:
    function = evaluate(run, node.func, scope)
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    for item in node.args:
        value = evaluate(run, item, scope)
        if isinstance(item, ast.Starred):
            spread = iterate(value)
            if spread is None:
                return _opaque_call(run, [function, value, *args], node, scope)
            args.extend(spread)
        else:
            args.append(value)
    for keyword in node.keywords:
        value = evaluate(run, keyword.value, scope)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, DictValue) and value.unknown is None:
            keywords.update({str(key): item for key, item in value.items.items()})
        elif (
            isinstance(value, DictValue)
            and value.unknown is not None
            and value.perhaps is not None
            and isinstance(function, BoundMethod)
            and isinstance(function.receiver, Builder)
            and function.name == "compile"
        ):
            # its options are looked at one by one, and what is not known of one is said there
            keywords.update({str(key): item for key, item in value.items.items()})
            keywords.update({str(key): value.unknown.other() for key in value.perhaps})
        else:
            return _opaque_call(run, [function, value, *args], node, scope)
    return call(run, function, args, keywords, node, scope)


def _opaque_call(run: "Interpreter", touched: list[Value], node: ast.AST, scope: Scope) -> Value:
    from langferry.converter.wiring.interpreter import taint

    why = unknown("it is called with arguments that are not known", node, scope)
    function = touched[0]
    if isinstance(function, LibraryValue) and function.name in AGENTS:
        from langferry.converter.wiring import builder, whole

        return builder.register(run, whole.whole(run, Whole(why, "agent"), scope.module))
    for value in touched:
        taint(value.receiver if isinstance(value, BoundMethod) else value, why)
    return why


def _sequence(run: "Interpreter", node: ast.expr, items: list[ast.expr], scope: Scope) -> Value:
    values: list[Value] = []
    for item in items:
        value = evaluate(run, item, scope)
        if isinstance(item, ast.Starred):
            spread = iterate(value)
            if spread is None:
                return unknown("the items that are unpacked are not known", item, scope)
            values.extend(spread)
        else:
            values.append(value)
    if isinstance(node, ast.Tuple):
        return TupleValue(values)
    if isinstance(node, ast.List):
        return ListValue(values)
    if not all(is_plain(value) for value in values):
        return unknown("a set of such items is not evaluated", node, scope)
    return _guarded(lambda: {plain(value) for value in values}, node, scope)


def _dict(run: "Interpreter", node: ast.Dict, scope: Scope) -> Value:
    pairs: dict[object, Value] = {}
    for key, item in zip(node.keys, node.values, strict=True):
        value = evaluate(run, item, scope)
        if key is None:
            if not isinstance(value, DictValue) or value.unknown is not None:
                return unknown("the mapping that is unpacked is not known", item, scope)
            pairs.update(value.items)
            continue
        found = evaluate(run, key, scope)
        if not is_plain(found):
            return unknown("a key of the dict is not known", key, scope)
        try:
            pairs[plain(found)] = value
        except TypeError:
            return unknown("a key of the dict cannot be hashed", key, scope)
    return DictValue(pairs)


def _joined(run: "Interpreter", node: ast.expr, parts: list[ast.expr], scope: Scope) -> Value:
    text = ""
    for part in parts:
        if isinstance(part, ast.Constant):
            text += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            value = evaluate(run, part.value, scope)
            spec = Const("") if part.format_spec is None else evaluate(run, part.format_spec, scope)
            if isinstance(value, Unknown):
                return value.other()
            if not is_plain(value) or not isinstance(spec, Const) or isinstance(value, SetValue):
                return unknown("a part of the f-string is not known", part, scope)
            conversion, form = part.conversion, str(spec.value)
            format_it = partial(operations.formatted, plain(value), conversion, form)
            found = _guarded(format_it, part, scope)
            if not isinstance(found, Const):
                return found
            text += str(found.value)
        if len(text) > operations.MAX_SIZE:
            return unknown("the text could be very large", node, scope)
    return Const(text)


def _unary(op: ast.unaryop, value: Value, node: ast.AST, scope: Scope) -> Value:
    if isinstance(op, ast.Not):
        decided = truth(value)
        if decided is None:
            return unknown("the condition is not known", node, scope)
        return Const(not decided)
    if not is_plain(value):
        return unknown("the operand is not known", node, scope)
    return _guarded(lambda: operations.UNARY[type(op)](plain(value)), node, scope)


def _perhaps(run: "Interpreter", parts: list[ast.expr], node: ast.AST, scope: Scope) -> Value:
    """What an expression gives of which these parts may or may not be evaluated."""
    why = unknown("it depends on a condition that is not known", node, scope)
    with run.doubting(why):
        for part in parts:
            evaluate(run, part, scope)
    return why


def _logical(
    run: "Interpreter", op: ast.boolop, operands: list[ast.expr], node: ast.AST, scope: Scope
) -> Value:
    *others, last = operands
    for number, operand in enumerate(others, 1):
        value = evaluate(run, operand, scope)
        decided = truth(value)
        if decided is None:
            return _perhaps(run, operands[number:], node, scope)
        if decided is not isinstance(op, ast.And):
            return value
    return evaluate(run, last, scope)


def _compare(
    run: "Interpreter",
    left: ast.expr,
    ops: list[ast.cmpop],
    others: list[ast.expr],
    node: ast.AST,
    scope: Scope,
) -> Value:
    first = evaluate(run, left, scope)
    for op, other in zip(ops, others, strict=True):
        second = evaluate(run, other, scope)
        result = _comparison(op, first, second, node, scope)
        decided = truth(result)
        if decided is None or not decided:
            return result
        first = second
    return Const(True)


def _comparison(op: ast.cmpop, left: Value, right: Value, node: ast.AST, scope: Scope) -> Value:
    if isinstance(op, ast.Is | ast.IsNot):
        same = _identical(left, right)
        if same is None:
            return unknown("whether they are the same object is not known", node, scope)
        return Const(same is isinstance(op, ast.Is))
    if not (is_plain(left) and is_plain(right)):
        match op, right:
            case ((ast.In() | ast.NotIn()), DictValue(pairs, None)) if is_plain(left):
                compare = operations.COMPARE[type(op)]
                return _guarded(lambda: compare(plain(left), pairs.keys()), node, scope)
        return unknown("the comparison is not known", node, scope)
    return _guarded(lambda: operations.COMPARE[type(op)](plain(left), plain(right)), node, scope)


def _identical(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Const) and (one.value is None or isinstance(one.value, bool)):
            if isinstance(other, Const):
                return one.value is other.value
            if isinstance(other, Unknown) and other.made and other.made[0] in RUNNABLE_MAKERS:
                return False
            if isinstance(other, Unknown | LibraryValue):
                return None
            return False
    return True if left is right else None


def _comprehension(
    run: "Interpreter",
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
    scope: Scope,
) -> Value:
    from langferry.converter.wiring.statements import assign

    results: list[Value] = []
    pairs: dict[object, Value] = {}
    failed: list[Unknown] = []

    def clause(number: int, inner: Scope) -> None:
        if failed:
            return
        if number == len(node.generators):
            if isinstance(node, ast.DictComp):
                key, value = evaluate(run, node.key, inner), evaluate(run, node.value, inner)
                if is_plain(key):
                    pairs[plain(key)] = value
                else:
                    failed.append(unknown("a key of the dict is not known", node, scope))
            else:
                results.append(evaluate(run, node.elt, inner))
            return
        generator = node.generators[number]
        items = iterate(evaluate(run, generator.iter, scope if number == 0 else inner))
        if items is None or generator.is_async:
            failed.append(unknown("what it iterates over is not known", generator.iter, scope))
            return
        for item in list(items):
            run.step(node, scope.module)
            assign(run, generator.target, item, inner)
            decided = [truth(evaluate(run, test, inner)) for test in generator.ifs]
            if None in decided:
                failed.append(unknown("a condition is not known", generator.target, scope))
                return
            if all(decided):
                clause(number + 1, inner)

    # each call of a comprehension has one scope; closures made in it share it, as in Python
    own = Scope(scope.module, "comprehension", scope.qualified, scope, made_at=run.now())
    clause(0, own)
    if failed:
        return failed[0]
    if isinstance(node, ast.DictComp):
        return DictValue(pairs)
    if isinstance(node, ast.SetComp):
        if not all(is_plain(item) for item in results):
            return unknown("a set of such items is not evaluated", node, scope)
        return _guarded(lambda: {plain(item) for item in results}, node, scope)
    return ListValue(results)
