"""Records what LangChain sends and makes of the replies in every case of `cases.json`, for the test next to it.

Run it with a Python that has langferry on its path and the packages named in `requirements.txt`: `python record.py`.
A case names a chat model and the calls made on it, as a program would make them; the replies are served by a local
server, whose address stands for `$URL` in the case.
"""

import json
import os
import sys
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

from forms import FORMS, TOOLS
from pydantic import BaseModel, TypeAdapter

from langferry.validator.encoding import encode

HERE = Path(__file__).parent
CLASSES = {
    "ChatOpenAI": "langchain_openai",
    "AzureChatOpenAI": "langchain_openai",
    "ChatAnthropic": "langchain_anthropic",
    "ChatOllama": "langchain_ollama",
    "community ChatOllama": "langchain_community.chat_models",
    "ChatGroq": "langchain_groq",
    "Ollama": "langchain_community.llms",
    "OllamaLLM": "langchain_ollama",
    "OpenAI": "langchain_openai",
    "ChatGoogleGenerativeAI": "langchain_google_genai",
    "init_chat_model": "langchain.chat_models",
}
HEADERS = {
    *(
        "authorization",
        "x-api-key",
        "anthropic-version",
        "anthropic-beta",
        "content-type",
        "api-key",
    ),
    *("x-goog-api-key", "openai-organization", "x-own"),
}
"""The headers that are compared; the others tell of the SDK, not of the request."""


class Server(ThreadingHTTPServer):
    """Answers with the replies it is given, in order, and keeps the requests."""

    def __init__(self) -> None:
        """Listens on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        """Keeps the request and gives the next reply."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        kept = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(
            {
                "path": self.path,
                "headers": {name: kept[name] for name in sorted(HEADERS & set(kept))},
                "body": json.loads(body),
            }
        )
        reply = self.server.replies.pop(0)
        if "text" in reply:
            payload, kind = reply["text"].encode(), reply.get("type", "text/event-stream")
        else:
            payload, kind = json.dumps(reply["body"]).encode(), "application/json"
        self.send_response(reply.get("status", 200))
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(payload)))
        for name, value in reply.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)


def with_forms(value: Any) -> Any:
    """`value` with the classes and tools that it names."""
    match value:
        case {"$class": name}:
            return FORMS[name]
        case {"$tool": name}:
            return TOOLS[name]
        case list():
            return [with_forms(item) for item in value]
        case _:
            return value


def described() -> dict[str, Any]:
    """The schemas of the classes and tools, as a program's would be given to the crate."""
    classes = {
        name: {
            "class": f"forms.{name}",
            "typed": not issubclass(form, BaseModel),
            "schema": TypeAdapter(form).json_schema(),
        }
        for name, form in FORMS.items()
    }
    tools = {
        name: {
            "description": tool.description,
            "schema": tool.tool_call_schema.model_json_schema(),
        }
        for name, tool in TOOLS.items()
    }
    return {"classes": classes, "tools": tools}


def filled(value: Any, url: str) -> Any:
    """`value` with the server's address in it."""
    return json.loads(json.dumps(value).replace("$URL", url))


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    """What LangChain makes of a case."""
    name, kwargs = case["model"]
    try:
        model = getattr(import_module(CLASSES[name]), name.removeprefix("community "))(**kwargs)
        for method, positional, named in case.get("calls", []):
            model = getattr(model, method)(*with_forms(positional), **named)
        if "stream" in case:
            return {"chunks": [encode(chunk) for chunk in model.stream(case["stream"])]}
        return {"result": encode(model.invoke(case["invoke"]))}
    except Exception as error:
        classes = [base.__name__ for base in type(error).__mro__]
        return {"error": classes[: classes.index("BaseException") + 1], "message": str(error)}


def main() -> None:
    """Writes the recording."""
    warnings.simplefilter("ignore")
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    only = sys.argv[1:]
    recorded = []
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    for case in json.loads((HERE / "cases.json").read_text()):
        if only and case["name"] not in only:
            continue
        served = filled(case, server.url)
        os.environ.clear()
        os.environ.update({**kept, **served.get("env", {})})
        server.replies, server.requests = list(served.get("replies", [])), []
        found = outcome(served)
        found = {"name": case["name"], "requests": server.requests, **found}
        recorded.append(json.dumps(found, ensure_ascii=False).replace(server.url, "$URL"))
    text = "[\n" + ",\n".join(recorded) + "\n]\n"
    if only:
        print(text)
    else:
        (HERE / "recording.json").write_text(text)
        (HERE / "forms.json").write_text(json.dumps(described(), indent=1) + "\n")


if __name__ == "__main__":
    main()
