"""The templates of a crate's files, and what they may do to a text."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from langferry.codegen.rust.literals import doc, string
from langferry.diagnostics.formats.markdown import cell


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        # Rust is not HTML; whatever comes from the user's program goes through the filters below
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"string": string, "doc": doc, "toml": _toml, "cell": cell}
    return environment


def _toml(text: str) -> str:
    """A TOML string; JSON's are."""
    return json.dumps(text)


def render(template: str, **values: Any) -> str:
    """The text of a template; a value that is not given is an error."""
    return _environment().get_template(f"{template}.jinja").render(values)
