"""The types of expressions, from mypy's build API over an in-memory copy of the program.

Nothing of the program is imported or run. In the copy, parameters that LangGraph calls with a
known type but that carry no annotation get one, and lambdas stand a second time as functions, so
that mypy can type their bodies too.
"""

import ast
import contextlib
import hashlib
import inspect
import io
import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from mypy import build, nodes
from mypy import types as mypy_types
from mypy.errors import CompileError
from mypy.modulefinder import BuildSource
from mypy.options import Options
from mypy.version import __version__ as mypy_version

from langferry.converter.annotated_copy import AnnotatedCopy, ParameterTypes, Position
from langferry.converter.module_scope import ModuleScope
from langferry.diagnostics import Failure, Span
from langferry.model import types as t

SKIPPED = ("langgraph", "langchain_core", "langchain", "langsmith")
"""Packages whose types are not followed: the converter knows what it needs of them itself."""

KNOWN_CLASSES = frozenset(
    {
        "pathlib.Path",
        "re.Pattern",
        "re.Match",
        "datetime.date",
        "datetime.datetime",
        "datetime.time",
        "datetime.timedelta",
        "datetime.timezone",
        "langgraph.types.Send",
    }
)

RecordResolver = Callable[[str], str | None]
"""From a class's qualified name (`<locals>` included) to the id of its record, if it is one."""


class TypeTable:
    """The types mypy found. Positions are those of the original text, as `ast` counts them."""

    def __init__(self, files: "Mapping[str, _File]") -> None:
        self._files = files

    def type_of(
        self, path: str, line: int, column: int, end_line: int, end_column: int
    ) -> t.Type | None:
        """The type of the expression there (columns as UTF-8 bytes); None if mypy saw none."""
        return self._files[path].expression((line, column, end_line, end_column))

    def name(self, path: str, line: int, column: int, name: str) -> t.Type | None:
        """The type the function defined at `line`, `column` gives to its parameter or local.

        The name `return` stands for its result.
        """
        return self._files[path].name((line, column), name)

    def global_name(self, path: str, name: str) -> t.Type | None:
        """The type of a module-level name."""
        return self._files[path].name(None, name)


class _File:
    def __init__(self, copy: AnnotatedCopy) -> None:
        self.copy = copy
        self.expressions: dict[Position, t.Type] = {}
        self.names: dict[tuple[tuple[int, int] | None, str], t.Type] = {}

    def expression(self, at: Position) -> t.Type | None:
        places = (self.expressions.get(place) for place in self.copy.places(at))
        return next((found for found in places if found is not None), None)

    def name(self, scope: tuple[int, int] | None, name: str) -> t.Type | None:
        if scope is None:
            return self.names.get((None, name))
        places = (self.names.get((place, name)) for place in self.copy.definitions(*scope))
        return next((found for found in places if found is not None), None)


def infer(
    modules: Sequence[ModuleScope],
    wanted: Sequence[ParameterTypes],
    records: RecordResolver,
    folders: Sequence[Path],
    cache_dir: Path,
    key: str = "",
    loose: Collection[tuple[str, int]] = (),
) -> TypeTable:
    """Type every expression of `modules`.

    The fields at the files and lines in `loose` are taken to be of any type.

    `key` stands for what `records` knows: the same modules, wishes and key give the table that an
    earlier call has left in `cache_dir`.

    Raises:
        Failure: LF301 when mypy could not work at all (it never fails for type errors).
    """
    files = {
        module.path: _File(
            AnnotatedCopy(
                module.text,
                [item for item in wanted if item.path == module.path],
                [line for path, line in loose if path == module.path],
            )
        )
        for module in modules
    }
    kept = cache_dir / "tables" / f"{_digest(modules, files, key)}.msgpack"
    if _restored(kept, files):
        return TypeTable(files)
    for module in modules:
        if _has_costly_power(module.text):
            start = Span(module.path, 1, 0, 1, 0)
            raise Failure("LF301", "the type checker would work out a huge power", start)
    options = _options(cache_dir, folders)
    sources = []
    for module in modules:
        copy = files[module.path].copy
        # mypy keeps no trees of modules it finds unchanged in its cache
        text = f"{copy.text}\n# {secrets.token_hex(8)}\n"
        sources.append(BuildSource(str(folders[0] / module.path), module.name, text))
    try:
        result = _checked(sources, options)
    except CompileError as error:
        where = Span(modules[0].path, 1, 0, 1, 0) if modules else None
        raise Failure("LF301", f"the type checker stopped: {error.messages[:1]}", where) from error
    except SystemExit as stop:
        raise Failure("LF301", f"the type checker does not read programs in {folders[0]}") from stop
    for module in modules:
        tree = result.graph[module.name].tree
        if tree is not None:
            reader = _Reader(files[module.path], _Types(modules, records), result.types)
            reader.read(tree)
    _keep(kept, files)
    return TypeTable(files)


