"""Runs an agent of each third-party package with a model that is none; prints what each answers.

Run with a Python that has the packages; with `shim` as its argument on langferry's engine, otherwise on
LangGraph.
"""

import asyncio
import json
import sys
from typing import Any

if sys.argv[1:] == ["shim"]:
    import langferry.compat

    langferry.compat.install()

from deepagents import create_deep_agent
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ToolCallLimitMiddleware
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph_supervisor import create_supervisor
from langgraph_swarm import create_handoff_tool, create_swarm


class Model(GenericFakeChatModel):
    """Says what it was told to say."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> "Model":
        """The model itself: it knows what to call."""
        return self


def says(*messages: AIMessage) -> Model:
    """A model that says these messages."""
    return Model(messages=iter(messages))


def calls(tool: str, **args: Any) -> AIMessage:
    """A message that calls a tool."""
    return AIMessage("", tool_calls=[{"name": tool, "args": args, "id": f"call-{tool}"}])


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


class Counting(AgentMiddleware):
    """Counts the model's answers."""

    def __init__(self) -> None:
        self.answers = 0

    def after_model(self, state: Any, runtime: Any) -> None:
        """Count one."""
        self.answers += 1


def langchain_agent() -> Any:
    """An agent with a tool and middleware."""
    counting = Counting()
    limit = ToolCallLimitMiddleware(run_limit=3)
    model = says(calls("add", a=1, b=2), AIMessage("it is 3"))
    return create_agent(model, [add], middleware=[counting, limit], checkpointer=InMemorySaver())


def deep_agent() -> Any:
    """An agent with files and a plan."""
    model = says(calls("write_file", file_path="/a.txt", content="hello"), AIMessage("written"))
    return create_deep_agent(model, checkpointer=InMemorySaver())


def supervisor() -> Any:
    """One agent that hands over to another."""
    expert = create_agent(says(calls("add", a=2, b=2), AIMessage("4")), [add], name="expert")
    model = says(calls("transfer_to_expert"), AIMessage("the expert says 4"))
    return create_supervisor([expert], model=model).compile(checkpointer=InMemorySaver())


def swarm() -> Any:
    """Two agents, one of which hands over to the other."""
    alice = create_agent(
        says(calls("transfer_to_bob"), AIMessage("never said")),
        [create_handoff_tool(agent_name="bob")],
        name="alice",
    )
    bob = create_agent(says(AIMessage("bob here")), [add], name="bob")
    return create_swarm([alice, bob], default_active_agent="alice").compile(
        checkpointer=InMemorySaver()
    )


AGENTS = {
    "langchain": langchain_agent,
    "deepagents": deep_agent,
    "langgraph-supervisor": supervisor,
    "langgraph-swarm": swarm,
}


def _told(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(message.type, str(message.content)) for message in result["messages"]]


def main() -> None:
    """Print, as JSON, the messages of each agent run synchronously and with asyncio."""
    config: Any = {"configurable": {"thread_id": "1"}}
    given: Any = {"messages": [("human", "please")]}
    told = {}
    for name, build in AGENTS.items():
        told[name] = [
            _told(build().invoke(given, config)),
            _told(asyncio.run(build().ainvoke(given, config))),
        ]
    if sys.argv[1:] == ["shim"]:
        # no module of the real core has come in by another way
        import langgraph.pregel

        assert langgraph.pregel.__name__ == "langferry.compat.pregel"
    print(json.dumps(told))


if __name__ == "__main__":
    main()
