"""`with` statements whose context managers are known."""

import ast
from collections.abc import Iterable, Iterator

from langferry.converter.lower.module_names import ModuleNames
from langferry.converter.lower.signatures import NONE
from langferry.model import ir


class Contexts(ModuleNames):
    """Lowers `with open(...) as f` and `with suppress(...)`."""

    def with_statement(self, node: ast.With) -> list[ir.Stmt]:
        """A `with` statement, whose managers are opened one after the other."""
        first, *others = node.items
        body = node.body
        if others:
            body = [ast.copy_location(ast.With(others, node.body), node)]
        suppressed = self._suppressed(first)
        if suppressed is not None:
            ignored: list[ast.stmt] = [ast.copy_location(ast.Pass(), node)]
            handler = ast.copy_location(ast.ExceptHandler(suppressed, None, ignored), node)
            return [self._try(ast.copy_location(ast.Try(body, [handler], [], []), node))]
        opened = self.open_file(first.context_expr)
        if opened is None:
            raise self.refuse("LF302", "`with` statements are not native", node)
        span = self.span(node)
        target = first.optional_vars
        local = self.new_local("file", opened.type, span)
        held = ir.Name(local.name, opened.type, span)
        bind = ir.Bind(local, opened, span)
        close = ir.Evaluate(ir.MethodCall(held, "close", (), (), NONE, span), span)
        name = None
        if target is not None:
            if not isinstance(target, ast.Name) or not self._only_files(target.id):
                raise self.refuse("LF302", "this target of `with` is not native", node)
            name = target.id
        outer = self._open_files
        if name in outer:
            # after this statement it would be the inner one, which is closed
            raise self.refuse("LF302", "this target of `with` is not native", node)
        if name is not None:
            loads = _named(name, body) + _named(name, _repeated(body))
            self._open_files = {**outer, name: (held, loads)}
        start = set(self.assigned)
        lowered, after = self.branch(body, start)
        self.assigned = set(self.locals) if after is None else after
        attempt = ir.Try(lowered, (), (), span, (), (close,))
        self._open_files = outer
        return [bind, attempt]

    def _suppressed(self, item: ast.withitem) -> ast.expr | None:
        """The exceptions that a manager drops, if it is `contextlib.suppress`."""
        match item:
            case ast.withitem(
                context_expr=ast.Call(func=func, args=[_, *_] as args, keywords=[]) as call,
                optional_vars=None,
            ) if self.resolve(func) == "contextlib.suppress":
                return ast.copy_location(ast.Tuple(args, ast.Load()), call)
        return None

    def _only_files(self, name: str) -> bool:
        """Whether all that binds a name are `with` statements, so that it is nothing else after them."""
        assert self.function is not None
        targets = [
            item.optional_vars
            for part in ast.walk(self.function)
            if isinstance(part, ast.With)
            for item in part.items
        ]
        return all(bound in targets for bound in self.bound.get(name, ()))


def _named(name: str, nodes: Iterable[ast.AST]) -> int:
    parts = [part for node in nodes for part in ast.walk(node)]
    return sum(isinstance(part, ast.Name) and part.id == name for part in parts)


def _repeated(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """What loops evaluate more than once: it goes on with a file where it left it."""
    for part in (part for statement in body for part in ast.walk(statement)):
        match part:
            case ast.For() | ast.AsyncFor():
                yield from part.body
            case ast.While():
                yield from [part.test, *part.body]
            case ast.DictComp():
                yield from [part.key, part.value, *_repeated_for(part.generators)]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                yield from [part.elt, *_repeated_for(part.generators)]
            case ast.Lambda():
                yield part.body


def _repeated_for(generators: list[ast.comprehension]) -> Iterator[ast.AST]:
    for number, generator in enumerate(generators):
        yield from generator.ifs
        if number:
            yield generator.iter