def _checked(sources: list[BuildSource], options: Options) -> build.BuildResult:
    silence = io.StringIO()
    try:
        return build.build(sources, options, stderr=silence, stdout=silence)
    except sqlite3.DatabaseError:
        # what is kept was damaged: by a full disk, say, or a process that was killed
        major, minor = options.python_version
        shutil.rmtree(Path(options.cache_dir) / f"{major}.{minor}", ignore_errors=True)
        return build.build(sources, options, stderr=silence, stdout=silence)
    except UnicodeEncodeError:
        # half a surrogate pair in a constant, which mypy's cache cannot hold
        options.cache_dir = os.devnull
        return build.build(sources, options, stderr=silence, stdout=silence)


MAX_EXPONENT = 1000


def _has_costly_power(text: str) -> bool:
    """Whether mypy, which works out powers of constants without a limit, may never end."""
    named = (ast.Name, ast.Attribute) if "Final" in text else ()

    def is_constant(node: ast.expr) -> bool:
        return all(
            isinstance(item, (ast.Constant, ast.BinOp, ast.UnaryOp, *named))
            for item in ast.walk(node)
            if isinstance(item, ast.expr)
        )

    def is_small(power: ast.BinOp) -> bool:
        operands = (
            item.operand if isinstance(item, ast.UnaryOp) else item
            for item in (power.left, power.right)
        )
        values = [item.value for item in operands if isinstance(item, ast.Constant)]
        numbers = [value for value in values if isinstance(value, int | float)]
        return len(numbers) == 2 and numbers[1] <= MAX_EXPONENT

    return "**" in text and any(
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and is_constant(node)
        and not is_small(node)
        for node in ast.walk(ast.parse(text))
    )


class _Table(msgspec.Struct):
    """What is kept of a file: types by position, and by the place of a function and a name."""

    expressions: list[tuple[Position, t.Type]]
    names: list[tuple[tuple[int, int] | None, str, t.Type]]


def _digest(modules: Sequence[ModuleScope], files: "Mapping[str, _File]", key: str) -> str:
    texts = [(x.path, x.name, x.text, files[x.path].copy.text) for x in modules]
    given = msgspec.json.encode((texts, key, mypy_version))
    return hashlib.sha256(given).hexdigest()


def _restored(path: Path, files: "Mapping[str, _File]") -> bool:
    try:
        tables = msgspec.msgpack.decode(path.read_bytes(), type=dict[str, _Table])
    except (OSError, msgspec.DecodeError):
        return False
    if tables.keys() != files.keys():
        return False
    for name, table in tables.items():
        files[name].expressions = dict(table.expressions)
        files[name].names = {(scope, name): found for scope, name, found in table.names}
    return True


