# ruff: noqa
# (written as users write)
"""Messages of LangChain as values of unknown type."""

from datetime import datetime
from typing import Any

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
    convert_to_messages,
    filter_messages,
    get_buffer_string,
    merge_message_runs,
    trim_messages,
)
from langchain_core.messages.utils import count_tokens_approximately

CALL = {"name": "add", "args": {"a": 1}, "id": "c1"}


def messages() -> list[Any]:
    return [
        HumanMessage("hi"),
        HumanMessage(content="again", id="1", name="me", additional_kwargs={"x": 1}),
        AIMessage(content="", tool_calls=[{"name": "add", "args": {"a": 1}, "id": "c1"}]),
        AIMessage("done", response_metadata={"m": 1}),
        SystemMessage(content="be good"),
        ToolMessage("3", tool_call_id="c1", name="add"),
        ToolMessage(content="bad", tool_call_id="c2", status="error", artifact=[1]),
        FunctionMessage(content="f", name="g"),
        RemoveMessage(id="1"),
    ]


def texts() -> list[str]:
    return [f"{message} {message!r}" for message in messages()]


OUT_OF_ORDER = "{second} {{}} {first!s} {second}"


def texts_in_templates() -> list[str]:
    several = messages()
    return [
        OUT_OF_ORDER.format(first=x.content, second=several[at]) for at, x in enumerate(several)
    ] + [OUT_OF_ORDER.format(first=several[:1] + [None], second={"of": several[1]})]


DATED = "{first} on " + datetime.now().strftime("%Y, %%") + " {{}} {second}"


def texts_in_dated_templates(x: Any) -> str:
    return DATED.format(first=x, second=messages()[:2])


def shown_otherwise() -> str:
    return "{b!r} {a:>9} {b}".format(a=messages()[0].content, b=messages()[1])


def whole_text() -> str:
    return str(messages()) + repr({"m": messages()[0]}) + f"{messages()[1:3]}"


def contents() -> list[Any]:
    return [(m.content, m.type, m.name, m.id) for m in messages()]


def asked() -> list[Any]:
    found: list[Any] = []
    for m in messages():
        found.append(hasattr(m, "tool_calls"))
        found.append(getattr(m, "status", "none"))
        found.append(getattr(m, "tool_calls", None))
        found.append(m.text)
    return found


def attribute(x: Any) -> Any:
    return x.content


def lacking(number: int) -> Any:
    return messages()[number].tool_calls


def called(number: int) -> str:
    last = messages()[number]
    if hasattr(last, "tool_calls") and last.tool_calls:
        call = last.tool_calls[0]
        return f"{call['name']} {call['args']} {call['type']}"
    return "end"


def classes() -> list[str]:
    found = []
    for m in messages():
        if isinstance(m, AIMessage):
            found.append("ai")
        elif isinstance(m, (HumanMessage, SystemMessage)):
            found.append("person")
        elif isinstance(m, BaseMessage):
            found.append("message")
    return found


def checked(x: Any) -> list[bool]:
    return [isinstance(x, BaseMessage), isinstance(x, (str, AIMessage)), hasattr(x, "content")]


def last_human(kinds: list[str]) -> str:
    for message in reversed(messages()):
        if message.type in kinds:
            return message.content
    return "nobody"


def said() -> list[str]:
    blocks = [{"type": "text", "text": "a"}, {"type": "image", "url": "u"}, "b"]
    old = {"function_call": {"name": "f", "arguments": "{}"}}
    told = [
        *messages()[:8],
        HumanMessage(content=blocks),
        AIMessage(content="old", additional_kwargs=old),
        AIMessage(content="both", additional_kwargs=old, tool_calls=[CALL]),
    ]
    return [
        get_buffer_string(told),
        get_buffer_string(messages=told[:2], ai_prefix="Bot"),
        get_buffer_string(told[:3], "Me", "You"),
        get_buffer_string([]),
    ]


def said_by(x: Any) -> str:
    return get_buffer_string(x)


def said_to_remove() -> str:
    return get_buffer_string(messages()[7:])


def said_with(sign: str) -> str:
    return get_buffer_string(messages(), message_separator=sign)


def chosen() -> list[Any]:
    all_of_them = messages()
    wanted = ["tool"]
    return [
        [m.type for m in found]
        for found in [
            filter_messages(all_of_them, include_types=["tool", "ai"]),
            filter_messages(all_of_them, include_types="tool"),
            filter_messages(all_of_them, include_types=wanted),
            filter_messages(all_of_them, include_types=[HumanMessage, "system"]),
            filter_messages(all_of_them, exclude_types=(AIMessage, ToolMessage)),
            filter_messages(all_of_them, include_types=AIMessage, include_names=["me", "add"]),
            filter_messages(all_of_them, exclude_names=["add"], exclude_ids=["1"]),
            filter_messages(all_of_them, include_types=[]),
            filter_messages(all_of_them, include_ids=["1"], exclude_types=["remove"]),
            filter_messages([]),
        ]
    ]


