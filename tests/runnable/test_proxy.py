"""What stands between programs and the server that plays their models."""

import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from build_support.runnable.proxy import BEGIN, SEARCHES, Proxy, canonical


class Echo(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(201)
        self.send_header("content-type", "text/event-stream")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def echo_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def post(port: int, path: str, body: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", path, body, headers or {})
    answer = connection.getresponse()
    assert answer.getheader("connection") == "close"
    return answer.status, answer.read().decode()


def test_the_order_of_keys_and_what_is_drawn_do_not_count() -> None:
    left = (
        '{"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "at": "2026-01-02T03:04:05.678Z", "b": 1}'
    )
    right = '{"b":1,"at":"2025-11-12 13:14:15","id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}'
    assert canonical(left) == canonical(right)
    assert canonical('{"b": 1}') != canonical('{"b": 2}')
    assert canonical("no JSON") == "no JSON"


def test_requests_are_kept_by_whose_turn_it_is_and_answered_by_the_server(echo_port: int) -> None:
    turns = []
    proxy = Proxy(echo_port, lambda: turns.append("begun"))
    with proxy.serving() as port:
        assert post(port, "/v1/chat", '{"b":1,"a":2}') == (201, '{"a": 2, "b": 1}')
        post(port, f"{BEGIN}a%20case", "")
        post(port, "/v1/chat?x=1", "[1]", {"X-API-Key": "none", "Accept": "*/*"})
    assert turns == ["begun"]
    assert [request.body for request in proxy.asked("")] == ['{"b":1,"a":2}']
    (request,) = proxy.asked("a case")
    assert (request.path, request.headers) == ("/v1/chat?x=1", {"x-api-key": "none"})
    assert (request.canonical, request.body) == ("[1]", "[1]")
    assert proxy.asked("nobody") == []


def test_a_turn_that_begins_again_has_asked_nothing(echo_port: int) -> None:
    proxy = Proxy(echo_port)
    with proxy.serving() as port:
        for _ in range(2):
            proxy.begin("one")
            post(port, "/", "{}")
    assert len(proxy.asked("one")) == 1


def test_searches_are_kept_and_answered_by_the_proxy_itself(echo_port: int) -> None:
    proxy = Proxy(echo_port)
    with proxy.serving() as port:
        status, answer = post(port, f"{SEARCHES}/search", '{"query": "what?", "max_results": 1}')
    assert status == 200
    assert json.loads(answer)["query"] == "what?"
    (request,) = proxy.asked("")
    assert request.canonical == '{"max_results": 1, "query": "what?"}'
