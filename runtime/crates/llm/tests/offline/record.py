"""Records what LangChain's prompts, parsers and tools do in the cases below, for the test next to it.

Run it with the Python that records the wire tests: `python record.py`.
"""

import copy
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "wire"))

from forms import FORMS, TOOLS  # noqa: E402
from langchain_core.messages import convert_to_messages  # noqa: E402
from langchain_core.output_parsers import (  # noqa: E402
    JsonOutputParser,
    PydanticOutputParser,
    StrOutputParser,
)
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate  # noqa: E402
from langchain_core.prompts import MessagesPlaceholder as Placeholder  # noqa: E402
from langgraph.prebuilt import ToolNode, tools_condition  # noqa: E402
from langgraph.runtime import Runtime  # noqa: E402

from langferry.validator.encoding import encode  # noqa: E402


def call(name: str, id: str = "c1", **args: Any) -> dict[str, Any]:
    """A tool call."""
    return {"name": name, "args": args, "id": id, "type": "tool_call"}


def asking(*calls: dict[str, Any]) -> list[Any]:
    """A conversation whose last message calls."""
    return [["human", "q"], {"role": "ai", "content": "", "tool_calls": list(calls)}]


TEMPLATES = [
    *("Hello {name}!", "{a}{b}{a}", "no fields", "{{literal}} {x}", "{x:>5}|{y!r}|{z:.2f}"),
    *("{", "}", "a } b", "{a.b}", "{a[0]}", "{0}", "{x:{y}}", "{x", '{"json": 1}', "{x!q}", "}}{{"),
]
VALUES = [
    {"name": "Ann", "a": 1, "b": None, "x": "hi", "y": "it's", "z": 2},
    {"x": [1, "two", {"three": 3.0}], "y": 1.5, "z": 3.14159, "name": {"k": "v"}, "a": True},
    {},
]
PROMPTS: list[list[Any]] = [
    [["system", "You are {role}."], ["human", "{question}"]],
    [["system", "S"], ["placeholder", "{history}"], ["user", "{question}"]],
    [["placeholder", ["{history}", False]], ["ai", "A {x}"]],
    [{"role": "assistant", "content": "C {x}"}, "just {x}"],
    [{"$placeholder": ["history", {}]}, ["human", "{question}"]],
    [{"$placeholder": ["history", {"optional": True, "n_messages": 1}]}],
    [["other", "x"]],
    [["placeholder", "history"]],
    [{"role": "user"}],
]
INPUTS: list[Any] = [
    {"role": "a {poet}", "question": "Why?", "x": 1, "history": [["human", "h1"], ["ai", "h2"]]},
    {"question": "Why?", "x": "{y}", "role": ""},
    {"history": "no list", "question": 1, "x": 2, "role": 3},
    "alone",
    {},
]
TEXTS = [
    *(
        '{"a": 1}',
        '```json\n{"a": [1, 2]}\n```',
        'Sure:\n```\n{"a": "b"}\n```\nDone.',
        "[1, 2",
        "null",
    ),
    *(
        '{"a": "b',
        '{"a": {"b": [1, {"c": "d',
        "nothing",
        "",
        '{"a": 1}}',
        '{"a": "x\ny"}',
        "12",
        '"s"',
    ),
    *(
        '{"a": 1, "b"',
        '{"a": 1, "b":',
        '{"a": 1,',
        '{"a": tr',
        '{"a": "\\',
        '{"text": "t", "minutes": 2}',
    ),
    *('```json\n{"a": 1', '  {"text": 5}  ', '{"a" 1}', "{'a': 1}", '{"a": 1} and more'),
]
CONVERSATIONS = [
    *(asking(call("add", a=1)), asking(call("add", a="2", b=3.0), call("search", "c2", query="x"))),
    *(asking(call("add")), asking(call("add", a="x", b=[])), asking(call("nope", x=1))),
    *(
        asking(call("plan", step={"text": "t"}, tags=["a"])),
        asking(call("plan", step={}, tags="x")),
    ),
    *(asking(call("fail", why="it's so")), asking(call("search", query="q", options={"a": None}))),
    *(asking(), [["human", "q"]], [], [*asking(call("add", a=4)), ["human", "later"]]),
]


