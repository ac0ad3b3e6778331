"""LF809: a name is imported from where it is no longer, or not for long."""

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from langferry.converter.advice.subject import Source, Subject
from langferry.diagnostics import Diagnostic, Edit, Fix, Span

_TYPES: Final = "langgraph.types"
_MESSAGES: Final = "langchain_core.messages"
_DOCUMENTS: Final = "langchain_core.documents"
_PARSERS: Final = "langchain_core.output_parsers"
_PROMPTS: Final = "langchain_core.prompts"
_RUNNABLES: Final = "langchain_core.runnables"
_CALLBACKS: Final = "langchain_core.callbacks"
_SPLITTERS: Final = "langchain_text_splitters"


def _table(*rows: tuple[str, str, str]) -> Mapping[tuple[str, str], str]:
    return {(old, name): new for old, new, names in rows for name in names.split()}


# LangGraph 1.2 says so itself, or has no such name; of LangChain's, 0.3 has the very same object in both
# places, and 1.0 in the new one only
MOVED: Final = _table(
    ("langgraph.constants", _TYPES, "Send Interrupt"),
    (
        "langgraph.pregel.types",
        _TYPES,
        "All CachePolicy PregelExecutableTask PregelTask RetryPolicy StateSnapshot StateUpdate StreamMode"
        " StreamWriter default_retry_on",
    ),
    ("langgraph.pregel", _TYPES, "RetryPolicy StateSnapshot"),
    ("langgraph.pregel.retry", _TYPES, "RetryPolicy"),
    ("langgraph.graph.graph", "langgraph.graph", "START END"),
    (
        "langchain.schema",
        _MESSAGES,
        "AIMessage BaseMessage ChatMessage FunctionMessage HumanMessage SystemMessage get_buffer_string"
        " messages_from_dict messages_to_dict",
    ),
    ("langchain.schema", _DOCUMENTS, "BaseDocumentTransformer Document"),
    ("langchain.schema", _PARSERS, "BaseLLMOutputParser BaseOutputParser StrOutputParser"),
    ("langchain.schema", _PROMPTS, "BasePromptTemplate format_document"),
    (
        "langchain.schema",
        "langchain_core.outputs",
        "ChatGeneration ChatResult Generation LLMResult RunInfo",
    ),
    (
        "langchain.schema.messages",
        _MESSAGES,
        "AIMessage AIMessageChunk AnyMessage BaseMessage BaseMessageChunk ChatMessage ChatMessageChunk"
        " FunctionMessage HumanMessage HumanMessageChunk SystemMessage SystemMessageChunk ToolMessage"
        " ToolMessageChunk get_buffer_string messages_from_dict messages_to_dict",
    ),
    ("langchain.schema.document", _DOCUMENTS, "BaseDocumentTransformer Document"),
    ("langchain.docstore.document", _DOCUMENTS, "Document"),
    (
        "langchain.schema.output_parser",
        _PARSERS,
        "BaseLLMOutputParser BaseOutputParser BaseTransformOutputParser StrOutputParser",
    ),
    (
        "langchain.output_parsers",
        _PARSERS,
        "CommaSeparatedListOutputParser ListOutputParser MarkdownListOutputParser NumberedListOutputParser"
        " PydanticOutputParser PydanticToolsParser XMLOutputParser",
    ),
    ("langchain.output_parsers.json", _PARSERS, "SimpleJsonOutputParser"),
    (
        "langchain.schema.runnable",
        _RUNNABLES,
        "ConfigurableField Runnable RunnableBinding RunnableBranch RunnableConfig RunnableGenerator"
        " RunnableLambda RunnableMap RunnableParallel RunnablePassthrough RunnableSequence"
        " RunnableSerializable RunnableWithFallbacks",
    ),
    ("langchain.schema.runnable.config", _RUNNABLES, "RunnableConfig"),
    ("langchain.schema.runnable.passthrough", _RUNNABLES, "RunnablePassthrough"),
    (
        "langchain.prompts",
        _PROMPTS,
        "AIMessagePromptTemplate BaseChatPromptTemplate BasePromptTemplate ChatMessagePromptTemplate"
        " ChatPromptTemplate FewShotChatMessagePromptTemplate FewShotPromptTemplate"
        " HumanMessagePromptTemplate MessagesPlaceholder PromptTemplate StringPromptTemplate"
        " SystemMessagePromptTemplate",
    ),
    (
        "langchain.prompts.chat",
        _PROMPTS,
        "AIMessagePromptTemplate BaseChatPromptTemplate ChatMessagePromptTemplate ChatPromptTemplate"
        " HumanMessagePromptTemplate MessagesPlaceholder SystemMessagePromptTemplate",
    ),
    ("langchain.prompts.prompt", _PROMPTS, "PromptTemplate"),
    ("langchain.schema.embeddings", "langchain_core.embeddings", "Embeddings"),
    ("langchain.schema.vectorstore", "langchain_core.vectorstores", "VectorStore"),
    (
        "langchain.callbacks.base",
        _CALLBACKS,
        "AsyncCallbackHandler BaseCallbackHandler BaseCallbackManager Callbacks",
    ),
    (
        "langchain.callbacks.manager",
        _CALLBACKS,
        "AsyncCallbackManager AsyncCallbackManagerForChainRun AsyncCallbackManagerForLLMRun"
        " AsyncCallbackManagerForRetrieverRun AsyncCallbackManagerForToolRun CallbackManager"
        " CallbackManagerForChainRun CallbackManagerForLLMRun CallbackManagerForRetrieverRun"
        " CallbackManagerForToolRun Callbacks",
    ),
    (
        "langchain.text_splitter",
        _SPLITTERS,
        "CharacterTextSplitter Language LatexTextSplitter MarkdownHeaderTextSplitter MarkdownTextSplitter"
        " NLTKTextSplitter PythonCodeTextSplitter RecursiveCharacterTextSplitter"
        " SentenceTransformersTokenTextSplitter SpacyTextSplitter TextSplitter TokenTextSplitter",
    ),
)
"""From where a name was, and the name, to where it is."""


