"""Tests of the approval program as its users wrote them: against the module, whatever it is made of."""

import asyncio

from langgraph.types import Command

from approval import graph

EXPENSES = [{"item": "train", "amount": 180.5, "currency": "GBP"}]


def test_small_claims_pass():
    small = {"employee": "Ada", "expenses": [{"item": "taxi", "amount": 20, "currency": "EUR"}]}
    done = graph.invoke(small, {"configurable": {"thread_id": "small"}})
    assert done["status"] == "paid"
    assert "__interrupt__" not in done


def test_a_person_is_asked_twice():
    config = {"configurable": {"thread_id": "asked"}}
    paused = graph.invoke({"employee": "Ada", "expenses": EXPENSES}, config)
    (question,) = paused["__interrupt__"]
    assert question.value["question"] == "Approve EUR 211.18 for Ada?"
    again = graph.invoke(Command(resume={"decision": "approve", "by": "Grace"}), config)
    assert again["__interrupt__"][0].value == "Reason for the files?"
    done = graph.invoke(Command(resume="conference"), config)
    assert done["audit"][1] == "approved by Grace: conference"
    assert done["status"] == "paid"


def test_answers_can_be_given_by_id():
    config = {"configurable": {"thread_id": "by-id"}}
    paused = graph.invoke({"employee": "Ada", "expenses": EXPENSES}, config)
    answers = {paused["__interrupt__"][0].id: {"decision": "no"}}
    done = asyncio.run(graph.ainvoke(Command(resume=answers), config))
    assert done["status"] == "rejected"


def test_the_question_is_streamed():
    config = {"configurable": {"thread_id": "streamed"}}
    chunks = list(graph.stream({"employee": "Ada", "expenses": EXPENSES}, config))
    asked = chunks[-1]["__interrupt__"]
    assert isinstance(asked, tuple)
    assert asked[0].value["asked_before"] == 0


def test_none_goes_on_where_the_thread_stopped():
    config = {"configurable": {"thread_id": "goes-on"}}
    graph.invoke({"employee": "Ada", "expenses": EXPENSES}, config)
    again = graph.invoke(None, config)
    assert again["__interrupt__"][0].value["asked_before"] == 0
