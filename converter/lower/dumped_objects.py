"""`model_dump()`: dicts of what objects of the program's pydantic classes hold."""

import ast
import json
from collections.abc import Iterable, Iterator
from typing import Any

from langferry.converter.lower.digests import Digests
from langferry.converter.lower.form_schema import form_of
from langferry.converter.lower.names import Names
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.signatures import ANY, STR
from langferry.converter.module_scope import own_nodes
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t
from langferry.model.walk import walk

DUMPING = frozenset({"model_dump", "model_dump_json"})

_GIVING = frozenset({"invoke", "ainvoke", "parse"})
_PLAIN = frozenset({"string", "integer", "boolean", "null"})


class DumpedObjects(Digests):
    """Lowers what makes dicts of objects."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._searches = False
        """Whether the objects of a dump are being looked for: what other dumps give is none."""

    def dumped(self, receiver: ir.Expr, node: ast.Call) -> ir.Expr:
        """`value.model_dump()` of what is, if any, an object of a class of the program.

        Raises:
            Refusal: it may be of a class whose objects pydantic shows in another way.
        """
        assert isinstance(node.func, ast.Attribute)
        name, options = node.func.attr, {item.arg: item.value for item in node.keywords}
        mode, indent = options.pop("mode", None), options.pop("indent", None)
        as_text = name == "model_dump_json"
        if node.args or options or (mode if as_text else indent) is not None:
            raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        if name in self.meaning.members:
            raise self.refuse("LF303", f"a class has a `{name}` of its own", node)
        for_json = as_text
        match mode:
            case None | ast.Constant("python"):
                pass
            case ast.Constant("json"):
                for_json = True
            case _:
                raise self.refuse("LF303", f"this form of `{name}` is not native", node)
        forms = self._forms_dumped(node.func.value)
        if not forms:
            message = f"`{name}` of what may be of another class is not native"
            raise self.refuse("LF303", message, node)
        if for_json and not all(_is_json(schema, with_floats=not as_text) for schema, _ in forms):
            raise self.refuse("LF303", f"`{name}` of values that JSON has not", node)
        span = self.span(node)
        classes = sorted({item for _, names in forms for item in names})
        for item in classes:
            self._check_exact(item, node)
        texts = tuple(ir.StrLit(item, STR, span) for item in classes)
        known = ir.ListLit(texts, t.ListType(STR), span)
        asked = ir.StrLit(name, STR, span)
        made = ir.Call("objects.dumped", (receiver, asked, known), (), ANY, span)
        if not as_text:
            return made
        if indent is None:
            return ir.Call("objects.compact_json", (made,), (), STR, span)
        width = ast.copy_location(ast.keyword("indent", indent), node)
        unescaped = ast.keyword("ensure_ascii", ast.copy_location(ast.Constant(False), node))
        called = ast.copy_location(ast.Call(node.func, [], [width, unescaped]), node)
        told = self.dump_options(called)
        return ir.Call("json.dumps", (made,), told, STR, span)

    def _forms_dumped(self, held: ast.expr) -> list[tuple[str, list[str]]]:
        if self._searches:
            return []
        self._searches = True
        try:
            return self._held_forms(held)
        finally:
            self._searches = False

    def _held_forms(
        self, node: ast.expr, seen: frozenset[str] = frozenset()
    ) -> list[tuple[str, list[str]]]:
        """Schemas and names of the classes that a value, or what lies in it, is of; none where that is not known."""
        match node:
            case ast.Name(id=name) if name not in seen:
                values = self._values_of(name)
                found = [self._held_forms(value, seen | {name}) for value in values]
                return [form for forms in found for form in forms] if all(found) else []
            case ast.Subscript() | ast.Attribute() | ast.Call() if forms := self._declared(node):
                return forms
            case ast.Await(value=of) | ast.Attribute(value=of):
                return self._held_forms(of, seen)
            case (
                ast.Subscript(value=of, slice=ast.Slice())
                | ast.BoolOp(op=ast.Or(), values=[of, ast.List(elts=[])])
            ):
                return self._held_forms(of, seen)
            case (
                ast.Subscript(value=of, slice=ast.Constant("parsed" | int()))
                | ast.Subscript(value=ast.Attribute() as of)
            ):
                return self._held_forms(of, seen)
            case ast.Call(func=ast.Attribute(value=of, attr=attr)) if attr in _GIVING:
                return self._forms_of(of)
            case ast.Call():
                return self._forms_of(node)
        return []

    def _forms_of(self, node: ast.expr) -> list[tuple[str, list[str]]]:
        """Those that a chain or parser reads answers into, or that an object is made of."""
        try:
            return [_told_by(form) for form in self._forms_in(self._again(node))]
        except Refusal:
            return []

    def _declared(self, node: ast.expr) -> list[tuple[str, list[str]]]:
        """Those that the annotation of a state's field names: what is something else then is told where it runs."""
        try:
            read = self._again(node)
        except Refusal:
            return []
        match read:
            case ir.Field(value=base, field=name) | ir.FieldOr(value=base, field=name):
                pass
            case _:
                return []
        if not isinstance(base.type, t.RecordType):
            return []
        (field,) = (x for x in self.records[base.type.record].fields if x.name == name)
        return [form for part in self._annotation(field.span) for form in self._form_named(*part)]

    def _annotation(self, where: Span) -> Iterator[tuple[Names, ast.expr]]:
        """The names in the annotation of the field that stands there, and what they mean."""
        for scope, cls in self.meaning.classes():
            for part in cls.body if scope.path == where.file else ():
                match part:
                    case ast.AnnAssign(lineno=where.line, annotation=annotation):
                        names = self.meaning.names_at(scope, cls)
                        inner = ast.walk(annotation)
                        yield from (
                            (names, x) for x in inner if isinstance(x, ast.Name | ast.Attribute)
                        )

    def _form_named(self, names: Names, node: ast.expr) -> Iterator[tuple[str, list[str]]]:
        """That of the pydantic class of the program that `node` names, if it names one."""
        defined = names.definition(node)
        if defined is None or not isinstance(defined[1], ast.ClassDef):
            return
        try:
            form = form_of(self.meaning.names_at(*defined), defined[0], defined[1])
        except Refusal:
            return
        yield form.schema, [form.name, *(name for _, name in form.inner)]

    def _values_of(self, name: str) -> list[ast.expr]:
        """All that a local is given, or taken out of; none where it may be something else."""
        if self.function is None:
            return []
        if any(name in names for names in self.inner):
            clauses = (x for x in ast.walk(self.function) if isinstance(x, ast.comprehension))
            named = [x for x in clauses if name in {y.id for y in _names(x.target)}]
            return [x.iter for x in named if isinstance(x.target, ast.Name)] * all(
                isinstance(x.target, ast.Name) for x in named
            )
        found = dict[ast.AST, ast.expr]()
        for part in own_nodes(self.function):
            match part:
                case ast.Assign(targets=[ast.Name() as target], value=value):
                    found[target] = value
                case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                    found[target] = value
                case ast.For(target=ast.Name() as target, iter=value):
                    found[target] = value
        bound = self.bound.get(name, [])
        values = [found[item] for item in bound if item in found]
        return values if len(values) == len(bound) else []

    def _forms_in(self, asked: ir.Expr) -> Iterator[ir.FormLit]:
        seen, left = set[str](), [asked]
        while left:
            for part in walk([left.pop()]):
                match part:
                    case (
                        ir.MethodCall(method="with_structured_output", args=[form])
                        | ir.Call(function="langchain.pydantic_output", args=[form])
                        | ir.Call(function="langchain.validated", args=[form, _])
                    ):
                        if isinstance(form, ir.Global):
                            known = self.meaning.globals[form.id].value
                            form = known if isinstance(known, ir.FormLit) else form
                        if isinstance(form, ir.FormLit):
                            yield form
                    case ir.Global(id=id_) if id_ not in seen:
                        seen.add(id_)
                        value = self.meaning.globals[id_].value
                        left += [value] if isinstance(value, ir.Expr) else []
                    case ir.Name(name=name, type=t.ClassType(), span=span) if name not in seen:
                        seen.add(name)
                        values = self._values_of(name)
                        if not values:
                            raise Refusal("LF304", f"what `{name}` is", span)
                        left += map(self._again, values)

    def _again(self, node: ast.expr) -> ir.Expr:
        """What has been lowered already, to be looked at only."""
        return self.meaning.attempt(lambda: self.expr(node))

    def _check_exact(self, name: str, node: ast.Call) -> None:
        """Refuse classes from which others are derived: where a field holds one, only what it declares is shown."""
        for place in self.meaning.classes():
            if place[0].qualified_name(place[1]) == name and self.meaning.derived(place):
                message = f"a class that is derived from `{place[1].name}` is dumped otherwise"
                raise self.refuse("LF303", message, node)


