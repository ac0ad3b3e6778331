"""The Rust type of every type of the model."""

from collections.abc import Callable

from langferry.diagnostics import Failure
from langferry.model import types as t

_SIMPLE: dict[type, str] = {
    t.AnyType: "Value",
    t.NoneType: "()",
    t.BoolType: "bool",
    t.IntType: "Int",
    t.FloatType: "Float",
    t.StrType: "String",
    t.BytesType: "Bytes",
}
_CLASSES = {
    "builtins.range": "Range",
    "collections.Counter": "Counter",
    "datetime.date": "Date",
    "datetime.datetime": "DateTime",
    "datetime.time": "Time",
    "datetime.timedelta": "TimeDelta",
    "datetime.timezone": "TimeZone",
    "files.Reader": "files::Reader",
    "files.Writer": "files::Writer",
    "langchain.Chain": "langferry_llm::Chain",
    "langchain.EitherPrompt": "langferry_llm::Chain",
    "langchain.ChatModel": "langferry_llm::ChatModel",
    "langchain.ChatPromptTemplate": "langferry_llm::ChatPromptTemplate",
    "langchain.Parser": "langferry_llm::Chain",
    "langchain.PromptValue": "Value",
    "langchain.PromptTemplate": "langferry_llm::PromptTemplate",
    "langchain.StructuredModel": "langferry_llm::StructuredModel",
    "langchain.TextModel": "langferry_llm::TextModel",
    "langchain.Tool": "langferry_llm::Tool",
    "pydantic.Form": "langferry_llm::Schema",
    "langchain.ToldTool": "Value",
    "langchain.WaitingChain": "langferry_llm::Chain",
    "langchain.WaitingChatModel": "langferry_llm::ChatModel",
    "langchain.WaitingTextModel": "langferry_llm::TextModel",
    "langgraph.configurable": "Dict<String, Value>",
    "langgraph.store.BaseStore": "langferry::MemoryStore",
    "langgraph.types.Send": "Send",
    "pathlib.Parents": "pathlib::Parents",
    "pathlib.Path": "pathlib::Path",
    "pydantic_settings.Settings": "langferry::settings::Settings",
    "random.Random": "Random",
    "requests.Headers": "langferry_llm::requests::Headers",
    "requests.Response": "langferry_llm::requests::Response",
    "re.Match": "re::Match",
    "tavily.TavilyClient": "langferry_llm::TavilyClient",
    "re.Pattern": "re::Pattern",
}


def rust_type(found: t.Type, record: Callable[[str], str]) -> str:
    """`found` in Rust; `record` names the struct of a record's id.

    Raises:
        Failure: LF606, no Rust type has the same meaning.
    """
    simple = _SIMPLE.get(type(found))
    if simple is not None:
        return simple
    match found:
        case t.ListType(item):
            return f"Vec<{rust_type(item, record)}>"
        case t.SetType(item):
            return f"Set<{rust_type(item, record)}>"
        case t.DictType(key, value):
            return f"Dict<{rust_type(key, record)}, {rust_type(value, record)}>"
        case t.OptionalType(item):
            return f"Option<{rust_type(item, record)}>"
        case t.TupleType(items):
            inner = ", ".join(rust_type(item, record) for item in items)
            return f"({inner},)" if len(items) == 1 else f"({inner})"
        case t.RecordType(id_):
            return record(id_)
        case t.ClassType(name) if name in _CLASSES:
            return _CLASSES[name]
        case t.ClassType(name):
            raise Failure("LF606", f"no Rust type stands for the class `{name}`")
        case t.VarTupleType():
            raise Failure("LF606", "no Rust type stands for a tuple of any length")
        case _:
            raise Failure("LF606", "no Rust type stands for a callable value")
