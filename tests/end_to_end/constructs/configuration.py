"""Classes that read the run's config, as the templates of LangGraph have them."""

import os
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Literal, TypedDict

from langchain_core.runnables import RunnableConfig, ensure_config
from langgraph.graph import END, START, StateGraph
from pydantic import BaseModel, Field

STYLE = "plain"


class State(TypedDict, total=False):
    told: str
    tries: int


@dataclass(kw_only=True)
class Base:
    style: str = field(default=STYLE, metadata={"description": "How it is said."})
    words: list[str] = field(default_factory=list)

    @classmethod
    def from_runnable_config(cls, config: RunnableConfig | None = None):
        config = ensure_config(config)
        configurable = config.get("configurable") or {}
        _fields = {f.name for f in fields(cls) if f.init}
        return cls(**{k: v for k, v in configurable.items() if k in _fields})


@dataclass(kw_only=True)
class Voice(Base):
    name: Annotated[str, {"kind": "name"}]
    volume: float = 0.5


class Limits(BaseModel):
    """What is read of the environment first."""

    most: int = Field(default=3, metadata={"description": "How often."})
    ratio: float = 1
    kind: Literal["short", "long"] = "short"
    note: str | None = None
    quiet: bool = Field(False, title="Quiet")

    @classmethod
    def from_runnable_config(cls, config: RunnableConfig | None = None) -> "Limits":
        configurable = config["configurable"] if config and "configurable" in config else {}
        raw_values: dict[str, Any] = {
            name: os.environ.get("CONSTRUCTS_" + name.upper(), configurable.get(name))
            for name in cls.model_fields
        }
        values = {k: v for k, v in raw_values.items() if v is not None}
        return cls(**values)


@dataclass
class Pair:
    left: int
    right: int = 2

    @classmethod
    def from_runnable_config(cls, config: RunnableConfig | None = None):
        configurable = (config.get("configurable") or {}) if config else {}
        names = {f.name for f in fields(cls) if f.init}
        return cls(**{k: v for k, v in configurable.items() if k in names})

    @classmethod
    def plain(cls) -> "Pair":
        return cls(1, right=3)


def _told(config: RunnableConfig, *, ending: str) -> str:
    voice = Voice.from_runnable_config(config)
    return f"{voice.name} {voice.style} {voice.words} {voice.volume}{ending}"


def speak(state: State, config: RunnableConfig) -> dict:
    return {"told": _told(config, ending="!"), "tries": state.get("tries", 0) + 1}


def limit(state: State, config: RunnableConfig) -> dict:
    limits = Limits.from_runnable_config(config)
    if config and "configurable" in config:
        kind = limits.kind
    else:
        raise ValueError("no config")
    shown = f"{limits.most} {limits.ratio} {kind} {limits.note} {limits.quiet}"
    return {"told": f"{state['told']} {shown}"}


def pair(state: State, *, config: RunnableConfig) -> dict:
    given, plain = Pair.from_runnable_config(config), Pair.plain()
    return {"told": f"{state['told']} {given.left} {given.right} {plain.left} {plain.right}"}


def again(state: State, config: RunnableConfig) -> str:
    limits = Limits.from_runnable_config(config)
    return END if limits.quiet or state["tries"] >= limits.most else "speak"


graph = StateGraph(State)
graph.add_node("speak", speak)
graph.add_node("limit", limit)
graph.add_node("pair", pair)
graph.add_edge(START, "speak")
graph.add_edge("speak", "limit")
graph.add_edge("limit", "pair")
graph.add_conditional_edges("pair", again)
app = graph.compile()
