"""The agents of `runtime/crates/llm/tests/agents/cases.json`, as a program writes them."""

import os

from dotenv import load_dotenv
from forms import Step
from langchain.agents import create_agent
from langchain_core.messages import SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import ToolNode, create_react_agent
from middleware import (
    Counting,
    Guard,
    NamedState,
    OwnSteps,
    about,
    close,
    counted,
    in_dicts,
    look,
    retry,
    stepped,
    to_user,
    to_user_of_config,
    trim,
)

load_dotenv()
os.environ.setdefault("OPENAI_API_KEY", "k")

model = ChatOpenAI(model="gpt-4o", max_retries=0)


@tool
def add(a: int, b: int = 2) -> int:
    """Adds two numbers."""
    return a + b


def fail(why: str) -> str:
    """Fails."""
    raise ValueError(why)


@tool("last", return_direct=True, description="Ends.")
async def finish(a: int) -> str:
    """Is not told."""
    return f"last {a}"


everything = [add, fail, finish]

agent_three = create_agent(model, everything)
agent_named = create_agent(model, [add], system_prompt="Be kind.", name="Bob")
agent_none = create_agent("openai:gpt-4o", [])
agent_one = create_agent(model, tools=[add])
react_three = create_react_agent(model, everything)
react_named = create_react_agent(model, [add], prompt=SystemMessage("Be kind."), name="Bob")
react_none = create_react_agent(model, tools=[])
react_one = create_react_agent(model.bind_tools([add]), ToolNode([add]))
react_form_one = create_react_agent(model.bind_tools([add]), [add], response_format=Step)
react_form_none = create_react_agent(model, [], response_format=Step)
hooked_counting = create_agent(model, [add], middleware=[Counting(2), close])
hooked_guard = create_agent(model, [], middleware=[Guard()])
hooked_all = create_agent(
    model, [add, finish], system_prompt="Be kind.", middleware=[Guard(), look, trim, retry]
)
hooked_none = create_agent(model, middleware=[look, trim, retry, close])
prompted_react = create_react_agent(model, [add], prompt=counted)
prompted_none = create_react_agent(model, [], prompt=in_dicts)
prompted_lambda = create_react_agent(
    model, [add], prompt=lambda state: [SystemMessage("Be kind."), *state["messages"]]
)
prompted_about = create_react_agent(model, [add], prompt=lambda state: about("Sums", state))
prompted_steps = create_react_agent(model, [add, finish], prompt=stepped)
prompted_user = create_react_agent(model, [], prompt=to_user, state_schema=NamedState)
prompted_config = create_react_agent(
    model, [add], prompt=to_user_of_config, state_schema=NamedState
)
own_react = create_react_agent(model, [add, finish], state_schema=OwnSteps)
own_none = create_react_agent(model, [], state_schema=OwnSteps)
own_prompted = create_react_agent(
    model,
    [add],
    prompt=lambda state: [SystemMessage(f"{state['remaining_steps']}"), *state["messages"]],
    state_schema=OwnSteps,
)
messages = ("placeholder", "{messages}")
own_templated = create_react_agent(
    model,
    [add],
    prompt=ChatPromptTemplate([("system", "{remaining_steps} steps"), messages]),
    state_schema=OwnSteps,
)
templated_steps = create_react_agent(
    model,
    [add],
    prompt=ChatPromptTemplate.from_messages([("system", "{remaining_steps} steps"), messages]),
)


def templated(mood: str):  # type: ignore[no-untyped-def]  # as many programs write it
    """An agent that is told of a mood."""
    prompt = ChatPromptTemplate.from_messages([("system", "Be {mood}."), messages])
    return create_react_agent(model, [add, finish], prompt=prompt.partial(mood=mood), name="Bob")


templated_kind = templated("kind")


def made(name, url=None):  # type: ignore[no-untyped-def]  # as many programs write it
    """A model, put together by what is known only when it is made."""
    given = {"model": name, "max_retries": 0}
    if url:
        given["base_url"] = url
        given.update({"temperature": 0.5})
    return ChatOpenAI(**given)


made_near = create_agent(made("gpt-4o", os.getenv("NO_SUCH_URL")), [add])
made_far = create_react_agent(made("gpt-4o-mini", url=os.getenv("OPENAI_BASE_URL")), [add])
