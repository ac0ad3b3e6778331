"""Objects of classes of tools: run by a node, asked by another, and told of."""

import json
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from pydantic import BaseModel, Field


class SearchInput(BaseModel):
    """What is looked for."""

    query: str = Field(description="The query")
    top: int = Field(default=2, description="How many")


class Search(BaseTool):
    """Not told."""

    name: str = "search"
    description: str = "  Looks for a text.\n  In vain. "
    args_schema: type[BaseModel] = SearchInput

    def _run(self, query: str, top: int = 7) -> str:
        """Runs."""
        if not query:
            raise ValueError("nothing to look for")
        return f"{self.name}: {query} " + " ".join(str(number) for number in range(top))

    async def _arun(self, query: str, top: int = 7) -> str:
        return self._run(query, top=top)


class FinalInput(BaseModel):
    owner: str | None = Field(default=None, description="Who")
    result: dict[str, Any] | None = None


class Final(BaseTool):
    name: str = "final_answer"
    description: str = "Ends it."
    args_schema: type[BaseModel] = FinalInput

    def _run(self, owner: str | None = None, result: dict[str, Any] | None = None) -> str:
        return json.dumps({"owner": owner, "result": result})

    async def _arun(self, *args, **kwargs) -> str:
        return self._run(*args, **kwargs)


search = Search()


class State(MessagesState):
    """What is asked for, and what came of it."""

    calls: list
    queries: list
    shown: list


def ask(state: State) -> dict:
    found = []
    for query in state["queries"]:
        try:
            found.append(search.invoke(query))
        except Exception as error:
            found.append(f"{type(error).__name__} {error}")
    found.append(search.invoke({"query": "q"}))
    return {"messages": [AIMessage("", tool_calls=state["calls"], id="1")], "shown": found}


graph = StateGraph(State)
graph.add_node("ask", ask)
graph.add_node("tools", ToolNode([search, Final()]))
graph.add_edge(START, "ask")
graph.add_edge("ask", "tools")
graph.add_edge("tools", END)
app = graph.compile()
