"""Records what the libraries' agents do in every case of `cases.json`, for the test next to it.

Run it with the Python that records the wire tests: `python record_agents.py`.
"""

import json
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "wire"))

from forms import FORMS, TOOLS  # noqa: E402
from langchain.agents import create_agent  # noqa: E402
from langchain_core.messages import convert_to_messages  # noqa: E402
from langchain_core.tools import tool  # noqa: E402
from langchain_openai import ChatOpenAI  # noqa: E402
from langgraph.prebuilt import create_react_agent  # noqa: E402
from record import Server  # type: ignore[attr-defined]  # noqa: E402

from langferry.validator.encoding import encode  # noqa: E402


@tool(return_direct=True)
def last(a: int) -> str:
    """Ends."""
    return f"last {a}"


def outcome(case: dict[str, Any], url: str) -> dict[str, Any]:
    """What an agent shows."""
    model = ChatOpenAI(model="gpt-4o", api_key="k", base_url=f"{url}/v1", max_retries=0)
    known = {**TOOLS, "last": last}
    tools = [known[name] for name in case["tools"]]
    prompt, name = case.get("prompt"), case.get("given")
    if case["agent"] == "create_agent":
        agent = create_agent(model, tools, system_prompt=prompt, name=name)
    else:
        form = FORMS[case["form"]] if "form" in case else None
        agent = create_react_agent(model, tools, prompt=prompt, name=name, response_format=form)
    config = {"recursion_limit": case["limit"]} if "limit" in case else {}
    shown: list[Any] = []
    try:
        given = {"messages": convert_to_messages(case["messages"])}
        for mode, chunk in agent.stream(given, config, stream_mode=["values", "updates"]):
            shown.append([mode, encode(chunk)])
    except Exception as error:
        shown.append(["error", [type(error).__name__, str(error)]])
    return {"shown": shown}


def main() -> None:
    """Writes the recording."""
    warnings.simplefilter("ignore")
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    recorded = []
    for case in json.loads((HERE / "cases.json").read_text()):
        server.replies, server.requests = list(case["replies"]), []
        found = outcome(case, server.url)
        bodies = [request["body"] for request in server.requests]
        recorded.append(json.dumps({"name": case["name"], "requests": bodies, **found}))
    (HERE / "recording.json").write_text("[\n" + ",\n".join(recorded) + "\n]\n")


if __name__ == "__main__":
    main()
