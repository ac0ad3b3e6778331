"""Classes of the program as values: their objects, and the names of their fields."""

import ast
import copy
import json
from collections.abc import Iterable, Sequence

from langferry.converter.lower.constants import literal
from langferry.converter.lower.expressions import Comprehension, Expressions, type_name
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.requests import Enumeration, Making, Receiver
from langferry.converter.lower.run_config import is_own_key
from langferry.converter.lower.signatures import ANY, CONFIGURABLE, FORM, STR
from langferry.converter.module_scope import own_nodes
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant

_VIEWS = {
    "model_fields": "pydantic",
    "__fields__": "pydantic",
    "__dataclass_fields__": "dataclass",
}
"""What a class has its fields by name in."""

_COPYING = frozenset({f"builtins.{name}" for name in ("list", "tuple", "set", "frozenset")})


class OwnClasses(Expressions):
    """Lowers what is done with classes of the program."""

    _picked: tuple[ast.expr, ...] = ()
    """What is iterated over only for keys of the program's own."""

    def making_of(self, node: ast.expr) -> Making | None:
        """How objects of the class that `node` names are made, if it is one and that is known."""
        found = self.standing_for(node)
        return found.making if isinstance(found, Receiver) else None

    def made_object(self, node: ast.Call) -> ir.Expr | None:
        """A new object of a class of the program; None where `node` makes none that is known."""
        making = self.making_of(node.func)
        if making is None:
            return self._made_of_form(node)
        given, span = self._given_fields(node, making.by_place), self.span(node)
        if making.kind == "pydantic":
            form = ir.FormLit(making.name, _schema(making), (), (), FORM, span)
            args = (form, self.fitted(given, ANY, node))
            return ir.Call("langchain.validated", args, (), ANY, span)
        name = ir.StrLit(making.name, STR, span)
        defaults = ir.DictLit(
            tuple(
                (ir.StrLit(x.name, STR, span), self._dynamic_literal(x.default, x.name, node))
                for x in making.fields
                if x.default is not None
            ),
            t.DictType(STR, ANY),
            span,
        )
        names = self._texts((x.name for x in making.fields), node)
        by_name = self._texts((x.name for x in making.fields if x.by_name), node)
        made = ir.Call("objects.made", (name, names, by_name, defaults, given), (), ANY, span)
        if making.after is None:
            return made
        known = frozenset(x.name for x in making.fields)
        after = self.meaning.after_making(making.after, known, span)
        return ir.FunctionCall(after, (made,), ANY, span)

    def _made_of_form(self, node: ast.Call) -> ir.Expr | None:
        """A new object of a pydantic class of which its form tells more than its fields: others in it, say."""
        names = [item.arg for item in node.keywords]
        if node.args or (None in names and len(names) > 1):
            return None
        defined, span = self.definition(node.func), self.span(node)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return None
        found = self.standing_for(node.func)
        place = (defined[0].path, defined[1].lineno)
        if not isinstance(found, Receiver) or found.defined != place or found.member is not None:
            # something may have changed the class
            return None
        try:
            form = self.meaning.form(defined[0], defined[1], span)
        except Refusal:
            # which is said of making objects of other classes
            return None
        given = self.fitted(self._given_fields(node, ()), ANY, node)
        return ir.Call("langchain.validated", (form, given), (), ANY, span)

    def dataclass_as_dict(self, node: ast.Call) -> ir.Expr:
        """`dataclasses.asdict(value)` of an object that is read as often as it has fields."""
        if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
            raise self.refuse("LF303", "this form of `asdict` is not native", node)
        value = self.expr(node.args[0])
        if not _is_only_read(value):
            raise self.refuse("LF303", "`asdict` of what has no name is not native", node)
        return self._fields_as_dict(value, node.args[0], node)

    def _fields_as_dict(self, value: ir.Expr, of: ast.expr, node: ast.Call) -> ir.Expr:
        record = self.records[value.type.record] if isinstance(value.type, t.RecordType) else None
        if record is None or record.kind != "dataclass":
            raise self.refuse("LF303", f"`asdict` of {type_name(value.type)} is not native", node)
        entries: list[tuple[ir.Expr, ir.Expr]] = []
        for field in record.fields:
            attribute = ast.copy_location(ast.Attribute(of, field.name, ast.Load()), of)
            held = self._object_field(value, record, attribute)
            if isinstance(held.type, t.RecordType):
                held = self._fields_as_dict(held, attribute, node)
            elif not _is_copied_alike(held.type):
                message = f"`asdict` of a `{record.name}` with its `{field.name}` is not native"
                raise self.refuse("LF303", message, node)
            name = ir.StrLit(field.name, STR, value.span)
            entries.append((name, self.fitted(held, ANY, node)))
        return ir.DictLit(tuple(entries), t.DictType(STR, ANY), self.span(node))

    # --- enums

    def enumeration_of(self, node: ast.expr) -> Enumeration | None:
        """The enum of the program that `node` names."""
        found = self.standing_for(node)
        is_class = isinstance(found, Receiver) and found.member is None
        return found.enumeration if isinstance(found, Receiver) and is_class else None

    def member_of(self, enumeration: Enumeration, name: str, node: ast.expr | ast.stmt) -> ir.Expr:
        """The member of an enum that is called `name`."""
        span = self.span(node)
        args = (self.meaning.members_of(enumeration, span), ir.StrLit(name, STR, span))
        return ir.Call("enums.member", args, (), ANY, span)

    def found_member(self, node: ast.Call | ast.Subscript) -> ir.Expr | None:
        """`C(value)` and `C[name]`; None where `C` is no enum of the program."""
        match node:
            case ast.Call(func=of, args=[given], keywords=[]):
                pass
            case ast.Subscript(value=of, slice=given):
                pass
            case _:
                return None
        enumeration = self.enumeration_of(of)
        if enumeration is None:
            return None
        span, asked = self.span(node), self.expect(given, ANY)
        members = self.meaning.members_of(enumeration, span)
        if isinstance(node, ast.Subscript):
            return ir.Call("enums.by_name", (members, asked), (), ANY, span)
        name = ir.StrLit(enumeration.name, STR, span)
        return ir.Call("enums.by_value", (members, name, asked), (), ANY, span)

    def _given_fields(self, node: ast.Call, by_place: Sequence[str]) -> ir.Expr:
        """The arguments of a call of a class, by the names of its fields; those it takes `by_place` without a name."""
        kind = t.DictType(STR, ANY)
        match node.args, node.keywords:
            case [], [ast.keyword(arg=None, value=whole)]:
                return self.expect(whole, kind)
        names = [item.arg for item in node.keywords]
        if (
            None in names
            or any(isinstance(item, ast.Starred) for item in node.args)
            or len(node.args) > len(by_place)
            or set(names) & set(by_place[: len(node.args)])
        ):
            message = f"this form of `{ast.unparse(node.func)}` is not native"
            raise self.refuse("LF303", message, node)
        values = [*node.args, *(item.value for item in node.keywords)]
        pairs = zip([*by_place[: len(node.args)], *names], values, strict=True)
        span = self.span(node)
        entries = tuple(
            (ir.StrLit(name or "", STR, span), self.expect(value, ANY)) for name, value in pairs
        )
        return ir.DictLit(entries, kind, span)

    def _dynamic_literal(self, given: Constant, name: str, node: ast.expr) -> ir.Expr:
        return self.fitted(literal(given, name, self.span(node)), ANY, node)

    def _texts(self, texts: Iterable[str], node: ast.expr) -> ir.Expr:
        span = self.span(node)
        return ir.ListLit(tuple(ir.StrLit(x, STR, span) for x in texts), t.ListType(STR), span)

    # --- the names of fields

    def field_names(self, node: ast.expr) -> tuple[str, ...] | None:
        """The names that `node`, by which a class has its fields, is iterated over, if it is that."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute() as view, attr="keys"), args=[]):
                return self.field_names(view)
            case ast.Attribute(value=of, attr=name) if name in _VIEWS:
                making = self.making_of(of)
                if making is not None and making.kind == _VIEWS[name]:
                    return tuple(field.name for field in making.fields)
        return None

    def passing(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Like `expr`, also for what is only there to be iterated over, now and once."""
        names = self.field_names(node)
        return super().passing(node, want) if names is None else self._texts(names, node)

    def expr(self, node: ast.expr, want: t.Type | None = None) -> ir.Expr:
        """Lower an expression; `want` shapes literals, it need not be met."""
        if self.field_names(node) is not None:
            raise self.refuse("LF302", "an iterator or view is kept as a value", node)
        return super().expr(node, want)

    def iterated(self, node: ast.expr) -> tuple[ir.Expr, t.Type]:
        """An expression that is iterated over, and the type of its items."""
        names = self.field_names(node)
        if names is not None:
            return self._texts(names, node), t.StrType(names)
        enumeration = self.enumeration_of(node)
        if enumeration is not None:
            return self.meaning.members_of(enumeration, self.span(node)), ANY
        if node in self._picked:
            assert isinstance(node, ast.Call)
            assert isinstance(node.func, ast.Attribute)
            kind, span = t.DictType(STR, ANY), self.span(node)
            pair = t.TupleType((STR, ANY))
            whole = ir.MethodCall(self.expr(node.func.value), "dict", (), (), kind, span)
            return ir.MethodCall(whole, "items", (), (), t.ListType(pair), span), pair
        return super().iterated(node)

    def _comprehension(self, node: Comprehension, want: t.Type | None) -> ir.Expr:
        whole = self._by_name(node)
        picked = (x.iter for x in whole.generators if self._picks(x))
        self._picked = (*self._picked, *picked)
        return super()._comprehension(whole, want)

    def _by_name(self, node: Comprehension) -> Comprehension:
        """The same with the fields that `dataclasses.fields(cls)` gives seen as their names."""
        for place, generator in enumerate(node.generators):
            match generator:
                case ast.comprehension(
                    target=ast.Name(id=name), iter=ast.Call(func=called, args=[of], keywords=[])
                ) if self.resolve(called) == "dataclasses.fields" and self.making_of(of):
                    by_name = _ByName(name)
                    seen: Comprehension = by_name.visit(copy.deepcopy(node))
                    if by_name.others:
                        raise self.refuse("LF303", "what fields are but their names", node)
                    view = ast.Attribute(of, "__dataclass_fields__", ast.Load())
                    seen.generators[place].iter = ast.copy_location(view, generator.iter)
                    return self._by_name(seen)
        return node

    def _picks(self, generator: ast.comprehension) -> bool:
        """Whether only keys of the program's own are taken out of `configurable`."""
        match generator:
            case ast.comprehension(
                target=ast.Tuple(elts=[ast.Name(id=key), _]),
                iter=ast.Call(func=ast.Attribute(value=ast.Name() as of, attr="items"), args=[]),
            ) if self.locals.get(of.id) == CONFIGURABLE:
                for test in generator.ifs:
                    match test:
                        case ast.Compare(
                            left=ast.Name(id=name), ops=[ast.In()], comparators=[among]
                        ) if name == key:
                            known = self._known_members(among)
                            return known is not None and all(map(is_own_key, known))
        return False

    def _known_members(self, node: ast.expr) -> tuple[str, ...] | None:
        """Texts among which all are that a container holds."""
        match node:
            case ast.Name(id=name) if len(self.bound.get(name, ())) == 1 and self.function:
                for part in own_nodes(self.function):
                    match part:
                        case ast.Assign(targets=[ast.Name(id=given)], value=value) if given == name:
                            return self._known_members(value)
            case ast.Call(func=called, args=[of], keywords=[]) if self.resolve(called) in _COPYING:
                return self._known_members(of)
            case ast.SetComp() | ast.ListComp() | ast.GeneratorExp():
                match self._by_name(node):
                    case ast.SetComp(elt, [clause]) | ast.ListComp(elt, [clause]):
                        match elt, clause.target:
                            case ast.Name(id=name), ast.Name(id=item) if name == item:
                                return self._known_members(clause.iter)
            case ast.Set(elts=items) | ast.List(elts=items) | ast.Tuple(elts=items):
                texts = [x.value for x in items if isinstance(x, ast.Constant)]
                known = tuple(x for x in texts if isinstance(x, str))
                return known if len(known) == len(items) else None
        return self.field_names(node)


