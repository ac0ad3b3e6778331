"""Subscripts, slices, fields and attributes."""

import ast
import json

from langferry.converter.lower import convert as fit
from langferry.converter.lower.constants import literal
from langferry.converter.lower.names import type_name
from langferry.converter.lower.operators import Operators
from langferry.converter.lower.requests import Closure, Enumeration, Receiver
from langferry.converter.lower.signatures import (
    ANY,
    ATTRIBUTES,
    CONFIGURABLE,
    EXCEPTION,
    INT,
    PATH,
    STR,
)
from langferry.model import ir
from langferry.model import types as t
from langferry.model.constants import Constant
from langferry.model.program import Record


class Parts(Operators):
    """Lowers parts of values."""

    _read_by_key: ast.expr | None = None
    """What is lowered only for one of its keys."""

    def _subscript(self, node: ast.Subscript) -> ir.Expr:
        if self.resolve(node.value) == "os.environ" and not isinstance(node.slice, ast.Slice):
            return self.environ_item(node)
        if self.is_config(node.value):
            return self.configurable(node.slice, node)
        found = self.found_member(node)
        if found is not None:
            return found
        outer, self._read_by_key = self._read_by_key, node.value
        value, span = self.expr(node.value), self.span(node)
        self._read_by_key = outer
        if value.type == CONFIGURABLE:
            asked = self.configured_key(node.slice)
            return ir.MethodCall(value, "item", (asked,), (), ANY, span)
        if self._may_be_none(value) or self._is_dict_or_none(value.type):
            # Python finds out when it is there
            value = self.fitted(value, ANY, node)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node.slice, node)
        if self.is_given_object(value, "__getitem__"):
            # its index is evaluated first, which nobody can tell of a constant
            if not isinstance(node.slice, ast.Constant):
                raise self.refuse("LF302", "an index of what has no items", node)
            class_ = self.class_name(value)
            return ir.Call("objects.without_items", (class_,), (), ANY, span)
        match value.type:
            case t.RecordType(record=record) if self.records[record].kind == "typed_dict":
                index = node.slice
                if not isinstance(index, ast.Constant) or not isinstance(index.value, str):
                    whole = self.as_dict(value, node)
                    assert whole is not None
                    return ir.Item(whole, self.expect(index, STR), ANY, span)
                if self.surely_lacks(value, record, index.value) and not self.added_keys(value):
                    whole = self.as_dict(value, node)
                    assert whole is not None
                    return ir.Item(whole, ir.StrLit(index.value, STR, span), ANY, span)
                return ir.Field(value, index.value, self.field(record, index.value, node), span)
            case t.DictType(key=key, value=item):
                return ir.Item(value, self.expect(node.slice, key), item, span)
            case t.ListType(item=item):
                return ir.Item(value, self.expect(node.slice, INT), item, span)
            case t.StrType():
                return ir.Item(value, self.expect(node.slice, INT), STR, span)
            case t.TupleType(items=items):
                at = self.expr(node.slice)
                if isinstance(at, ir.IntLit) and -len(items) <= int(at.digits) < len(items):
                    place = int(at.digits) % len(items)
                    literal = ir.IntLit(str(place), INT, at.span)
                    return ir.Item(value, literal, items[place], span)
            case t.AnyType():
                return ir.Item(value, self.expect(node.slice, ANY), ANY, span)
            case t.ClassType(name="builtins.range"):
                return ir.MethodCall(value, "item", (self.expect(node.slice, INT),), (), INT, span)
            case t.ClassType(name="pathlib.Parents"):
                return ir.MethodCall(value, "item", (self.expect(node.slice, INT),), (), PATH, span)
            case t.ClassType(name="collections.Counter"):
                return ir.MethodCall(value, "item", (self.expect(node.slice, STR),), (), INT, span)
            case t.ClassType(name="requests.Headers"):
                return ir.MethodCall(value, "item", (self.expect(node.slice, STR),), (), STR, span)
            case t.ClassType(name="re.Match"):
                group = self.expr(node.slice)
                optional = t.OptionalType(STR)
                return self._narrowed(
                    ir.MethodCall(value, "group", (group,), (), optional, span), node
                )
        raise self.refuse("LF302", f"subscripts of {type_name(value.type)} are not native", node)

    def surely_lacks(self, receiver: ir.Expr, record: str, key: str) -> bool:
        """Whether a key is none of the channels' that the dict is made of which LangGraph gives."""
        request = self.request
        return (
            request is not None
            and request.has_fields_only
            and isinstance(receiver, ir.Name)
            and receiver.name in request.parameters
            and all(isinstance(item, ast.arg) for item in self.bound.get(receiver.name, []))
            and all(field.name != key for field in self.records[record].fields)
        )

    def class_name(self, value: ir.Expr) -> ir.Expr:
        """The name of a record's class."""
        assert isinstance(value.type, t.RecordType)
        return ir.StrLit(self.records[value.type.record].name, STR, value.span)

    def is_given_object(self, value: ir.Expr, special: str) -> bool:
        """Whether this is the object that LangGraph makes of the state, and its class has nothing like `special`.

        Neither pydantic's models nor dataclasses have the methods of dicts.
        """
        return (
            isinstance(value, ir.Name)
            and isinstance(value.type, t.RecordType)
            and self.records[value.type.record].kind in ("dataclass", "pydantic")
            and self.request is not None
            and value.name in self.request.parameters
            and all(isinstance(item, ast.arg) for item in self.bound.get(value.name, []))
            and not {special, "__getattr__", "__getattribute__"} & set(self.meaning.members)
            and all(x.name != special for x in self.records[value.type.record].fields)
        )

    def member_of(self, enumeration: Enumeration, name: str, node: ast.expr | ast.stmt) -> ir.Expr:
        """The member of an enum that is called `name`."""
        raise NotImplementedError

    def found_member(self, node: ast.Call | ast.Subscript) -> ir.Expr | None:
        """`C(value)` and `C[name]`; None where `C` is no enum of the program."""
        raise NotImplementedError

    def environ_item(self, node: ast.Subscript) -> ir.Expr:
        """`os.environ[name]`."""
        raise NotImplementedError

    def _slice(self, value: ir.Expr, bounds: ast.Slice, node: ast.Subscript) -> ir.Expr:
        if not isinstance(value.type, t.ListType | t.StrType | t.AnyType):
            raise self.refuse("LF302", f"slices of {type_name(value.type)} are not native", node)

        def bound(given: ast.expr | None) -> ir.Expr | None:
            if given is None or (isinstance(given, ast.Constant) and given.value is None):
                return None
            return self.expect(given, INT)

        return ir.Slice(
            value,
            bound(bounds.lower),
            bound(bounds.upper),
            bound(bounds.step),
            value.type,
            self.span(node),
        )

    def field(self, record: str, name: object, node: ast.expr) -> t.Type:
        """The type of a record's field."""
        for field in self.records[record].fields:
            if field.name == name:
                return fit.plain(field.type)
        raise self.refuse("LF307", f"`{self.records[record].name}` has no field {name!r}", node)

    def _is_made_whole(self, record: Record) -> bool:
        """Whether objects have all fields: native code makes none of this class without those of unknown defaults."""
        return record.kind == "dataclass" and record.id not in self.meaning.states

    def _object_field(self, value: ir.Expr, record: Record, node: ast.Attribute) -> ir.Expr:
        """`value.name` of a dataclass or pydantic model: a field that was not given has its default."""
        span, kind = self.span(node), self.field(record.id, node.attr, node)
        found = next(field for field in record.fields if field.name == node.attr)
        read: ir.Expr = ir.Field(value, node.attr, kind, span)
        if not found.required:
            if found.default is None and self._is_made_whole(record):
                return read
            if found.default is None:
                raise self.refuse("LF304", f"the default of `{node.attr}` is not known", node)
            given = self._default(found.default, kind, node)
            if (
                record.kind == "pydantic"
                and isinstance(given, ir.IntLit)
                and kind != INT
                and (kind != t.OptionalType(INT))
            ):
                # a model does not look at its own defaults
                raise self.refuse("LF307", f"the default of `{node.attr}` is an int", node)
            default = self.fitted(given, kind, node)
            read = ir.FieldOr(value, node.attr, default, kind, span)
        if record.kind == "pydantic" and isinstance(kind, t.FloatType):
            # a model makes a float of an int it is given
            return ir.Call("builtins.float", (read,), (), kind, span)
        return read

    def _default(self, given: Constant, kind: t.Type, node: ast.Attribute) -> ir.Expr:
        """A field's default, as a record where it is a dict that is declared as one."""
        value = json.loads(given.data)
        match value:
            case {"$type": "enum", "class": class_name, "name": name}:
                enumeration = self.meaning.enumeration(class_name)
                if enumeration is None:
                    raise self.refuse("LF304", f"the default of `{node.attr}` is not known", node)
                return self.member_of(enumeration, name, node)
        if isinstance(kind, t.RecordType) and isinstance(value, dict):
            written = ast.parse(repr(value), mode="eval").body
            for part in ast.walk(written):
                ast.copy_location(part, node)
            assert isinstance(written, ast.Dict)
            return self.record(written, kind, is_seen=node is not self._read_by_key)
        return literal(given, node.attr, self.span(node))

    def _of_call(self, node: ast.Attribute) -> ir.Expr | None:
        """`uuid.uuid4().hex` and `type(error).__name__`, whose objects are never seen."""
        called, span = node.value, self.span(node)
        if not isinstance(called, ast.Call) or called.keywords:
            return None
        match self.resolve(called.func), node.attr, called.args:
            case "uuid.uuid4", "hex", []:
                return ir.Call("uuid.uuid4_hex", (), (), STR, span)
            case "builtins.type", "__name__", [given]:
                value = self.expr(given)
                if value.type == EXCEPTION:
                    return ir.Call("exceptions.class_name", (value,), (), STR, span)
                if isinstance(value.type, t.AnyType):
                    return ir.Call("objects.class_name", (value,), (), STR, span)
        return None

    def _own_name(self, node: ast.Attribute) -> ir.Expr | None:
        """`f.__name__` of a function or class of the program, also of the class of an object that is known."""
        if node.attr != "__name__":
            return None
        given = self.standing_for(node.value)
        if isinstance(given, Closure) and given.called is not None:
            return ir.StrLit(given.called, STR, self.span(node))
        owner = self._class_asked(node.value)
        if owner is not None:
            return ir.StrLit(owner.class_name, STR, self.span(node))
        match self.definition(node.value):
            case (_, ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() as found):
                return None if found.decorator_list else ir.StrLit(found.name, STR, self.span(node))
        return None

    def _class_asked(self, node: ast.expr) -> Receiver | None:
        """The object that `type(self)` or `self.__class__` asks for its class."""
        match node:
            case ast.Attribute(value=of, attr="__class__"):
                owner = self.received(of)
            case ast.Call(func=func, args=[of], keywords=[]) if (
                self.resolve(func) == "builtins.type"
            ):
                owner = self.received(of)
            case _:
                return None
        return owner if owner is not None and owner.defined is None else None

    def _is_dict_or_none(self, kind: t.Type) -> bool:
        item = kind.item if isinstance(kind, t.OptionalType) else None
        return isinstance(item, t.RecordType) and self.records[item.record].kind == "typed_dict"

    def present(self, value: ir.Expr, name: str) -> ir.Expr:
        """What may be None and is asked for the attribute `name`, which None has not."""
        assert isinstance(value.type, t.OptionalType)
        asked = ir.StrLit(name, STR, value.span)
        return ir.Call("objects.present", (value, asked), (), value.type.item, value.span)

    def _attribute(self, node: ast.Attribute) -> ir.Expr:
        span = self.span(node)
        named = self._own_name(node)
        if named is not None:
            return named
        qualified = self.resolve(node)
        library = self.library_constant(qualified, node)
        if library is not None:
            return library
        if qualified is not None:
            member = self.meaning.module_member(qualified)
            if member is not None:
                return self.of_module(*member, node)
            raise self.refuse("LF303", f"`{qualified}` is not native", node)
        made = self._of_call(node) or self.store_of_run(node) or self.of_tool(node)
        if made is not None:
            return made
        receiver = self.received(node.value)
        if receiver is not None:
            if node.attr in receiver.properties:
                return self.property_of(receiver, node)
            given = receiver.attributes.get(node.attr)
            if given is None:
                message = f"`{ast.unparse(node)}` has no known value"
                raise self.refuse("LF304", message, node)
            return self.object(given, node, node.attr)
        value = self.expr(node.value)
        if isinstance(value.type, t.OptionalType) and isinstance(value.type.item, t.RecordType):
            value = self.present(value, node.attr)
        computed = self.property_of_value(value, node)
        if computed is not None:
            return computed
        if isinstance(value.type, t.AnyType):
            self.check_attribute(node.attr, node)
            return ir.Attribute(value, node.attr, ANY, span)
        if (
            isinstance(value.type, t.RecordType)
            and self.records[value.type.record].kind != "typed_dict"
        ):
            return self._object_field(value, self.records[value.type.record], node)
        if isinstance(value.type, t.ClassType):
            part = self.part_of_answer(value, node.attr, node)
            if part is not None:
                return part
            found = ATTRIBUTES.get(value.type.name, {}).get(node.attr)
            if found is not None:
                return ir.Attribute(value, node.attr, found, span)
        raise self.refuse(
            "LF303", f"attribute `{node.attr}` of {type_name(value.type)} is not native", node
        )

    def property_of_value(self, value: ir.Expr, node: ast.Attribute) -> ir.Expr | None:
        """`value.name` that a class of the program computes; None where that is not known."""
        raise NotImplementedError

    def property_of(self, receiver: Receiver, node: ast.Attribute) -> ir.Expr:
        """What a property of an object of the program gives."""
        raise NotImplementedError

    def part_of_answer(self, value: ir.Expr, name: str, node: ast.expr) -> ir.Expr | None:
        """A part of a web server's answer; None for anything else."""
        raise NotImplementedError

    def check_attribute(self, name: str, node: ast.expr) -> None:
        """Refuse what an object of unknown class may have next to its fields."""
        if name.startswith("_") or name in self.meaning.members:
            raise self.refuse("LF303", f"attribute `{name}` of Any is not native", node)
