"""Which kept answer a request gets, and what is told of one that gets none."""

from pathlib import Path

import pytest

from langferry.diagnostics import Failure
from langferry.validator.cassette import Answer, Cassette, Entry, Request, Turn, nearest

HELLO = Request("openai", "POST", "/chat", {"model": "m", "messages": [{"content": "hello"}]})
BYE = Request("openai", "POST", "/chat", {"model": "m", "messages": [{"content": "bye"}]})


def answer(text: str) -> Answer:
    return Answer.of(200, "text/plain", text.encode())


def test_the_same_request_gets_its_answers_in_their_order() -> None:
    entries = [Entry(HELLO, answer("1")), Entry(BYE, answer("2")), Entry(HELLO, answer("3"))]
    turn = Turn(Cassette(Path("c.json"), entries))
    asked = [HELLO, HELLO, BYE, HELLO]
    found = [turn.answer(request) for request in asked]
    assert [x and x.body for x in found] == ["1", "3", "2", None]
    assert turn.missed == [HELLO]
    again = Turn(Cassette(Path("c.json"), entries))
    assert again.answer(HELLO) == answer("1")


def test_order_of_keys_ids_and_times_do_not_matter() -> None:
    one = {"b": 1, "a": "id 1b4e28ba-2fa1-11d2-883f-0016d3cca427 at 2026-01-02T03:04:05Z"}
    other = {"a": "id 6fa459ea-ee8a-3ca4-894e-db77e160355e at 2027-11-12T13:14:15Z", "b": 1}
    kept = Cassette(Path("c.json"), [Entry(Request("x", "POST", "/", one), answer("yes"))])
    assert Turn(kept).answer(Request("x", "POST", "/", other)) == answer("yes")
    assert Turn(kept).answer(Request("x", "POST", "/", {**other, "b": 2})) is None


def test_what_only_the_other_asked() -> None:
    cassette = Cassette(Path("c.json"))
    golden, turn = Turn(cassette), Turn(cassette)
    for request in (HELLO, HELLO, BYE):
        golden.answer(request)
    turn.answer(HELLO)
    assert turn.not_asked(golden) == [HELLO, BYE]
    assert golden.not_asked(turn) == []


def test_a_file_holds_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    cassette = Cassette.read(path, records=True)
    turn = Turn(cassette)
    for request, content in ((HELLO, b"\xff\x00"), (BYE, "é".encode())):
        assert turn.answer(request) is None
        turn.keep(request, Answer.of(200, "text/plain", content))
    assert turn.missed == []
    cassette.write()
    read = Turn(Cassette.read(path))
    answers = [read.answer(request) for request in (HELLO, BYE)]
    assert [x and x.content for x in answers] == [b"\xff\x00", "é".encode()]
    assert [x.name for x in tmp_path.iterdir()] == ["c.json"]


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version": 2, "entries": []}', '{"version": 1, "entries": [1]}']
)
def test_what_is_no_cassette(text: str, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(Failure) as found:
        Cassette.read(path)
    assert found.value.diagnostic.code == "LF515"


def test_a_cassette_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Failure) as found:
        Cassette.read(tmp_path / "c.json")
    assert found.value.diagnostic.code == "LF515"


def test_the_nearest_request_and_where_it_differs() -> None:
    other = Request("openai", "POST", "/chat", {"model": "n", "messages": [{"content": "hi"}, {}]})
    entries = [Entry(x, answer("")) for x in (other, BYE, Request("groq", "POST", "/chat"))]
    near = nearest(HELLO, entries)
    assert near == (BYE, ['messages[0].content: "bye" kept, "hello" asked'])
    assert nearest(Request("ollama", "POST", "/"), entries) is None
    moved = Request("openai", "POST", "/other", {"model": "m", "messages": [], "n": 1})
    assert nearest(moved, [Entry(HELLO, answer(""))]) == (
        HELLO,
        [
            "path: /chat kept, /other asked",
            'messages: [{"content": "hello"}] kept, [] asked',
            "n: nothing kept, 1 asked",
        ],
    )
