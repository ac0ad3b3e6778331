"""Statements of Python as typed ones."""

import ast
import copy
from collections.abc import Sequence

import msgspec

from langferry.converter.dotenv import LOADING
from langferry.converter.lower import convert as fit
from langferry.converter.lower.binding import CONTAINERS, is_made_and_changed
from langferry.converter.lower.contexts import Contexts
from langferry.converter.lower.expressions import type_name
from langferry.converter.lower.form_schema import FIELDS, MODELS, is_typed_dict
from langferry.converter.lower.local_functions import is_plain_definition
from langferry.converter.lower.named_tests import loop_with_name_bound, with_name_bound
from langferry.converter.lower.signatures import ANY, BOOL
from langferry.converter.lower.unbound import raising_where_unbound, read_first
from langferry.converter.object_changes import changes
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.mutators import MUTATORS
from langferry.model.walk import walk

_MODELS = [[name] for name in MODELS]


class Statements(Contexts):
    """Lowers the statements of one function."""

    comments: dict[int, list[str]]

    _broken: ir.NameTarget | None = None
    """What says that a `break` has ended the loop that is lowered, if it has an `else`."""

    _broken_next: ir.NameTarget | None = None
    """The same for the loop that is lowered next."""

    _left_with: tuple[set[str], ...] = ()
    """What is assigned at each `break` of the loop that is lowered."""

    def body(self, nodes: Sequence[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """Lower a block."""
        result: list[ir.Stmt] = []
        for node, after in zip(nodes, [*nodes[1:], None], strict=False):
            result.extend(self.statement(self._raising_where_unbound(node, after)))
        return tuple(result)

    def _raising_where_unbound(self, node: ast.stmt, after: ast.stmt | None) -> ast.stmt:
        """A statement that itself raises what the next one would, for a local that has no value by then."""
        if not isinstance(node, ast.If) or after is None or self.loops or self.function is None:
            return node
        read = read_first(after, lambda name: name in self.assigned or name not in self.bound)
        if read is None or self.is_of_module(read.id) or "UnboundLocalError" in self.bound:
            return node
        if self.resolve(ast.Name("UnboundLocalError")) != "builtins.UnboundLocalError":
            return node
        places = self.bound[read.id]
        is_plain = all(isinstance(x, ast.Name) and x.lineno >= node.lineno for x in places)
        for part in ast.walk(self.function) if is_plain else ():
            match part:
                case ast.Name(id=read.id, ctx=ast.Del()):
                    is_plain = False
                case ast.Nonlocal(names=names) if read.id in names:
                    is_plain = False
        return (raising_where_unbound(node, read) if is_plain else None) or node

    def _taken_comments(self, node: ast.stmt) -> tuple[str, ...]:
        taken: list[str] = []
        for line in sorted(line for line in self.comments if line <= node.lineno):
            taken.extend(self.comments.pop(line))
        return tuple(taken)

    def statement(self, node: ast.stmt) -> list[ir.Stmt]:
        """Lower a statement; some become several or none."""
        comments = self._taken_comments(node)
        outer, self.opened = self.opened, ([], [])
        lowered = self._statement(node)
        lowered, self.opened = [*self.opened[0], *lowered, *self.opened[1]], outer
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
            case ast.Global(names=names):
                for name in names:
                    self.meaning.kept_from(self.scope, name, span)
                return []
            case ast.Assign(targets=[ast.Name(id=name) as target]) if self.is_of_module(name):
                return [self.keep(target, self.expr(node.value), node)]
            case ast.AugAssign(target=ast.Name(id=name) as target) if self.is_of_module(name):
                return [self.keep(target, self._joined(node, target), node)]
            case ast.Expr():
                return self._expression(node)
            case ast.Assign():
                return self._assign(node)
            case ast.AnnAssign():
                return self._annotated(node)
            case ast.AugAssign():
                return [self._augmented(node)]
            case ast.If() if len(parts := with_name_bound(node)) > 1:
                return [item for part in parts for item in self._statement(part)]
            case ast.If():
                sure = self.certain(node.test)
                if sure is not None:
                    return list(self.body(node.body if sure else node.orelse))
                return [self._if(node)]
            case ast.For() | ast.While() if node.orelse:
                return self._loop_with_else(node)
            case ast.For():
                return [self._for(node)]
            case ast.While():
                return [self._while(loop_with_name_bound(node))]
            case ast.Break():
                return self._break(span)
            case ast.Continue():
                return [ir.Continue(span)]
            case ast.Return():
                return self._return(node.value, node)
            case ast.Raise():
                return [self._raise(node)]
            case ast.Try():
                return [self._try(node)]
            case ast.With():
                return self.with_statement(node)
            case ast.Assert():
                message = self.expr(node.msg) if node.msg is not None else None
                if message is not None:
                    message = self.fitted(message, ANY, node)
                return [ir.Assert(self.condition(node.test), message, span)]
            case ast.Delete():
                return [self._delete(target, node) for target in node.targets]
            case ast.Import() | ast.ImportFrom() if self._only_binds(node):
                return []
            case ast.ClassDef() if self._is_plain_form(node):
                return []
            case ast.FunctionDef() | ast.AsyncFunctionDef() if is_plain_definition(node):
                return self._definition(node)
        raise self.refuse(
            "LF302", f"`{type(node).__name__.lower()}` statements are not native", node
        )

    def _only_binds(self, node: ast.Import | ast.ImportFrom) -> bool:
        """Whether nothing of an import shows but the names that it binds, be it that nothing catches its failure."""
        if not self.tried:
            return True
        own = [] if self.function is None else ast.walk(self.function)
        read = {x.id for x in own if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Load)}
        return self.meaning.surely_imports(self.scope, node, read)

    def _joined(self, node: ast.AugAssign, target: ast.Name) -> ir.Expr:
        """What an augmented assignment gives a name of the module."""
        read = ast.copy_location(ast.Name(target.id, ast.Load()), target)
        return self.expr(ast.copy_location(ast.BinOp(read, node.op, node.value), node))

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ir.Stmt]:
        """A function of this function's own, which is lowered where it is called."""
        for line in range(node.lineno + 1, (node.end_lineno or 0) + 1):
            self.comments.pop(line, None)
        self.assigned.add(node.name)
        return []

    def _is_plain_form(self, node: ast.ClassDef) -> bool:
        """Whether making the class does nothing but that: a form, whose fields are constants."""
        called = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
        is_form = is_typed_dict(self, node) or [self.resolve(x) for x in node.bases] in _MODELS
        return (
            is_form
            and not (node.keywords or node.decorator_list)
            and all(isinstance(part, ast.AnnAssign | ast.Expr | ast.Pass) for part in node.body)
            and all(self.resolve(function) in FIELDS for function in called)
        )

    def _expression(self, node: ast.Expr) -> list[ir.Stmt]:
        value, span = node.value, self.span(node)
        if isinstance(value, ast.Constant) or self._loads_again(value):
            return []
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in MUTATORS
            and self.resolve(value.func) is None
        ):
            if is_made_and_changed(value.func.value):
                return [ir.Evaluate(self._change(value, value.func), span)]
            if self._is_changeable(value.func.value):
                return [ir.Evaluate(self._change(value, value.func), span)]
        lowered = self.expr(value)
        return [] if isinstance(lowered, ir.NoneLit) else [ir.Evaluate(lowered, span)]

    def _is_changeable(self, node: ast.expr) -> bool:
        """Whether a value is, or may be, one that a method may change."""
        changed = t.AnyType | t.RecordType | CONTAINERS
        kinds = [self.expr(node).type, self._whole(node).type]
        return any(
            isinstance(kind.item if isinstance(kind, t.OptionalType) else kind, changed)
            for kind in kinds
        )

    def _loads_again(self, node: ast.expr) -> bool:
        """Whether it loads a file into the environment that was loaded when the graph was built.

        Where it is certain what the variables hold, each such call has been evaluated; what is set stays.
        """
        return (
            isinstance(node, ast.Call)
            and self.resolve(node.func) in LOADING
            and self.meaning.unsure == frozenset()
            and len(node.args) <= 1
            and {item.arg for item in node.keywords} <= {"dotenv_path", "verbose"}
        )

    def _if(self, node: ast.If) -> ir.Stmt:
        test, start = self.condition(node.test), set(self.assigned)
        body, after_body = self.branch(node.body, start)
        orelse, after_orelse = self.branch(node.orelse, start)
        self.merge([after_body, after_orelse])
        return ir.If(test, body, orelse, self.span(node))

    def _for(self, node: ast.For) -> ir.Stmt:
        iterable, item = self.gone_through(node.iter)
        if isinstance(iterable.type, t.ListType) and _changes_beside(node):
            # native code cannot look at one part of what it changes
            iterable = ir.Call("builtins.list", (iterable,), (), iterable.type, iterable.span)
        if isinstance(node.target, ast.Tuple) and not isinstance(item, t.TupleType):
            return self._binding_for(node, node.target, iterable, item)
        start = set(self.assigned)
        bound = {x.id for x in ast.walk(node.target) if isinstance(x, ast.Name)}
        if bound & self.widened.keys() or (self.loops and bound & start):
            return self._binding_for(node, node.target, iterable, item)
        names: dict[str, t.Type] = {}
        target = self.target(node.target, item, names)
        for element in ast.walk(node.target):
            if isinstance(element, ast.Name):
                self._plain_local(element)
                known = self.locals.get(element.id)
                kind = fit.plain(names[element.id])
                if known is not None and known != kind:
                    with self.or_wider(element.id, known, kind):
                        raise self.refuse(
                            "LF307", f"`{element.id}` is {type_name(known)} elsewhere", element
                        )
                self.locals[element.id] = kind
        body, _ = self._round(node.body, start | set(names))
        # whether the loop has bound its names again is not known after it
        self.assigned = start - set(names)
        return ir.For(target, iterable, fit.plain(item), body, self.span(node))

    def _binding_for(
        self, node: ast.For, target: ast.expr, iterable: ir.Expr, item: t.Type
    ) -> ir.Stmt:
        """A loop over what is bound item by item: it has to be taken apart, or its names have values before."""
        item = fit.plain(item)
        span, start = self.span(target), set(self.assigned)
        name = "item"
        while name in self.bound or name in self.locals:
            name += "_"
        self.locals[name] = item
        self.loops += 1
        self.assigned = {*start, name}
        taken = self._bind(target, ir.Name(name, item, span), node)
        self.loops -= 1
        body, _ = self._round(node.body, self.assigned)
        self.assigned = start
        whole = ir.NameTarget(name, item, span)
        return ir.For(whole, iterable, item, (taken, *body), self.span(node))

    def _while(self, node: ast.While) -> ir.Stmt:
        test, start = self.condition(node.test), set(self.assigned)
        body, left_with = self._round(node.body, start)
        self.assigned = start
        if isinstance(test, ir.BoolLit) and test.value and left_with:
            # which is only ever left by one of its `break`s
            self.assigned = set.intersection(*left_with)
        return ir.While(test, body, self.span(node))

    def _round(
        self, nodes: Sequence[ast.stmt], start: set[str]
    ) -> tuple[tuple[ir.Stmt, ...], tuple[set[str], ...]]:
        """The body of a loop, and what is assigned at each `break` of it."""
        outer, self._left_with = self._left_with, ()
        around, self._broken, self._broken_next = self._broken, self._broken_next, None
        self.loops += 1
        body, _ = self.branch(nodes, start)
        self.loops -= 1
        left_with, self._left_with = self._left_with, outer
        self._broken = around
        return body, left_with

    def _break(self, span: Span) -> list[ir.Stmt]:
        self._left_with = (*self._left_with, set(self.assigned))
        if self._broken is None:
            return [ir.Break(span)]
        return [ir.Bind(self._broken, ir.BoolLit(True, BOOL, span), span), ir.Break(span)]

    def _loop_with_else(self, node: ast.For | ast.While) -> list[ir.Stmt]:
        """A loop, and what is done after it where no `break` has ended it."""
        if isinstance(node, ast.While) and any(
            isinstance(part, ast.NamedExpr) for part in ast.walk(node.test)
        ):
            raise self.refuse("LF302", "`else` of a loop is not native here", node)
        span = self.span(node)
        self._broken_next = told = self.new_local("broken", BOOL, span)
        loop = copy.copy(node)
        loop.orelse = []
        lowered = self._statement(loop)
        start = set(self.assigned)
        orelse, end = self.branch(node.orelse, start)
        if not any(isinstance(x, ir.Bind) and x.target is told for x in walk(lowered)):
            self.assigned = set(self.locals) if end is None else end
            return [*lowered, *orelse]
        self.merge([start, end])
        broken = ir.Unary("not", ir.Name(told.name, BOOL, span), BOOL, span)
        before = ir.Bind(told, ir.BoolLit(False, BOOL, span), span)
        return [before, *lowered, ir.If(broken, orelse, (), span)]


def _changes_beside(node: ast.For) -> bool:
    """Whether a loop over a part of something changes another part of it in place."""
    parts = (x for x in ast.walk(node.iter) if isinstance(x, ast.Subscript | ast.Attribute))
    body = (part for statement in node.body for part in ast.walk(statement))
    changed = {_root(part) for part in changes(body, with_set=True)} - {None}
    return any(_root(part) in changed for part in parts)


def _root(node: ast.expr) -> str | None:
    """The name of what `node` is a part of."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _commented(statement: ir.Stmt, comments: tuple[str, ...]) -> ir.Stmt:
    return msgspec.structs.replace(statement, comments=comments)