def _keep(path: Path, files: "Mapping[str, _File]") -> None:
    tables = {
        name: _Table(
            list(file.expressions.items()),
            [(scope, name, found) for (scope, name), found in file.names.items()],
        )
        for name, file in files.items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    # whoever reads it meanwhile must not see half of it
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    part.write_bytes(msgspec.msgpack.encode(tables))
    part.replace(path)


def untyped(modules: Sequence[ModuleScope]) -> TypeTable:
    """A table that knows no type at all."""
    return TypeTable({module.path: _File(AnnotatedCopy(module.text, [])) for module in modules})


def _options(cache_dir: Path, folders: Sequence[Path]) -> Options:
    options = Options()
    options.export_types = True
    options.preserve_asts = True
    options.check_untyped_defs = True
    options.ignore_missing_imports = True
    options.ignore_errors = True
    options.follow_imports = "silent"
    options.incremental = True
    options.cache_dir = str(cache_dir)
    options.python_executable = sys.executable
    options.mypy_path = [str(_stubs(cache_dir)), *map(str, folders)]
    # positions must be those of Python's own `ast`, which the lowering reads
    options.native_parser = False
    for package in SKIPPED:
        for pattern in (package, f"{package}.*"):
            options.per_module_options[pattern] = {"follow_imports": "skip"}
    options.per_module_options["langgraph.types"] = {"follow_imports": "normal"}
    options.build_per_module_cache()
    return options


def _stubs(cache_dir: Path) -> Path:
    """Our stubs, copied: mypy stops when its search path leads into site-packages, where ours may lie.

    The folder is named by what it holds and comes to be in one step, as other processes read it.
    """
    own = Path(__file__).parent / "stubs"
    digest = hashlib.sha256()
    for path in sorted(own.rglob("*.pyi")):
        digest.update(path.relative_to(own).as_posix().encode() + path.read_bytes())
    stubs = cache_dir / f"stubs-{digest.hexdigest()[:12]}"
    if not stubs.is_dir():
        cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_dir) as made:
            copied = shutil.copytree(own, Path(made, "stubs"))
            # another process may have been faster
            with contextlib.suppress(OSError):
                copied.rename(stubs)
    return stubs


class _Reader:
    """Collects the types of one module's expressions and names."""

    def __init__(
        self, file: _File, types: "_Types", found: Mapping[nodes.Expression, mypy_types.Type]
    ) -> None:
        self._file = file
        self._types = types
        self._found = found
        self._seen: set[int] = set()
        self._own_scope: set[nodes.Var] = set()
        """Names of comprehensions, which are not the function's."""

    def read(self, tree: nodes.MypyFile) -> None:
        """Collect the types in a whole module."""
        for symbol in tree.names.values():
            if isinstance(symbol.node, nodes.Var):
                self._name(None, symbol.node)
        self._visit(tree, None)

    def _visit(self, node: nodes.Node, scope: tuple[int, int] | None) -> None:
        if id(node) in self._seen:
            return
        self._seen.add(id(node))
        if isinstance(node, nodes.FuncItem):
            scope = (node.line, node.column)
            for argument in node.arguments:
                self._name(scope, argument.variable)
            if isinstance(node.type, mypy_types.CallableType):
                returns: mypy_types.Type = mypy_types.get_proper_type(node.type.ret_type)
                if node.is_coroutine and isinstance(returns, mypy_types.Instance) and returns.args:
                    # what waiting for it gives
                    returns = returns.args[-1]
                self._file.names[scope, "return"] = self._types.model(returns)
        if isinstance(node, nodes.GeneratorExpr | nodes.DictionaryComprehension):
            for index in node.indices:
                self._own_scope |= set(_variables(index))
        if isinstance(node, nodes.Expression):
            found = self._found.get(node)
            if found is not None and node.end_line is not None and node.end_column is not None:
                at = (node.line, node.column, node.end_line, node.end_column)
                self._file.expressions[at] = self._types.model(found)
        if (
            isinstance(node, nodes.NameExpr)
            and isinstance(node.node, nodes.Var)
            and node.kind == nodes.LDEF
        ):
            self._name(scope, node.node)
        for child in _children(node):
            self._visit(child, scope)

    def _name(self, scope: tuple[int, int] | None, variable: nodes.Var) -> None:
        if variable.type is not None and variable not in self._own_scope:
            self._file.names[scope, variable.name] = self._types.model(variable.type)


def _variables(index: nodes.Expression) -> Iterator[nodes.Var]:
    if isinstance(index, nodes.NameExpr) and isinstance(index.node, nodes.Var):
        yield index.node
    elif isinstance(index, nodes.TupleExpr | nodes.ListExpr):
        for item in index.items:
            yield from _variables(item)


_REFERENCES = frozenset({"node", "info", "analyzed", "original_def", "type", "names", "setter"})
"""Attributes that lead out of the tree, to what a name means; `setter` fails where mypy gave up on a function that is
defined twice, and is one of its `items` elsewhere."""


def _attributes(kind: type[object]) -> tuple[str, ...]:
    # mypy's own visitors are compiled and cannot be subclassed
    return tuple(
        name
        for name in dir(kind)
        if inspect.isgetsetdescriptor(getattr(kind, name)) and name not in _REFERENCES
    )


