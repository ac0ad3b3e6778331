"""Stands between a program and the server that plays its models: keeps what is asked, in canonical form.

A server that makes its answers from the bytes of a request would answer two clients differently that
write the same JSON in another order, or draw an id at random. It is given the canonical request, and
both get the same answer; what each of them really sent is kept beside it.
"""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import msgspec

from langferry.validator.cassette import without_drawn

BEGIN = "/begin/"
"""A POST below this path says whose requests follow."""

SEARCHES = "/tavily"
"""Below this path it is Tavily itself: no server plays that."""

_FOUND = [
    {
        "title": f"Result {number}",
        "url": f"https://example.com/{number}",
        "content": f"What page {number} says of it.",
        "score": 0.9,
        "raw_content": None,
    }
    for number in (1, 2)
]

_IDENTIFYING = ("authorization", "x-api-key", "x-goog-api-key", "anthropic-version")
"""The headers by which a vendor knows who asks, and in which dialect."""
_SECONDS = 60


class Request(msgspec.Struct, frozen=True):
    """A request to a model.

    Attributes:
        path: with its query.
        headers: those of the headers that identify the client, lower case.
        canonical: the body as JSON with sorted keys, without ids and times.
        body: as it was sent.
    """

    path: str
    headers: dict[str, str]
    canonical: str
    body: str


class Proxy:
    """Serves on a port of its own, and passes every request on.

    Args:
        server_port: where the models' server is.
        begun: is called whenever somebody's turn begins.
    """

    def __init__(self, server_port: int, begun: Callable[[], None] = lambda: None) -> None:
        self._server_port = server_port
        self._begun = begun
        self._lock = threading.Lock()
        self._owner = ""
        self._requests: dict[str, list[Request]] = {}

    @contextmanager
    def serving(self) -> Iterator[int]:
        """Serve while the block runs; the port."""
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self._pass_on(b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.path.startswith(BEGIN):
                    proxy.begin(unquote(self.path.removeprefix(BEGIN)))
                    self._answer(200, "text/plain", b"")
                    return
                text = body.decode("utf-8", "replace")
                given = {name.lower(): value for name, value in self.headers.items()}
                request = Request(
                    self.path,
                    {name: given[name] for name in _IDENTIFYING if name in given},
                    canonical(text),
                    text,
                )
                proxy.keep(request)
                if self.path == f"{SEARCHES}/search":
                    self._answer(200, "application/json", _searched(text))
                    return
                self._pass_on(request.canonical.encode())

            def _pass_on(self, body: bytes) -> None:
                upstream = http.client.HTTPConnection(
                    "127.0.0.1", proxy._server_port, timeout=_SECONDS
                )
                try:
                    upstream.request(
                        self.command, self.path, body, {"content-type": "application/json"}
                    )
                    answer = upstream.getresponse()
                    kind = answer.getheader("content-type") or "application/json"
                    self._answer(answer.status, kind, answer.read())
                finally:
                    upstream.close()

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                # a connection must not outlive the process, or the event loop, that opened it
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(body)

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield server.server_port
            finally:
                server.shutdown()
                thread.join()

    def begin(self, owner: str) -> None:
        """Requests from now on are `owner`'s."""
        with self._lock:
            self._owner = owner
            self._requests[owner] = []
            self._begun()

    def keep(self, request: Request) -> None:
        """Note a request of whoever's turn it is."""
        with self._lock:
            self._requests.setdefault(self._owner, []).append(request)

    def asked(self, owner: str) -> list[Request]:
        """What `owner` asked, in the order in which it arrived."""
        with self._lock:
            return list(self._requests.get(owner, ()))


def _searched(body: str) -> bytes:
    found = {
        "query": json.loads(body)["query"],
        "follow_up_questions": None,
        "answer": "What the search says.",
        "images": [],
        "results": _FOUND,
        "response_time": 0.1,
    }
    return json.dumps(found).encode()


def canonical(body: str) -> str:
    """`body` as JSON with sorted keys, without what differs from run to run; as it is if it is no JSON."""
    try:
        text = json.dumps(json.loads(body), sort_keys=True)
    except ValueError:
        text = body
    return without_drawn(text)