def text_of(message: Any) -> Any:
    """A message's text and how it is shown."""
    return [str(message.text), message.pretty_repr()]


SHOWN = [
    *(
        ["human", "Hi"],
        ["ai", ""],
        ["system", "Ünï\n"],
        {"role": "user", "name": "Ann", "content": "x"},
    ),
    {"role": "tool", "content": "r", "tool_call_id": "c", "name": "add"},
    {"role": "ai", "content": "say ", "tool_calls": [call("add", a=1, b={"c": None}), call("x")]},
    {"role": "ai", "content": [{"type": "text", "text": "a"}, "b", {"type": "image", "url": "u"}]},
]


def outcome(made: Callable[[], Any]) -> dict[str, Any]:
    """What a call gives or raises."""
    try:
        return {"result": encode(made())}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def parts(prompt: list[Any]) -> list[Any]:
    """The parts of a prompt as a program writes them."""
    return [
        Placeholder(part["$placeholder"][0], **part["$placeholder"][1])
        if isinstance(part, dict) and "$placeholder" in part
        else tuple(part)
        if isinstance(part, list)
        else part
        for part in prompt
    ]


def cases() -> list[dict[str, Any]]:
    """All cases with what became of them."""
    found: list[dict[str, Any]] = []

    def add(kind: str, given: Any, made: Callable[[], Any]) -> None:
        became = outcome(made)
        # Python names several missing fields in an order of its own every time
        if not re.search("missing variables {[^}]*,", became.get("message", "")):
            found.append({"kind": kind, "given": encode(given), **became})

    for template in TEMPLATES:
        for values in VALUES:
            add(
                "template",
                [template, values],
                lambda t=template, v=values: PromptTemplate.from_template(t).invoke(v).to_string(),
            )
    for prompt in PROMPTS:
        for values in INPUTS:
            add(
                "prompt",
                [prompt, values],
                lambda p=prompt, v=values: (
                    ChatPromptTemplate.from_messages(parts(p))
                    .invoke(copy.deepcopy(v))
                    .to_messages()
                ),
            )
    read = StrOutputParser()
    for text in TEXTS:
        add("json", text, lambda t=text: JsonOutputParser().invoke(t))
        step = PydanticOutputParser(pydantic_object=FORMS["Step"])
        add("pydantic", text, lambda t=text, step=step: step.invoke(t))
    for message in SHOWN:
        add("text", message, lambda m=message: str(read.invoke(convert_to_messages([m])[0])))
    for name in ("Answer", "Step"):
        form = FORMS[name]
        schema = form.model_json_schema()
        add(
            "instructions",
            schema,
            lambda f=form: PydanticOutputParser(pydantic_object=f).get_format_instructions(),
        )
        add(
            "json instructions",
            schema,
            lambda f=form: JsonOutputParser(pydantic_object=f).get_format_instructions(),
        )
    for message in SHOWN:
        add("shown", message, lambda m=message: text_of(convert_to_messages([m])[0]))
    for messages in CONVERSATIONS:
        for errors in ("default", True, False, "told so"):
            node = (
                ToolNode(list(TOOLS.values()))
                if errors == "default"
                else ToolNode(list(TOOLS.values()), handle_tool_errors=errors)
            )
            add(
                "tools",
                [errors, messages],
                lambda n=node, m=messages: n.invoke(
                    {"messages": convert_to_messages(m)},
                    {"configurable": {"__pregel_runtime": Runtime()}},
                )["messages"],
            )
        add(
            "condition",
            messages,
            lambda m=messages: tools_condition({"messages": convert_to_messages(m)}),
        )
    return found


def main() -> None:
    """Writes the recording."""
    lines = [json.dumps(case, ensure_ascii=False) for case in cases()]
    (HERE / "recording.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