_ATTRIBUTES: dict[type[nodes.Node], tuple[str, ...]] = {}


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    kind = type(node)
    if kind not in _ATTRIBUTES:
        _ATTRIBUTES[kind] = _attributes(kind)
    pending = [getattr(node, name, None) for name in reversed(_ATTRIBUTES[kind])]
    while pending:
        item = pending.pop()
        if isinstance(item, nodes.Var | nodes.TypeInfo):
            continue
        if isinstance(item, nodes.Node):
            yield item
        elif isinstance(item, list | tuple):
            pending.extend(reversed(item))


class _Types:
    """mypy's types as the model's."""

    def __init__(self, modules: Sequence[ModuleScope], records: RecordResolver) -> None:
        self._records = records
        self._classes = {
            f"{module.name}.{key}": f"{module.name}.{qualified}"
            for module in modules
            for key, qualified in _local_classes(ast.parse(module.text))
        }

    def model(self, found: mypy_types.Type) -> t.Type:
        if isinstance(found, mypy_types.TypeAliasType) and found.is_recursive:
            return t.AnyType()
        proper = mypy_types.get_proper_type(found)
        match proper:
            case mypy_types.NoneType():
                return t.NoneType()
            case mypy_types.LiteralType():
                if (
                    isinstance(proper.value, str)
                    and proper.fallback.type.fullname == "builtins.str"
                ):
                    return t.StrType((proper.value,))
                return self.model(proper.fallback)
            case mypy_types.TypedDictType():
                return self._record(proper.fallback.type.fullname) or t.AnyType()
            case mypy_types.TupleType():
                if proper.partial_fallback.type.fullname != "builtins.tuple":
                    return t.AnyType()
                return t.TupleType(tuple(self.model(item) for item in proper.items))
            case mypy_types.UnionType():
                return self._union([self.model(item) for item in proper.items])
            case mypy_types.CallableType():
                params = tuple(self.model(item) for item in proper.arg_types)
                return t.CallableType(params, self.model(proper.ret_type))
            case mypy_types.Instance():
                return self._instance(proper)
        return t.AnyType()

    def _instance(self, proper: mypy_types.Instance) -> t.Type:
        name = proper.type.fullname
        simple: dict[str, t.Type] = {
            "builtins.bool": t.BoolType(),
            "builtins.int": t.IntType(),
            "builtins.float": t.FloatType(),
            "builtins.str": t.StrType(),
            "builtins.bytes": t.BytesType(),
        }
        if name in simple:
            return simple[name]
        arguments = [self.model(item) for item in proper.args]
        match name:
            case "builtins.list":
                return t.ListType(arguments[0])
            case "builtins.set":
                return t.SetType(arguments[0])
            case "builtins.dict":
                return t.DictType(arguments[0], arguments[1])
            case "builtins.tuple":
                return t.VarTupleType(arguments[0])
        if name in KNOWN_CLASSES:
            return t.ClassType(name)
        return self._record(name) or t.AnyType()

    def _record(self, fullname: str) -> t.Type | None:
        record = self._records(self._classes.get(fullname, fullname))
        return None if record is None else t.RecordType(record)

    def _union(self, items: list[t.Type]) -> t.Type:
        others = [item for item in items if not isinstance(item, t.NoneType)]
        joined = _join(others)
        if isinstance(joined, t.AnyType) or len(others) == len(items):
            return joined
        return t.OptionalType(joined)


def _join(items: Sequence[t.Type]) -> t.Type:
    """The one type that holds exactly what `items` hold, or `AnyType`."""
    if not items:
        return t.NoneType()
    if all(isinstance(item, t.StrType) for item in items):
        literals = [item.literals for item in items if isinstance(item, t.StrType)]
        return t.StrType(tuple(sum(literals, ())) if all(literals) else ())
    if all(item == items[0] for item in items):
        return items[0]
    if all(isinstance(item, t.IntType | t.FloatType) for item in items):
        return t.FloatType()
    return t.AnyType()


def _local_classes(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """mypy's name for each class defined in a function, with Python's qualified name of it."""

    def visit(node: ast.AST, prefix: str, in_function: bool) -> Iterator[tuple[str, str]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if in_function:
                    yield f"{child.name}@{child.lineno}", prefix + child.name
                yield from visit(child, f"{prefix}{child.name}.", in_function)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from visit(child, f"{prefix}{child.name}.<locals>.", True)
            else:
                yield from visit(child, prefix, in_function)

    return visit(tree, "", False)
