"""Seeds faults into a Program model, one at a time, to find out whether a program's cases see them.

    for fault in faults(program):
        fault.program            # the whole model with this one fault in it

A fault is what a wrong conversion could look like: another constant, a turned comparison, a write
too few, an edge that leads elsewhere. `langferry.validator.judge` runs the crates made of them.
"""

from langferry.mutation.fault import Fault, faults

__all__ = ["Fault", "faults"]