def chosen_of(x: Any) -> list[Any]:
    return [m.content for m in filter_messages(x, exclude_types=["system"])]


def chosen_by(name: str) -> Any:
    return len(filter_messages(messages(), include_types=name))


def chosen_strangely() -> Any:
    return filter_messages(messages(), exclude_tool_calls=True)


def converted(x: Any) -> list[Any]:
    return [(m.type, m.content, m.id) for m in convert_to_messages(x)]


def property_of_a_class(x: Any) -> Any:
    return x.doubled


class Doubling:
    @property
    def doubled(self) -> int:
        return 2


def copied(number: int, update: dict[str, Any]) -> list[Any]:
    message = messages()[number]
    copy = message.model_copy(update=update)
    return [repr(copy), repr(message), copy.content, type(copy).__name__]


def copied_calls() -> Any:
    message = messages()[2]
    call = message.tool_calls[0]
    others = [x for x in message.tool_calls if x["id"] != call["id"]]
    made = others + [{"type": "tool_call", "name": call["name"], "args": {}, "id": None}]
    copy = message.model_copy(update={"tool_calls": made, "id": "7"})
    again = copy.model_copy(update=None)
    return [copy.tool_calls, copy.id, str(copy), repr(again), repr(message)]


def copied_strangely(x: Any) -> Any:
    return x.model_copy(update={"content": "x"})


def conversation() -> list[Any]:
    told = [{"type": "text", "text": "what is this"}, {"type": "image_url", "image_url": {}}]
    return [
        SystemMessage("be good, and brief"),
        HumanMessage("hi", name="me"),
        AIMessage("", tool_calls=[CALL]),
        ToolMessage("3", tool_call_id="c1"),
        AIMessage("it is three"),
        HumanMessage(content=[*told, "text", {"type": "other", "of": [1, "2"]}]),
        AIMessage("a picture of a ünïcode sign"),
        HumanMessage("bye"),
    ]


def trimmed(most: int) -> list[Any]:
    all_of_them = conversation()
    return [
        [m.content for m in found]
        for found in [
            trim_messages(all_of_them, max_tokens=most, token_counter=len),
            trim_messages(all_of_them, max_tokens=most, token_counter=len, strategy="first"),
            trim_messages(
                all_of_them, max_tokens=most, token_counter=len, strategy="first", end_on="ai"
            ),
            trim_messages(
                all_of_them,
                max_tokens=most,
                token_counter=len,
                strategy="last",
                include_system=True,
                start_on="human",
                end_on=("human", "tool"),
                allow_partial=True,
            ),
            trim_messages(
                messages=all_of_them,
                max_tokens=most * 7,
                token_counter=count_tokens_approximately,
                start_on=[HumanMessage, "tool"],
                include_system=True,
            ),
            trim_messages(
                all_of_them, max_tokens=most * 9, token_counter="approximate", end_on=AIMessage
            ),
            trim_messages(all_of_them, max_tokens=most, token_counter=len, end_on="nobody"),
            trim_messages(["a", ("ai", "b")], max_tokens=most, token_counter=len),
            trim_messages([], max_tokens=most, token_counter=len),
        ]
    ]


LAST_TWO = trim_messages(max_tokens=2, token_counter=len, include_system=True)


WITHOUT_MODEL = filter_messages(exclude_types=["ai"])
IN_ONE_LINE = merge_message_runs(chunk_separator=" ")


def trimmed_later(x: Any) -> list[Any]:
    told = [LAST_TWO.invoke(x), WITHOUT_MODEL.invoke(x), IN_ONE_LINE.invoke(LAST_TWO.invoke(x))]
    return [[m.content for m in found] for found in told]


def trimmed_by_a_local(most: int) -> list[Any]:
    trimmer = trim_messages(max_tokens=most, token_counter=len)
    most = 1
    return trimmer.invoke([str(most)])


def trimmed_by(x: Any) -> list[Any]:
    return [m.content for m in trim_messages(x, max_tokens=9, token_counter="approximate")]


def trimmed_strangely() -> list[Any]:
    return trim_messages(conversation(), max_tokens=9, token_counter=lambda told: 3 * len(told))


def trimmed_in_parts() -> list[Any]:
    return trim_messages(
        conversation(), max_tokens=9, token_counter="approximate", allow_partial=True
    )


