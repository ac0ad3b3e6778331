"""Statements of Python as typed ones."""

import ast
from collections.abc import Sequence

import msgspec

from langferry.converter.lower import convert as fit
from langferry.converter.lower.calls import Calls
from langferry.converter.lower.expressions import _BINARY, _name
from langferry.converter.lower.scope import parameters
from langferry.converter.lower.sharing import MUTATORS, Sharing
from langferry.converter.lower.signatures import ANY, EXCEPTIONS, INT, NONE
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_CONTAINERS = t.ListType | t.DictType | t.SetType
_EXCEPTION = t.ClassType("Exception")
_LIBRARIES = frozenset({"re", "math", "json", "random", "datetime", "langgraph", "typing"})


class Statements(Calls):
    """Lowers the statements of one function."""

    comments: dict[int, list[str]]
    returns: t.Type | None = None
    form: str = "helper"

    def body(self, nodes: Sequence[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """Lower a block."""
        result: list[ir.Stmt] = []
        for node in nodes:
            result.extend(self.statement(node))
        return tuple(result)

    def _taken_comments(self, node: ast.stmt) -> tuple[str, ...]:
        taken: list[str] = []
        for line in sorted(line for line in self.comments if line <= node.lineno):
            taken.extend(self.comments.pop(line))
        return tuple(taken)

    def statement(self, node: ast.stmt) -> list[ir.Stmt]:
        """Lower a statement; some become several or none."""
        comments = self._taken_comments(node)
        lowered = self._statement(node)
        if comments and not lowered:
            lowered = [ir.Pass(self.span(node))]
        if comments:
            lowered[0] = _commented(lowered[0], comments)
        return lowered

    def _statement(self, node: ast.stmt) -> list[ir.Stmt]:
        span = self.span(node)
        match node:
            case ast.Pass():
                return [ir.Pass(span)]
            case ast.Expr():
                return self._expression(node)
            case ast.Assign():
                return self._assign(node)
            case ast.AnnAssign():
                return self._annotated(node)
            case ast.AugAssign():
                return [self._augmented(node)]
            case ast.If():
                return [self._if(node)]
            case ast.For():
                return [self._for(node)]
            case ast.While():
                return [self._while(node)]
            case ast.Break():
                return [ir.Break(span)]
            case ast.Continue():
                return [ir.Continue(span)]
            case ast.Return():
                return self._return(node.value, node)
            case ast.Raise():
                return [self._raise(node)]
            case ast.Try():
                return [self._try(node)]
            case ast.Assert():
                message = self.expr(node.msg) if node.msg is not None else None
                if message is not None:
                    message = self.fitted(message, ANY, node)
                return [ir.Assert(self.condition(node.test), message, span)]
            case ast.Delete():
                return [self._delete(target, node) for target in node.targets]
            case ast.Import() | ast.ImportFrom():
                module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                if (module or "").split(".")[0] in _LIBRARIES:
                    return []
        raise self.refuse(
            "LF302", f"`{type(node).__name__.lower()}` statements are not native", node
        )

    # --- binding

    def variable(self, name: str, value: t.Type, node: ast.expr) -> t.Type:
        """The type of a local, from the type checker or its only value."""
        known = self.locals.get(name)
        if known is not None:
            return known
        declared = None
        if self.function is not None:
            declared = self.types.name(
                self.scope.path, self.function.lineno, self.function.col_offset, name
            )
        kind = ANY if declared is None else fit.plain(declared)
        bound = [item for item in self.bound.get(name, []) if isinstance(item, ast.Name)]
        if _has_any(kind) and not isinstance(value, t.NoneType):
            annotated = any(
                isinstance(item, ast.AnnAssign) and item.target in bound
                for item in ast.walk(self.function or ast.Module([], []))
            )
            if len(bound) == 1 and not annotated:
                kind = value
            elif isinstance(kind, t.NoneType):
                kind = ANY
        if isinstance(kind, t.NoneType):
            kind = ANY
        if name in {item.arg for item in parameters(self.function)} if self.function else set():
            raise self.refuse("LF305", f"parameter `{name}` is assigned to", node)
        self.locals[name] = kind
        return kind

    def _bind(self, target: ast.expr, value: ir.Expr, node: ast.stmt) -> ir.Stmt:
        span = self.span(node)
        if isinstance(target, ast.Name):
            self._plain_local(target)
            kind = self.variable(target.id, value.type, target)
            fitted = self.fitted(value, kind, node)
            self.assigned.add(target.id)
            return ir.Bind(ir.NameTarget(target.id, kind, self.span(target)), fitted, span)
        if isinstance(target, ast.Tuple | ast.List):
            if not isinstance(value.type, t.TupleType):
                raise self.refuse("LF302", f"unpacking {_name(value.type)} is not native", node)
            names: dict[str, t.Type] = {}
            bound = self.target(target, value.type, names)
            for element in ast.walk(target):
                if isinstance(element, ast.Name):
                    self._plain_local(element)
                    kind = self.variable(element.id, names[element.id], element)
                    if kind != names[element.id]:
                        raise self.refuse("LF307", f"`{element.id}` is {_name(kind)}", element)
                    self.assigned.add(element.id)
            return ir.Bind(bound, value, span)
        if isinstance(target, ast.Subscript):
            return self._set_item(target, None, value, node)
        raise self.refuse("LF302", "assigning to this is not native", node)

    def _plain_local(self, node: ast.Name) -> None:
        if any(not isinstance(item, ast.Name) for item in self.bound.get(node.id, [])):
            raise self.refuse(
                "LF305", f"`{node.id}` is a parameter or definition, and assigned to", node
            )

    def _value_for(self, target: ast.expr, value: ast.expr) -> ir.Expr:
        want = None
        if isinstance(target, ast.Name):
            want = self.locals.get(target.id)
            if want is None and self.function is not None:
                declared = self.types.name(
                    self.scope.path, self.function.lineno, self.function.col_offset, target.id
                )
                want = None if declared is None else fit.plain(declared)
        if isinstance(want, t.AnyType):
            want = None
        if isinstance(want, t.OptionalType):
            want = want.item
        return self.expr(value, want)

    def _assign(self, node: ast.Assign) -> list[ir.Stmt]:
        if len(node.targets) != 1:
            raise self.refuse("LF302", "assigning to several targets at once is not native", node)
        target, given = node.targets[0], node.value
        if (
            isinstance(target, ast.Name)
            and isinstance(given, ast.Call)
            and isinstance(given.func, ast.Attribute)
            and given.func.attr in ("pop", "popitem")
            and isinstance(self.expr(given.func.value).type, _CONTAINERS)
        ):
            return [self._bind(target, self._change(given, given.func), node)]
        return [self._bind(target, self._value_for(target, given), node)]

    def _annotated(self, node: ast.AnnAssign) -> list[ir.Stmt]:
        if node.value is None:
            return []
        return [self._bind(node.target, self._value_for(node.target, node.value), node)]

    def _unshared(self, node: ast.expr, at: ast.stmt | ast.expr) -> ir.Name:
        """The local that is about to be changed in place, if nobody else can hold its object."""
        root = node
        while isinstance(root, ast.Subscript | ast.Attribute):
            root = root.value
        value = self.expr(root)
        if isinstance(value.type, t.RecordType):
            raise self.refuse("LF306", "state is changed in place", at)
        if not isinstance(node, ast.Name):
            raise self.refuse("LF305", f"`{ast.unparse(node)}` is changed in place", at)
        while isinstance(value, ir.Narrow):
            value = value.value
        if not isinstance(value, ir.Name) or node.id not in self.locals or self.inner:
            raise self.refuse(
                "LF305", f"`{node.id}` is changed, and is not this function's own", at
            )
        if not isinstance(value.type, _CONTAINERS):
            raise self.refuse("LF305", f"{_name(value.type)} is changed in place", at)
        if any(isinstance(item, ast.arg) for item in self.bound.get(node.id, [])):
            raise self.refuse("LF305", f"parameter `{node.id}` is changed in place", at)
        problem = self.sharing.problem(node.id)
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        return value

    @property
    def sharing(self) -> Sharing:
        """What may be changed in this function."""
        if not hasattr(self, "_sharing"):
            self._sharing = Sharing(self.function or self.scope.tree)
        return self._sharing

    def _set_item(
        self, target: ast.Subscript, op: ir.BinaryOp | None, value: ir.Expr, node: ast.stmt
    ) -> ir.Stmt:
        container = self._unshared(target.value, node)
        if isinstance(target.slice, ast.Slice):
            raise self.refuse("LF302", "assigning to slices is not native", node)
        match container.type:
            case t.DictType(key=key, value=item):
                index = self.expect(target.slice, key)
            case t.ListType(item=item):
                index = self.expect(target.slice, INT)
            case _:
                raise self.refuse("LF302", "assigning to this is not native", node)
        if op is not None:
            current: ir.Expr = ir.Item(container, index, item, self.span(target))
            joined = self.binary(op, current, value, node)
            if joined.type != item:
                raise self.refuse("LF307", f"{_name(joined.type)} stored as {_name(item)}", node)
            return ir.SetItem(container, index, op, value, self.span(node))
        return ir.SetItem(container, index, None, self.fitted(value, item, node), self.span(node))

    def _augmented(self, node: ast.AugAssign) -> ir.Stmt:
        op, span = _BINARY.get(type(node.op)), self.span(node)
        if op is None:
            raise self.refuse("LF302", "this operator is not native", node)
        value = self.expr(node.value)
        if isinstance(node.target, ast.Subscript):
            return self._set_item(node.target, op, value, node)
        if not isinstance(node.target, ast.Name):
            raise self.refuse("LF302", "assigning to this is not native", node)
        self._plain_local(node.target)
        read = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        current = self.expr(read)
        while isinstance(current, ir.Narrow):
            current = current.value
        if isinstance(current.type, _CONTAINERS):
            self._unshared(read, node)
            value = self.fitted(value, current.type, node)
        elif isinstance(current.type, t.AnyType):
            raise self.refuse("LF305", f"`{node.target.id}` may be changed in place", node)
        joined = self.binary(op, current, value, node)
        target = ir.NameTarget(node.target.id, current.type, self.span(node.target))
        if joined.type != current.type:
            return ir.Bind(target, self.fitted(joined, current.type, node), span)
        return ir.Augment(target, op, value, span)

    def _delete(self, target: ast.expr, node: ast.stmt) -> ir.Stmt:
        if not isinstance(target, ast.Subscript) or isinstance(target.slice, ast.Slice):
            raise self.refuse("LF302", "deleting this is not native", node)
        container = self._unshared(target.value, node)
        kind = container.type
        want = kind.key if isinstance(kind, t.DictType) else INT
        return ir.DeleteItem(container, self.expect(target.slice, want), self.span(node))

    def _expression(self, node: ast.Expr) -> list[ir.Stmt]:
        value, span = node.value, self.span(node)
        if isinstance(value, ast.Constant):
            return []
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in MUTATORS
            and self.resolve(value.func) is None
        ):
            receiver = self.expr(value.func.value)
            if isinstance(receiver.type, t.AnyType | t.RecordType | _CONTAINERS):
                return [ir.Evaluate(self._change(value, value.func), span)]
        return [ir.Evaluate(self.expr(value), span)]

    def _change(self, call: ast.Call, func: ast.Attribute) -> ir.Expr:
        container = self._unshared(func.value, call)
        if func.attr == "sort" and isinstance(container.type, t.ListType):
            options = {keyword.arg: keyword.value for keyword in call.keywords}
            if call.args or options.keys() - {"key", "reverse"}:
                raise self.refuse("LF303", "this form of `sort` is not native", call)
            keywords = self.sort_options(options, container.type.item, call)
            return ir.MethodCall(container, "sort", (), keywords, NONE, self.span(call))
        lowered = self.method(container, func.attr, call, None)
        if lowered is None:
            raise self.refuse("LF303", f"method `{func.attr}` is not native", call)
        return lowered

    # --- control flow

    def _branch(
        self, nodes: Sequence[ast.stmt], start: set[str]
    ) -> tuple[tuple[ir.Stmt, ...], set[str] | None]:
        """A block from `start`, and what is assigned after it; None when it never ends."""
        self.assigned = set(start)
        lowered = self.body(nodes)
        return lowered, None if _leaves(nodes) else self.assigned

    def _merge(self, ends: list[set[str] | None]) -> None:
        reached = [end for end in ends if end is not None]
        self.assigned = set.intersection(*reached) if reached else set(self.locals)

    def _if(self, node: ast.If) -> ir.Stmt:
        test, start = self.condition(node.test), set(self.assigned)
        body, after_body = self._branch(node.body, start)
        orelse, after_orelse = self._branch(node.orelse, start)
        self._merge([after_body, after_orelse])
        return ir.If(test, body, orelse, self.span(node))

    def _for(self, node: ast.For) -> ir.Stmt:
        if node.orelse:
            raise self.refuse("LF302", "`else` of a loop is not native", node)
        iterable, item = self.iterated(node.iter)
        start = set(self.assigned)
        names: dict[str, t.Type] = {}
        target = self.target(node.target, item, names)
        for element in ast.walk(node.target):
            if isinstance(element, ast.Name):
                self._plain_local(element)
                known = self.locals.get(element.id)
                kind = names[element.id]
                if element.id in start:
                    raise self.refuse(
                        "LF308", f"`{element.id}` has a value before the loop", element
                    )
                if known is not None and known != kind:
                    raise self.refuse(
                        "LF307", f"`{element.id}` is {_name(known)} elsewhere", element
                    )
                self.locals[element.id] = kind
        body, _ = self._branch(node.body, start | set(names))
        self.assigned = start
        return ir.For(target, iterable, item, body, self.span(node))

    def _while(self, node: ast.While) -> ir.Stmt:
        if node.orelse:
            raise self.refuse("LF302", "`else` of a loop is not native", node)
        test, start = self.condition(node.test), set(self.assigned)
        body, _ = self._branch(node.body, start)
        self.assigned = start
        return ir.While(test, body, self.span(node))

    def _exception_name(self, node: ast.expr) -> str:
        name = (self.resolve(node) or "").removeprefix("builtins.")
        if name not in EXCEPTIONS:
            raise self.refuse("LF303", f"exception `{ast.unparse(node)}` is not native", node)
        return name

    def _raise(self, node: ast.Raise) -> ir.Stmt:
        span = self.span(node)
        if node.exc is None:
            raise self.refuse("LF302", "a bare `raise` is not native", node)
        if isinstance(node.exc, ast.Name) and self.locals.get(node.exc.id) == _EXCEPTION:
            return ir.Raise(None, (), node.exc.id, span)
        call = node.exc if isinstance(node.exc, ast.Call) else None
        if call is not None and call.keywords:
            raise self.refuse("LF303", "this form of an exception is not native", node)
        name = self._exception_name(call.func if call is not None else node.exc)
        args = tuple(self.expect(arg, ANY) for arg in call.args) if call is not None else ()
        return ir.Raise(name, args, None, span)

    def _try(self, node: ast.Try) -> ir.Stmt:
        if node.finalbody:
            raise self.refuse("LF302", "`finally` is not native", node)
        inside = [item for part in node.body for item in ast.walk(part)]
        if any(isinstance(item, ast.Break | ast.Continue) for item in inside):
            raise self.refuse("LF302", "leaving a loop out of `try` is not native", node)
        if any(isinstance(item, ast.Return) for item in inside) and not _leaves(node.body):
            raise self.refuse("LF302", "returning from only part of a `try` is not native", node)
        for part in node.handlers:
            if any(
                isinstance(item, ast.Call)
                and self.resolve(item.func) == "langgraph.types.interrupt"
                for item in inside
            ):
                raise self.refuse("LF302", "`interrupt` within `try` is not native", part)
        start = set(self.assigned)
        body, _ = self._branch(node.body, start)
        after_body = self.assigned
        self.assigned = set(after_body)
        orelse = self.body(node.orelse)
        ends: list[set[str] | None] = [
            None if _leaves([*node.body, *node.orelse]) else self.assigned
        ]
        handlers: list[ir.Handler] = []
        for handler in node.handlers:
            classes = (
                []
                if handler.type is None
                else handler.type.elts
                if isinstance(handler.type, ast.Tuple)
                else [handler.type]
            )
            names = tuple(self._exception_name(item) for item in classes)
            begin = set(start)
            if handler.name is not None:
                if self.locals.get(handler.name, _EXCEPTION) != _EXCEPTION:
                    raise self.refuse("LF307", f"`{handler.name}` has two types", handler)
                self.locals[handler.name] = _EXCEPTION
                begin.add(handler.name)
            lowered, end = self._branch(handler.body, begin)
            if end is not None and handler.name is not None:
                end.discard(handler.name)
            ends.append(end)
            handlers.append(ir.Handler(names, handler.name, lowered, self.span(handler)))
        self._merge(ends)
        return ir.Try(body, tuple(handlers), orelse, self.span(node))

    # --- what functions give back

    def _return(self, value: ast.expr | None, node: ast.stmt) -> list[ir.Stmt]:
        if isinstance(value, ast.IfExp) and self.form == "node":
            test = self.condition(value.test)
            start = set(self.assigned)
            then, otherwise = self._return(value.body, node), self._return(value.orelse, node)
            self.assigned = start
            return [ir.If(test, tuple(then), tuple(otherwise), self.span(node))]
        return [ir.Return(self._returned(value, node), self.span(node))]

    def _returned(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Expr | ir.Update | ir.DynamicUpdate | ir.Command | None:
        if self.form == "node":
            return self._node_output(value, node)
        if self.form == "router":
            return self._route(value, node)
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            if self.returns is None or isinstance(self.returns, t.NoneType):
                return None
            return self.fitted(ir.NoneLit(NONE, self.span(node)), self.returns, node)
        if self.returns is None:
            return self.expr(value)
        want = self.returns.item if isinstance(self.returns, t.OptionalType) else self.returns
        return self.fitted(self.expr(value, want), self.returns, node)

    def _node_output(
        self, value: ast.expr | None, node: ast.stmt
    ) -> ir.Update | ir.DynamicUpdate | ir.Command | None:
        if value is None or (isinstance(value, ast.Constant) and value.value is None):
            return None
        if isinstance(value, ast.Call):
            qualified = self.resolve(value.func)
            if qualified == "langgraph.types.Command":
                return self._command(value)
        return self.update(value)

    def update(self, value: ast.expr) -> ir.Update | ir.DynamicUpdate:
        """What a node writes."""
        if isinstance(value, ast.Dict) and all(
            isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys
        ):
            return self._literal_update(value)
        lowered = self.expr(value)
        match lowered.type:
            case t.DictType(key=t.StrType()):
                return ir.DynamicUpdate(lowered, self.span(value))
        raise self.refuse("LF310", f"an update of {_name(lowered.type)}", value)

    def _literal_update(self, value: ast.Dict) -> ir.Update:
        state = self.request.state if self.request is not None else None
        if state is None:
            raise self.refuse("LF310", "the graph's state is not known", value)
        known = {field.name: fit.plain(field.type) for field in self.records[state].fields}
        writes: list[tuple[str, ir.Expr, Span]] = []
        for key, item in zip(value.keys, value.values, strict=True):
            assert isinstance(key, ast.Constant)
            assert isinstance(key.value, str)
            kind = known.get(key.value)
            if kind is None:
                raise self.refuse("LF310", f"`{key.value}` is no channel of the state", key)
            if any(key.value == written[0] for written in writes):
                raise self.refuse("LF310", f"key {key.value!r} stands twice", key)
            want = kind.item if isinstance(kind, t.OptionalType) else kind
            lowered = self.fitted(self.expr(item, want), kind, item)
            writes.append((key.value, lowered, self.span(key)))
        return ir.Update(state, tuple(writes), self.span(value))

    def _command(self, node: ast.Call) -> ir.Command:
        options = {keyword.arg: keyword.value for keyword in node.keywords}
        if node.args or options.keys() - {"update", "goto"}:
            raise self.refuse("LF302", "this form of `Command` is not native", node)
        if list(options) == ["goto", "update"]:
            goto_first = not isinstance(options["goto"], ast.Constant)
            if goto_first:
                raise self.refuse("LF302", "`goto` computed before `update` is not native", node)
        update = self.update(options["update"]) if "update" in options else None
        goto: list[ir.Expr] = []
        if "goto" in options:
            given = options["goto"]
            parts = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
            for part in parts:
                target = self.expr(part)
                if not _is_target(target.type):
                    raise self.refuse("LF307", f"going to {_name(target.type)}", part)
                goto.append(target)
        return ir.Command(update, tuple(goto), self.span(node))

    def _route(self, value: ast.expr | None, node: ast.stmt) -> ir.Expr:
        if value is None:
            raise self.refuse("LF302", "a router without a result is not native", node)
        if isinstance(value, ast.List) and value.elts:
            items = [self.expr(item) for item in value.elts]
            if len({item.type for item in items}) > 1:
                raise self.refuse("LF302", "a list of names and Sends is not native", node)
        lowered = self.expr(value)
        kind = lowered.type.item if isinstance(lowered.type, t.ListType) else lowered.type
        if not _is_target(kind) and not isinstance(kind, t.BoolType | t.IntType | t.AnyType):
            raise self.refuse("LF307", f"a router's result of {_name(lowered.type)}", node)
        if isinstance(lowered.type, t.AnyType):
            raise self.refuse("LF307", "a router's result of unknown type", node)
        return lowered


def _has_any(kind: t.Type) -> bool:
    match kind:
        case t.AnyType() | t.NoneType():
            return True
        case t.ListType(item=item) | t.SetType(item=item) | t.OptionalType(item=item):
            return _has_any(item)
        case t.DictType(key=key, value=value):
            return _has_any(key) or _has_any(value)
        case t.TupleType(items=items):
            return any(_has_any(item) for item in items)
    return False


def _is_target(kind: t.Type) -> bool:
    return isinstance(kind, t.StrType) or kind == t.ClassType("langgraph.types.Send")


def _leaves(nodes: Sequence[ast.stmt]) -> bool:
    """Whether control never comes out at the end of a block."""
    for node in nodes:
        match node:
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                return True
            case ast.If() if node.orelse and _leaves(node.body) and _leaves(node.orelse):
                return True
            case ast.While(test=ast.Constant(value=True)):
                inner = [item for part in node.body for item in ast.walk(part)]
                if not any(isinstance(item, ast.Break) for item in inner):
                    return True
            case ast.Try():
                if _leaves([*node.body, *node.orelse]) and all(
                    _leaves(handler.body) for handler in node.handlers
                ):
                    return True
    return False


def leaves(nodes: Sequence[ast.stmt]) -> bool:
    """Whether control never comes out at the end of a block."""
    return _leaves(nodes)


def _commented(statement: ir.Stmt, comments: tuple[str, ...]) -> ir.Stmt:
    return msgspec.structs.replace(statement, comments=comments)
