"""Tests of the ticket program as its users wrote them: against the module, whatever it is made of."""

import asyncio

import pytest

from ticket_triage import RESPONSE_DAYS, graph, needs_revision

REFUND = {
    "subject": "Refund for order #48213",
    "body": "I was charged twice! Please refund. jane.doe@example.com",
    "received": "2026-03-06T10:15:00",
}


def test_a_refund_is_answered_on_monday():
    result = graph.invoke(REFUND)
    assert result["order_id"] == "48213"
    assert result["customer"] == "Jane Doe"
    assert result["score"] == 1.5
    assert type(result["score"]) is float
    assert result["due"] == "2026-03-11"
    assert result["reply"].startswith("Hi Jane Doe")
    assert result["log"][1] == "extracted order='48213' customer=Jane Doe"


def test_awaited_it_is_the_same():
    assert asyncio.run(graph.ainvoke(REFUND)) == graph.invoke(REFUND)


def test_updates_are_streamed_as_they_happen():
    nodes = [next(iter(chunk)) for chunk in graph.stream(REFUND)]
    assert sorted(nodes[:2]) == ["classify", "extract"]
    assert nodes[2:5] == ["score_urgency", "schedule", "draft_reply"]


def test_several_modes_come_as_pairs():
    async def collected():
        modes = ["values", "updates"]
        return [chunk async for chunk in graph.astream(REFUND, stream_mode=modes)]

    chunks = asyncio.run(collected())
    assert {mode for mode, _ in chunks} == {"values", "updates"}
    assert [data for mode, data in chunks if mode == "values"][-1] == graph.invoke(REFUND)


def test_a_missing_body_is_a_key_error():
    with pytest.raises(KeyError) as raised:
        graph.invoke({"subject": "Nothing here", "received": "2026-03-06T10:15:00"})
    assert raised.value.args == ("body",)


def test_a_limit_of_steps_is_kept():
    from langgraph.errors import GraphRecursionError

    with pytest.raises(GraphRecursionError):
        graph.invoke(REFUND, {"recursion_limit": 3})


def test_many_at_once():
    async def all_of_them():
        return await asyncio.gather(*(graph.ainvoke(REFUND) for _ in range(20)))

    results = asyncio.run(all_of_them())
    assert all(result == results[0] for result in results)


def test_other_names_of_the_module_are_there():
    assert RESPONSE_DAYS["high"] == 1
    assert needs_revision({"reply": "x" * 71, "revisions": 0}) == "revise"
