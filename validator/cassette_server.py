"""Stands in for the servers that a program asks: answers from a cassette, or asks them and keeps what they say."""

import json
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from langferry.validator.cassette import Answer, Cassette, Request, Turn


class Server(msgspec.Struct, frozen=True):
    """A server that programs find by their environment.

    Attributes:
        variables: of the environment, each of which may say where the server is.
        base: where it is when none does; None where one has to.
    """

    variables: tuple[str, ...]
    base: str | None


SERVERS: Mapping[str, Server] = {
    "openai": Server(("OPENAI_BASE_URL", "OPENAI_API_BASE"), "https://api.openai.com/v1"),
    "azure": Server(("AZURE_OPENAI_ENDPOINT",), None),
    "anthropic": Server(("ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL"), "https://api.anthropic.com"),
    "groq": Server(("GROQ_BASE_URL", "GROQ_API_BASE"), "https://api.groq.com"),
    "ollama": Server(("OLLAMA_HOST", "OLLAMA_BASE_URL"), "http://127.0.0.1:11434"),
}
"""By the name they have in a cassette, which is the first part of their path here."""

_WITHOUT = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "proxy-connection"}
)
"""Headers that are not passed on."""
_SECRET = frozenset({"key", "api_key", "api-key", "token"})
"""Parts of a query that are passed on and not kept."""
_SECONDS = 300
_PASSING = frozenset({401, 403, 407, 408, 409, 425, 429})
"""Beside failures of the server, statuses of answers that are no answers: asked again it may give one."""
_UNKNOWN = 400
"""The status of an answer where there is none: one that no client asks again for."""


class Standing(msgspec.Struct):
    """What stands in for the servers.

    Attributes:
        environment: where a program that is started with it finds them.
        turn: what was asked so far.
        refused: hosts that were asked by HTTPS, or by an address that no variable says.
    """

    environment: dict[str, str]
    turn: Turn
    refused: list[str]


@contextmanager
def standing_in(cassette: Cassette, records: bool) -> Iterator[Standing]:
    """Serve one engine's turn while the block runs.

    Args:
        cassette: what is answered.
        records: whether the servers are asked what the cassette does not know; it knows it then.
    """
    turn, refused = Turn(cassette), list[str]()
    bases = {name: _base(name, os.environ) for name in SERVERS}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_CONNECT(self) -> None:
            self._refuse(self.path.rpartition(":")[0])

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET

        def _serve(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            address = urlsplit(self.path)
            if address.scheme:
                self._refuse(address.hostname or self.path)
                return
            name, _, path = address.path.removeprefix("/").partition("/")
            if name not in SERVERS:
                self._refuse(name)
                return
            kept = [pair for pair in parse_qsl(address.query) if pair[0].lower() not in _SECRET]
            query = f"?{urlencode(kept)}" if kept else ""
            request = Request(name, self.command, f"/{path}{query}", _body(content))
            answer = turn.answer(request)
            if answer is None and records and (base := bases[name]) is not None:
                rest = f"/{path}?{address.query}" if address.query else f"/{path}"
                answer = _asked(f"{base}{rest}", self.command, self.headers, content)
                if answer.status in _PASSING or answer.status >= 500:
                    turn.leave(request)
                else:
                    turn.keep(request, answer)
            self._send(answer or _none(f"the cassette has no answer to {request}"))

        def _refuse(self, host: str) -> None:
            refused.append(host)
            self._send(_none(f"requests to {host} cannot be kept in a cassette"))

        def _send(self, answer: Answer) -> None:
            content = answer.content
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(content)))
            # a connection must not outlive the process, or the event loop, that opened it
            self.send_header("connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Standing(_environment(server.server_port), turn, refused)
        finally:
            server.shutdown()
            thread.join()


def _base(name: str, environment: Mapping[str, str]) -> str | None:
    """Where a server really is."""
    known = SERVERS[name]
    found = next((environment[x] for x in known.variables if environment.get(x)), known.base)
    if found is None:
        return None
    if "://" not in found:
        found = f"http://{found}"
        if name == "ollama" and urlsplit(found).port is None:
            found += ":11434"
    return found.rstrip("/")


def _environment(port: int) -> dict[str, str]:
    here = f"http://127.0.0.1:{port}"
    found = {variable: f"{here}/{name}" for name, x in SERVERS.items() for variable in x.variables}
    # what is asked by an address of its own comes here, too, and is refused; `NO_PROXY` lets it pass
    passed = ",".join(x for x in ("127.0.0.1,localhost", os.environ.get("NO_PROXY")) if x)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        found |= {name: here, name.lower(): here}
    return found | {"NO_PROXY": passed, "no_proxy": passed}


def _body(content: bytes) -> object:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode("utf-8", "backslashreplace")


def _asked(address: str, method: str, headers: Message, content: bytes) -> Answer:
    """What the server really answers."""
    passed = {name: text for name, text in headers.items() if name.lower() not in _WITHOUT}
    request = urllib.request.Request(address, content or None, passed, method=method)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return _kept(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return _kept(error.code, error.headers, error.read())
    except OSError as error:
        return Answer.of(502, "text/plain", f"{address} does not answer: {error}".encode())


def _kept(status: int, headers: Message, content: bytes) -> Answer:
    return Answer.of(status, headers.get("content-type") or "application/json", content)


def _none(why: str) -> Answer:
    said = {"error": {"message": f"langferry: {why}", "type": "cassette"}}
    return Answer.of(_UNKNOWN, "application/json", json.dumps(said).encode())
