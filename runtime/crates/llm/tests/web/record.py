"""Records what `requests` and Tavily's packages send, and make of the replies, in every case of `cases.json`.

Run it with a Python that has the packages named in `requirements.txt`: `python record.py`. The replies are served by a
local server, whose address stands for `$URL` in a case.
"""

import base64
import gzip
import importlib
import json
import os
import socket
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import requests
from langchain_core.messages import ToolMessage

HERE = Path(__file__).parent
UNTOLD = {"host", "connection"}
"""Headers that tell of the way, not of what is asked."""


class Server:
    """Gives the replies of a case, in order, each to a connection of its own, and keeps what was asked."""

    def __init__(self, replies: list[dict[str, Any]]) -> None:
        """Listens on a free port."""
        self.replies = [*replies]
        self.requests: list[dict[str, Any]] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while self.replies:
            connection, _ = self._socket.accept()
            with connection:
                self.requests.append(self._asked(connection))
                reply = self.replies.pop(0)
                time.sleep(reply.get("after", 0))
                connection.sendall(_bytes(reply, self.url))
        self._socket.close()

    def _asked(self, connection: socket.socket) -> dict[str, Any]:
        stream = connection.makefile("rb")
        line = stream.readline().decode("latin-1").split()
        headers = {}
        while (header := stream.readline().decode("latin-1").strip()) != "":
            name, value = header.split(": ", 1)
            headers[name.lower()] = value
        body = stream.read(int(headers.get("content-length", 0))).decode()
        told = {name: headers[name] for name in sorted(headers) if name not in UNTOLD}
        return {"line": line[:2], "headers": told, "body": body}


def _bytes(reply: dict[str, Any], url: str) -> bytes:
    if "raw" in reply:
        return reply["raw"].encode("latin-1")
    body = reply.get("text", "").encode()
    if "json" in reply:
        body = json.dumps(reply["json"], ensure_ascii=False, separators=(",", ":")).encode()
    if "base64" in reply:
        body = base64.b64decode(reply["base64"])
    headers = {"Content-Length": str(len(body)), "Connection": "close", **reply.get("headers", {})}
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.compress(body, mtime=0)
        headers["Content-Length"] = str(len(body))
    head = f"HTTP/1.1 {reply.get('status', '200 OK')}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (head.replace("$URL", url) + "\r\n").encode("latin-1") + body


def encoded(value: Any) -> Any:
    """A result as JSON."""
    if isinstance(value, ToolMessage):
        names = ("content", "artifact", "status", "name", "tool_call_id")
        return {name: getattr(value, name) for name in names}
    return value


def answer(response: requests.Response, shown: list[str]) -> dict[str, Any]:
    """What a program sees of a response."""
    seen: dict[str, Any] = {}
    for name in shown:
        if name == "json":
            seen[name] = response.json()
        elif name == "raise_for_status":
            seen[name] = response.raise_for_status()
        elif name.startswith("header "):
            seen[name] = response.headers.get(name.removeprefix("header "))
        else:
            seen[name] = getattr(response, name)
    return seen


def outcome(case: dict[str, Any]) -> Any:
    """What the packages make of a case."""
    arguments = {key: _tuples(value) for key, value in case.get("arguments", {}).items()}
    match case["do"]:
        case "requests":
            response = requests.request(case["method"], case["url"], **arguments)
            return answer(response, case["shown"])
        case "client":
            from tavily import TavilyClient

            client = TavilyClient(**case["made"])
            return getattr(client, case["method"])(**arguments)
        case "results" | "search" as kind:
            module, name, place = {
                "results": (
                    "langchain_community.tools.tavily_search",
                    "TavilySearchResults",
                    "langchain_community.utilities.tavily_search",
                ),
                "search": ("langchain_tavily", "TavilySearch", "langchain_tavily._utilities"),
            }[kind]
            made = dict(case["made"])
            importlib.import_module(place).TAVILY_API_URL = made.pop("api_base_url")
            tool = getattr(importlib.import_module(module), name)(**made)
            if case.get("told"):
                from langchain_core.utils.function_calling import convert_to_openai_tool

                return convert_to_openai_tool(tool)
            if case.get("awaited"):
                import asyncio

                return asyncio.run(tool.ainvoke(case["input"]))
            return tool.invoke(case["input"])
    raise ValueError(case["do"])


def _tuples(value: Any) -> Any:
    match value:
        case {"$tuple": items}:
            return tuple(_tuples(item) for item in items)
        case dict():
            return {key: _tuples(item) for key, item in value.items()}
        case list():
            return [_tuples(item) for item in value]
        case "$NAN":
            return float("nan")
    return value


def main() -> None:
    """Writes the recording."""
    warnings.simplefilter("ignore")
    os.environ["HOME"] = "/nowhere"
    recording = []
    for case in json.loads((HERE / "cases.json").read_text()):
        server = Server(case.get("replies", []))
        case = json.loads(json.dumps(case).replace("$URL", server.url))
        try:
            found = {"result": encoded(outcome(case))}
        except Exception as error:
            kinds = type(error).__mro__
            names = [
                k.__name__ if k.__module__ == "builtins" else f"{k.__module__}.{k.__name__}"
                for k in kinds[: kinds.index(BaseException) + 1]
            ]
            found = {"error": names, "message": str(error), "repr": repr(error)}
        text = json.dumps({"name": case["name"], **found, "requests": server.requests})
        recording.append(json.loads(text.replace(server.url, "$URL")))
    written = json.dumps(recording, indent=1, ensure_ascii=False)
    (HERE / "recording.json").write_text(written + "\n")


if __name__ == "__main__":
    main()