def moved_name(subject: Subject) -> Iterator[Diagnostic]:
    """Names of LangGraph and LangChain that are imported from old modules.

    An import in a `try` is one of several that a program tries, and is left alone.
    """
    for source in subject.sources:
        tried = _tried(source)
        for node in source.module.scope.nodes:
            if not isinstance(node, ast.ImportFrom) or node.level or node in tried:
                continue
            old = node.module or ""
            moved = [alias for alias in node.names if (old, alias.name) in MOVED]
            fix = _fix(node, source) if moved else None
            for alias in moved:
                new = MOVED[old, alias.name]
                message = f"`{alias.name}` has moved from `{old}` to `{new}`"
                yield source.finding("LF809", "warning", message, alias, fix)


def _tried(source: Source) -> set[ast.AST]:
    return {
        inner
        for node in source.module.scope.nodes
        if isinstance(node, ast.Try)
        for inner in ast.walk(node)
    }


def _fix(node: ast.ImportFrom, source: Source) -> Fix:
    """One fix for all names of a statement."""
    old = node.module or ""
    by_module = {
        module: list(names)
        for module, names in groupby(
            sorted(node.names, key=lambda alias: MOVED.get((old, alias.name), "")),
            key=lambda alias: MOVED.get((old, alias.name), old),
        )
    }
    if len(by_module) == 1:
        return _only_the_module(source.module.span(node), source, old, next(iter(by_module)))
    span = source.module.span(node)
    between = source.separator(node)
    lines = [
        f"from {module} import {', '.join(map(_alias, names))}"
        for module, names in by_module.items()
    ]
    message = "import each name from where it is"
    # comments between the names have no place in what is written
    if "#" in source.text(span):
        return Fix("manual", message)
    return Fix("safe", message, (Edit(span, between.join(lines)),))


def _only_the_module(span: Span, source: Source, old: str, new: str) -> Fix:
    line = source.module.lines[span.line - 1]
    message = f"import from `{new}`"
    found = re.compile(r"from[ \t]+").match(line, span.column)
    if found is None or not line.startswith(f"{old} ", found.end()):
        return Fix("manual", message)
    place = Span(span.file, span.line, found.end(), span.line, found.end() + len(old))
    return Fix("safe", message, (Edit(place, new),))


def _alias(alias: ast.alias) -> str:
    return alias.name if alias.asname is None else f"{alias.name} as {alias.asname}"
