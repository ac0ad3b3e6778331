"""Nodes that read objects of settings: from the environment, by default, one within another."""

import os
from pathlib import Path
from typing import Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from pydantic import Field, SecretStr, computed_field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

os.environ["LANGFERRY_TEST_LIMIT"] = " 7 "
os.environ["langferry_test_loud"] = "Yes"  # noqa: SIM112
os.environ["LANGFERRY_TEST_LEVEL"] = "high"
os.environ["LANGFERRY_TEST_OTHER"] = "taken"


class Place(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="LANGFERRY_TEST_PLACE_", extra="ignore")

    host: str = "localhost"
    port: int = Field(default=80, ge=1, le=65535, description="where it listens")
    folder: Path = Field(default=Path("target/settings/made"))

    @computed_field
    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @model_validator(mode="after")
    def make_folder(self) -> "Place":
        """Makes it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self


class Options(BaseSettings):
    limit: int = Field(3, gt=0)
    loud: bool = False
    heat: float = 1
    name: str | None = None
    level: Literal["low", "high"] = "low"
    key: SecretStr = SecretStr("secret")
    aliased: str = Field("mine", validation_alias="LANGFERRY_TEST_OTHER")
    place: Place = Field(default_factory=Place)

    class Config:
        env_prefix = "langferry_test_"

    def shout(self, text: str) -> str:
        return text.upper() if self.loud else text


options = Options()
URL = options.place.url + "/" + options.level


class State(TypedDict, total=False):
    text: str
    lines: list[str]


def read(state: State):
    text = options.shout(state["text"])
    return {"lines": [text, options.aliased, f"{options.limit * 2} {options.heat} {options.name}"]}


def reach(state: State):
    if options.name is None and options.place.port < 100:
        return {"lines": [*state["lines"], URL]}
    return {"lines": [options.place.host]}


graph = StateGraph(State)
graph.add_node(read)
graph.add_node(reach)
graph.add_edge(START, "read")
graph.add_edge("read", "reach")
graph.add_edge("reach", END)
app = graph.compile()