def counted() -> list[int]:
    every = conversation()
    return [count_tokens_approximately(every), *(count_tokens_approximately([m]) for m in every)]


def counted_of(x: Any) -> int:
    return count_tokens_approximately(x)


def answered(text: str, named: str | None) -> AIMessage:
    told = {"refusal": None, "of": {"a": "x"}, "id": "1"}
    spent = {
        "input_tokens": 1,
        "output_tokens": 2,
        "total_tokens": 3,
        "input_token_details": {"cache_read": len(text)},
    }
    return AIMessage(
        text,
        id=named,
        additional_kwargs=told,
        response_metadata={"m": "1"},
        usage_metadata=spent,
    )


def merged() -> list[str]:
    blocks = [{"type": "text", "text": "a"}, "b"]
    runs = [
        [HumanMessage("a", id="1", name="me"), HumanMessage("b", id="2"), HumanMessage("")],
        [answered("a", "lc_run-1"), answered("b", "x"), HumanMessage(""), answered("c", "lc_1")],
        [answered("a", "lc_1"), answered("b", "lc_run-1"), answered("c", None)],
        [AIMessage("", tool_calls=[CALL]), AIMessage("b", tool_calls=[CALL], id="lc_run-2")],
        [AIMessage(blocks), AIMessage("c"), AIMessage(["d"]), HumanMessage(blocks[:1])],
        [HumanMessage(blocks[:1]), HumanMessage("x"), HumanMessage(""), HumanMessage(blocks)],
        [HumanMessage([]), HumanMessage("lost"), SystemMessage("a"), SystemMessage("b")],
        [ToolMessage("1", tool_call_id="1"), ToolMessage("2", tool_call_id="2")],
        [FunctionMessage(content="1", name="f"), FunctionMessage(content="2", name="f")],
        [],
    ]
    return [
        *(repr(merge_message_runs(run)) for run in runs),
        repr(merge_message_runs(messages=runs[0], chunk_separator=" | ")),
    ]


def merged_of(x: Any) -> list[Any]:
    return [(m.type, m.content, m.additional_kwargs) for m in merge_message_runs(x)]


CASES = {
    "trimmed": [(n,) for n in (-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20)],
    "trimmed_later": [(["a", ["ai", "b"], "c", "d"],), ([["system", "s"], "a", "b"],), ([1],)],
    "trimmed_by": [(["a", ["ai", "b"]],), (["a" * 40],), ([1],), ([],)],
    "counted": [()],
    "counted_of": [(["abc", ["tool", "x"]],), ([["ai", "x"]],), ([],)],
    "merged": [()],
    "merged_of": [
        (["a", "b", ["ai", "c"]],),
        ([{"role": "user", "content": "d", "x": "1"}, {"role": "user", "content": "e", "x": "2"}],),
        ([1],),
        ([],),
    ],
    "texts_in_dated_templates": [("a",), (None,), ([1.0],)],
    "copied": [
        (0, {"content": "new"}),
        (1, {"name": None, "id": "2"}),
        (3, {}),
        (5, {"status": "error", "artifact": {"a": 1}}),
        (8, {"id": "3"}),
    ],
    "copied_calls": [()],
    "copied_strangely": [("a",), (None,), ([1],), ({"content": 1},)],
    "texts": [()],
    "texts_in_templates": [()],
    "whole_text": [()],
    "contents": [()],
    "asked": [()],
    "attribute": [("a",), (None,), ([1],), ({"content": 1},), (1,), (1.5,)],
    "lacking": [(0,), (2,), (4,), (5,), (99,)],
    "called": [(0,), (2,), (3,), (5,)],
    "classes": [()],
    "checked": [("a",), (1,), (None,)],
    "said": [()],
    "said_by": [([1],), ([{"role": "user", "content": "x"}],), ([],), (1,), ([None],)],
    "said_to_remove": [()],
    "chosen": [()],
    "chosen_of": [
        (["a", ("system", "b")],),
        ([["ai", "c"], {"role": "user", "content": "d", "id": "7"}],),
        ([1],),
        ([["nobody", "x"]],),
        (1,),
    ],
    "chosen_by": [("ai",), ("nothing",), ("",)],
    "converted": [(["a", ["ai", "b"]],), ("ab",), ([{"role": "tool", "content": "x"}],), (None,)],
    "last_human": [(["human"],), (["ai"],), (["nobody"],)],
}
REFUSED = {
    "shown_otherwise": "LF302",
    "property_of_a_class": "LF303",
    "said_with": "LF303",
    "chosen_strangely": "LF303",
    "trimmed_strangely": "LF303",
    "trimmed_by_a_local": "LF303",
    "trimmed_in_parts": "LF303",
}
