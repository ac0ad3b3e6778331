"""Writes the trace's Rust and Python types from its one schema.

    python build_support/generate_trace.py [--check]

With `--check` nothing is written; the exit code is 1 when a generated file differs from what is there.
"""

import argparse
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "runtime/crates/trace/trace.schema.json"
RUST = ROOT / "runtime/crates/trace/src/events.rs"
PYTHON = ROOT / "validator/events.py"

RUST_KEYWORDS = {"type"}

Schema = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Write both files, or with `--check` compare them; the exit code."""
    parser = argparse.ArgumentParser(description="Write the trace's types from its schema.")
    parser.add_argument("--check", action="store_true", help="only say whether files are current")
    check = parser.parse_args(arguments).check

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    stale = False
    for path, text in ((RUST, rust(schema)), (PYTHON, python(schema))):
        current = path.read_text(encoding="utf-8") if path.exists() else None
        if current == text:
            continue
        stale = True
        if check:
            print(f"{path.relative_to(ROOT)} is not what the schema says", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return int(check and stale)


def rust(schema: Schema) -> str:
    """The serde types, formatted by rustfmt."""
    lines = [
        "//! The events of a trace.",
        "//!",
        "//! Generated from `trace.schema.json` by `build_support/generate_trace.py`; edit the schema.",
        "",
        "use serde::{Deserialize, Serialize};",
        "use serde_json::Value as Json;",
        "",
        "/// The version of the schema these types were made from.",
        f"pub const SCHEMA_VERSION: i64 = {schema['version']};",
    ]
    for name, definition in _records(schema):
        for field, spec in _fields(definition):
            if "enum" in spec:
                lines += _rust_enum(f"{_camel(name)}{_camel(field)}", spec)
        lines += ["", *_rust_doc(definition), *_rust_derive(_any_inside(schema, definition))]
        lines.append(f"pub struct {_camel(name)} {{")
        for field, spec in _fields(definition):
            lines += _rust_doc(spec)
            identifier = f"r#{field}" if field in RUST_KEYWORDS else field
            lines.append(f"pub {identifier}: {_rust_type(spec, f'{_camel(name)}{_camel(field)}')},")
        lines.append("}")
    lines += ["", *_rust_doc(schema), *_rust_derive(True)]
    lines += ['#[serde(tag = "event", rename_all = "snake_case")]', "pub enum TraceEvent {"]
    for name in _events(schema):
        lines += [*_rust_doc(schema["$defs"][name]), f"{_camel(name)}({_camel(name)}),"]
    lines.append("}")
    for name in _events(schema):
        kind = _camel(name)
        lines += ["", f"impl From<{kind}> for TraceEvent {{"]
        lines += [f"fn from(event: {kind}) -> Self {{ Self::{kind}(event) }}", "}"]
    formatted = subprocess.run(
        ["rustfmt", "--edition", "2024", "--emit", "stdout"],
        input="\n".join(lines) + "\n",
        text=True,
        capture_output=True,
        check=True,
    )
    return formatted.stdout


def python(schema: Schema) -> str:
    """The msgspec structs."""
    events = [_camel(name) for name in _events(schema)]
    lines = [
        '"""The events of a trace.',
        "",
        "Generated from `trace.schema.json` by `build_support/generate_trace.py`; edit the schema.",
        '"""',
        "",
        "from typing import Any, Literal",
        "",
        "import msgspec",
        "",
        f"SCHEMA_VERSION = {schema['version']}",
    ]
    for name, definition in _records(schema):
        event = name in _events(schema)
        options = f', frozen=True, tag_field="event", tag="{name}"' if event else ", frozen=True"
        lines += ["", "", f"class {_camel(name)}(msgspec.Struct{options}):"]
        lines += _python_doc(definition)
        for field, spec in _fields(definition):
            lines.append(f"    {field}: {_python_type(spec)}")
    lines += ["", "", *_python_union("TraceEvent", events)]
    return "\n".join(lines) + "\n"


