"""Codes of family LF5: validation."""

from langferry.diagnostics.code import Code

ROWS: tuple[Code, ...] = (
    Code(
        "LF501",
        "case file cannot be read",
        "Validation replays cases from a YAML file; it is missing, unreadable or not valid YAML.",
        "Write `<program>.cases.yaml` or `cases.yaml` beside the program, or name it with `--cases`.",
    ),
    Code(
        "LF502",
        "case file is not well formed",
        "A key is unknown, missing or holds something of the wrong kind, so the case would not mean "
        "what it seems to say.",
        "Correct the line that is named; the keys are listed in the documentation of case files.",
    ),
    Code(
        "LF503",
        "value has no encoding",
        "A value cannot be written into a trace without losing what it is, so it cannot be compared.",
        "Keep such objects out of the state, or turn them into plain data before they are written.",
    ),
    Code(
        "LF504",
        "encoded value cannot be read",
        "An object with `$type` in a case or a trace does not follow the encoding of values.",
        "Correct the value at the path that is named.",
    ),
    Code(
        "LF505",
        "entry does not give a graph",
        "The entry expression raised, or its value is neither a compiled graph nor a StateGraph.",
        "Name the graph with `entry:` in the case file, e.g. `entry: build_graph()`.",
    ),
    Code(
        "LF506",
        "recorder could not run",
        "The process that runs the program under one engine stopped before it had written its traces.",
        "Read the output that is shown; the program must import and run on its own.",
    ),
    Code(
        "LF507",
        "crate could not be built",
        "cargo failed, so there is nothing to compare with.",
        "Read the compiler's message; `cargo build` in the crate shows the same.",
    ),
    Code(
        "LF508",
        "crate could not be run",
        "The crate's binary is missing or stopped before it had written its trace.",
        "Run `<binary> trace --case FILE` by hand and read its message.",
    ),
    Code(
        "LF509",
        "trace cannot be read",
        "A line of a trace is not an event of the schema, or the trace is of another version.",
        "Record it again with the version of the tool that reads it.",
    ),
    Code(
        "LF510",
        "engine is not available",
        "The engine asked for is not installed, or what it needs was not given.",
        "Install what is named, or leave the engine out with `--against`.",
    ),
    Code(
        "LF511",
        "source map cannot be read",
        "A line of the crate's `source_map.jsonl` is not what the generator writes.",
        "Convert the program again.",
    ),
    Code(
        "LF512",
        "stream cannot be told apart",
        "The streamed events of the run do not fit each other, so no trace can be made of them.",
        "Report it with the program; the trace would not be true.",
    ),
    Code(
        "LF513",
        "thread is stored in fewer pieces",
        "A process that was to end after a number of stored things did not, as it stored fewer of them.",
        "Report it with the program; what would be lost in a crash cannot be compared.",
    ),
    Code(
        "LF514",
        "resumed thread ends differently",
        "Stored by another engine until its process ended, a run that LangGraph goes on with ends in a way "
        "in which it never does where LangGraph alone has stored it.",
        "Look at what nodes do that depends on more than the state, and at values whose type changes "
        "when they are stored: tuples, members of enums, models.",
    ),
    Code(
        "LF515",
        "no cassette",
        "The file with the answers of servers is not there, cannot be read or written, or is something else.",
        "Make it with `migrate validate --cassette FILE --record`, which asks the servers.",
    ),
    Code(
        "LF516",
        "request without an answer",
        "On LangGraph the program asks a server for something that the cassette has no answer to. Nothing was "
        "sent to any server.",
        "Run it again with `--record`, which asks the servers for what is missing; a host that has no variable "
        "in the environment is asked itself if `NO_PROXY` names it.",
    ),
    Code(
        "LF517",
        "other request",
        "An engine asks a server for something that LangGraph did not ask it for, so there is no answer.",
        "Look at what the two requests differ in, and at the node that makes it.",
    ),
    Code(
        "LF518",
        "request not made",
        "LangGraph asked a server for something that an engine did not ask it for.",
        "Look at the node that makes the request, and at the first difference of the traces.",
    ),
    Code(
        "LF519",
        "no inputs can be drawn",
        "`--fuzz` draws inputs from types, and cannot do it here.",
        "Install `langferry[fuzz]`, or write cases for what cannot be drawn.",
    ),
    Code(
        "LF520",
        "dropped write",
        "A node wrote a channel on LangGraph that it does not write here.",
        "Look at the node's code for the write that is missing.",
    ),
    Code(
        "LF521",
        "extra write",
        "A node writes a channel that it does not write on LangGraph.",
        "Look at the node's code for the write that is too much.",
    ),
    Code(
        "LF522",
        "swapped writes",
        "A node makes the same writes in another order.",
        "Give the writes the order that the Python source has.",
    ),
    Code(
        "LF523",
        "changed value",
        "A node writes another value to the channel.",
        "Compare the two pieces of code that make the value.",
    ),
    Code(
        "LF524",
        "changed type",
        "The value is equal by number or text but of another type, which Python can tell apart.",
        "Look for a conversion between int, float, bool, tuple and list that Python does not make.",
    ),
    Code(
        "LF525",
        "missing task",
        "A node that LangGraph plans in this step is not planned here.",
        "Look at the edges and routers that lead to the node.",
    ),
    Code(
        "LF526",
        "extra task",
        "A node is planned in this step that LangGraph does not plan.",
        "Look at the edges and routers that lead to the node.",
    ),
    Code(
        "LF527",
        "tasks in another order",
        "The same nodes are planned in another order, which decides the order of their writes.",
        "Look at the order in which a router gives its targets.",
    ),
    Code(
        "LF528",
        "other trigger",
        "The node runs in the same step but for another reason.",
        "Look at the edges that lead to the node.",
    ),
    Code(
        "LF529",
        "other input",
        "The node is given another input although the writes before it were equal.",
        "Look at the channel's reducer, or at the argument of the Send.",
    ),
    Code(
        "LF530",
        "other error class",
        "The node raises an exception of another class.",
        "Look at what the failing operation raises in Python.",
    ),
    Code(
        "LF531",
        "other error message",
        "The exception is of the same class but says something else.",
        "Look at where the exception is made.",
    ),
    Code(
        "LF532",
        "missing error",
        "LangGraph's run raises here; this one goes on.",
        "Look for a check or an operation that fails in Python and not here.",
    ),
    Code(
        "LF533",
        "unexpected error",
        "This run raises where LangGraph's goes on.",
        "Read the message; the operation works in Python.",
    ),
    Code(
        "LF534",
        "missing interrupt",
        "LangGraph's run stops to ask; this one goes on.",
        "Look at the call of interrupt() in the node.",
    ),
    Code(
        "LF535",
        "unexpected interrupt",
        "This run stops to ask where LangGraph's goes on.",
        "Look at the call of interrupt() in the node, and at how the answer reaches it.",
    ),
    Code(
        "LF536",
        "other interrupt value",
        "Both stop to ask, but show something else.",
        "Look at the value given to interrupt().",
    ),
    Code(
        "LF537",
        "other state",
        "Writes were equal and the state after them is not.",
        "Look at the channel's reducer.",
    ),
    Code(
        "LF538",
        "several tasks failed in one step",
        "Which of several failing tasks is reported is a matter of timing on LangGraph itself.",
        "Make the case fail in one node only.",
    ),
    Code(
        "LF539",
        "events differ",
        "One trace has an event where the other has another one.",
        "Compare the two events that are shown.",
    ),
)
