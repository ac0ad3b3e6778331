"""Parsers that read answers into objects of the program's classes, and say what they expect."""

import json
from typing import Literal, TypedDict

from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
from langchain_core.prompts import PromptTemplate
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field


class Stop(BaseModel):
    """A stop."""

    place: str = Field(description='its "näme"')
    days: int = Field(default=1, ge=1)


class Trip(BaseModel):
    title: str
    kind: Literal["sea", "hills"] = "sea"
    stops: list[Stop] = Field(default_factory=list)
    price: float | None = None


parser = PydanticOutputParser(pydantic_object=Trip)
prompt = PromptTemplate(
    template="Plan {what}.\n{instructions}",
    input_variables=["what"],
    partial_variables={"instructions": parser.get_format_instructions()},
)


as_json = JsonOutputParser()


class Guide(BaseModel):
    name: str
    trips: dict[str, Stop] = {}
    best: Stop | None = None
    tags: list[str] = []


class State(TypedDict, total=False):
    text: str
    told: list[str]
    trip: Trip
    titles: list[str]
    failed: str
    dumped: list[dict]
    shown: list[str]


def tell(state: State) -> dict:
    own = PydanticOutputParser(pydantic_object=Stop)
    of_json = JsonOutputParser(pydantic_object=Stop)
    template = PromptTemplate.from_template("{instructions}: {text}")
    asked = template.partial(instructions=parser.get_format_instructions())
    return {
        "told": [
            parser.get_format_instructions(),
            own.get_format_instructions(),
            of_json.get_format_instructions(),
            as_json.get_format_instructions(),
            asked.format(text=state["text"]),
            prompt.format(what=state["text"]),
        ]
    }


def read(state: State) -> dict:
    try:
        trip = parser.parse(state["text"])
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    again = parser.invoke(json.dumps({"title": trip.title}))
    stops = [f"{stop.place} {stop.days}" for stop in trip.stops]
    return {"trip": trip, "titles": [again.title, trip.kind, str(trip.price), *stops]}


def read_json(state: State) -> dict:
    of_stop = JsonOutputParser(pydantic_object=Stop)
    try:
        return {"told": [str(of_stop.parse(state["text"])), str(as_json.parse(state["text"]))]}
    except Exception as error:
        return {"told": [f"{type(error).__name__}: {error}"]}


def read_first(state: State) -> dict:
    first = PydanticOutputParser(pydantic_object=Stop).parse(state["text"])
    return {"titles": [*state.get("titles", []), first.place]}


def dump(state: State) -> dict:
    guides = PydanticOutputParser(pydantic_object=Guide)
    stop = PydanticOutputParser(pydantic_object=Stop).parse(state["text"])
    guide = guides.parse(
        json.dumps({"name": "G \x1f\u2028", "trips": {"a": {"place": stop.place}}})
    )
    full: Guide = guides.invoke(
        json.dumps({"best": {"place": "b", "days": 10**30}, "name": stop.place, "tags": ["x", "é"]})
    )
    dumped = [guide.model_dump(), full.model_dump(mode="json"), stop.model_dump(mode="python")]
    shown = [guide.model_dump_json(), full.model_dump_json(indent=2), stop.model_dump_json()]
    return {"dumped": dumped, "shown": shown}


def dump_parts(state: State) -> dict:
    trip = parser.parse(state["text"])
    first = trip.stops[0]
    try:
        return {
            "dumped": [
                *state["dumped"],
                *[stop.model_dump() for stop in trip.stops],
                first.model_dump(),
                trip.price.model_dump(),
            ]
        }
    except AttributeError as error:
        return {"failed": str(error)}


builder = StateGraph(State)
builder.add_node("tell", tell)
builder.add_node("read", read)
builder.add_node("read_first", read_first)
builder.add_edge(START, "tell")
builder.add_edge("tell", "read")
builder.add_edge("read", "read_first")
builder.add_node("dump", dump)
builder.add_node("dump_parts", dump_parts)
builder.add_edge("read_first", "dump")
builder.add_edge("dump", "dump_parts")
builder.add_node("read_json", read_json)
builder.add_edge("dump_parts", "read_json")
builder.add_edge("read_json", END)
app = builder.compile()
