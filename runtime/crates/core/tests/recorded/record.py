"""Record what LangGraph's streams show for random small graphs, for `recorded.rs` to compare with.

Usage: python record.py NUMBER_OF_CASES > cases.txt   (with LangGraph 1.2.22 installed)

A case is a graph, then runs on one thread, each with the lines the engine has to tell. Nodes log their
name; their traits are named in `node`. Results of a failing step are left out, because which of them
upstream shows depends on timing.
"""

import operator
import random
import sys
from typing import Annotated, Any, TypedDict

from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph
from langgraph.types import Command, Send, interrupt


class State(TypedDict, total=False):
    x: int
    log: Annotated[list[str], operator.add]


def show(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {show(item)}" for key, item in value.items()) + "}"
    return "[" + " ".join(value) + "]" if isinstance(value, list) else str(value)


def length(state: Any) -> int:
    return len(state["log"]) if isinstance(state, dict) else 99


def targets(names: str, size: int) -> list[Any]:
    return [
        Send(name[1:], f"s{size}") if name.startswith(">") else name for name in names.split(",")
    ]


def make_node(name: str, traits: dict[str, str]) -> Any:
    def run(state: Any) -> Any:
        size = length(state)
        if traits.get("raise") == str(size):
            raise ValueError(name)
        answers = [str(interrupt(f"{name}{i}?")) for i in range(int(traits.get("ask", 0)))]
        if "none" in traits:
            return None
        updates: list[tuple[str, Any]] = [("log", ["=".join([name, *answers])])]
        if "twice" in traits:
            updates.append(("log", [name]))
        if "x" in traits:
            updates.append(("x", size))
        limit, _, names = traits.get("goto", "0:").partition(":")
        goto = targets(names, size) if size < int(limit) else []
        return Command(update=updates, goto=goto)

    return run


def make_router(limit: int, choices: list[str]) -> Any:
    def route(state: Any) -> Any:
        size = length(state)
        return ["__end__"] if size >= limit else targets(choices[size % len(choices)], size)

    return route


def pick(rng: random.Random, names: list[str]) -> str:
    """Some targets, as `targets` reads them; a node that does not exist may be among them."""
    picked = rng.sample([*names, "__end__", "nope"], rng.randint(1, 2))
    send = [name != "__end__" and rng.random() < 0.3 for name in picked]
    return ",".join(f">{name}" if sent else name for name, sent in zip(picked, send, strict=True))


def random_graph(rng: random.Random) -> list[str]:
    names = rng.sample(["a", "b", "c", "d", "E", "f"], rng.randint(2, 6))
    raiser = rng.choice(names) if rng.random() < 0.2 else None
    lines = []
    for name in names:
        traits = []
        if rng.random() < 0.15:
            traits.append("defer")
        if rng.random() < 0.15:
            traits.append("x")
        if rng.random() < 0.15:
            traits.append("twice")
        if rng.random() < 0.08:
            traits.append("none")
        if rng.random() < 0.15:
            traits.append(f"ask={rng.randint(1, 2)}")
        if rng.random() < 0.25:
            traits.append(f"goto={rng.randint(2, 9)}:{pick(rng, names)}")
        if name == raiser:
            traits.append(f"raise={rng.randint(0, 6)}")
        lines.append(" ".join(["node", name, *traits]))
    for name in rng.sample(names, rng.randint(1, 2)):
        lines.append(f"edge __start__ {name}")
    for _ in range(rng.randint(0, len(names))):
        first, second = rng.sample(names, 2)
        if first < second or rng.random() < 0.1:
            lines.append(f"edge {first} {second}")
    if len(names) > 2 and rng.random() < 0.5:
        *sources, end = rng.sample(names, 3)
        lines.append(f"join {'+'.join(sources)} {end}")
    for name in ["__start__", *names]:
        if rng.random() < 0.2:
            choices = "|".join(pick(rng, names) for _ in range(rng.randint(1, 3)))
            lines.append(f"route {name} {rng.randint(3, 9)}:{choices}")
    lines = list(dict.fromkeys(lines))
    for when in ("before", "after"):
        if rng.random() < 0.1:
            lines.append(f"{when} {rng.choice(names)}")
    lines.append(f"limit {rng.randint(3, 12)}")
    return lines


