"""The events of a trace.

Generated from `trace.schema.json` by `build_support/generate_trace.py`; edit the schema.
"""

from typing import Any, Literal

import msgspec

SCHEMA_VERSION = 1


class TraceError(msgspec.Struct, frozen=True):
    """An exception as a user meets it.

    Attributes:
        type: The bare name of the exception's class.
        message: What `str()` of the exception gives.
    """

    type: str
    message: str


class InterruptValue(msgspec.Struct, frozen=True):
    """What one `interrupt()` showed to the outside.

    Ids are left out: they come from checkpoint ids.

    Attributes:
        value: The interrupt's payload.
    """

    value: Any


class Header(msgspec.Struct, frozen=True, tag_field="event", tag="header"):
    """The first line: who recorded what.

    Attributes:
        schema: The version of this schema.
        engine: What ran the graph, say `langgraph`, `shim`, `python` or `crate`.
        engine_version: The engine's version.
        program: The program, as the case names it.
        case: The name of the case.
    """

    schema: int
    engine: str
    engine_version: str
    program: str
    case: str


class RunStart(msgspec.Struct, frozen=True, tag_field="event", tag="run_start"):
    """The graph is called.

    Attributes:
        run: The position of the run in its case, from 0.
        kind: Whether `value` is an input or the answer to an interrupt.
        value: The input, or the resume value.
    """

    run: int
    kind: Literal["input", "resume"]
    value: Any


class Task(msgspec.Struct, frozen=True, tag_field="event", tag="task"):
    """A task was planned for a superstep.

    Attributes:
        run: The run it belongs to.
        step: The superstep, numbered as LangGraph's debug stream does: the first nodes of a new
            thread run in step 1.
        name: The node.
        triggers: The channels that triggered it, sorted; internal ones as LangGraph names them.
        input: What the node is given.
    """

    run: int
    step: int
    name: str
    triggers: list[str]
    input: Any


class Update(msgspec.Struct, frozen=True, tag_field="event", tag="update"):
    """What the updates stream shows for one task.

    Attributes:
        run: The run it belongs to.
        step: The superstep of the task.
        node: The node.
        value: None, the update, or a list of updates.
    """

    run: int
    step: int
    node: str
    value: Any


class TaskResult(msgspec.Struct, frozen=True, tag_field="event", tag="task_result"):
    """A task ended.

    In a superstep of several tasks of which one fails, which others still end is a matter of
    timing; readers leave such results and updates out before they compare.

    Attributes:
        run: The run it belongs to.
        step: The superstep of the task.
        name: The node.
        writes: Writes to state channels in the order they were made. LangGraph's stream groups
            the writes of one channel; readers do so before they compare.
        error: The exception the node raised.
        interrupts: What the task interrupted with.
    """

    run: int
    step: int
    name: str
    writes: list[tuple[str, Any]]
    error: TraceError | None
    interrupts: list[InterruptValue]


class Interrupt(msgspec.Struct, frozen=True, tag_field="event", tag="interrupt"):
    """The superstep stopped to ask.

    One event for all its interrupts.

    Attributes:
        run: The run it belongs to.
        step: The superstep that stopped.
        interrupts: The interrupts, in planned order of their tasks; empty for a static
            breakpoint.
    """

    run: int
    step: int
    interrupts: list[InterruptValue]


class Values(msgspec.Struct, frozen=True, tag_field="event", tag="values"):
    """A chunk of the values stream.

    Chunks that only repeat the state to carry `__interrupt__` are left out: the interrupt event
    says it.

    Attributes:
        run: The run it belongs to.
        step: The superstep after which the state was so: 0 for a new thread's input, and the
            step before the first one run for what a resumed run starts from.
        value: The output channels that hold something.
    """

    run: int
    step: int
    value: Any


class RunEnd(msgspec.Struct, frozen=True, tag_field="event", tag="run_end"):
    """The call returned or raised.

    Attributes:
        run: The run it belongs to.
        status: How it ended.
        output: What `invoke` returns, without `__interrupt__`: the last values chunk; None when
            there was none or the run failed.
        error: The exception that came out of the call.
    """

    run: int
    status: Literal["finished", "interrupted", "failed"]
    output: Any
    error: TraceError | None


TraceEvent = Header | RunStart | Task | Update | TaskResult | Interrupt | Values | RunEnd
