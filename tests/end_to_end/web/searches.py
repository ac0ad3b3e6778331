"""Tavily's client and LangChain's tools for it, in a node and told to a model, which is asked more than once."""

import os
from typing import Annotated, Any, TypedDict

from langchain_community.tools.tavily_search import TavilySearchResults
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langchain_tavily import TavilySearch
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode, tools_condition
from pydantic import BaseModel
from tavily import InvalidAPIKeyError, TavilyClient

client = TavilyClient()
results = TavilySearchResults(max_results=2, k=3)
search = TavilySearch(max_results=1, topic="general")


@tool
def look(query: str) -> str:
    """Looks a thing up."""
    found = client.search(query, max_results=3, include_raw_content=False)
    return "\n".join(one["content"] for one in found["results"])


class State(TypedDict):
    messages: Annotated[list, add_messages]
    text: str


model = ChatOpenAI(model="gpt-4o-mini")
llm = model.bind_tools([results, search, look])


class Summary(BaseModel):
    """What was found."""

    text: str


def chain_of(asked, template: str):
    return ChatPromptTemplate.from_template(template) | asked | StrOutputParser()


told = chain_of(model, "Say it of {text}")


def either(kind: str, **others: Any) -> Any:
    if kind == "model":
        return model_of(**others)
    if kind == "own":
        return ChatOpenAI(model="gpt-4o")
    return chain_of(model, "Say {text}")


def model_of(**others: Any) -> ChatOpenAI:
    return model


def ask(state: State):
    return {"messages": [llm.invoke(state["messages"])]}


def read(state: State):
    try:
        found = results.invoke({"query": state["text"]})
        more = search.invoke(state["text"])
        return {"text": "\n".join([one["content"] for one in found]) + str(len(more["results"]))}
    except InvalidAPIKeyError as error:
        return {"text": f"{error}"}


async def wait(state: State):
    found = await results.ainvoke(state["text"])
    own = TavilyClient(api_key=os.environ["TAVILY_API_KEY"])
    return {"text": f"{found} {own.search(query=state['text']).get('results', [])}"}


async def sum_up(state: State):
    formed = model.with_structured_output(Summary).with_retry(stop_after_attempt=2)
    summary = await formed.ainvoke(state["text"])
    return {"text": f"{summary.text} {told.with_retry().invoke({'text': state['text']})}"}


def ask_either(state: State):
    asked = either(state["text"])
    if len(state["text"]) > 9:
        asked = model
    return {"text": f"{asked.invoke(state['messages'])} {either('chain', n=1).invoke({'text': 1})}"}


graph = StateGraph(State)
graph.add_node("ask", ask)
graph.add_node("tools", ToolNode(tools=[results, search]))
graph.add_node("read", read)
graph.add_node("wait", wait)
graph.add_edge(START, "ask")
graph.add_conditional_edges("ask", tools_condition, {"tools": "tools", "__end__": "read"})
graph.add_edge("tools", "ask")
graph.add_edge("read", "wait")
graph.add_node("sum_up", sum_up)
graph.add_edge("wait", "sum_up")
graph.add_node("ask_either", ask_either)
graph.add_edge("sum_up", "ask_either")
graph.add_edge("ask_either", END)
app = graph.compile()
