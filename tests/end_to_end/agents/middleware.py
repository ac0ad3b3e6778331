"""Middleware and prompts of the agents in `program.py`, of every kind that a program writes itself."""

from typing import Annotated, Any, NotRequired

from langchain.agents.middleware import (
    AgentMiddleware,
    AgentState,
    after_agent,
    after_model,
    before_model,
    hook_config,
)
from langchain.agents.middleware.types import PrivateStateAttr
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import tool
from langgraph.graph import MessagesState
from langgraph.prebuilt.chat_agent_executor import AgentState as StepsState
from langgraph.runtime import Runtime


class OwnSteps(MessagesState, total=False):
    """A state that counts steps itself, or does not."""

    remaining_steps: int


class CountedState(AgentState):
    """How often the model was asked, which callers see, and how much it was told, which they do not."""

    rounds: NotRequired[int]
    told: NotRequired[Annotated[int, PrivateStateAttr]]


@tool
def double(a: int) -> int:
    """Doubles."""
    return a * 2


class Counting(AgentMiddleware[CountedState]):
    """Counts rounds, and ends a run after some."""

    state_schema = CountedState

    def __init__(self, most: int) -> None:
        self.most = most
        self.tools = [double]

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: CountedState, runtime: Runtime) -> dict[str, Any] | None:
        """Counts one, or ends the run."""
        if state.get("rounds", 0) >= self.most:
            return {"jump_to": "end", "messages": [AIMessage("enough")]}
        return {"rounds": state.get("rounds", 0) + 1, "told": len(state["messages"])}

    def after_agent(self, state: CountedState, runtime: Runtime) -> dict[str, Any]:
        """Says how often the model was asked."""
        return {"messages": [HumanMessage(f"{state['rounds']} rounds, {state['told']} told")]}


class Guard(AgentMiddleware):
    """Lets nobody ask for what is forbidden."""

    name = "guard"

    @hook_config(can_jump_to=["end"])
    def before_agent(self, state: AgentState, runtime: Runtime) -> dict[str, Any] | None:
        """Ends a run that asks for it."""
        if "forbidden" in state["messages"][-1].content:
            return {"messages": [AIMessage("I cannot help.")], "jump_to": "end"}
        return None

    async def aafter_model(self, state: AgentState, runtime: Runtime) -> dict[str, Any] | None:
        """Is asked after the model, whatever it said."""
        return None

    def after_model(self, state: AgentState, runtime: Runtime) -> dict[str, Any] | None:
        """Is asked after the model, whatever it said."""
        return None


@before_model
def look(state: AgentState, runtime: Runtime) -> None:
    """Looks and says nothing."""


@before_model(can_jump_to=["end", "model"])
def trim(state: AgentState, runtime: Runtime) -> dict[str, Any] | None:
    """Adds a word before the model is asked."""
    if len(state["messages"]) == 1:
        return {"messages": [HumanMessage("please")], "jump_to": "model"}
    return None


@after_model(can_jump_to=["model", "end"])
def retry(state: AgentState, runtime: Runtime) -> dict[str, Any] | None:
    """Asks again where the answer is no answer, and goes no further where it is a secret."""
    said = state["messages"][-1].content
    if said == "hm":
        return {"jump_to": "model", "messages": [HumanMessage("Again.")]}
    if said == "secret":
        return {"jump_to": "end"}
    return None


@after_agent
async def close(state: AgentState, runtime: Runtime) -> dict[str, Any]:
    """Says goodbye."""
    return {"messages": [AIMessage("bye")]}


def counted(state: AgentState) -> list[BaseMessage]:
    """Says how many messages there are."""
    return [SystemMessage(f"{len(state['messages'])} messages."), *state["messages"]]


def in_dicts(state):  # type: ignore[no-untyped-def]  # as many programs write it
    """Says something in a dict."""
    return [{"role": "system", "content": "Be brief."}] + state["messages"]


def stepped(state: StepsState) -> list[BaseMessage]:
    """Says how many steps are left."""
    return [SystemMessage(f"{state['remaining_steps']} steps."), *state["messages"]]


class NamedState(StepsState):
    """A state that knows who asks."""

    user: str


def to_user(state: NamedState) -> list[BaseMessage]:
    """Says who asks."""
    return [SystemMessage(f"{state['user']} asks."), *state["messages"]]


def to_user_of_config(state: NamedState, config: RunnableConfig) -> list[BaseMessage]:
    """Says who asks, and in which language."""
    language = config["configurable"]["language"]
    told = f"{state['user']} asks in {language}, {state['remaining_steps']} steps."
    return [SystemMessage(told), *state["messages"]]


def about(subject: str, state: StepsState) -> list:
    """Says what it is about, and all of the state."""
    told = {"role": "system", "content": f"{subject}: {list(state)} {state['remaining_steps']}."}
    return [told] + state["messages"]
