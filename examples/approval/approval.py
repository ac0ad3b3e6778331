"""Expense approval: rules decide the small ones, a person decides the rest, then pay or reject."""

import operator
from typing import Annotated, Any, Literal

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

AUTO_LIMIT = 100.0
RATES = {"EUR": 1.0, "USD": 0.92, "GBP": 1.17}


class Expense(TypedDict):
    item: str
    amount: float
    currency: str


class ApprovalState(TypedDict):
    employee: str
    expenses: list[Expense]
    total: float
    status: Literal["new", "approved", "rejected", "paid"]
    approver: str
    questions: Annotated[list[str], operator.add]
    audit: Annotated[list[str], operator.add]


def add_up(state: ApprovalState) -> dict[str, Any]:
    """Convert every line to euros and add up."""
    total = 0.0
    for expense in state["expenses"]:
        rate = RATES.get(expense["currency"])
        if rate is None:
            raise KeyError(expense["currency"])
        total += expense["amount"] * rate
    total = round(total, 2)
    return {
        "total": total,
        "status": "new",
        "audit": [f"{state['employee']} claims EUR {total:,.2f}"],
    }


def check_rules(state: ApprovalState) -> Command[Literal["human_review", "pay"]]:
    """Small claims pass; everything else needs a person."""
    if state["total"] <= AUTO_LIMIT:
        return Command(
            update={"status": "approved", "approver": "rules", "audit": ["auto-approved"]},
            goto="pay",
        )
    return Command(goto="human_review")


def human_review(state: ApprovalState) -> Command[Literal["pay", "reject", "human_review"]]:
    """Ask a person; an answer that is a question is recorded and asked again."""
    answer = interrupt(
        {
            "question": f"Approve EUR {state['total']:.2f} for {state['employee']}?",
            "expenses": [e["item"] for e in state["expenses"]],
            "asked_before": len(state["questions"]),
        }
    )
    decision = str(answer["decision"]).strip().lower()
    who = answer.get("by", "unknown")
    if decision == "approve":
        reason = interrupt("Reason for the files?")
        return Command(
            update={
                "status": "approved",
                "approver": who,
                "audit": [f"approved by {who}: {reason}"],
            },
            goto="pay",
        )
    if decision.endswith("?"):
        return Command(
            update={"questions": [decision], "audit": [f"{who} asks {decision!r}"]},
            goto="human_review",
        )
    return Command(
        update={"status": "rejected", "approver": who, "audit": [f"rejected by {who}"]},
        goto="reject",
    )


def pay(state: ApprovalState) -> dict[str, Any]:
    fee = max(0.35, state["total"] * 0.002)
    return {
        "status": "paid",
        "audit": [f"paid {state['total'] - fee:.2f} after a fee of {fee:.2f}"],
    }


def reject(state: ApprovalState) -> dict[str, Any]:
    items = ", ".join(sorted({e["item"] for e in state["expenses"]}))
    return {"audit": [f"returned to {state['employee']}: {items}"]}


builder = StateGraph(ApprovalState)
builder.add_node("add_up", add_up)
builder.add_node("check_rules", check_rules)
builder.add_node("human_review", human_review)
builder.add_node("pay", pay)
builder.add_node("reject", reject)
builder.add_edge(START, "add_up")
builder.add_edge("add_up", "check_rules")
builder.add_edge("pay", END)
builder.add_edge("reject", END)

graph = builder.compile(checkpointer=InMemorySaver())


if __name__ == "__main__":
    config = {"configurable": {"thread_id": "demo"}}
    expenses = [{"item": "train", "amount": 180.5, "currency": "GBP"}]
    paused = graph.invoke({"employee": "Ada", "expenses": expenses}, config)
    print(paused["__interrupt__"][0].value["question"])
    graph.invoke(Command(resume={"decision": "approve", "by": "Grace"}), config)
    done = graph.invoke(Command(resume="conference"), config)
    print("\n".join(done["audit"]))
