"""Objects of pydantic's settings: what their fields are read from, told so that native code can read them.

A field is an environment variable, a line of a `.env` file, or its default. Where a class says more than
that of how its objects are made, it stays Python's.
"""

import ast
import json
from collections.abc import Mapping
from typing import Any

from langferry.converter.lower.requests import Settings
from langferry.converter.wiring.expressions import evaluate
from langferry.converter.wiring.instances import lineage
from langferry.converter.wiring.interpreter import Interpreter
from langferry.converter.wiring.library import is_library
from langferry.converter.wiring.schemas import Hint, setting_hints, stripped
from langferry.converter.wiring.values import (
    ClassValue,
    Const,
    DictValue,
    FieldInfoValue,
    FunctionValue,
    InstanceValue,
    LibraryValue,
    Subscripted,
    UnionValue,
    Unknown,
    Value,
    is_plain,
    plain,
)
from langferry.model import types as t

_OWN_MAKING = frozenset(
    [
        *("__init__", "__new__", "__getattr__", "__getattribute__", "__setattr__"),
        *("model_post_init", "settings_customise_sources"),
    ]
)
_OPTIONS = frozenset(
    [
        *("env_prefix", "env_file", "env_file_encoding", "case_sensitive", "extra", "title"),
        *("env_ignore_empty", "arbitrary_types_allowed"),
    ]
)
_BOUNDS = frozenset({"ge", "gt", "le", "lt"})
_TYPES: dict[str, tuple[str, t.Type, tuple[type, ...]]] = {
    "builtins.str": ("str", t.StrType(), (str,)),
    "builtins.int": ("int", t.IntType(), (int,)),
    "builtins.float": ("float", t.FloatType(), (int, float)),
    "builtins.bool": ("bool", t.BoolType(), (bool,)),
}
"""The types of fields that native code can read, and of what their defaults must be."""


def settings_of(run: Interpreter, made: InstanceValue) -> Settings | None:
    """How the object of settings `made` is made, None where that is not certain."""
    reading = _Reading(run)
    try:
        told = reading.told(made, "")
    except _NotKnown:
        return None
    cls = made.cls
    spec = json.dumps(told, ensure_ascii=False)
    return Settings(
        cls.module.file, cls.name, cls.span, spec, reading.kinds, tuple(reading.variables)
    )


class _NotKnown(Exception):
    """More happens when an object is made than can be told."""


