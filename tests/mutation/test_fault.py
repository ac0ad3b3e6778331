"""The faults of a whole program."""

from langferry.model import decode, encode
from langferry.model.program import Program
from langferry.mutation import faults
from tests.codegen import programs


def _program() -> Program:
    return programs.greeting()


def test_every_fault_makes_another_program_that_is_still_a_model() -> None:
    program = _program()
    found = list(faults(program))
    assert found
    made = [encode(fault.program) for fault in found]
    assert encode(program) not in made
    assert len(set(made)) == len(made)
    assert all(decode(data) == fault.program for data, fault in zip(made, found, strict=True))
    assert all(fault.span.file == programs.PATH for fault in found)
