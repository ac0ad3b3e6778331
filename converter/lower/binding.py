"""Statements that bind names or change values in place."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from langferry.converter.lower import convert as fit
from langferry.converter.lower.expressions import BINARY_OPS, item_type, type_name
from langferry.converter.lower.library_calls import COPIES
from langferry.converter.lower.message_classes import message_class
from langferry.converter.lower.models import CHAT_MODEL
from langferry.converter.lower.outputs import Outputs
from langferry.converter.lower.refusal import Refusal, Wider
from langferry.converter.lower.requests import GraphAt
from langferry.converter.lower.sharing import Sharing
from langferry.converter.lower.signatures import ANY, BOOL, CONFIGURABLE, INT, NONE, STR
from langferry.converter.lower.state_writes import comes_back, kept_elsewhere, lent_key
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

CONTAINERS = t.ListType | t.DictType | t.SetType

_MAKING_NEW = frozenset({"json.loads"})
"""Functions that give an object of which nobody else holds any part, and of which no two parts are one."""

Simple = TypeVar("Simple", ir.Name, ir.Name | ir.Field, ir.Name | ir.StrLit | ir.IntLit)


class Binding(Outputs):
    """Lowers assignments."""

    loops: int = 0
    """How many loops stand around what is lowered."""

    opened: tuple[list[ir.Stmt], list[ir.Stmt]] = ([], [])
    """What is done before and after the statement that is lowered."""

    def variable(self, name: str, value: t.Type, node: ast.expr) -> t.Type:
        """The type of a local, from the type checker or its only value."""
        known = self.locals.get(name)
        if known is not None:
            return known
        if name in self.widened:
            self.locals[name] = self.widened[name]
            return self.locals[name]
        declared = None
        if self.function is not None:
            declared = self.types.name(
                self.scope.path, self.function.lineno, self.function.col_offset, name
            )
        kind = ANY if declared is None else fit.plain(declared)
        bound = [item for item in self.bound.get(name, []) if isinstance(item, ast.Name)]
        if _has_any(kind) and not isinstance(value, t.NoneType):
            annotated = self._is_annotated(bound)
            if fit.is_of_langchain(value):
                # it is no dynamic value: whatever else is bound must be alike
                kind = value
            elif len(bound) == 1 and (not annotated or value == CONFIGURABLE):
                kind = value
            elif isinstance(kind, t.NoneType):
                kind = ANY
        if value == t.OptionalType(kind) and len(bound) == 1 and not self._is_annotated(bound):
            # which the type checker does not expect of a key that may lack
            kind = value
            self.doubtful.add(name)
        if isinstance(kind, t.NoneType):
            kind = ANY
        if isinstance(kind, t.RecordType) and isinstance(value, t.DictType) and len(bound) == 1:
            # a copy of a TypedDict, or what is no such object as it is declared to be
            kind = value
        self.locals[name] = kind
        return kind

    @contextmanager
    def or_wider(self, name: str, kind: t.Type, given: t.Type) -> Iterator[None]:
        """What is done if the local `name` of type `kind` can be `given` something; its refusal tells if a wider one can."""
        try:
            yield
        except Refusal as refusal:
            if refusal.reason.code == "LF307" and self._can_widen(name, kind, given):
                refusal.wider = Wider(name, fit.both(kind, fit.plain(given)))
            raise

    def _can_widen(self, name: str, kind: t.Type, given: t.Type) -> bool:
        bound = self.bound.get(name, [])
        return (
            bool(bound)
            and all(isinstance(item, ast.Name) for item in bound)
            and (fit.fits_any(kind) or self.is_made_of_dicts(kind))
            and fit.fits_any(given)
            and not fit.is_of_langchain(kind)
            and not fit.is_of_langchain(given)
        )

    def _is_annotated(self, bound: Sequence[ast.AST]) -> bool:
        """Whether one of a local's bindings says of what type it is."""
        return any(
            isinstance(item, ast.AnnAssign) and item.target in bound
            for item in ast.walk(self.function or ast.Module([], []))
        )

    def _bind(self, target: ast.expr, value: ir.Expr, node: ast.stmt) -> ir.Stmt:
        span = self.span(node)
        if isinstance(target, ast.Name):
            self._plain_local(target)
            kind = self.variable(target.id, value.type, target)
            with self.or_wider(target.id, kind, value.type):
                fitted = self.fitted(value, kind, node)
            self.assigned.add(target.id)
            return ir.Bind(ir.NameTarget(target.id, kind, self.span(target)), fitted, span)
        if isinstance(target, ast.Tuple | ast.List):
            value = self.unpacked(value, len(target.elts), node)
            names: dict[str, t.Type] = {}
            self.target(target, value.type, names)
            for element in ast.walk(target):
                if isinstance(element, ast.Name):
                    self._plain_local(element)
                    names[element.id] = self.variable(element.id, names[element.id], element)
                    self.assigned.add(element.id)
            value = self.fitted(value, _shape_of(target, names), node)
            return ir.Bind(self.target(target, value.type, names), value, span)
        if isinstance(target, ast.Subscript):
            return self._set_item(target, None, value, node)
        if isinstance(target, ast.Attribute) and self.is_own_object(target.value):
            return self._set_attribute(target, value, node)
        if isinstance(target, ast.Attribute) and self._is_being_made(target.value):
            held = self.expr(target.value)
            assert isinstance(held, ir.Name)
            given = (held, ir.StrLit(target.attr, STR, span), self.fitted(value, ANY, node))
            changed = ir.Call("objects.with_own_field", given, (), ANY, span)
            return ir.Bind(ir.NameTarget(held.name, ANY, self.span(target)), changed, span)
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return self._set_on_answer(target, target.value, value, node)
        raise self.refuse("LF302", "assigning to this is not native", node)

    def _is_being_made(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self.being_made

    def _set_on_answer(
        self, target: ast.Attribute, of: ast.Name, value: ir.Expr, node: ast.stmt
    ) -> ir.Stmt:
        """`answer.content = value` of a model's answer that nobody else holds."""
        held = self.expr(ast.copy_location(ast.Name(of.id, ast.Load()), of))
        while isinstance(held, ir.Narrow):
            held = held.value
        binding = self.sharing.only_binding(of.id)
        if not isinstance(held, ir.Name) or binding is None or not self._is_asked(binding):
            raise self.refuse("LF302", "assigning to this is not native", node)
        problem = self.sharing.problem(of.id, binding)
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        span, name = self.span(node), ir.StrLit(target.attr, STR, self.span(target))
        given = self.fitted(value, ANY, node)
        changed = ir.Call("objects.with_field", (held, name, given), (), ANY, span)
        return ir.Bind(ir.NameTarget(of.id, ANY, self.span(of)), changed, span)

    def _is_asked(self, binding: ast.expr) -> bool:
        """Whether a local is bound to what a model answers, which is new each time."""
        for part in ast.walk(self.function or ast.Module([], [])):
            match part:
                case ast.Assign(targets=[target], value=value) if target is binding:
                    asked = value.value if isinstance(value, ast.Await) else value
                    match asked:
                        case ast.Call(func=ast.Attribute(value=of, attr="invoke" | "ainvoke")):
                            return self.expr(of).type == CHAT_MODEL
        return False

    def _plain_local(self, node: ast.Name) -> None:
        bound = self.bound.get(node.id, [])
        is_record = isinstance(self.locals.get(node.id), t.RecordType)
        own = node.id in self.locals and not is_record and node.id not in self.constants
        if any(
            not isinstance(item, ast.Name) and not (isinstance(item, ast.arg) and own)
            for item in bound
        ):
            raise self.refuse(
                "LF305", f"`{node.id}` is a parameter or definition, and assigned to", node
            )

    def _value_for(self, target: ast.expr, value: ast.expr) -> ir.Expr:
        want = None
        if isinstance(target, ast.Name):
            want = self.locals.get(target.id, self.widened.get(target.id))
            if want is None and self.function is not None:
                declared = self.types.name(
                    self.scope.path, self.function.lineno, self.function.col_offset, target.id
                )
                want = None if declared is None else fit.plain(declared)
        if isinstance(target, ast.Subscript) and self.is_own_state(target.value):
            state, key = self.expr(target.value).type, target.slice
            if isinstance(state, t.RecordType) and isinstance(key, ast.Constant):
                want = self.field(state.record, key.value, target)
        if isinstance(target, ast.Attribute) and self.is_own_object(target.value):
            given = self.expr(target.value).type
            assert isinstance(given, t.RecordType)
            want = self.field(given.record, target.attr, target)
        if isinstance(want, t.AnyType):
            want = None
        if isinstance(want, t.OptionalType):
            want = want.item
        if isinstance(want, t.RecordType) and self.records[want.record].kind != "typed_dict":
            want = None
        return self.expr(value, want)

    def _assign(self, node: ast.Assign) -> list[ir.Stmt]:
        if len(node.targets) != 1:
            raise self.refuse("LF302", "assigning to several targets at once is not native", node)
        target, given = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id in self.configs:
            return []
        match target, given:
            case ast.Name(id=name), ast.Name(id=same) if name == same and name in self.assigned:
                return []
        makes_parts = self.is_part_made(node) or self.is_console_made(node)
        makes_parts = makes_parts or self.is_coroutines_made(node)
        if makes_parts or self.is_parallel_made(node) or self.is_graph_made(node):
            return []
        return [self._bind(target, self._assigned_value(target, given), node)]

    def _assigned_value(self, target: ast.expr, given: ast.expr) -> ir.Expr:
        """What is assigned; a local may be given what is taken out of a container."""
        if (
            isinstance(target, ast.Name)
            and isinstance(given, ast.Call)
            and isinstance(given.func, ast.Attribute)
            and given.func.attr in ("pop", "popitem")
            and isinstance(given.func.value, ast.Name)
            and self.resolve(given.func) is None
            and isinstance(self._whole(given.func.value).type, CONTAINERS | t.AnyType)
        ):
            return self._change(given, given.func)
        return self._value_for(target, given)

    def _whole(self, node: ast.expr) -> ir.Expr:
        """A value as its local holds it, whatever it was found to be."""
        value = self.expr(node)
        while isinstance(value, ir.Narrow):
            value = value.value
        return value

    def _annotated(self, node: ast.AnnAssign) -> list[ir.Stmt]:
        if node.value is None:
            return []
        return [self._bind(node.target, self._assigned_value(node.target, node.value), node)]

    def _unshared(self, node: ast.expr, at: ast.stmt | ast.expr) -> ir.Name | ir.Field:
        """What is about to be changed in place, if nobody else can hold its object."""
        if isinstance(node, ast.Subscript) and self.is_own_state(node.value):
            return self._state_part(node, at)
        if isinstance(node, ast.Attribute) and self.is_own_object(node.value):
            return self._object_part(node, at)
        root = node
        while isinstance(root, ast.Subscript | ast.Attribute | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        value = narrowed = self.expr(root)
        match node:
            case ast.Subscript(value=ast.Name() as of, slice=key) if not isinstance(key, ast.Slice):
                return self._own_item(of, key, node, at)
            case ast.Call(func=ast.Attribute(value=ast.Name() as of), args=[key, _]):
                return self._own_item(of, key, node, at)
        if isinstance(value.type, t.RecordType):
            raise self.refuse("LF305", f"a part of `{ast.unparse(root)}` is changed", at)
        if not isinstance(node, ast.Name):
            raise self.refuse("LF305", f"`{ast.unparse(node)}` is changed in place", at)
        while isinstance(value, ir.Narrow):
            value = value.value
        if not isinstance(value, ir.Name) or node.id not in self.locals or self.inner:
            raise self.refuse(
                "LF305", f"`{node.id}` is changed, and is not this function's own", at
            )
        if isinstance(narrowed.type, t.OptionalType) and isinstance(at, ast.Call):
            assert isinstance(at.func, ast.Attribute)
            narrowed = self.present(narrowed, at.func.attr)
        may_be_none = value.type == t.OptionalType(narrowed.type)
        kind = narrowed.type if may_be_none else value.type
        if not isinstance(kind, CONTAINERS | t.AnyType):
            raise self.refuse("LF305", f"{type_name(kind)} is changed in place", at)
        if any(isinstance(item, ast.arg) for item in self.bound.get(node.id, [])):
            raise self.refuse("LF305", f"parameter `{node.id}` is changed in place", at)
        problem = self.sharing.problem(node.id, self._lent(node.id, at))
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        if may_be_none:
            held, target = self._held(narrowed), ir.NameTarget(node.id, value.type, value.span)
            again = fit.convert(_again(held), value.type)
            assert again is not None
            self.opened[1].append(ir.Bind(target, again, value.span))
            return held
        return value

    def _own_item(
        self, of: ast.Name, key: ast.expr, node: ast.expr, at: ast.stmt | ast.expr
    ) -> ir.Name:
        """What lies in a container of this function's own, taken out for a change and put back after it."""
        refusal = self.refuse("LF305", f"`{ast.unparse(node)}` is changed in place", at)
        container = self.expr(of)
        while isinstance(container, ir.Narrow):
            container = container.value
        kind = container.type
        if isinstance(kind, t.RecordType):
            raise self.refuse("LF305", f"a part of `{of.id}` is changed", at)
        own = isinstance(container, ir.Name) and of.id in self.locals and not self.inner
        is_given = any(isinstance(item, ast.arg) for item in self.bound.get(of.id, []))
        item = item_type(kind) if isinstance(kind, t.ListType) else getattr(kind, "value", None)
        item = ANY if isinstance(kind, t.AnyType) else item
        if not own or is_given or not isinstance(item, CONTAINERS | t.AnyType):
            raise refusal
        assert isinstance(container, ir.Name)
        for given in self.sharing.values(of.id):
            graph = self._graph_run(given)
            new = () if graph is None else graph.messages
            if graph is not None and not (isinstance(key, ast.Constant) and key.value in new):
                raise refusal
        problem = self.sharing.item_problem(of.id)
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        index = self.expect(key, _key_type(kind))
        if not _is_plain(index):
            index = self._held(index)
        span = self.span(node)
        if isinstance(node, ast.Call):
            empty = self.fitted(self.expr(node.args[1], item), item, node.args[1])
            lacks = ir.Compare("not in", _again_plain(index), _again(container), BOOL, span)
            put = ir.SetItem(_again(container), _again_plain(index), None, empty, span)
            self.opened[0].append(ir.If(lacks, (put,), (), span))
        taken = self._held(ir.Item(_again(container), _again_plain(index), item, span))
        self.opened[1].append(ir.SetItem(container, index, None, _again(taken), span))
        return taken

    def _held(self, value: ir.Expr) -> ir.Name:
        """A local of its own for what is evaluated before a statement."""
        target = self.new_local("held", value.type, value.span)
        self.opened[0].append(ir.Bind(target, value, value.span))
        return ir.Name(target.name, value.type, value.span)

    def new_local(self, base: str, kind: t.Type, span: Span) -> ir.NameTarget:
        """A local that stands for none of the program's."""
        number, name = 1, base
        while name in self.bound or name in self.locals:
            number, name = number + 1, f"{base}_{number + 1}"
        self.locals[name] = kind
        self.assigned.add(name)
        return ir.NameTarget(name, kind, span)

    def _lent(self, name: str, at: ast.stmt | ast.expr) -> ast.expr | None:
        """The binding of `name`, changed at `at`, to a channel's own object that is written to it again."""
        found = None
        if self.function is not None and self.form == "node":
            found = lent_key(self.function, name, self.sharing)
        if found is None:
            return None
        binding, base, key = found
        state = ast.copy_location(ast.Name(base, ast.Load()), binding)
        if not self.is_own_state(state) or self.meaning.is_held_elsewhere(key):
            return None
        return binding if not self._is_folded(key) or self._adds_new_messages(key, at) else None

    def _state_part(self, node: ast.Subscript, at: ast.stmt | ast.expr) -> ir.Field:
        """A key of the state whose value is changed in place and then written to its channel."""
        part, text = self._whole(node), ast.unparse(node)
        if not isinstance(part, ir.Field) or not isinstance(part.type, CONTAINERS):
            raise self.refuse("LF305", f"`{text}` is changed in place", at)
        assert isinstance(part.value, ir.Name)
        assert self.function is not None
        place = (part.value.name, part.field)
        is_folded = self._is_folded(part.field)
        if self.inner or (is_folded and not self._adds_new_messages(part.field, at)):
            raise self.refuse("LF306", f"`{text}` is changed, and its channel folds writes", at)
        if not self._goes_back(place, is_folded):
            raise self.refuse("LF306", f"`{text}` may change the state in place", at)
        problem = self.sharing.problem(place)
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        return part

    def _object_part(self, node: ast.Attribute, at: ast.stmt | ast.expr) -> ir.Field:
        """A field of an object whose value is changed in place."""
        base, text = self.expr(node.value), ast.unparse(node)
        assert isinstance(base, ir.Name)
        assert isinstance(base.type, t.RecordType)
        assert self.function is not None
        kind, place = self.field(base.type.record, node.attr, node), (base.name, node.attr)
        if not isinstance(kind, CONTAINERS) or self.inner:
            raise self.refuse("LF305", f"`{text}` is changed in place", at)
        if self.records[base.type.record].kind == "dataclass":
            # which holds the channel's own value, while pydantic makes containers anew
            if self._is_folded(node.attr):
                raise self.refuse("LF306", f"`{text}` is changed, and its channel folds writes", at)
            if not self._goes_back(place):
                raise self.refuse("LF306", f"`{text}` may change the state in place", at)
        problem = self.sharing.problem(place)
        if problem is not None:
            raise self.refuse("LF305", problem[0], problem[1])  # type: ignore[arg-type]
        self.completed.add(base.name)
        return ir.Field(base, node.attr, kind, self.span(node))

    def _goes_back(self, place: tuple[str, str], is_folded: bool = False) -> bool:
        """Whether a key's value that is changed in place is written to its channel, and nothing else holds it."""
        assert self.function is not None
        return not self.meaning.is_held_elsewhere(place[1]) and comes_back(
            self.function, *place, self.sharing, is_folded
        )

    def _is_folded(self, channel: str) -> bool:
        """Whether a reducer sees what is written to the channel."""
        return bool(self._reducers(channel))

    def _reducers(self, channel: str) -> set[str]:
        """The kinds of the reducers that see what is written to the channel."""
        assert self.request is not None
        kinds = [self.request.state, *(_records(self.request.parameters.values()))]
        return {
            field.reducer.kind
            for record in kinds
            if record is not None
            for field in self.records[record].fields
            if field.name == channel and field.reducer is not None
        }

    def _adds_new_messages(self, channel: str, at: ast.stmt | ast.expr) -> bool:
        """Whether a channel's own list gets new messages, which `add_messages` then finds in both of its lists.

        They have no id before that, or one that nobody has, so that they come out once.
        """
        match at:
            case ast.Call(func=ast.Attribute(attr="append"), args=[message], keywords=[]):
                new = [message]
            case ast.Call(func=ast.Attribute(attr="extend"), args=[ast.List(elts=items)]):
                new = items
            case ast.AugAssign(op=ast.Add(), value=ast.List(elts=items)):
                new = items
            case _:
                return False
        is_added = self._reducers(channel) == {"add_messages"}
        return is_added and all(map(self._is_new_message, new))

    def _is_new_message(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=func, keywords=keywords):
                made = message_class(self.resolve(func) or "")
                is_whole = made is not None and not made.endswith("Chunk")
                return is_whole and all(x.arg not in (None, "id") for x in keywords)
            case ast.Name(id=name):
                binding = self.sharing.only_binding(name)
                used = sum(
                    isinstance(x, ast.Name)
                    and x.id == name
                    and isinstance(x.ctx, ast.Load)
                    and isinstance(self.sharing.parent(x), ast.Call | ast.List)
                    for x in ast.walk(self.function or ast.Module([], []))
                )
                # in a loop it may be added again, with the id that it has then
                is_once = used == 1 and not self.loops
                return binding is not None and is_once and self._is_asked(binding)
        return False

    @property
    def sharing(self) -> Sharing:
        """What may be changed in this function."""
        if not hasattr(self, "_sharing"):
            within = self.function or self.scope.tree
            self._sharing = Sharing(within, self._makes_new, self._gives_plain, self._copies)
        return self._sharing

    def _makes_new(self, node: ast.expr) -> bool:
        """Whether a call gives an object of which nobody else holds any part; of a graph's, the lists of messages."""
        if self._graph_run(node) is not None:
            return True
        return isinstance(node, ast.Call) and self.resolve(node.func) in _MAKING_NEW

    def _copies(self, node: ast.expr) -> bool:
        """Whether a call copies a container; parts that were one object in it are still one in the copy."""
        match node:
            case ast.Call(func=ast.Attribute(attr="model_dump")):
                return "model_dump" not in self.meaning.members
        return isinstance(node, ast.Call) and self.resolve(node.func) in COPIES

    def _graph_run(self, node: ast.expr) -> GraphAt | None:
        """The graph whose result an expression gives."""
        match node.value if isinstance(node, ast.Await) else node:
            case ast.Call(func=ast.Attribute(value=of, attr="invoke" | "ainvoke")):
                graph = self.graph_of(of)
                return graph if isinstance(graph, GraphAt) else None
        return None

    def _gives_plain(self, node: ast.expr) -> bool:
        """Whether a function of the program is called that gives a text or number.

        Natively it has nothing else to keep in what it is given, unless there is a store.
        """
        if not isinstance(node, ast.Call) or not self.is_immutable(node):
            return False
        if self.meaning.has_store:
            return False
        defined = self.definition(node.func)
        if defined is not None:
            return isinstance(defined[1], ast.FunctionDef | ast.AsyncFunctionDef)
        return isinstance(node.func, ast.Attribute) and self.received(node.func.value) is not None

    def _set_item(
        self, target: ast.Subscript, op: ir.BinaryOp | None, value: ir.Expr, node: ast.stmt
    ) -> ir.Stmt:
        if self.is_own_state(target.value):
            return self._set_key(target, op, value, node)
        if op is None and isinstance(target.value, ast.Subscript) and not _is_plain(value):
            # which is evaluated before what it goes into is looked up
            value = self._held(value)
        container = self._unshared(target.value, node)
        if isinstance(target.slice, ast.Slice):
            raise self.refuse("LF302", "assigning to slices is not native", node)
        match container.type:
            case t.DictType(key=key, value=item):
                index = self.expect(target.slice, key)
            case t.ListType(item=item):
                index = self.expect(target.slice, INT)
            case t.AnyType():
                item, index = ANY, self.expect(target.slice, ANY)
            case _:
                raise self.refuse("LF302", "assigning to this is not native", node)
        if op is not None:
            if isinstance(item, t.AnyType) and not _is_plain(index):
                index = self._held(index)
            current: ir.Expr = ir.Item(container, index, item, self.span(target))
            if isinstance(item, t.AnyType):
                joined = self.fitted(self._augmented_value(op, current, value, node), item, node)
                return ir.SetItem(
                    _again(container), _again_plain(index), None, joined, self.span(node)
                )
            joined = self.binary(op, current, value, node)
            if joined.type != item:
                with self._or_wider_items(container, joined.type):
                    raise self.refuse(
                        "LF307", f"{type_name(joined.type)} stored as {type_name(item)}", node
                    )
            return ir.SetItem(container, index, op, value, self.span(node))
        with self._or_wider_items(container, value.type):
            fitted = self.fitted(value, item, node)
        return ir.SetItem(container, index, None, fitted, self.span(node))

    @contextmanager
    def _or_wider_items(self, container: ir.Expr, given: t.Type) -> Iterator[None]:
        """The like of `or_wider` for an item of a local."""
        kind = container.type
        whole = t.DictType(kind.key, given) if isinstance(kind, t.DictType) else t.ListType(given)
        name = container.name if isinstance(container, ir.Name) else ""
        with self.or_wider(name, kind, whole):
            yield

    def _changed_record(self, value: ast.expr) -> tuple[ir.Name, str]:
        """An object that is about to be changed, which nothing else may hold, and its record's id."""
        state = self.expr(value)
        assert isinstance(state, ir.Name)
        assert isinstance(state.type, t.RecordType)
        assert self.function is not None
        kept = kept_elsewhere(self.function, state.name)
        if kept is not None:
            raise self.refuse("LF305", f"`{state.name}` is changed, and something holds it", kept)
        return state, state.type.record

    def _set_key(
        self, target: ast.Subscript, op: ir.BinaryOp | None, value: ir.Expr, node: ast.stmt
    ) -> ir.Stmt:
        state, record = self._changed_record(target.value)
        if self.written_order(state.name) is None:
            raise self.refuse("LF305", f"the order of new keys of `{state.name}` varies", node)
        key = target.slice
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise self.refuse("LF302", "a computed key of a record is not native", node)
        kind = self.field(record, key.value, target)
        if op is not None:
            current: ir.Expr = ir.Field(state, key.value, kind, self.span(target))
            if isinstance(kind, t.ListType) and op == "+":
                place = self._unshared(_read(target), node)
                more = self.fitted(value, kind, node)
                added = ir.MethodCall(place, "extend", (more,), (), NONE, self.span(node))
                return ir.Evaluate(added, self.span(node))
            if isinstance(kind, CONTAINERS):
                raise self.refuse("LF305", f"`{ast.unparse(target)}` may change in place", node)
            value = self._augmented_value(op, current, value, node)
        return ir.SetField(state, key.value, self.written_as(value, kind, node), self.span(node))

    def _set_attribute(self, target: ast.Attribute, value: ir.Expr, node: ast.stmt) -> ir.Stmt:
        state, record = self._changed_record(target.value)
        kind = self.field(record, target.attr, target)
        is_pydantic = self.records[record].kind == "pydantic"
        if is_pydantic and isinstance(kind, t.FloatType) and not isinstance(value, ir.FloatLit):
            # what is read is taken for what pydantic has made a float of
            raise self.refuse("LF307", f"`{ast.unparse(target)}` may come to hold an int", node)
        return ir.SetField(state, target.attr, self.fitted(value, kind, node), self.span(node))

    def _augmented_attribute(
        self, target: ast.Attribute, op: ir.BinaryOp, value: ir.Expr, node: ast.AugAssign
    ) -> ir.Stmt:
        read = ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
        current = self.expr(read)
        if isinstance(current.type, t.ListType) and op == "+":
            place = self._unshared(read, node)
            more = self.fitted(value, place.type, node)
            added = ir.MethodCall(place, "extend", (more,), (), NONE, self.span(node))
            return ir.Evaluate(added, self.span(node))
        if isinstance(current.type, CONTAINERS):
            raise self.refuse("LF305", f"`{ast.unparse(target)}` may change in place", node)
        joined = self._augmented_value(op, current, value, node)
        return self._set_attribute(target, joined, node)

    def _augmented_value(
        self, op: ir.BinaryOp, current: ir.Expr, value: ir.Expr, node: ast.stmt
    ) -> ir.Expr:
        """`current op= value`, if that does not change `current` in place."""
        if not isinstance(current.type, t.AnyType):
            return self.binary(op, current, value, node)
        plain = ir.Call("objects.unchanging", (current,), (), ANY, current.span)
        joined = self.binary(op, plain, value, node)
        sign = ir.StrLit(op, STR, joined.span)
        return ir.Call("objects.augmented", (sign, joined), (), ANY, joined.span)

    def _augmented(self, node: ast.AugAssign) -> ir.Stmt:
        op, span = BINARY_OPS.get(type(node.op)), self.span(node)
        if op is None:
            raise self.refuse("LF302", "this operator is not native", node)
        value = self.expr(node.value)
        if isinstance(node.target, ast.Subscript):
            return self._set_item(node.target, op, value, node)
        if isinstance(node.target, ast.Attribute) and self.is_own_object(node.target.value):
            return self._augmented_attribute(node.target, op, value, node)
        if not isinstance(node.target, ast.Name):
            raise self.refuse("LF302", "assigning to this is not native", node)
        self._plain_local(node.target)
        read = ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target)
        current = self._whole(read)
        if isinstance(current.type, CONTAINERS):
            self._unshared(read, node)
            value = self.fitted(value, current.type, node)
        joined = self._augmented_value(op, current, value, node)
        target = ir.NameTarget(node.target.id, current.type, self.span(node.target))
        if joined.type != current.type or isinstance(current.type, t.AnyType):
            with self.or_wider(node.target.id, current.type, joined.type):
                fitted = self.fitted(joined, current.type, node)
            return ir.Bind(target, fitted, span)
        return ir.Augment(target, op, value, span)

    def _delete(self, target: ast.expr, node: ast.stmt) -> ir.Stmt:
        if not isinstance(target, ast.Subscript) or isinstance(target.slice, ast.Slice):
            raise self.refuse("LF302", "deleting this is not native", node)
        container = self._unshared(target.value, node)
        index = self.expect(target.slice, _key_type(container.type))
        return ir.DeleteItem(container, index, self.span(node))

    def _change(self, call: ast.Call, func: ast.Attribute) -> ir.Expr:
        container = self._unshared(func.value, call)
        if isinstance(container, ir.Field) and call.keywords:
            raise self.refuse("LF303", f"this form of `{func.attr}` is not native", call)
        if func.attr == "sort" and isinstance(container.type, t.ListType):
            options = {keyword.arg: keyword.value for keyword in call.keywords}
            if call.args or options.keys() - {"key", "reverse"}:
                raise self.refuse("LF303", "this form of `sort` is not native", call)
            keywords = self.sort_options(options, container.type.item, call)
            return ir.MethodCall(container, "sort", (), keywords, NONE, self.span(call))
        if isinstance(container.type, t.AnyType):
            if call.keywords:
                raise self.refuse("LF303", f"this form of `{func.attr}` is not native", call)
            given = tuple(self.expect(arg, ANY) for arg in call.args)
            return ir.MethodCall(container, func.attr, given, (), ANY, self.span(call))
        with self._or_wider_items(container, ANY):
            lowered = self.method(container, func.attr, call, None)
        if lowered is None:
            raise self.refuse("LF303", f"method `{func.attr}` is not native", call)
        return lowered


def _key_type(kind: t.Type) -> t.Type:
    """The type of what the items of a container are looked up by."""
    match kind:
        case t.DictType(key=key):
            return key
        case t.AnyType():
            return ANY
    return INT


def _again(node: Simple) -> Simple:
    """The same expression once more: each place has one of its own, of which it may be the last use."""
    return msgspec.structs.replace(node)


def _again_plain(value: ir.Expr) -> ir.Expr:
    """The like of `_again` for what may be converted, too."""
    if isinstance(value, ir.Convert):
        return msgspec.structs.replace(value, value=_again_plain(value.value))
    return msgspec.structs.replace(value)


def is_made_and_changed(node: ast.expr) -> bool:
    """Whether it is `container.setdefault(key, [])`, or the like with another empty container."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(), attr="setdefault"),
            args=[_, ast.List(elts=[]) | ast.Dict(keys=[])],
            keywords=[],
        ):
            return True
    return False


def _is_plain(value: ir.Expr) -> bool:
    """Whether evaluating it earlier or later makes no difference."""
    while isinstance(value, ir.Convert):
        value = value.value
    return isinstance(value, ir.Name | ir.IntLit | ir.StrLit | ir.BoolLit | ir.NoneLit)


def _read(node: ast.Subscript) -> ast.Subscript:
    """The same part, read instead of set."""
    return ast.copy_location(ast.Subscript(node.value, node.slice, ast.Load()), node)


def _records(kinds: Iterable[t.Type]) -> list[str]:
    return [kind.record for kind in kinds if isinstance(kind, t.RecordType)]


def _shape_of(target: ast.expr, kinds: Mapping[str, t.Type]) -> t.Type:
    """The type of what is taken apart into variables of these types."""
    if isinstance(target, ast.Tuple | ast.List):
        return t.TupleType(tuple(_shape_of(item, kinds) for item in target.elts))
    assert isinstance(target, ast.Name)
    return kinds[target.id]


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