def _names(node: ast.expr) -> Iterator[ast.Name]:
    return (x for x in ast.walk(node) if isinstance(x, ast.Name))


def _told_by(form: ir.FormLit) -> tuple[str, list[str]]:
    return form.schema, [form.name, *(name for _, name in form.classes)]


def _is_json(text: str, with_floats: bool) -> bool:
    """Whether what a class with this schema holds is all written as JSON has it."""
    whole = json.loads(text)
    parts: Iterable[Any] = [whole, *whole.get("$defs", {}).values()]
    return all("properties" in part and _holds_json(part, with_floats) for part in parts)


def _holds_json(schema: Any, with_floats: bool) -> bool:
    if not isinstance(schema, dict):
        return False
    if "$ref" in schema:
        return True
    if "anyOf" in schema:
        return all(_holds_json(way, with_floats) for way in schema["anyOf"])
    match schema.get("type"):
        case "number":
            return with_floats
        case "array":
            known = "prefixItems" not in schema and "uniqueItems" not in schema
            return known and _holds_json(schema.get("items"), with_floats)
        case "object" if "properties" in schema:
            return all(_holds_json(item, with_floats) for item in schema["properties"].values())
        case "object":
            return _holds_json(schema.get("additionalProperties"), with_floats)
        case str() as kind if kind in _PLAIN:
            return "format" not in schema
    return False
