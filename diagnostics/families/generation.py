"""Codes of family LF6: code generation and building."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "LF601",
        "directory belongs to something else",
        "The output directory is not empty and was not made by an earlier convert, so writing"
        " there could destroy work.",
        "Choose an empty directory, or one that an earlier convert made.",
    ),
    Code(
        "LF602",
        "generated files were edited by hand",
        "Files differ from what the last convert wrote, by the hashes in langferry.lock.json."
        " Converting again would lose the edits.",
        "Move the edits elsewhere, or convert with `--force` to overwrite them.",
    ),
    Code(
        "LF603",
        "refused functions",
        "The graph reaches functions that can neither become Rust nor stay Python. A crate without"
        " them would not be the same program, and nothing is ever replaced by a stub.",
        "Run `migrate check` for the reason of each, and change those places.",
    ),
    Code(
        "LF604",
        "string that Rust cannot hold",
        "A Python string may hold half of a surrogate pair; a Rust string is always valid Unicode.",
        "Remove the lone surrogate, or keep the function in Python.",
    ),
    Code(
        "LF605",
        "wiring the crate cannot express",
        "The graph uses an option that the Rust runtime does not have. Leaving it out would change"
        " what the program does.",
        "Remove the option, or run the program with `migrate run`.",
    ),
    Code(
        "LF606",
        "type the crate cannot express",
        "A field or parameter has a type that has no Rust counterpart with the same meaning.",
        "Annotate it with a type of the documentation's table, or with `Any`.",
    ),
    Code(
        "LF607",
        "runtime source not found",
        "The Rust source that generated crates compile is missing from this installation.",
        "Install langferry from its wheel or work in a checkout, or name the source with"
        " `--runtime`.",
    ),
    Code(
        "LF608",
        "rustfmt not found",
        "Generated Rust is formatted by rustfmt, which is not installed; it is correct, but not"
        " pretty, and a later convert with rustfmt will change its layout.",
        "Install it with `rustup component add rustfmt`.",
    ),
    Code(
        "LF609",
        "rustfmt refused generated code",
        "The generated Rust is not valid. This is a fault of langferry, not of the program.",
        "Please report it, with the program if you can.",
    ),
    Code(
        "LF610",
        "name that langferry.graph does not have",
        "The Python target replaces imports of LangGraph by `langferry.graph`, which has the names"
        " of its documentation only.",
        "Use only what `langferry.graph` has, or run the program unchanged with `migrate run`.",
    ),
    Code(
        "LF611",
        "import that cannot be replaced exactly",
        "Importing a whole LangGraph module binds everything in it; which of it is used cannot be"
        " said for certain, so it is not rewritten.",
        "Import the names themselves: `from langgraph.graph import StateGraph`.",
    ),
    Code(
        "LF612",
        "output cannot be written",
        "The output directory, or the directory it lies in, could not be written.",
        "Check permissions and free space.",
    ),
    Code(
        "LF613",
        "source changed since it was analysed",
        "The model of the program was made from other text than is there now, so its spans no"
        " longer fit.",
        "Convert again.",
    ),
    Code(
        "LF614",
        "no wheel can be made of this program",
        "A wheel holds a module under the program's own name, with its graphs under theirs: a notebook is no"
        " module, and a graph that has no name and needs arguments cannot be called by Python code.",
        "Give the graph a name at module level, or make it in a function without arguments.",
    ),
)
