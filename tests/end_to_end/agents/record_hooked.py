"""Records what agents with functions of `middleware.py` do, for the test of the agents.

Run it with the Python that records the wire tests: `python record_hooked.py`.
"""

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any

from server import Server  # type: ignore[import-not-found]

from langferry.validator.encoding import encode

HERE = Path(__file__).parent


def says(content: str | None, *calls: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """A reply of OpenAI's."""
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if calls:
        message["tool_calls"] = [
            {
                "id": id,
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(given)},
            }
            for id, name, given in calls
        ]
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {
        "body": {
            "id": "chatcmpl",
            "object": "chat.completion",
            "created": 1,
            "model": "gpt-4o",
            "choices": [choice],
        }
    }


CONFIG = {"configurable": {"language": "Latin"}}

CASES = [
    (
        "hooked_counting",
        "a middleware's tool",
        [says(None, ("c1", "double", {"a": 2})), says("4")],
        {},
    ),
    (
        "hooked_counting",
        "rounds are over",
        [says(None, ("c1", "add", {"a": 2})), says(None, ("c2", "double", {"a": 2}))],
        {},
    ),
    (
        "hooked_counting",
        "what is no input",
        [says("4")],
        {"rounds": 1, "told": 7, "jump_to": "end"},
    ),
    ("hooked_guard", "let through", [says("hello")], {}),
    ("hooked_guard", "stopped", [], {"messages": [("human", "forbidden")]}),
    ("hooked_all", "asked again", [says("hm"), says("hm"), says("good")], {}),
    ("hooked_all", "a secret", [says("secret")], {}),
    ("hooked_all", "stopped", [], {"messages": [("human", "forbidden")]}),
    (
        "hooked_all",
        "tools",
        [says(None, ("c1", "add", {"a": 1}), ("c2", "add", {"a": 3})), says("3 and 5")],
        {},
    ),
    ("hooked_all", "a last tool", [says(None, ("c1", "last", {"a": 1}))], {}),
    ("hooked_none", "asked again", [says("hm"), says("good")], {}),
    ("hooked_none", "a secret", [says("secret")], {}),
    ("prompted_react", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("prompted_none", "an answer", [says("hello")], {}),
    ("prompted_lambda", "an answer", [says("hello")], {}),
    ("prompted_about", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("prompted_steps", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("prompted_user", "an answer", [says("hello")], {"user": "Ann"}),
    ("own_react", "nothing is counted", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    (
        "own_react",
        "enough are left",
        [says(None, ("c1", "add", {"a": 2})), says(None, ("c2", "last", {"a": 2}))],
        {"remaining_steps": 2},
    ),
    ("own_react", "one is left", [says(None, ("c1", "add", {"a": 2}))], {"remaining_steps": 1}),
    ("own_react", "an answer", [says("hello")], {"remaining_steps": 1}),
    ("own_react", "none for an answer", [says("hello")], {"remaining_steps": 0}),
    ("own_react", "a last tool", [says(None, ("c1", "last", {"a": 2}))], {"remaining_steps": 0}),
    ("own_none", "nothing is counted", [says("hello")], {}),
    ("own_none", "fewer than none", [says("hello")], {"remaining_steps": -1}),
    (
        "own_prompted",
        "tools",
        [says(None, ("c1", "add", {"a": 2})), says("4")],
        {"remaining_steps": 7},
    ),
    (
        "own_templated",
        "tools",
        [says(None, ("c1", "add", {"a": 2})), says("4")],
        {"remaining_steps": 7},
    ),
    ("templated_steps", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("templated_kind", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("templated_kind", "a last tool", [says(None, ("c1", "last", {"a": 2}))], {}),
    ("prompted_config", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {"user": "Ann"}),
    ("made_near", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
    ("made_far", "tools", [says(None, ("c1", "add", {"a": 2})), says("4")], {}),
]


async def shown_by(agent: Any, given: dict[str, Any]) -> list[Any]:
    """What an agent shows."""
    shown = []
    async for mode, chunk in agent.astream(given, CONFIG, stream_mode=["values", "updates"]):
        shown.append([mode, encode(chunk)])
    return shown


def main() -> None:
    """Writes the recording."""
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["OPENAI_BASE_URL"] = f"http://127.0.0.1:{server.server_address[1]}/v1"
    import program  # type: ignore[import-not-found]

    recorded = []
    for graph, name, replies, more in CASES:
        server.replies, server.asked = list(replies), []
        given = {"messages": [("human", "hi")]} | more
        shown = asyncio.run(shown_by(getattr(program, graph), given))
        found = {
            "name": f"{graph}: {name}",
            "graph": graph,
            "replies": replies,
            "given": {key: x for key, x in given.items() if key != "messages"},
            "requests": server.asked,
            "shown": shown,
        }
        recorded.append(json.dumps(found))
    (HERE / "hooked.json").write_text("[\n" + ",\n".join(recorded) + "\n]\n")


if __name__ == "__main__":
    main()
