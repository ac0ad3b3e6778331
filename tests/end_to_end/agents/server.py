"""A server that stands for a vendor's, for agents that are run and for agents that are recorded."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Server(ThreadingHTTPServer):
    """Gives the replies it is told, in order, and keeps what it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[dict[str, Any]] = []
        self.asked: list[Any] = []


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        """Keeps what is asked and gives the next reply."""
        length = int(self.headers.get("content-length") or 0)
        self.server.asked.append(json.loads(self.rfile.read(length)))
        text = json.dumps(self.server.replies.pop(0)["body"]).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
