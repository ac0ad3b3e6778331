"""A graph that only its own code knows."""

from langgraph.func import entrypoint, task


@task
def double(number: int) -> int:
    """One step."""
    return number * 2


@entrypoint()
def flow(numbers: list[int]) -> list[int]:
    """The graph of the functional API."""
    return [double(number).result() for number in numbers]