def _python_union(name: str, members: list[str]) -> list[str]:
    flat = f"{name} = {' | '.join(members)}"
    if len(flat) <= 100:
        return [flat]
    return [f"{name} = (", f"    {members[0]}", *(f"    | {one}" for one in members[1:]), ")"]


def _events(schema: Schema) -> list[str]:
    return [_referred(branch) for branch in schema["oneOf"]]


def _records(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for name, definition in schema["$defs"].items():
        if definition.get("type") == "object":
            yield name, definition


def _fields(definition: Schema) -> Iterator[tuple[str, Schema]]:
    properties = definition["properties"]
    if set(definition["required"]) != set(properties):
        raise ValueError(f"every property must be required: {definition['description']}")
    for name, spec in properties.items():
        if "const" not in spec:
            yield name, spec


def _referred(spec: Schema) -> str:
    return str(spec["$ref"]).removeprefix("#/$defs/")


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _any_inside(schema: Schema, definition: Schema) -> bool:
    """Whether a free value lies within, for which Rust has no `Eq`."""
    text = json.dumps(definition)
    names = [name for name in schema["$defs"] if f'"#/$defs/{name}"' in text]
    return any(name == "value" or _any_inside(schema, schema["$defs"][name]) for name in names)


def _rust_type(spec: Schema, enum_name: str) -> str:
    match spec:
        case {"enum": _}:
            return enum_name
        case {"$ref": "#/$defs/value"}:
            return "Json"
        case {"$ref": "#/$defs/write"}:
            return "(String, Json)"
        case {"$ref": _}:
            return _camel(_referred(spec))
        case {"anyOf": [inner, {"type": "null"}]}:
            return f"Option<{_rust_type(inner, enum_name)}>"
        case {"type": "array", "items": inner}:
            return f"Vec<{_rust_type(inner, enum_name)}>"
        case {"type": "integer"}:
            return "i64"
        case {"type": "string"}:
            return "String"
    raise ValueError(f"no Rust type for {spec}")


def _python_type(spec: Schema) -> str:
    match spec:
        case {"enum": names}:
            return f"Literal[{', '.join(json.dumps(name) for name in names)}]"
        case {"$ref": "#/$defs/value"}:
            return "Any"
        case {"$ref": "#/$defs/write"}:
            return "tuple[str, Any]"
        case {"$ref": _}:
            return _camel(_referred(spec))
        case {"anyOf": [inner, {"type": "null"}]}:
            return f"{_python_type(inner)} | None"
        case {"type": "array", "items": inner}:
            return f"list[{_python_type(inner)}]"
        case {"type": "integer"}:
            return "int"
        case {"type": "string"}:
            return "str"
    raise ValueError(f"no Python type for {spec}")


def _rust_enum(name: str, spec: Schema) -> list[str]:
    lines = ["", *_rust_doc(spec), *_rust_derive(False), '#[serde(rename_all = "snake_case")]']
    lines.append(f"pub enum {name} {{")
    for variant in spec["enum"]:
        lines += [f"/// `{variant}`", f"{_camel(variant)},"]
    return [*lines, "}"]


def _rust_derive(free_value: bool) -> list[str]:
    equality = "PartialEq" if free_value else "PartialEq, Eq"
    return [f"#[derive(Clone, Debug, {equality}, Serialize, Deserialize)]"]


def _rust_doc(spec: Schema) -> list[str]:
    return [f"/// {line}" for line in textwrap.wrap(spec["description"], 96)]


def _python_doc(definition: Schema) -> list[str]:
    first, _, rest = definition["description"].partition(". ")
    summary = f'    """{first.rstrip(".")}.'
    if not rest and not any("description" in spec for _, spec in _fields(definition)):
        return [f'{summary}"""', ""]
    lines = [summary, ""]
    if rest:
        lines += [*textwrap.wrap(rest, 96, initial_indent="    ", subsequent_indent="    "), ""]
    lines.append("    Attributes:")
    for field, spec in _fields(definition):
        lines += textwrap.wrap(
            f"{field}: {spec['description']}",
            96,
            initial_indent="        ",
            subsequent_indent="            ",
        )
    return [*lines, '    """', ""]


if __name__ == "__main__":
    sys.exit(main())
