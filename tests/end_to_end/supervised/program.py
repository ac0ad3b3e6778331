"""Supervisors of agents, in the ways in which `langgraph_supervisor` has them."""

import operator
import os
from typing import Annotated

from dotenv import load_dotenv
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import MessagesState
from langgraph.managed import RemainingSteps
from langgraph.prebuilt import create_react_agent
from langgraph_supervisor import create_supervisor

load_dotenv()
os.environ.setdefault("OPENAI_API_KEY", "k")

model = ChatOpenAI(model="gpt-4o", max_retries=0)


@tool
def add(a: int, b: int = 2) -> int:
    """Adds two numbers."""
    return a + b


@tool(return_direct=True)
def last(a: int) -> str:
    """Ends."""
    return f"last {a}"


def note(text: str) -> str:
    """Notes a text."""
    return f"noted: {text}"


class Noted(MessagesState, total=False):
    """A state with more than messages."""

    remaining_steps: RemainingSteps
    tasks: Annotated[list[str], operator.add]
    note: str


adder = create_react_agent(model, [add, last], prompt="Add.", name="Adder One")
writer = create_react_agent(model, [], name="writer")

plain = create_supervisor([adder, writer], model=model, prompt="Be kind.").compile()
full = create_supervisor(
    agents=[adder],
    model=model,
    tools=[note],
    output_mode="full_history",
    supervisor_name="The  Boss",
    handoff_tool_prefix="ask_",
    parallel_tool_calls=True,
).compile(name="office")
silent = create_supervisor(
    [adder, writer], model=ChatOpenAI(model="o3-mini"), add_handoff_messages=False
).compile()
one_way = create_supervisor([writer], model=model, add_handoff_back_messages=False).compile()
noting = create_supervisor(
    [create_react_agent(model, [], name="noter", state_schema=Noted)],
    model=model,
    state_schema=Noted,
).compile()
