"""Functions that tenacity calls again when they raise: what its decorator says, and the loop that it is.

Only what is certain when a program is converted is read: how often at most, which exceptions, how long between.
"""

import ast
from collections.abc import Sequence

import msgspec

from langferry.converter.lower.attempts import Attempts
from langferry.converter.lower.refusal import Refusal
from langferry.converter.lower.signatures import BOOL, EXCEPTION, FLOAT, INT, NONE
from langferry.converter.module_scope import Function
from langferry.diagnostics import Span
from langferry.model import ir
from langferry.model import types as t

_RETRY = "tenacity.retry"
_MOST = 100
"""More waits than this are not written out."""


class Retry(msgspec.Struct, frozen=True):
    """How a function is called again: `waits` are the seconds after each failure but the last.

    `classes` are the exceptions after which it is; with `reraises` the last one is what its caller gets.
    """

    waits: tuple[float, ...]
    classes: tuple[str, ...]
    reraises: bool


class Retries:
    """Reads what tenacity's decorators say, where names mean what `names` knows."""

    def __init__(self, names: Attempts) -> None:
        self._names = names

    def is_retried(self, decorator: ast.expr) -> bool:
        """Whether a decorator is tenacity's, whatever it says."""
        if isinstance(decorator, ast.Call) or self._names.resolve(decorator) is not None:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            return self._names.resolve(called) == _RETRY
        return self._made(decorator) is not None

    def retry_of(self, function: Function) -> Retry | None:
        """How tenacity calls `function` again, where it does.

        Raises:
            Refusal: LF309, it is not certain how it does.
        """
        decorators = getattr(function, "decorator_list", [])
        found = [item for item in decorators if self.is_retried(item)]
        if not found:
            return None
        made = self._made(found[0])
        read = None if made is None else made[0]._read(made[1])
        if read is None or len(found) > 1:
            message = "this way to call a function again is not native"
            raise self._names.refuse("LF309", message, found[0])
        return read

    def _made(self, node: ast.expr) -> "tuple[Retries, ast.Call] | None":
        """The call of `tenacity.retry` that `node` is or names, and who knows the names in it."""
        if isinstance(node, ast.Call):
            return (self, node) if self._names.resolve(node.func) == _RETRY else None
        if not isinstance(node, ast.Name) or self._names.is_local(node.id):
            return None
        qualified = self._names.resolve(node) or f"{self._names.scope.name}.{node.id}"
        member = self._names.meaning.module_member(qualified)
        if member is None:
            return None
        scope, name = member
        values = [
            statement.value
            for statement in scope.tree.body
            if isinstance(statement, ast.Assign)
            and any(isinstance(x, ast.Name) and x.id == name for x in statement.targets)
        ]
        sure = len(scope.bindings.get(name, [])) == 1 and name not in scope.global_names
        if not sure or len(values) != 1 or not isinstance(values[0], ast.Call):
            return None
        there = self._names.meaning.names_at(scope, None)
        return Retries(there)._made(values[0]) if isinstance(there, Attempts) else None

    def _read(self, call: ast.Call) -> Retry | None:
        options = {item.arg: item.value for item in call.keywords}
        if call.args or options.keys() - {"stop", "wait", "retry", "reraise"}:
            return None
        classes: list[str] | None = ["Exception"]
        if "retry" in options:
            given = self._arguments(
                options["retry"], "retry_if_exception_type", ("exception_types",)
            )
            if given is None:
                return None
            classes = self._classes(given["exception_types"]) if given else classes
        reraises = options.get("reraise", ast.Constant(False))
        stop = self._numbers(options.get("stop"), "stop_after_attempt", ("max_attempt_number",))
        most = None if stop is None else stop.get("max_attempt_number")
        if classes is None or not isinstance(reraises, ast.Constant):
            return None
        if not isinstance(most, int) or most > _MOST:
            return None
        waits = [self._wait(options.get("wait"), attempt) for attempt in range(1, most)]
        sure = tuple(wait for wait in waits if wait is not None)
        if len(sure) < len(waits):
            return None
        return Retry(sure, tuple(classes), bool(reraises.value))

    def _wait(self, node: ast.expr | None, attempt: int) -> float | None:
        """How long tenacity waits after the failure of this attempt, the first of which is 1."""
        if node is None or self._numbers(node, "wait_none", ()) is not None:
            return 0.0
        fixed = self._numbers(node, "wait_fixed", ("wait",))
        if fixed is not None:
            return float(fixed["wait"]) if "wait" in fixed else None
        said = self._numbers(node, "wait_exponential", ("multiplier", "max", "exp_base", "min"))
        if said is None:
            return None
        least = max(0, said.get("min", 0))
        try:
            result = said.get("multiplier", 1) * said.get("exp_base", 2) ** (attempt - 1)
            return float(max(least, min(result, said["max"]) if "max" in said else result))
        except OverflowError:
            return None

    def _numbers(
        self, node: ast.expr | None, function: str, parameters: Sequence[str]
    ) -> dict[str, int | float] | None:
        """The numbers that a function of tenacity's is called with; None where it is another one."""
        given = None if node is None else self._arguments(node, function, parameters)
        if given is None:
            return None
        found = {
            name: x.value
            for name, x in given.items()
            if isinstance(x, ast.Constant)
            and isinstance(x.value, int | float)
            and not isinstance(x.value, bool)
        }
        return found if len(found) == len(given) else None

    def _arguments(
        self, node: ast.expr, function: str, parameters: Sequence[str]
    ) -> dict[str, ast.expr] | None:
        if (
            not isinstance(node, ast.Call)
            or self._names.resolve(node.func) != f"tenacity.{function}"
        ):
            return None
        given = dict(zip(parameters, node.args, strict=False))
        given |= {item.arg or "**": item.value for item in node.keywords}
        sure = given.keys() <= set(parameters) and len(node.args) <= len(parameters)
        return given if sure else None

    def _classes(self, node: ast.expr) -> list[str] | None:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        try:
            return [self._names.caught_name(item) for item in items]
        except Refusal:
            return None


