"""Properties and methods of objects of which only the running program knows that they are of its classes.

A value of unknown type is asked for its class when it gets there: where only one class of the program has
such a method, that is what is meant, or there is none.
"""

import ast
from typing import NamedTuple

from langferry.converter.lower.calls import Calls
from langferry.converter.lower.class_lines import Place, holds_fields, lineage
from langferry.converter.lower.form_schema import is_typed_dict
from langferry.converter.lower.signatures import ANY, STR
from langferry.converter.module_scope import ModuleScope, bindings
from langferry.model import ir
from langferry.model import types as t

_OF_BUILTINS = frozenset(
    name for kind in (str, bytes, list, dict, set, tuple, int, float) for name in dir(kind)
)
"""What values that are no objects of the program's may have as well."""

_LOOKING_UP = ("__getattr__", "__getattribute__", "__setattr__")


class _Member(NamedTuple):
    """A method, or a property, of one of the program's classes."""

    scope: ModuleScope
    definition: ast.FunctionDef
    owners: list[Place]
    """The class that defines it, and those derived from it."""

    is_property: bool


class ObjectMembers(Calls):
    """Lowers what the program's classes define beside fields."""

    def property_of_value(self, value: ir.Expr, node: ast.Attribute) -> ir.Expr | None:
        """`value.name` that a class of the program computes; None where that is not known."""
        member = self._meant_by(node.attr)
        if member is None or not member.is_property:
            return None
        called = ast.copy_location(ast.Call(node, [], []), node)
        return self._of_value(value, node, called, member)

    def method_of_value(self, value: ir.Expr, node: ast.Call) -> ir.Expr | None:
        """`value.name(...)` of a method that only classes of the program have; None for any other.

        Raises:
            Refusal: it is not known which of them is meant.
        """
        assert isinstance(node.func, ast.Attribute)
        name = node.func.attr
        member = self._meant_by(name)
        if member is None or member.is_property:
            if value.type == ANY and name in self.meaning.members and name not in _OF_BUILTINS:
                raise self.refuse("LF303", f"method `{name}` of Any is not native", node)
            return None
        return self._of_value(value, node.func, node, member)

    def _of_value(
        self, value: ir.Expr, of: ast.Attribute, node: ast.Call, member: _Member
    ) -> ir.Expr | None:
        own = next(iter(member.definition.args.args), None)
        if own is None or (value.type != ANY and not self._is_of_one(value.type, member)):
            return None
        whole = ast.copy_location(ast.Call(node.func, [of.value, *node.args], node.keywords), node)
        kinds = {own.arg: value.type}
        called = self._called(whole, member.scope, member.definition, None, None, kinds)
        assert isinstance(called, ir.FunctionCall)
        if value.type != ANY:
            return called
        span = self.span(node)
        classes = [place[0].qualified_name(place[1]) for place in member.owners]
        names = ir.ListLit(tuple(ir.StrLit(x, STR, span) for x in classes), t.ListType(STR), span)
        asked = ir.StrLit(of.attr, STR, span)
        owner = ir.Call("objects.owner", (called.args[0], asked, names), (), ANY, span)
        args = (owner, *called.args[1:])
        return ir.FunctionCall(called.function, args, called.type, span)

    def _is_of_one(self, kind: t.Type, member: _Member) -> bool:
        """Whether values of this type are of the one class that has the member, and of none derived from it."""
        if not isinstance(kind, t.RecordType) or len(member.owners) > 1:
            return False
        ((scope, definition),) = member.owners
        return self.records[kind.record].qualified_name == scope.qualified_name(definition)

    def _meant_by(self, name: str) -> _Member | None:
        """What all objects mean by this name that know it."""
        if name.startswith("_") or name in _OF_BUILTINS or name not in self.meaning.members:
            return None
        classes = self.meaning.classes()
        owners = [place for place in classes if name in bindings(ast.Module(place[1].body, []))]
        owners = [place for place in owners if not self._has_keys(place)]
        if len(owners) != 1:
            return None
        ((scope, owner),) = owners
        found = [x for x in owner.body if isinstance(x, ast.FunctionDef) and x.name == name]
        if len(found) != 1 or name in self.meaning.attributes_set or not self._is_plain(owners[0]):
            return None
        names = self.meaning.names_at(scope, owner)
        decorators = [names.resolve(x) for x in found[0].decorator_list]
        if decorators not in ([], ["builtins.property"]):
            return None
        derived = self.meaning.derived(owners[0])
        if any(lineage(names, place) is None or not self._is_plain(place) for place in derived):
            return None
        return _Member(scope, found[0], [owners[0], *derived], bool(decorators))

    def _has_keys(self, place: Place) -> bool:
        """Whether it is a typed dict, whose keys are no attributes."""
        line = lineage(self.meaning.names_at(*place), place)
        return line is not None and is_typed_dict(self.meaning.names_at(*line[0]), line[0][1])

    def _is_plain(self, place: Place) -> bool:
        """Whether the class is its fields and methods, and the only one of its name."""
        scope, definition = place
        names = self.meaning.names_at(scope, definition)
        if not holds_fields(names, place) or scope.enclosing_functions(definition):
            return False
        same = [x for x in self.meaning.classes() if x[0].qualified_name(x[1]) == _name(place)]
        line = lineage(names, place) or []
        return len(same) == 1 and not any(
            name in bindings(ast.Module(owner.body, []))
            for _, owner in line
            for name in _LOOKING_UP
        )


def _name(place: Place) -> str:
    return place[0].qualified_name(place[1])
