"""The names of LangChain's classes of messages, and of documents."""

DOCUMENT = "langchain_core.documents.base.Document"
"""What values say of what class documents are."""

DOCUMENTS = frozenset(
    {
        *("langchain_core.documents.Document", "langchain.schema.Document", DOCUMENT),
        *("langchain.docstore.document.Document", "langchain.schema.document.Document"),
    }
)
"""The places of LangChain's class of documents."""

MESSAGES = (
    *("HumanMessage", "AIMessage", "SystemMessage", "ToolMessage"),
    *("FunctionMessage", "ChatMessage", "RemoveMessage"),
)
_CHUNKS = ("AIMessageChunk", "HumanMessageChunk", "SystemMessageChunk", "ToolMessageChunk")
_PLACES = (
    *("langchain_core.messages", "langchain.schema", "langchain.messages"),
    *("langchain.schema.messages", "langchain_core.messages.base", "langchain_core.messages.human"),
    *("langchain_core.messages.ai", "langchain_core.messages.system"),
    *("langchain_core.messages.tool", "langchain_core.messages.function"),
    *("langchain_core.messages.chat", "langchain_core.messages.modifier"),
)
_REMOVE_ALL = frozenset(
    {"langgraph.graph.message.REMOVE_ALL_MESSAGES", "langgraph.graph.REMOVE_ALL_MESSAGES"}
)


def message_class(qualified: str | None) -> str | None:
    """The bare name of the class of messages that a qualified name stands for, of chunks too."""
    module, _, name = (qualified or "").rpartition(".")
    known = name in MESSAGES or name in _CHUNKS or name == "BaseMessage"
    return name if known and module in _PLACES else None


def message_constant(qualified: str | None) -> str | None:
    """The text that a constant of the libraries of messages stands for."""
    return "__remove_all__" if qualified in _REMOVE_ALL else None
