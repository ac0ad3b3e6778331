"""`interrupt(response_schema=...)`: what clients are shown, and which answers are refused."""

import asyncio
import dataclasses
from typing import Any, TypedDict

import pydantic
import pytest
from typing_extensions import TypedDict as AnyPythonsTypedDict

from langferry.compat.errors import is_invalid_resume

from .faces import OURS, same
from .test_interrupts import THREAD, one_node, resume


class Model(pydantic.BaseModel):
    approved: bool


@dataclasses.dataclass
class Record:
    approved: bool


class Fields(AnyPythonsTypedDict):
    approved: bool


SCHEMA = {"type": "object", "properties": {"approved": {"type": "boolean"}}}


def asking(schema: Any) -> Any:
    def node(api: Any) -> Any:
        def ask(state: Any) -> Any:
            first = api.interrupt("first")
            return {"log": [f"{first} {api.interrupt('ok?', response_schema=schema)!r}"]}

        return ask

    return one_node(node)


@pytest.mark.parametrize("schema", [SCHEMA, Model, Record, Fields, list[int], bool | None])
def test_a_question_tells_its_schema_and_checks_its_answer(schema: Any) -> None:
    answers = [{"approved": "maybe"}, {"approved": "yes"}, ["1"], True]
    same(asking(schema), {"x": 0}, resume(1), *map(resume, answers), config=THREAD)


@pytest.mark.parametrize("face", OURS.values(), ids=OURS)
def test_a_refused_answer_leaves_the_question_open(face: Any) -> None:
    graph = asking(Model)(face)
    graph.invoke({"x": 0}, THREAD)
    graph.invoke(face.Command(resume="first"), THREAD)
    (asked,) = graph.get_state(THREAD).interrupts
    with pytest.raises(pydantic.ValidationError, match="approved") as refused:
        graph.invoke(face.Command(resume={asked.id: {}}), THREAD)
    assert is_invalid_resume(refused.value)
    assert graph.get_state(THREAD).interrupts == (asked,)
    result = graph.invoke(face.Command(resume={asked.id: {"approved": 1}}), THREAD)
    assert result["log"] == ["first Model(approved=True)", "after"]


@pytest.mark.parametrize("face", OURS.values(), ids=OURS)
def test_tasks_beside_a_refusal_finish(face: Any) -> None:
    class State(TypedDict, total=False):
        sent: str
        checked: str

    async def send(state: State) -> Any:
        face.interrupt("send?")
        await asyncio.sleep(0.05)
        return {"sent": "yes"}

    def check(state: State) -> Any:
        return {"checked": repr(face.interrupt("check?", response_schema=Model))}

    builder = face.StateGraph(State)
    for node in (send, check):
        builder.add_node(node).add_edge(face.START, node.__name__)
    graph = builder.compile(checkpointer=face.InMemorySaver())

    async def run() -> Any:
        await graph.ainvoke({}, THREAD)
        ids = {asked.value: asked.id for asked in graph.get_state(THREAD).interrupts}
        answers = {ids["send?"]: "go", ids["check?"]: {"approved": "perhaps"}}
        with pytest.raises(pydantic.ValidationError):
            await graph.ainvoke(face.Command(resume=answers), THREAD)
        assert [asked.value for asked in graph.get_state(THREAD).interrupts] == ["check?"]
        return await graph.ainvoke(face.Command(resume={"approved": True}), THREAD)

    assert asyncio.run(run()) == {"sent": "yes", "checked": "Model(approved=True)"}
