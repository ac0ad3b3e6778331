"""Makes the Python target of a program: its own files, on `langferry.graph`."""

from collections.abc import Mapping

from langferry.codegen.files import Files, check_model, locked
from langferry.codegen.python.imports import rewritten
from langferry.model import Program


def generate_python(program: Program, sources: Mapping[str, str]) -> Files:
    """The files of `program` with LangGraph's names taken from `langferry.graph`.

    Nothing else changes, and nothing is written. `sources` holds the texts the model was made
    from, by their path in it.

    Raises:
        Failure: LF610, `langferry.graph` lacks a name; LF611, an import cannot be replaced
            exactly; LF613, the sources are not those of the model.
    """
    check_model(program, sources)
    files = {file.path: rewritten(sources[file.path], file.path) for file in program.files}
    return locked(files, program, "python")
