import pytest

from tests.converter.advice.conftest import HEAD, Mended, Said, runs

GRAPH = """
builder = StateGraph(S)
builder.add_node("a", a)
builder.add_edge(START, "a")
graph = builder.compile(checkpointer=InMemorySaver())
"""


def program(handlers: str) -> str:
    return f'def a(state: S):\n    try:\n        y = interrupt("?")\n    {handlers}\n    return {{}}\n{GRAPH}'


@pytest.mark.parametrize("caught", ["", " Exception", " (ValueError, Exception) as error"])
def test_a_handler_that_takes_any_exception_swallows_the_question(said: Said, caught: str) -> None:
    found = said(program(f"except{caught}:\n        y = 1"))
    assert [code for code, _ in found] == ["LF804"]
    assert found[0][1].startswith("except")


@pytest.mark.parametrize(
    "handlers",
    [
        "except ValueError:\n        y = 1",
        "except Exception:\n        raise",
        "finally:\n        y = 1",
    ],
)
def test_other_handlers_do_not(said: Said, handlers: str) -> None:
    assert said(program(handlers)) == []


@pytest.mark.parametrize("caught", ["", " Exception", " (ValueError, Exception) as error"])
def test_the_question_passes_on_request(mended: Mended, caught: str) -> None:
    head = "from langgraph.errors import GraphBubbleUp as Up\n"
    body = head + program(f"except KeyError: pass\n    except{caught}:\n      y = 1")
    assert mended(body) == body
    fixed = mended(body, unsafe=True)
    assert fixed == body.replace(
        f"    except{caught}:", f"    except Up:\n      raise\n    except{caught}:"
    )
    config = {"configurable": {"thread_id": "1"}}
    assert "__interrupt__" in runs(HEAD + fixed, {"x": 1}, config)


def test_the_exception_is_imported_where_it_is_not(mended: Mended) -> None:
    body = program("except Exception: y = 1").replace("    ", "\t")
    fixed = mended(body, unsafe=True)
    head = HEAD.replace(
        "\nimport operator", "\nfrom langgraph.errors import GraphBubbleUp\nimport operator"
    )
    assert fixed.startswith(head)
    assert "\texcept GraphBubbleUp:\n\t    raise\n\texcept Exception: y = 1" in fixed
