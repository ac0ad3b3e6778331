"""Summarise documents in parallel: split, map each chunk with Send, reduce with a custom reducer."""

import operator
from typing import Annotated

from langgraph.constants import END, START
from langgraph.graph import StateGraph
from langgraph.types import Send
from typing_extensions import TypedDict

STOP_WORDS = {"the", "a", "an", "and", "of", "to", "in", "is", "it", "that"}
CHUNK_SIZE = 12


def merge_counts(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    """Add the counts of two word tables, keeping the order of first sight."""
    merged = dict(left)
    for word, count in right.items():
        merged[word] = merged.get(word, 0) + count
    return merged


class OverallState(TypedDict):
    documents: list[str]
    top: int
    counts: Annotated[dict[str, int], merge_counts]
    lengths: Annotated[list[int], operator.add]
    longest: Annotated[str, lambda a, b: b if len(b) > len(a) else a]
    summary: str


class ChunkState(TypedDict):
    document: int
    words: list[str]


def plan(state: OverallState) -> dict:
    """Refuse an empty batch early."""
    if not state["documents"]:
        raise ValueError("no documents to summarise")
    return {"lengths": []}


def split(state: OverallState) -> list[Send]:
    """One task per chunk of CHUNK_SIZE words."""
    sends = []
    for number, document in enumerate(state["documents"]):
        words = document.split()
        for start in range(0, len(words), CHUNK_SIZE):
            chunk = words[start : start + CHUNK_SIZE]
            sends.append(Send("count_words", {"document": number, "words": chunk}))
    return sends


def normalise(word: str) -> str:
    return word.strip(".,;:!?\"'()").lower()


def count_words(chunk: ChunkState) -> dict:
    """Count the words of one chunk that carry meaning."""
    kept = [normalise(word) for word in chunk["words"]]
    kept = [word for word in kept if word and word not in STOP_WORDS]
    counts: dict[str, int] = {}
    for word in kept:
        counts[word] = counts.get(word, 0) + 1
    longest = max(kept, key=len, default="")
    return {"counts": counts, "lengths": [len(kept)], "longest": longest}


def summarise(state: OverallState) -> dict:
    """The most frequent words first, ties in alphabetical order."""
    ranked = sorted(state["counts"].items(), key=lambda item: (-item[1], item[0]))
    top = ranked[: state["top"]]
    total = sum(state["lengths"])
    parts = [f"{word} x{count} ({count / total:.1%})" for word, count in top]
    return {
        "summary": f"{total:,} words in {len(state['lengths'])} chunks: "
        + ", ".join(parts)
        + f"; longest {state['longest']!r}"
    }


builder = StateGraph(OverallState)
builder.add_node(plan)
builder.add_node(count_words)
builder.add_node(summarise)
builder.add_edge(START, "plan")
builder.add_conditional_edges("plan", split, ["count_words"])
builder.add_edge("count_words", "summarise")
builder.add_edge("summarise", END)

graph = builder.compile()


if __name__ == "__main__":
    text = "The quick brown fox jumps over the lazy dog and the dog is not amused. " * 3
    print(graph.invoke({"documents": [text, "It is a dog."], "top": 3})["summary"])
