"""Records what supervisors and their agents do, for the test of them.

Run it with a Python that has langchain-openai and langgraph-supervisor, and with a seed of hashes by which
sets have the agents in their order: `PYTHONHASHSEED=1 python record.py`.
"""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "agents"))

from record_hooked import says  # type: ignore[import-not-found]  # noqa: E402
from server import Server  # type: ignore[import-not-found]  # noqa: E402

from langferry.validator.encoding import encode  # noqa: E402

HAND = "transfer_to_adder_one"

MORE = {"tasks": ["one", "ä"], "note": ""}

CASES: list[tuple[str, str, list[Any]]] = [
    ("plain", "an answer", [says("hello")]),
    (
        "plain",
        "one agent",
        [
            says(None, ("c1", HAND, {})),
            says(None, ("c2", "add", {"a": 2})),
            says("4"),
            says("It is 4."),
        ],
    ),
    (
        "plain",
        "two agents",
        [
            says("first", ("c1", HAND, {})),
            says("nothing"),
            says(None, ("c2", "transfer_to_writer", {})),
            says("äö"),
            says("done"),
        ],
    ),
    (
        "plain",
        "an agent that ends with a tool",
        [says(None, ("c1", HAND, {})), says(None, ("c2", "last", {"a": 1})), says("done")],
    ),
    ("plain", "a tool that is none", [says(None, ("c1", "nobody", {})), says("sorry")]),
    (
        "full",
        "a tool, and an agent",
        [
            says(None, ("c1", "note", {"text": "x"})),
            says(None, ("c2", "ask_adder_one", {})),
            says(None, ("c3", "add", {"a": -1})),
            says("1"),
            says("one"),
        ],
    ),
    (
        "full",
        "a call that is not the agent's",
        [
            says("both", ("c1", "ask_adder_one", {}), ("c2", "nobody", {})),
            says("5"),
            says("five"),
        ],
    ),
    (
        "silent",
        "one agent",
        [says(None, ("c1", HAND, {})), says("4"), says("It is 4.")],
    ),
    (
        "silent",
        "a call that is not the agent's",
        [says(None, ("c1", HAND, {}), ("c2", "nobody", {})), says("4"), says("It is 4.")],
    ),
    (
        "noting",
        "one agent",
        [says(None, ("c1", "transfer_to_noter", {})), says("a"), says("b")],
    ),
    (
        "noting",
        "a call that is not the agent's",
        [
            says(None, ("c1", "transfer_to_noter", {}), ("c2", "nobody", {})),
            says("a"),
            says("b"),
        ],
    ),
    ("one_way", "one agent", [says(None, ("c1", "transfer_to_writer", {})), says("a"), says("b")]),
]


async def recorded(name: str, graph: Any, replies: list[Any], server: Server) -> dict[str, Any]:
    """What is shown and asked in a run."""
    server.replies, server.asked = list(replies), []
    more = MORE if name == "noting" else {}
    given = {"messages": [("human", "How much?")]} | more
    shown = []
    async for mode, chunk in graph.astream(given, stream_mode=["values", "updates"]):
        shown.append([mode, encode(chunk)])
    return {"replies": replies, "given": more, "requests": server.asked, "shown": shown}


def main() -> None:
    """Write `recorded.json`."""
    # the package keeps the names of agents in a set
    assert list({"Adder One", "writer"}) == ["Adder One", "writer"], "another PYTHONHASHSEED"
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{server.server_address[1]}/v1"
        import program  # type: ignore[import-not-found]

        found = [
            {"graph": graph, "name": f"{graph}: {name}"}
            | asyncio.run(recorded(graph, getattr(program, graph), replies, server))
            for graph, name, replies in CASES
        ]
        server.shutdown()
    text = ",\n".join(json.dumps(case, ensure_ascii=False) for case in found)
    (HERE / "recorded.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