def _is_copied_alike(kind: t.Type) -> bool:
    """Whether a copy by `asdict` is no different: nothing in it is an object, nor has an order of its own."""
    match kind:
        case t.OptionalType(item) | t.ListType(item):
            return _is_copied_alike(item)
        case t.DictType(key, item):
            return _is_copied_alike(key) and _is_copied_alike(item)
        case t.StrType() | t.IntType() | t.FloatType() | t.BoolType() | t.NoneType():
            return True
    return False


def _is_only_read(value: ir.Expr) -> bool:
    """Whether it is a local, or a field of one."""
    match value:
        case ir.Field(value=whole) | ir.FieldOr(value=whole) | ir.Narrow(value=whole):
            return _is_only_read(whole)
    return isinstance(value, ir.Name)


def _schema(making: Making) -> str:
    """The JSON schema of a pydantic class."""
    properties = {}
    for field in making.fields:
        properties[field.name] = json.loads(field.schema)
        if field.default is not None:
            properties[field.name]["default"] = json.loads(field.default.data)
    return json.dumps(
        {
            "title": making.name.rpartition(".")[2],
            "type": "object",
            "properties": properties,
            "required": [x.name for x in making.fields if x.default is None],
        },
        ensure_ascii=False,
    )


class _ByName(ast.NodeTransformer):
    """Puts the names of fields in the place of the fields that `target` stands for."""

    def __init__(self, target: str) -> None:
        self._target = target
        self.others = False
        """Whether the target is used for more than its name."""

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """A clause; all fields that a call can name are true of `field.init`."""
        node.ifs = [test for test in node.ifs if not self._is(test, "init")]
        self.generic_visit(node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """`field.name`"""
        return node.value if self._is(node, "name") else self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """The field by itself."""
        self.others |= node.id == self._target and isinstance(node.ctx, ast.Load)
        return node

    def _is(self, node: ast.expr, attribute: str) -> bool:
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr):
                return name == self._target and attr == attribute
        return False