class _Reading:
    def __init__(self, run: Interpreter) -> None:
        self._run = run
        self.kinds: dict[str, t.Type] = {}
        self.variables: list[str] = []

    def told(self, made: InstanceValue, path: str) -> dict[str, Any]:
        """The class of `made`, whose fields are found at `path` of the outermost object."""
        cls = made.cls
        hints = setting_hints(self._run, cls)
        if isinstance(hints, Unknown):
            raise _NotKnown
        options = self._options(cls)
        folders = self._folders(cls)
        fields = []
        for hint in hints:
            inner = made.names.get(hint.name)
            given = self._given(hint, options)
            if isinstance(inner, InstanceValue):
                annotation = stripped(hint.value)
                if annotation is not inner.cls or given["checks"]:
                    raise _NotKnown
                fields.append(given | {"class": self.told(inner, f"{path}{hint.name}.")})
            else:
                fields.append(given | self._plain(hint, f"{path}{hint.name}"))
        if folders - {x["name"] for x in fields if x.get("type") == "path"}:
            raise _NotKnown
        return {
            "name": cls.name,
            "files": options["env_file"],
            "exact_case": options["case_sensitive"],
            "ignores_empty": options["env_ignore_empty"],
            "forbids_others": options["extra"] == "forbid",
            "prefix": options["env_prefix"],
            "fields": fields,
            "folders": sorted(folders),
        }

    def _options(self, cls: ClassValue) -> dict[str, Any]:
        found: dict[str, Any] = {
            "env_prefix": "",
            "env_file": None,
            "case_sensitive": False,
            "env_ignore_empty": False,
            "extra": "forbid",
        }
        for owner in reversed(lineage(cls)):
            for name in ("Config", "model_config"):
                match owner.scope.names.get(name):
                    case None:
                        continue
                    case ClassValue(scope=scope) if name == "Config":
                        given: Mapping[Any, Value] = scope.names
                    case DictValue(items, None):
                        given = items
                    case _:
                        raise _NotKnown
                if given.keys() - _OPTIONS or not all(map(is_plain, given.values())):
                    raise _NotKnown
                found |= {key: plain(value) for key, value in given.items()}
        encoding = found.pop("env_file_encoding", None)
        files = found["env_file"]
        files = [files] if isinstance(files, str) else list(files or ())
        if str(encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise _NotKnown
        if not all(isinstance(x, str) and not x.startswith("~") for x in files):
            raise _NotKnown
        return found | {"env_file": files}

    def _folders(self, cls: ClassValue) -> set[str]:
        """The fields that name a folder which making an object makes."""
        found: set[str] = set()
        for owner in lineage(cls):
            for name, member in owner.scope.names.items():
                if name in _OWN_MAKING:
                    raise _NotKnown
                match member:
                    case FunctionValue(unknown=None):
                        continue
                    case Unknown(wraps=FunctionValue() as function):
                        found |= self._made_by(function)
                    case Unknown() if all(x.name != name for x in owner.own_fields):
                        raise _NotKnown
        return found

    def _made_by(self, function: FunctionValue) -> set[str]:
        """The folders that a validator of whole objects makes, if it does nothing else."""
        node = function.node
        assert not isinstance(node, ast.Lambda)
        match node.decorator_list:
            case [
                ast.Call(
                    func=called,
                    args=[],
                    keywords=[ast.keyword(arg="mode", value=ast.Constant(value="after"))],
                )
            ] if is_library(self._evaluated(called, function), "pydantic.model_validator"):
                pass
            case _:
                raise _NotKnown
        own = node.args.args[0].arg if node.args.args else None
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        found: set[str] = set()
        for statement in body[:-1]:
            match statement:
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(
                            value=ast.Attribute(value=ast.Name(id=owner), attr=name), attr="mkdir"
                        ),
                        args=[],
                        keywords=keywords,
                    )
                ) if owner == own and _says_twice_yes(keywords):
                    found.add(name)
                case _:
                    raise _NotKnown
        match body[-1]:
            case ast.Return(value=ast.Name(id=returned)) if returned == own:
                return found
        raise _NotKnown

    def _evaluated(self, node: ast.expr, function: FunctionValue) -> Value:
        return evaluate(self._run, node, function.scope)

    def _given(self, hint: Hint, options: Mapping[str, Any]) -> dict[str, Any]:
        """The variable that a field is read from, and between what bounds it must be."""
        info = hint.field.default
        said = dict(info.options) if isinstance(info, FieldInfoValue) and info.checks else {}
        variable: object = f"{options['env_prefix']}{hint.name}"
        aliases = [said.pop(x) for x in ("alias", "validation_alias") if x in said]
        if aliases:
            match aliases[-1]:
                case Const(str(text)):
                    variable = text
                case _:
                    raise _NotKnown
        checks = {}
        for name, value in said.items():
            number = value.value if isinstance(value, Const) else None
            if name in _BOUNDS and isinstance(number, int | float):
                checks[name] = number
            elif name not in _WORDS:
                raise _NotKnown
        self.variables.append(str(variable))
        return {"name": hint.name, "variable": variable, "checks": checks}

    def _plain(self, hint: Hint, path: str) -> dict[str, Any]:
        annotation, optional = _without_none(stripped(hint.value))
        info = hint.field.default
        default = info.default if isinstance(info, FieldInfoValue) else info
        has_default = info.has_default if isinstance(info, FieldInfoValue) else info is not None
        found: dict[str, Any] = {"type": "other", "optional": optional, "required": not has_default}
        kind = _TYPES.get(annotation.name) if isinstance(annotation, LibraryValue) else None
        match annotation:
            case LibraryValue("pathlib.Path"):
                text = self._path(default, hint)
                if text is None and has_default:
                    raise _NotKnown
                return found | {"type": "path", "default": text}
            case Subscripted(base, arguments) if is_library(base, "Literal"):
                texts = [x.value for x in arguments if isinstance(x, Const)]
                names = tuple(x for x in texts if isinstance(x, str))
                if len(names) == len(arguments):
                    found["texts"] = list(names)
                    kind = ("str", t.StrType(names), (str,))
            case LibraryValue("pydantic.SecretStr" | "pydantic.types.SecretStr"):
                return found | {"type": "secret"}
        if kind is None:
            return found
        name, type_, classes = kind
        self.kinds[path] = t.OptionalType(type_) if optional else type_
        if has_default:
            if not isinstance(default, Const):
                raise _NotKnown
            value = default.value
            is_one = not found.get("texts") or value in (None, *found["texts"])
            if not is_one or not (type(value) in classes or (value is None and optional)):
                raise _NotKnown
            found["default"] = value
        return found | {"type": name}

    def _path(self, default: Value | None, hint: Hint) -> str | None:
        """The text of a default `Path("text")`."""
        written = default.written if isinstance(default, Unknown) else None
        match None if written is None else written.node:
            case ast.Call(func=called, args=[ast.Constant(value=str(text))], keywords=[]):
                if is_library(evaluate(self._run, called, hint.owner.scope), "pathlib.Path"):
                    return text
        return None


_WORDS = frozenset(
    [
        *("default", "default_factory", "description", "title", "examples", "repr", "deprecated"),
        "json_schema_extra",
    ]
)
"""What `Field` says without a difference for what is read."""


def _says_twice_yes(keywords: list[ast.keyword]) -> bool:
    """Whether a folder is made with those above it, unless it is there already."""
    given = {x.arg: x.value.value for x in keywords if isinstance(x.value, ast.Constant)}
    return given == {"parents": True, "exist_ok": True} and len(keywords) == len(given)


def _without_none(annotation: Value) -> tuple[Value, bool]:
    """The annotation of what is not None, and whether it may be."""
    match annotation:
        case UnionValue(given) | Subscripted(LibraryValue("Union"), given):
            members = given
        case Subscripted(LibraryValue("Optional"), [item]):
            members = [item, Const(None)]
        case _:
            return annotation, False
    others = [x for x in members if not (isinstance(x, Const) and x.value is None)]
    optional = len(others) < len(members)
    return (stripped(others[0]), optional) if len(others) == 1 else (annotation, optional)
