"""Nodes and routers that are methods of objects."""

from typing import TypedDict

from langgraph.graph import END, START, StateGraph


class State(TypedDict, total=False):
    question: str
    words: list[str]
    answer: str
    tries: int


class Base:
    greeting = "hello"
    limit = 2

    def _numbered(self, words: list[str], start: int = 1) -> list[str]:
        return [f"{i}:{word}" for i, word in enumerate(words, start)]

    def _shown(self, text: str) -> str:
        return f"base {text}"


class Agent(Base):
    limit = 3

    def __init__(self, name: str, verbose: bool = False):
        self.name = name
        self.verbose = verbose
        self.graph = self._build()

    @staticmethod
    def _clean(text: str) -> str:
        return text.strip().lower()

    def _say(self, text: str) -> None:
        if self.verbose:
            print(f"[{self.name}] {text}")

    def _shown(self, text: str) -> str:
        return f"{self.greeting} {text}"

    def split(self, state: State) -> dict:
        self._say("splitting")
        words = self._clean(state["question"]).split()
        return {"words": self._numbered(words), "tries": state.get("tries", 0) + 1}

    def respond(self, state: State):
        self._say(f"answering in {state['tries']}")
        return {"answer": self._shown(", ".join(self._numbered(state["words"], start=7)))}

    def enough(self, state: State) -> str:
        return "respond" if state["tries"] >= self.limit else "split"

    def ended(self, state: State) -> str | None:
        if not state["words"]:
            return None
        return END

    def _build(self):
        graph = StateGraph(State)
        graph.add_node("split", self.split)
        graph.add_node("respond", self.respond)
        graph.add_edge(START, "split")
        graph.add_conditional_edges("split", self.enough, ["split", "respond"])
        graph.add_conditional_edges("respond", self.ended)
        return graph.compile()


app = Agent("ann", verbose=True).graph
