"""Codes of family LF2: wiring and state."""

from langferry.diagnostics.code import Code, Remedy

ROWS: tuple[Code, ...] = (
    Code(
        "LF201",
        "wiring is not known without running",
        "A node, edge, name or option depends on something only a run of the program would tell.",
        "Make the value a constant, or choose another entry expression.",
    ),
    Code(
        "LF202",
        "edge to nowhere",
        "An edge, branch or interrupt names a node that does not exist, or uses START or END wrongly; LangGraph refuses it too.",
        "Correct the name, or add the node first.",
    ),
    Code(
        "LF203",
        "graph has no entry point",
        "No edge leads from START to a node; LangGraph refuses it too.",
        "Add `add_edge(START, ...)`.",
    ),
    Code(
        "LF204",
        "name used twice",
        "A node or branch of this name is already there; LangGraph refuses it too.",
        "Give it another name.",
    ),
    Code(
        "LF205",
        "name is reserved",
        "LangGraph keeps this name, or a character in it, for itself.",
        "Choose another name.",
    ),
    Code(
        "LF206",
        "builder call is not valid",
        "An argument of a builder method, or a reducer that a schema names, is missing or of the wrong"
        " kind; LangGraph fails here too.",
        "Correct the call.",
    ),
    Code(
        "LF210",
        "schema is not known",
        "The fields of a state, input or output schema cannot be read from the source.",
        "Define the schema as a TypedDict class in the program.",
    ),
    Code(
        "LF211",
        "kind of state not carried over",
        "States that are not TypedDicts are not carried over yet.",
        "Use a TypedDict for the graph's state.",
    ),
    Code(
        "LF212",
        "channel not carried over",
        "The channel's reducer, channel class or managed value is not carried over yet.",
        "Use `operator.add`, `operator.or_`, `add_messages` or a function of the program.",
    ),
    Code(
        "LF213",
        "channel defined twice",
        "Two schemas give a channel different reducers; LangGraph refuses it too.",
        "Use the same annotation in both schemas.",
    ),
    Code(
        "LF220",
        "kind of node or router not carried over",
        "Only functions, partials of them and compiled graphs can be nodes or routers yet.",
        "Wrap it in a function of the program.",
    ),
    Code(
        "LF221",
        "option not carried over",
        "This option or method of the builder is not carried over yet.",
        "Leave it out, or keep this graph on Python.",
    ),
    Code(
        "LF222",
        "checkpointer not carried over",
        "Only LangGraph's in-memory saver is carried over yet.",
        "Use `InMemorySaver`, or compile without a checkpointer.",
    ),
    Code(
        "LF223",
        "one of two functions carried over",
        "A node has a synchronous and an asynchronous function with different bodies.",
        "Validate the result, or give both the same body.",
    ),
    Code(
        "LF224",
        "a graph runs as one node",
        "How this graph is wired only a run would tell: its nodes or its schema depend on data, a"
        " library builds it in a way of its own, or it is written in the functional API. LangGraph runs"
        " it in embedded Python as a whole, so that its steps are not supersteps of the crate: they are"
        " neither streamed nor traced one by one, and its checkpoints are those of its own saver. It can"
        " ask one question at a time.",
        "Nothing, or build the graph with StateGraph from what is written in the program.",
    ),
    Code(
        "LF230",
        "function not carried over",
        "The function can neither be made native nor be run by embedded Python.",
        "See the reasons given for this function.",
    ),
    Code(
        "LF231",
        "function cannot be forced to be native",
        "The program asks for a native function, but its body is not carried over.",
        "Remove the request, or change the body.",
    ),
    Code(
        "LF233",
        "request names nothing",
        "A `# langferry:` comment or the configuration names an unknown function or choice.",
        "Correct the name; the choices are bridge, native, refuse and ignore[CODE].",
    ),
    Code(
        "LF234",
        "comment silences nothing",
        "A `# langferry: ignore[...]` comment names a code of which there is no finding on its line.",
        "Take the code out of the comment.",
        (
            Remedy("safe", "Takes the code, or the whole comment, out of the program's own file."),
            Remedy(
                "unsafe",
                "The same in a module that other programs may use, or where `--entry` leaves graphs out.",
            ),
        ),
    ),
)
