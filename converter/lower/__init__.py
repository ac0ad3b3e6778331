"""Lowers Python functions to the typed form of `langferry.model.ir`, or says why not.

How to call it, once the wiring is known:

1. `converter.types.infer(modules, wanted, records, root, cache_dir)` gives the `TypeTable`.
   `wanted` lists a `ParameterTypes` for each `def` or `lambda` LangGraph calls, with the annotation
   (as text that means something at that place, e.g. `"State"` or `"list[str]"`) of each parameter
   that has none of its own. `records` maps a class's qualified name (`module.f.<locals>.State`) to
   its record id.
2. `lower_program(requests, modules, types, records, values)` gives a `LoweredProgram`: for each `Request`
   (position of the `def`/`lambda`, role, parameter types, captured values) a body or coded
   reasons; the helper functions those bodies call, to be added to `Program.functions` with role
   "helper"; the module-level constants they read, for `Program.globals`.

Names are resolved here: helpers and globals are found from the modules' own text, and where that does
not say enough, from `values`: what the wiring found that names of modules stand for. Positions are `ast`'s (line from 1, column in UTF-8 bytes), those of `def`,
`async` or `lambda`. Lowering reads Python's own `ast`, whose positions are the type checker's.
"""

from langferry.converter.lower.program import lower_program
from langferry.converter.lower.requests import (
    HeldTools,
    Helper,
    Lowered,
    LoweredProgram,
    Request,
    RunPart,
    StayingTool,
    StoreAt,
    ToldTools,
)

__all__ = [
    "HeldTools",
    "Helper",
    "Lowered",
    "LoweredProgram",
    "Request",
    "RunPart",
    "StayingTool",
    "StoreAt",
    "ToldTools",
    "lower_program",
]
