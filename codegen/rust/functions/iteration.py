"""Loops and comprehensions: what is iterated over, and what each item is."""

import re
from collections.abc import Callable, Mapping
from functools import reduce

from langferry.codegen.rust.functions import code as c
from langferry.codegen.rust.functions.calls import Calls
from langferry.codegen.rust.functions.code import Code, Form, ItemForm, Source
from langferry.codegen.rust.functions.liveness import names_read
from langferry.codegen.rust.functions.values import copied_parts, is_dynamic_key, receiver_text
from langferry.model import ir
from langferry.model import types as t


class Iteration(Calls):
    """Writes what iterates."""

    def iterated(self, node: ir.Expr, take: bool = False) -> Source:
        match node:
            case ir.Call(function="builtins.enumerate", args=args):
                inner = self.iterated(args[0], take)
                start = self.number(args[1]) if len(args) > 1 else "0"
                return Source(f"enumerate({inner.text}, {start})", ("value", inner.items))
            case ir.Call(function="builtins.zip", args=args):
                sources = [self.iterated(arg, take) for arg in args]
                text = sources[0].iterator() + "".join(f".zip({x.text})" for x in sources[1:])
                if len(sources) > 2:
                    names = [chr(ord("a") + at) for at in range(len(sources))]
                    pairs = reduce(lambda left, right: f"({left}, {right})", names)
                    text += f".map(|{pairs}| ({', '.join(names)}))"
                return Source(text, tuple(x.items for x in sources))
            case ir.Call(function="builtins.range", args=args):
                return Source(self._range_call(args), "value")
            case ir.Call(function="objects.items", args=(value,)):
                pairs = self.attempt(f"langferry::objects::items({self.borrowed(value)})").text
                return Source(pairs, ("value", "value"), "container")
            case ir.Call(function="builtins.reversed", args=(inner_node,)) if isinstance(
                inner_node.type, t.AnyType
            ):
                given = self.receiver(inner_node)
                return Source(self.attempt(f"{given}.reversed()").text, "value")
            case ir.Call(function="builtins.reversed", args=(inner_node,)):
                inner = self.iterated(inner_node, take)
                return Source(f"{inner.iterator()}.rev()", inner.items)
            case ir.MethodCall(method="items" | "keys" | "values", receiver=receiver) if isinstance(
                receiver.type, t.DictType
            ):
                return self._view(node.method, receiver)
            case ir.Comprehension(kind="generator"):
                chained = self._chain(node, "")
                if chained is not None:
                    return Source(chained, "value")
                made = self._comprehension(node)
                return Source(made.text, "value", "container", made.binds)
        return self._iterated_value(node, take)

    def _view(self, method: str, receiver: ir.Expr) -> Source:
        base = self.emit(receiver)
        if base.form != "value":
            items: ItemForm = ("ref", "ref") if method == "items" else "ref"
            return Source(f"{receiver_text(base)}.{method}()", items)
        pairs = Source(base.text, ("value", "value"), "container", base.binds)
        if method == "items":
            return pairs
        pattern, taken = ("(key, _)", "key") if method == "keys" else ("(_, value)", "value")
        return Source(f"{pairs.iterator()}.map(|{pattern}| {taken})", "value")

    def _iterated_value(self, node: ir.Expr, take: bool) -> Source:
        match node.type:
            case t.StrType():
                return Source(f"str_::chars({self.borrowed(node)})", "value", "container")
            case t.ClassType(name="collections.Counter"):
                return Source(f"{self.receiver(node)}.keys()", "value", "container")
            case t.ClassType(name="builtins.range"):
                return Source(self.owned(node), "value")
            case t.AnyType():
                return Source(self.attempt(f"{self.receiver(node)}.iter()").text, "value")
        made = self.emit(node)
        if isinstance(node.type, t.DictType):
            return self._view("keys", node)
        if isinstance(node.type, t.SetType):
            if made.form == "value":
                return Source(f"{made.within(c.ATOM)}.unordered().cloned()", "value")
            return Source(f"{receiver_text(made)}.unordered()", "ref")
        if made.form == "value" or (take and made.movable):
            return Source(made.text, "value", "container", made.binds)
        return Source(self.as_ref(made, node.type), "ref", "reference", made.binds)

    def _range_call(self, args: tuple[ir.Expr, ...]) -> str:
        given = ", ".join(self.number(arg) for arg in args)
        if len(args) == 3:
            return self.attempt(f"range_step({given})").text
        return f"range_from({given})" if len(args) == 2 else f"range({given})"

    # --- targets

    def pattern(
        self, target: ir.BindTarget, form: ItemForm, read: set[str], item: t.Type
    ) -> tuple[str, dict[str, Form]]:
        """The pattern that binds a target to items of `form`, and the forms of its names."""
        if isinstance(target, ir.NameTarget):
            if isinstance(form, tuple):
                form = "value"
            name = self.locals.text(target.name)
            shown = name if target.name in read else f"_{name.removeprefix('r#').lstrip('_')}"
            return shown, {target.name: form}
        parts: list[str] = []
        forms: dict[str, Form] = {}
        inner = item.items if isinstance(item, t.TupleType) else ()
        for at, (part, kind) in enumerate(zip(target.items, inner, strict=True)):
            part_form = form[at] if isinstance(form, tuple) else form
            text, found = self.pattern(part, part_form, read, kind)
            parts.append(text)
            forms |= found
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})", forms

    def whole_items(self, target: ir.BindTarget, source: Source) -> Source:
        """Where one name takes a whole tuple, the tuple must be made."""
        form = source.items
        if isinstance(target, ir.NameTarget) and isinstance(form, tuple):
            if any(part != "value" for part in form):
                return Source(f"{source.iterator()}.map({copied_parts(form)})", "value")
            return Source(source.text, "value", source.kind)
        return source

    # --- comprehensions

    def _comprehension(self, node: ir.Comprehension) -> Code:
        into = {"dict": "Dict<_, _>", "set": "Set<_>"}.get(node.kind, "Vec<_>")
        chained = self._chain(node, f".collect::<{into}>()")
        if chained is not None:
            return Code(chained, "value")
        return self._loop(node)

    def _tried(self, write: Callable[[], str]) -> tuple[str, bool]:
        before = self.tries
        text = write()
        return text, self.tries != before

    def _chain(self, node: ir.Comprehension, collect: str) -> str | None:
        """A chain of iterator adaptors, where the comprehension is simple enough for one."""
        if len(node.clauses) != 1:
            return None
        clause = node.clauses[0]
        start = self.tries
        source = self.whole_items(clause.target, self.iterated(clause.iterable))
        form = source.items
        if not _plain(form) and clause.conditions:
            self.tries = start
            return None
        chain = source.iterator()
        element_names = names_read([node.element, *([node.key] if node.key is not None else [])])
        if clause.conditions:
            condition = self._filter(clause, form)
            if condition is None:
                self.tries = start
                return None
            chain += condition
        after = self.tries
        pattern, forms = self.pattern(clause.target, form, element_names, clause.item)
        with self.locals.inner(_named(forms)):
            checks = node.kind == "set" and is_dynamic_key(node.element)
            whole = "" if node.key is not None or checks else self.ok(node.element)
            self.tries = after
            element = self._element(node)
        if self.tries != after:
            if not collect:
                self.tries = start
                return None
            kind = collect.removeprefix(".collect::<").removesuffix(">()")
            result = whole or f"Ok({element})"
            return f"{chain}.map(|{pattern}| {result}).collect::<Result<{kind}, Exception>>()?"
        if element == pattern and isinstance(clause.target, ir.NameTarget):
            return f"{chain}{collect}"
        if element == f"{pattern}.clone()" and form == "value":
            return f"{chain}{collect}"
        if element == f"{pattern}.clone()":
            if source.kind == "reference" and not clause.conditions and "Vec" in collect:
                return f"{chain.removesuffix('.iter()')}.to_vec()"
            return f"{chain}.cloned(){collect}"
        called = element.removesuffix(f"({pattern})")
        # methods of text take a `&str`, which a `&String` becomes in a call only
        path = re.fullmatch(r"[a-z_:]+", called) and not called.startswith("str_::")
        if called != element and path:
            return f"{chain}.map({called}){collect}"
        return f"{chain}.map(|{pattern}| {element}){collect}"

    def _element(self, node: ir.Comprehension) -> str:
        if node.key is not None:
            return f"({self.key(node.key)}, {self.owned(node.element)})"
        if node.kind == "set":
            return self.key(node.element)
        if node.kind == "generator" and isinstance(node.element.type, t.BoolType):
            return self.truth(node.element).text
        return self.owned(node.element)

    def _filter(self, clause: ir.Clause, form: ItemForm) -> str | None:
        pattern, forms = self.pattern(
            clause.target, form, names_read(clause.conditions), clause.item
        )
        owned = all(value == "value" for value in forms.values())
        shown = pattern if owned else f"&{pattern}"
        if not owned and any(value == "value" for value in forms.values()):
            return None
        if owned and isinstance(clause.target, ir.TupleTarget):
            shown = pattern
        self.copies_only += 1
        with self.locals.inner(dict.fromkeys(forms, "ref")):
            text, fallible = self._tried(lambda: self._all_of(clause.conditions))
        self.copies_only -= 1
        return None if fallible else f".filter(|{shown}| {text})"

    def _all_of(self, conditions: tuple[ir.Expr, ...], within: int = c.LOOSE) -> str:
        parts = [self.truth(condition) for condition in conditions]
        if len(parts) == 1:
            return parts[0].within(within)
        return " && ".join(part.within(c.COMPARE) for part in parts)

    def _loop(self, node: ir.Comprehension) -> Code:
        name = self.locals.fresh({"dict": "entries", "set": "items"}.get(node.kind, "items"))
        kind = {"dict": "Dict", "set": "Set"}.get(node.kind, "Vec")

        def innermost() -> str:
            if node.key is not None:
                return f"{name}.insert({self.key(node.key)}, {self.owned(node.element)});"
            add = "add" if node.kind == "set" else "push"
            return f"{name}.{add}({self._element(node)});"

        loops = self._nested(node, 0, innermost)
        declared = f"let mut {name}: {self.file.type(node.type)} = {kind}::new();"
        return Code(f"{{ {declared} {loops} {name} }}", "value", c.LOOSE)

    def _nested(self, node: ir.Comprehension, depth: int, innermost: Callable[[], str]) -> str:
        if depth == len(node.clauses):
            return innermost()
        clause = node.clauses[depth]
        source = self.whole_items(clause.target, self.iterated(clause.iterable))
        form = source.items
        read = names_read(
            [
                node.element,
                *([node.key] if node.key is not None else []),
                *clause.conditions,
                *(
                    part
                    for later in node.clauses[depth + 1 :]
                    for part in (later.iterable, *later.conditions)
                ),
            ]
        )
        pattern, forms = self.pattern(clause.target, form, read, clause.item)
        with self.locals.inner(_named(forms)):
            test = self._all_of(clause.conditions, within=c.AND) if clause.conditions else ""
            body = self._nested(node, depth + 1, innermost)
        inner = body
        if test:
            merged = body.startswith("if ")
            inner = f"if {test} && {body[3:]}" if merged else f"if {test} {{ {body} }}"
        return f"for {pattern} in {source.text} {{ {inner} }}"

    def counted(self, node: ir.Comprehension) -> Code | None:
        clause = node.clauses[0]
        before = self.tries
        source = self.iterated(clause.iterable)
        form = source.items
        if not isinstance(clause.target, ir.NameTarget) or not _plain(form):
            self.tries = before
            return None
        condition = self._filter(clause, form)
        if condition is None:
            self.tries = before
            return None
        return Code(f"Int::from({source.iterator()}{condition}.count())", "value")

    def quantified(self, node: ir.Comprehension, name: str) -> Code:
        clause = node.clauses[0]
        if len(node.clauses) == 1 and not clause.conditions:
            before = self.tries
            source = self.whole_items(clause.target, self.iterated(clause.iterable))
            form = source.items
            outer = self.tries
            pattern, forms = self.pattern(
                clause.target, form, names_read([node.element]), clause.item
            )
            with self.locals.inner(_named(forms)):
                test = self.truth(node.element).text
            if self.tries == outer:
                return Code(f"{source.iterator()}.{name}(|{pattern}| {test})", "value")
            self.tries = before
        found = self.locals.fresh("found")
        label = self.locals.fresh("search").removeprefix("r#")

        def innermost() -> str:
            decides = self.truth(node.element) if name == "any" else self._negated(node.element)
            test = decides.within(c.COMPARE)
            return (
                f"if {test} {{ {found} = {'true' if name == 'any' else 'false'}; break '{label}; }}"
            )

        loops = self._nested(node, 0, innermost)
        start = "false" if name == "any" else "true"
        return Code(f"{{ let mut {found} = {start}; '{label}: {loops} {found} }}", "value", c.LOOSE)

    def summed(self, node: ir.Comprehension) -> Code:
        total = self.locals.fresh("total")

        def innermost() -> str:
            added = self.attempt(f"ops::add(&{total}, &{self._element(node)})").text
            return f"{total} = {added};"

        loops = self._nested(node, 0, innermost)
        text = f"{{ let mut {total} = Value::from(0); {loops} {total} }}"
        return Code(text, "value", c.LOOSE)

    def first_of(self, node: ir.Comprehension) -> str:
        found = self.locals.fresh("found")
        label = self.locals.fresh("search").removeprefix("r#")
        loops = self._nested(
            node, 0, lambda: f"{found} = Some({self._element(node)}); break '{label};"
        )
        kind = self.file.type(node.element.type)
        return f"{{ let mut {found}: Option<{kind}> = None; '{label}: {loops} {found} }}"


def _named(forms: Mapping[str, Form]) -> dict[str, Form]:
    return dict(forms)


def _plain(form: ItemForm) -> bool:
    """Whether items are one thing each, or references only."""
    return not isinstance(form, tuple) or all(part == "ref" for part in form)
