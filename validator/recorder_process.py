"""A process that has imported an engine, and records one program after another with it.

    python -P -m langferry.validator.recorder_process langgraph|shim|python

Each line of standard input is a `Job`, each line of standard output the `Answer` to it. LangGraph takes two
seconds to import and a small program a tenth of that to run: each is imported and run in a fork.
"""

import argparse
import atexit
import contextlib
import os
import sys
from pathlib import Path

import msgspec

from langferry.diagnostics import Failure
from langferry.validator.forks import Died, in_fork
from langferry.validator.jobs import Answer, Job
from langferry.validator.record import ENGINES, Engine, Recorder, Summary, engine_types


def main() -> None:
    """Answer every job until there are no more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    engine = parser.parse_args().engine
    # what the programs print is no answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    jobs = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    # an engine that is not there is told of by each job that wants it
    with contextlib.suppress(Failure):
        engine_types(engine)
    for line in jobs:
        answer = _answer(engine, msgspec.json.decode(line, type=Job))
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()


def _answer(engine: Engine, job: Job) -> Answer:
    try:
        return Answer(summary=in_fork(lambda: _record(engine, job), Summary))
    except Failure as failure:
        return Answer(problem=failure.diagnostic)
    except Died as death:
        return Answer(status=death.status)


def _record(engine: Engine, job: Job) -> Summary:
    os.dup2(os.open(job.said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), sys.stderr.fileno())
    os.chdir(job.directory)
    os.environ.clear()
    os.environ.update((os.fsdecode(k), os.fsdecode(v)) for k, v in job.environment)
    try:
        return Recorder(engine, Path(job.program), job.cases, job.name).record(Path(job.out))
    finally:
        # as where a program ends: what it has started is not there for the next
        atexit._run_exitfuncs()


if __name__ == "__main__":
    main()
