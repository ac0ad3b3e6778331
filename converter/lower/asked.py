"""Which expressions of a program are models, prompts, parsers and chains of these, which keep nothing that they are asked with."""

import ast
from collections.abc import Iterable

from langferry.converter import chat_models
from langferry.converter.module_scope import Function, ModuleScope

_MAKERS = frozenset(
    {
        *(name.rpartition(".")[2] for name in (*chat_models.BY_NAME, *chat_models.INIT)),
        *(name.rpartition(".")[2] for name in chat_models.COMMUNITY_BY_NAME),
        *(name.rpartition(".")[2] for name in chat_models.TEXT_BY_NAME),
        *("ChatPromptTemplate", "PromptTemplate", "StrOutputParser", "JsonOutputParser"),
        "PydanticOutputParser",
    }
)
_OF_CLASSES = frozenset({"from_messages", "from_template"})
_GOING_ON = frozenset({"bind", "bind_tools", "partial", "with_structured_output", "with_retry"})

_DEFINED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Asked:
    """What all modules together say of names, whoever binds them."""

    def __init__(self, scopes: Iterable[ModuleScope]) -> None:
        self._values: dict[str, list[ast.expr] | None] = {}
        known, scopes = set[ast.AST](), tuple(scopes)
        nodes = [node for scope in scopes for node in scope.nodes]
        self._modules = {scope.name.rpartition(".")[2] for scope in scopes}
        for node in nodes:
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name) as target], value=value)
                    | ast.AnnAssign(target=ast.Name(id=name) as target, value=ast.expr() as value)
                ):
                    known.add(target)
                    values = self._values.setdefault(name, [])
                    if values is not None:
                        values.append(value)
        self._own = {x.name for x in nodes if isinstance(x, _DEFINED)} | {*self._values}
        for node in nodes:
            for name in self._bound_otherwise(node):
                self._values[name] = None
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in known:
                self._values[node.id] = None

    def has(self, node: ast.expr) -> bool:
        """Whether an expression is one of these, whatever it stands in."""
        return self._has(node, frozenset())

    def _has(self, node: ast.expr, above: frozenset[str]) -> bool:
        match node:
            case ast.Name(id=name) if name in above:
                # what it was before, which is one of the others
                return True
            case ast.Name(id=name):
                values = self._values.get(name)
                return bool(values) and all(self._has(x, above | {name}) for x in values or ())
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._has(left, above) and self._has(right, above)
            case ast.Call(func=ast.Attribute(value=of, attr=attr)) if attr in _GOING_ON:
                return self._has(of, above)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) if (
                attr in _OF_CLASSES
            ):
                return self._is_maker(name)
            case ast.Call(func=ast.Name(id=name)):
                return self._is_maker(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="hub"), attr="pull")):
                # a prompt that somebody has published, with a model maybe
                return "hub" not in self._own
        return False

    def _is_maker(self, name: str) -> bool:
        """Whether a name is a class of LangChain's, and nothing of the program's own."""
        return name in _MAKERS and name not in self._own

    def _bound_otherwise(self, node: ast.AST) -> Iterable[str]:
        """The names that a node binds to what is not looked at."""
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                yield name
            case ast.ImportFrom(module=module, names=names):
                # under its own name it is what a module of the program binds to that
                own = (module or "").rpartition(".")[2] in self._modules
                yield from (x.asname or x.name for x in names if x.asname or not own)
            case ast.Import(names=names):
                yield from (x.asname or x.name for x in names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
        if isinstance(node, Function):
            arguments = node.args
            starred = [x for x in (arguments.vararg, arguments.kwarg) if x is not None]
            every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred)
            yield from (x.arg for x in every)