def build(lines: list[str]) -> tuple[Any, int]:
    graph = StateGraph(State)
    stops: dict[str, list[str]] = {"before": [], "after": []}
    limit = 0
    for line in lines:
        match line.split():
            case ["node", name, *rest]:
                traits = dict(trait.partition("=")[::2] for trait in rest)
                graph.add_node(name, make_node(name, traits), defer="defer" in traits)
            case ["edge", start, end]:
                graph.add_edge(start, end)
            case ["join", starts, end]:
                graph.add_edge(starts.split("+"), end)
            case ["route", name, spec]:
                bound, _, choices = spec.partition(":")
                graph.add_conditional_edges(name, make_router(int(bound), choices.split("|")))
            case ["before" | "after" as when, name]:
                stops[when].append(name)
            case ["limit", number]:
                limit = int(number)
    return graph.compile(
        checkpointer=InMemorySaver(),
        interrupt_before=stops["before"],
        interrupt_after=stops["after"],
    ), limit


def record(graph: Any, given: Any, config: Any) -> tuple[list[str], list[str]]:
    """The lines of one run, the outcome last, and the ids of the questions it stopped at."""
    lines: list[str] = []
    asked: list[Any] = []
    stopped = False
    try:
        for mode, chunk in graph.stream(given, config, stream_mode=["values", "updates", "tasks"]):
            if mode == "values":
                questions = chunk.pop("__interrupt__", None)
                extra = f" asked ({questions[0].value})" if questions else ""
                lines.append(f"values {show(chunk)}{extra}")
            elif mode == "updates":
                cached = " cached" if chunk.pop("__metadata__", None) else ""
                ((name, update),) = chunk.items()
                if name == "__interrupt__":
                    stopped = True
                    asked.extend(update)
                    lines.append(f"interrupt ({', '.join(str(i.value) for i in update)})")
                else:
                    many = isinstance(update, list)
                    text = f"[{', '.join(map(show, update))}]" if many else show(update)
                    lines.append(f"update {name} {text}{cached}")
            elif "input" in chunk:
                triggers = "+".join(chunk["triggers"])
                lines.append(f"task {chunk['name']} {show(chunk['input'])} by {triggers}")
            else:
                writes: list[str] = []
                for key, value in chunk["result"].items():
                    each = value["$writes"] if isinstance(value, dict) else [value]
                    writes.extend(f"{key}: {show(item)}" for item in each)
                questions = [str(item["value"]) for item in chunk["interrupts"]]
                extra = f" asked ({', '.join(questions)})" if questions else ""
                lines.append(f"result {chunk['name']} {{{', '.join(writes)}}}{extra}")
        values = ", ".join(str(item.value) for item in asked)
        lines.append(f"interrupted ({values})" if stopped else "finished")
    except Exception as error:
        keep = max((i for i, line in enumerate(lines) if line.startswith("task")), default=-1)
        if type(error).__name__ != "GraphRecursionError":
            lines = lines[: keep + 1]
        message = str(error).split("\n")[0]
        lines.append(f"failed {type(error).__name__}: {message}")
        asked.clear()
    return lines, [item.id for item in asked]


def follow_up(rng: random.Random, outcome: str, names: list[str], open_: int) -> str:
    if open_ and rng.random() < 0.4:
        return f"byid {rng.randrange(open_)} V{rng.randint(0, 9)}"
    if open_ and rng.random() < 0.8:
        return f"resume V{rng.randint(0, 9)}"
    if not outcome.startswith("finished") and rng.random() < 0.6:
        return "continue"
    return rng.choice(
        [
            "input 5",
            "continue",
            f"goto {rng.choice(names)}",
            f"goto >{rng.choice(names)}",
            "update u",
        ]
    )


def start(run: str, ids: list[str]) -> Any:
    match run.split():
        case ["input", x]:
            return {"x": int(x)}
        case ["resume", value]:
            return Command(resume=value)
        case ["byid", index, value]:
            return Command(resume={ids[int(index)]: value})
        case ["goto", target]:
            return Command(goto=targets(target, 0))
        case ["update", item]:
            return Command(update={"log": [item]})
        case _:
            return None


def main() -> None:
    for seed in range(int(sys.argv[1])):
        rng = random.Random(seed)
        lines = random_graph(rng)
        names = [line.split()[1] for line in lines if line.startswith("node")]
        graph, limit = build(lines)
        config = {
            "configurable": {"thread_id": "1"},
            "recursion_limit": limit,
            "max_concurrency": 1,  # so that results come in planned order
        }
        print(f"case {seed}", *lines, sep="\n")
        run = "input 0"
        ids: list[str] = []
        for _ in range(rng.randint(1, 5)):
            told, ids = record(graph, start(run, ids), config)
            print(f"run {run}", *(f"  {line}" for line in told), sep="\n")
            run = follow_up(rng, told[-1], names, len(ids))


if __name__ == "__main__":
    main()
