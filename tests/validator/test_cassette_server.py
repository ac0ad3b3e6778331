"""What stands in for servers: it asks them once, and answers from then on."""

import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from langferry.validator.cassette import Cassette
from langferry.validator.cassette_server import SERVERS, Standing, standing_in


class Upstream(ThreadingHTTPServer):
    """A server that says what it was asked, and how often it was."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []


class Handler(BaseHTTPRequestHandler):
    server: Upstream

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        given = {name.lower(): text for name, text in self.headers.items()}
        self.server.asked.append((self.path, given, content))
        text = json.dumps({"n": len(self.server.asked)}).encode()
        busy = b"busy" in content and len(self.server.asked) % 2
        self.send_response(503 if busy else 404 if b"nowhere" in content else 200)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Upstream]:
    for known in SERVERS.values():
        for name in known.variables:
            monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Upstream() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        yield server
        server.shutdown()


def ask(servers: Standing, body: object, path: str = "/chat/completions") -> tuple[int, object]:
    address = servers.environment["OPENAI_BASE_URL"] + path
    headers = {"authorization": "Bearer secret", "content-type": "application/json"}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_what_was_asked_once_is_answered_without_the_server(
    upstream: Upstream, tmp_path: Path
) -> None:
    cassette = Cassette.read(tmp_path / "c.json", records=True)
    asked = [{"q": 1}, {"q": "nowhere"}, {"q": 1}]
    with standing_in(cassette, records=True) as servers:
        first = [ask(servers, body) for body in asked]
    assert first == [(200, {"n": 1}), (404, {"n": 2}), (200, {"n": 3})]
    assert not servers.turn.missed
    path, headers, content = upstream.asked[0]
    assert (path, json.loads(content)) == ("/v1/chat/completions", {"q": 1})
    assert headers["authorization"] == "Bearer secret"
    cassette.write()
    assert "secret" not in (tmp_path / "c.json").read_text()

    with standing_in(Cassette.read(tmp_path / "c.json"), records=False) as servers:
        again = [ask(servers, body) for body in asked]
        status, said = ask(servers, {"q": 2})
    assert again == first
    assert len(upstream.asked) == 3
    assert status == 400
    assert "no answer to POST openai/chat/completions" in json.dumps(said)
    assert [request.body for request in servers.turn.missed] == [{"q": 2}]


def test_keys_in_a_query_are_passed_on_and_not_kept(upstream: Upstream, tmp_path: Path) -> None:
    cassette = Cassette(tmp_path / "c.json")
    with standing_in(cassette, records=True) as servers:
        ask(servers, {}, "/models?key=secret&alt=sse")
    assert upstream.asked[0][0] == "/v1/models?key=secret&alt=sse"
    assert cassette.entries[0].request.path == "/models?alt=sse"


def test_hosts_that_no_variable_says_are_refused(upstream: Upstream, tmp_path: Path) -> None:
    with standing_in(Cassette(tmp_path / "c.json"), records=True) as servers:
        port = urlsplit(servers.environment["HTTPS_PROXY"]).port
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.set_tunnel("example.org", 443)
        with pytest.raises(OSError, match="400"):
            connection.connect()
        connection.close()
        plain = http.client.HTTPConnection("127.0.0.1", port)
        plain.request("GET", "http://example.com/page")
        assert plain.getresponse().status == 400
        plain.close()
    assert servers.refused == ["example.org", "example.com"]
    assert not upstream.asked


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    cassette = Cassette(tmp_path / "c.json")
    address = None
    with standing_in(cassette, records=True) as servers:
        address = servers.environment["OPENAI_BASE_URL"]
        with pytest.raises(urllib.error.HTTPError) as found:
            urllib.request.urlopen(f"{address}/models")
    assert found.value.code == 502
    assert b"127.0.0.1:1" in found.value.read()
    assert not cassette.entries
    assert [str(request) for request in servers.turn.missed] == ["GET openai/models"]


def test_a_server_that_is_busy_is_asked_again(upstream: Upstream, tmp_path: Path) -> None:
    cassette = Cassette(tmp_path / "c.json")
    with standing_in(cassette, records=True) as recorded:
        statuses = [ask(recorded, {"q": "busy"})[0] for _ in range(2)]
    assert statuses == [503, 200]
    assert not recorded.turn.missed
    with standing_in(cassette, records=False) as replayed:
        assert ask(replayed, {"q": "busy"}) == (200, {"n": 2})
    assert replayed.turn.not_asked(recorded.turn) == []