def called_again(
    body: tuple[ir.Stmt, ...], retry: Retry, taken: set[str], span: Span
) -> tuple[ir.Stmt, ...]:
    """`body` in a loop that runs it again as `retry` says; `taken` are the names in it."""
    attempt, error = (_free(name, taken) for name in ("attempt", "failure"))
    counter, caught = ir.Name(attempt, INT, span), ir.Name(error, EXCEPTION, span)
    most = ir.IntLit(str(len(retry.waits) + 1), INT, span)
    ending: list[ir.Stmt] = []
    if not retry.reraises:
        told = ir.Call("tenacity.raise_for", (caught,), (), NONE, span)
        ending.append(ir.Evaluate(told, span))
    ending.append(ir.Raise(None, (), None, span))
    handled: list[ir.Stmt] = [
        ir.If(ir.Compare(">=", counter, most, BOOL, span), tuple(ending), (), span)
    ]
    if any(retry.waits):
        waits = ir.ListLit(
            tuple(ir.FloatLit(repr(wait), FLOAT, span) for wait in retry.waits),
            t.ListType(FLOAT),
            span,
        )
        one = ir.IntLit("1", INT, span)
        place = ir.Binary("-", counter, one, INT, span)
        wait = ir.Item(waits, place, FLOAT, span)
        handled.append(ir.Evaluate(ir.Call("time.sleep", (wait,), (), NONE, span), span))
    target = ir.NameTarget(attempt, INT, span)
    handled.append(ir.Augment(target, "+", ir.IntLit("1", INT, span), span))
    handler = ir.Handler(retry.classes, error, tuple(handled), span)
    tried = ir.Try(body, (handler,), (), span)
    return (
        ir.Bind(target, ir.IntLit("1", INT, span), span),
        ir.While(ir.BoolLit(True, BOOL, span), (tried,), span),
    )


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name = f"{name}_"
    return name
