"""Triage support tickets: classify, score urgency, set a due date, draft and revise a reply."""

import operator
import re
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, TypedDict

from jinja2 import Template
from langgraph.graph import END, START, StateGraph

ORDER_ID = re.compile(r"\b(?:order|ORD)[\s#-]*(\d{4,8})\b", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")

KEYWORDS = {
    "billing": ["refund", "invoice", "charge", "payment"],
    "shipping": ["delivery", "late", "package", "tracking"],
    "technical": ["error", "crash", "bug", "login"],
}
RESPONSE_DAYS = {"high": 1, "medium": 3, "low": 5}
MAX_REVISIONS = 3

REPLY = Template(
    "Dear {{ customer }}, your {{ category }} request"
    "{% if order_id %} about order {{ order_id }}{% endif %}"
    " will be answered by {{ due }}."
)


class TicketState(TypedDict, total=False):
    subject: str
    body: str
    received: str
    customer: str
    order_id: str | None
    category: str
    score: float
    priority: Literal["high", "medium", "low"]
    due: str
    reply: str
    revisions: int
    log: Annotated[list[str], operator.add]


def extract(state: TicketState) -> dict:
    """Pull the order number and the customer's name out of the text."""
    text = state["subject"] + "\n" + state["body"]
    match = ORDER_ID.search(text)
    order_id = match.group(1) if match else None
    customer = "customer"
    email = EMAIL.search(text)
    if email:
        name = email.group(0).split("@")[0]
        customer = name.replace(".", " ").replace("_", " ").title()
    return {
        "order_id": order_id,
        "customer": customer,
        "log": [f"extracted order={order_id!r} customer={customer}"],
    }


def classify(state: TicketState) -> dict:
    """Choose the category whose keywords occur most often."""
    text = f"{state['subject']} {state['body']}".lower()
    words = re.findall(r"[a-z]+", text)
    best = "general"
    best_count = 0
    for category, keywords in KEYWORDS.items():
        count = sum(1 for word in words if word in keywords)
        if count > best_count:
            best, best_count = category, count
    return {"category": best, "log": [f"category={best} ({best_count} hits)"]}


def score_urgency(state: TicketState) -> dict:
    """Score how urgent the ticket sounds; the scale has no upper end."""
    body = state["body"]
    exclamations = body.count("!")
    shouted = [w for w in body.split() if len(w) > 2 and w.isupper()]
    score = 0.5 * exclamations + 0.75 * len(shouted)
    if state["category"] == "billing":
        score += 1.0
    if "urgent" in body.lower() or "asap" in body.lower():
        score *= 1.5
    # the thresholds come from last year's tickets
    if score >= 3:
        priority = "high"
    elif score >= 1:
        priority = "medium"
    else:
        priority = "low"
    return {
        "score": round(score, 2),
        "priority": priority,
        "log": [f"score={score:.2f} priority={priority}"],
    }


def schedule(state: TicketState) -> dict:
    """Set the due date, skipping weekends."""
    day: date = datetime.fromisoformat(state["received"]).date()
    remaining = RESPONSE_DAYS[state["priority"]]
    while remaining > 0:
        day = day + timedelta(days=1)
        if day.weekday() < 5:
            remaining -= 1
    return {"due": day.isoformat(), "log": [f"due {day:%d %b %Y}"]}


def draft_reply(state: TicketState) -> dict:
    """Render the reply with the house template."""
    text = REPLY.render(
        customer=state["customer"],
        category=state["category"],
        order_id=state.get("order_id"),
        due=state["due"],
    )
    return {"reply": text, "revisions": 0, "log": ["drafted"]}


def revise(state: TicketState) -> dict:
    """Shorten the reply a little each time."""
    replacements = [("Dear ", "Hi "), (" request", ""), (" will be answered by ", ": by ")]
    index = state["revisions"]
    old, new = replacements[index % len(replacements)]
    reply = state["reply"].replace(old, new)
    return {
        "reply": reply,
        "revisions": index + 1,
        "log": [f"revision {index + 1}: {len(reply)} characters"],
    }


def route_by_priority(state: TicketState) -> Literal["schedule", "escalate"]:
    if state["priority"] == "high" and state.get("order_id") is None:
        return "escalate"
    return "schedule"


def escalate(state: TicketState) -> dict:
    """High priority without an order number goes to a person."""
    return {
        "due": state["received"][:10],
        "log": [f"escalated {state['subject'][:20].strip()!r}"],
    }


def needs_revision(state: TicketState) -> str:
    if len(state["reply"]) > 70 and state["revisions"] < MAX_REVISIONS:
        return "revise"
    return "done"


builder = StateGraph(TicketState)
builder.add_node("extract", extract)
builder.add_node("classify", classify)
builder.add_node("score_urgency", score_urgency)
builder.add_node("schedule", schedule)
builder.add_node("escalate", escalate)
builder.add_node("draft_reply", draft_reply)
builder.add_node("revise", revise)

builder.add_edge(START, "extract")
builder.add_edge(START, "classify")
builder.add_edge(["extract", "classify"], "score_urgency")
builder.add_conditional_edges("score_urgency", route_by_priority)
builder.add_edge("schedule", "draft_reply")
builder.add_edge("escalate", "draft_reply")
builder.add_conditional_edges("draft_reply", needs_revision, {"revise": "revise", "done": END})
builder.add_conditional_edges("revise", needs_revision, {"revise": "revise", "done": END})

graph = builder.compile()

if __name__ == "__main__":
    result = graph.invoke(
        {
            "subject": "Refund for order #48213",
            "body": "I was charged twice! Please refund. jane.doe@example.com",
            "received": "2026-03-06T10:15:00",
        }
    )
    print(result["reply"])
    for line in result["log"]:
        print(" -", line)
