"""Programs that ask web servers: all native, and equal to LangGraph where a server stands here."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from langferry.converter import analyse
from tests.end_to_end.conftest import ROOT, Migrate, cargo_environment, report
from tests.types_cache import TYPES_CACHE

PROGRAMS = Path(__file__).parent / "web"
PATHS = ("/echo", "/text", "/missing", "/moved", "/nothing?x=1")


class Handler(BaseHTTPRequestHandler):
    """Says what it was asked."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        own, allowed = self.headers.get("X-Own"), self.headers.get("Authorization")
        told = {"path": self.path, "body": body, "own": own, "allowed": allowed}
        text = json.dumps(told) if self.path.startswith("/echo") else "Grüße"
        status = {"missing": 404, "moved": 302}.get(self.path[1:].partition("?")[0], 200)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        if status == 302:
            self.send_header("Location", "/echo?moved=1")
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = _answer


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()


@pytest.mark.parametrize("name", ["asks", "searches"])
def test_every_function_is_native(name: str) -> None:
    functions = analyse(PROGRAMS / f"{name}.py", cache_dir=TYPES_CACHE).functions
    assert not {x.name: [str(reason) for reason in x.reasons] for x in functions if x.reasons}


@pytest.mark.crate
def test_a_crate_asks_the_same(
    migrate: Migrate, work_dir: Path, server: str, tmp_path: Path
) -> None:
    places = [(server, path) for path in PATHS] + [("http://localhost:1", "/x"), ("nowhere", "/x")]
    cases = [
        {"name": f"{place} {path}", "runs": [{"input": {"base": place, "path": path, "log": []}}]}
        for place, path in places
    ]
    written = tmp_path / "cases.yaml"
    written.write_text(yaml.safe_dump({"entry": "app", "cases": cases}))
    arguments = ("--cases", written, "--against", "crate", "--work-dir", work_dir / "asks")
    result = report(migrate("validate", PROGRAMS / "asks.py", *arguments, "--json"))
    assert result["equal"] is True, json.dumps(result, indent=1)


@pytest.mark.crate
def test_searches_compile(migrate: Migrate, work_dir: Path) -> None:
    crate = work_dir / "searches"
    options = ("--runtime", ROOT / "runtime", "--force", "--quiet")
    done = migrate("convert", PROGRAMS / "searches.py", "-o", crate, *options)
    assert done.returncode == 0, done.stderr
    checked = subprocess.run(
        ["cargo", "check", "--quiet"],
        cwd=crate,
        env=cargo_environment(work_dir, crate),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
