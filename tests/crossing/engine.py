"""One engine in a process of its own, which does each job in a child that may be killed.

Started as `engine.py langgraph` or `engine.py shim`; reads jobs and answers them on standard input and
output, one JSON object a line. A job that ends with its process is answered with `null`.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import random
import sys
import warnings
from typing import Any, TypedDict

_DONE = object()


class Job(TypedDict):
    """What to do with one thread."""

    graph: str
    saver: str
    where: str
    thread: str
    way: str
    """`sync` or `async`."""
    dies_after: int | None
    """After how many stored things the process ends itself."""
    task: str
    """`run` to go on to the end, `tell` to tell what the thread's states say."""


def _activate(engine: str) -> None:
    if engine == "shim":
        import langferry.compat

        langferry.compat.install()
    # the savers draw a part of a version's name; the same for all, so that bytes can be compared
    random.random = lambda: 0.5


def _given(snapshot: Any, history: list[Any], turns: list[Any]) -> Any:
    """What makes a thread go on from where it is; `_DONE` if it has ended with its last turn."""
    from graphs import ANSWER
    from langgraph.types import Command

    # finished tasks of a step that has not ended show in the latest state alone
    if not history or not history[0].next:
        begun = sum(state.metadata["source"] == "input" for state in history)
        return turns[begun] if begun < len(turns) else _DONE
    if snapshot.interrupts:
        return Command(resume=ANSWER)
    return None


def _config(job: Job) -> dict[str, Any]:
    return {"configurable": {"thread_id": job["thread"]}, "metadata": {"who": "crossing"}}


def _do(job: Job) -> Any:
    import savers
    from graphs import GRAPHS

    build, turns = GRAPHS[job["graph"]]
    with savers.opened(job["saver"], job["where"], job["dies_after"]) as saver:
        graph = build(saver)
        if job["task"] == "tell":
            latest = graph.get_state(_config(job), subgraphs=True)
            history = graph.get_state_history(_config(job))
            return [_told(state) for state in (latest, *history)]
        while True:
            snapshot = graph.get_state(_config(job))
            history = list(graph.get_state_history(_config(job)))
            given = _given(snapshot, history, turns)
            if given is _DONE:
                return _plain(snapshot.values)
            graph.invoke(given, _config(job), durability="sync")


async def _ado(job: Job) -> Any:
    import savers
    from graphs import GRAPHS

    build, turns = GRAPHS[job["graph"]]
    async with savers.aopened(job["saver"], job["where"], job["dies_after"]) as saver:
        graph = build(saver)
        if job["task"] == "tell":
            latest = await graph.aget_state(_config(job), subgraphs=True)
            history = graph.aget_state_history(_config(job))
            return [_told(latest), *[_told(state) async for state in history]]
        while True:
            snapshot = await graph.aget_state(_config(job))
            history = [state async for state in graph.aget_state_history(_config(job))]
            given = _given(snapshot, history, turns)
            if given is _DONE:
                return _plain(snapshot.values)
            await graph.ainvoke(given, _config(job), durability="sync")


def _told(state: Any) -> dict[str, Any]:
    """What a state in a thread's history says."""
    return {
        "values": _plain(state.values),
        "next": state.next,
        "config": _place(state.config),
        "parent": _place(state.parent_config),
        "metadata": state.metadata,
        "tasks": [
            {
                "id": task.id,
                "name": task.name,
                "path": task.path,
                "error": repr(task.error),
                "interrupts": [(i.value, i.id) for i in task.interrupts],
                "result": _plain(task.result),
                "state": _told_within(task.state),
            }
            for task in state.tasks
        ],
    }


def _told_within(state: Any) -> Any:
    return _place(state) if state is None or isinstance(state, dict) else _told(state)


def _place(config: dict[str, Any] | None) -> dict[str, Any] | None:
    keys = ("thread_id", "checkpoint_ns", "checkpoint_id", "checkpoint_map")
    return config and {k: config["configurable"][k] for k in keys if k in config["configurable"]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.model_dump() if hasattr(value, "model_dump") else value


def _answer_in_child(job: Job) -> str:
    """The answer to a job that a child does, as JSON; `null` if the child was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            answer = _do(job) if job["way"] == "sync" else asyncio.run(_ado(job))
        except BaseException as error:
            import traceback

            answer = {"raised": repr(error), "traceback": traceback.format_exc()}
        with os.fdopen(write, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        content = pipe.read()
    os.waitpid(child, 0)
    return content or "null"


def main(engine: str) -> None:
    """Answer jobs until there are no more."""
    warnings.simplefilter("ignore")
    _activate(engine)
    # what a child would otherwise import again each time
    import graphs
    import savers

    for name in savers.MODULES.values():
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(f"{name}.aio")
    for build, _ in graphs.GRAPHS.values():
        build(None)
    # a child that collects garbage would copy all that it looks at
    gc.freeze()
    for line in sys.stdin:
        print(_answer_in_child(json.loads(line)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
