"""What the converter knows of names from outside the program."""

from langferry.converter import chat_models, web_tools
from langferry.converter.wiring.values import Const, LibraryValue, Value

CONSTANTS: dict[str, object] = {
    "langgraph.constants.START": "__start__",
    "langgraph.constants.END": "__end__",
    "langgraph.graph.START": "__start__",
    "langgraph.graph.END": "__end__",
    "langgraph.graph.state.START": "__start__",
    "langgraph.graph.state.END": "__end__",
    "langgraph.graph.message.START": "__start__",
    "langgraph.graph.message.END": "__end__",
    "typing.TYPE_CHECKING": False,
    "typing_extensions.TYPE_CHECKING": False,
}

HOOKS = ("before_agent", "before_model", "after_model", "after_agent")
"""What middleware adds to agents as nodes, in LangChain's order."""

WRAPPERS = ("wrap_model_call", "wrap_tool_call")
"""What middleware is asked around calls of the model and of tools."""

MIDDLEWARE = (
    *("AgentMiddleware", "hook_config", "dynamic_prompt", *HOOKS, *WRAPPERS),
    *("PrivateStateAttr", "OmitFromInput", "OmitFromOutput"),
)

_SAME_THING = {
    "StateGraph": ("langgraph.graph", "langgraph.graph.state"),
    "MessageGraph": ("langgraph.graph", "langgraph.graph.message"),
    "MessagesState": ("langgraph.graph", "langgraph.graph.message"),
    "add_messages": ("langgraph.graph", "langgraph.graph.message"),
    "create_react_agent": ("langgraph.prebuilt", "langgraph.prebuilt.chat_agent_executor"),
    "create_agent": ("langchain.agents", "langchain.agents.factory"),
    **dict.fromkeys(
        MIDDLEWARE, ("langchain.agents.middleware", "langchain.agents.middleware.types")
    ),
    "create_deep_agent": ("deepagents",),
    "create_supervisor": ("langgraph_supervisor",),
    "create_swarm": ("langgraph_swarm",),
    "entrypoint": ("langgraph.func",),
    "InMemorySaver": ("langgraph.checkpoint.memory",),
    "InMemoryStore": ("langgraph.store.memory",),
    "Send": ("langgraph.types", "langgraph.constants"),
    "Command": ("langgraph.types",),
    "interrupt": ("langgraph.types",),
    **dict.fromkeys(
        ("RunnableLambda", "chain"),
        ("langchain_core.runnables", "langchain_core.runnables.base", "langchain.schema.runnable"),
    ),
    "RunnableCallable": (
        "langgraph._internal._runnable",
        "langgraph.utils.runnable",
    ),
}

_TYPING = frozenset(
    [
        "Annotated",
        "Any",
        "Callable",
        "ClassVar",
        "Dict",
        "Final",
        "FrozenSet",
        "Iterable",
        "List",
        "Literal",
        "Mapping",
        "MutableMapping",
        "NotRequired",
        "Optional",
        "ReadOnly",
        "Required",
        "Sequence",
        "Set",
        "Tuple",
        "Type",
        "TypedDict",
        "Union",
        "NamedTuple",
        "Protocol",
        "Generic",
        "TypeVar",
        "cast",
    ]
)

_ALIASES = {
    **{f"{place}.{name}": name for name, places in _SAME_THING.items() for place in places},
    **{f"{place}.{name}": name for name in _TYPING for place in ("typing", "typing_extensions")},
    "langgraph.checkpoint.memory.MemorySaver": "InMemorySaver",
    "collections.abc.Sequence": "Sequence",
    "collections.abc.MutableSequence": "Sequence",
    "collections.abc.Mapping": "Mapping",
    "collections.abc.MutableMapping": "MutableMapping",
    "collections.abc.Iterable": "Iterable",
    "collections.abc.Callable": "Callable",
    "functools.partial": "partial",
    "dataclasses.dataclass": "dataclass",
    "dataclasses.field": "field",
    "pydantic.dataclasses.dataclass": "pydantic_dataclass",
    "pydantic.BaseModel": "BaseModel",
    "pydantic.main.BaseModel": "BaseModel",
    "pydantic.Field": "Field",
    "langgraph.prebuilt.chat_agent_executor.AgentState": "langgraph.prebuilt.AgentState",
    **{
        f"langchain.agents.{place}.AgentState": "langchain.agents.AgentState"
        for place in ("middleware", "middleware.types", "factory")
    },
    "langgraph.prebuilt.tool_node.ToolNode": "langgraph.prebuilt.ToolNode",
    "langgraph.prebuilt.tool_node.tools_condition": "langgraph.prebuilt.tools_condition",
    "operator.concat": "operator.concat",
    "operator.__add__": "operator.add",
    "operator.__or__": "operator.or_",
}


_LANGFERRY = {
    name: f"{module}.{name}"
    for module, names in (
        ("langgraph._internal._runnable", "RunnableCallable"),
        ("langgraph.checkpoint.memory", "InMemorySaver"),
        ("langgraph.graph", "END START MessagesState StateGraph add_messages"),
        ("langgraph.graph.state", "CompiledStateGraph"),
        ("langgraph.managed", "IsLastStep RemainingSteps"),
        ("langgraph.runtime", "Runtime"),
        ("langgraph.types", "Command Interrupt Overwrite Send StateSnapshot interrupt"),
    )
    for name in names.split()
}
"""What the names of `langferry.graph`, on which a program may stand already, are in LangGraph."""


def resolve(dotted: str) -> Value:
    """The value of a library's name. Names that mean the same thing give the same one."""
    dotted = _LANGFERRY.get(dotted.removeprefix("langferry.graph."), dotted)
    if dotted in CONSTANTS:
        return Const(CONSTANTS[dotted])
    return LibraryValue(_ALIASES.get(dotted, dotted))


def is_library(value: Value | None, *names: str) -> bool:
    """Whether `value` is one of these library names, in `resolve`'s spelling."""
    return isinstance(value, LibraryValue) and value.name in names


AGENTS = frozenset({"create_react_agent", "create_agent", "create_deep_agent"})
"""Functions of the libraries that give a compiled graph."""

TRANSPARENT = frozenset(
    [
        "abc.abstractmethod",
        "functools.cache",
        "functools.lru_cache",
        "langsmith.traceable",
        "langsmith.run_helpers.traceable",
        "typing.override",
        "typing_extensions.override",
    ]
)
"""Decorators that leave a function what it is to the wiring."""

NO_EFFECT = frozenset(
    [
        "print",
        "len",
        "isinstance",
        "issubclass",
        "callable",
        "hasattr",
        "id",
        "type",
        "logging.getLogger",
        "logging.basicConfig",
        "warnings.filterwarnings",
        "os.getenv",
        "os.environ.get",
        "dotenv.load_dotenv",
        "re.compile",
        "pprint.pprint",
        "rich.print",
        "langgraph.prebuilt.ValidationNode",
        "langgraph.prebuilt.ToolExecutor",
        "langgraph.prebuilt.tool_executor.ToolExecutor",
        "langchain.tools.render.format_tool_to_openai_function",
        "langchain_core.utils.function_calling.convert_to_openai_function",
        "langchain_core.utils.function_calling.convert_to_openai_tool",
        "langchain_core.utils.function_calling.format_tool_to_openai_function",
    ]
)
"""Library callables that never change their arguments and never add to a graph."""

MAKING_CLASSES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(chat_models.BY_NAME | chat_models.TEXT_BY_NAME, ()),
    **dict.fromkeys(chat_models.COMMUNITY_BY_NAME, ()),
    **dict.fromkeys(chat_models.INIT, ("model",)),
    **dict.fromkeys(web_tools.BY_NAME, ()),
    **dict.fromkeys(web_tools.FROM_FUNCTION, ("func",)),
    "langgraph.prebuilt.ToolNode": ("tools",),
    "re.compile": ("pattern", "flags"),
}
"""What makes objects that are made anew where native code needs them, with its first parameters."""

MAKING_METHODS: dict[str, tuple[str, ...]] = {
    "bind_tools": ("tools",),
    "bind": (),
    "with_structured_output": ("schema",),
}
"""Methods of such instances that make others, with their parameters."""

RUNNABLES = frozenset(
    {"langchain_core.runnables.Runnable", "langchain_core.runnables.base.Runnable"}
)
"""The names of what all models are, and all that is made of them."""

RUNNABLE_MAKERS = frozenset(
    [*chat_models.BY_NAME, *chat_models.TEXT_BY_NAME, *chat_models.INIT, *MAKING_METHODS]
)

SUPERVISED_HAND_OFF = "langgraph_supervisor.create_handoff_tool"
"""What stands for the tools by which supervisors hand over to agents."""

UNKNOWABLE = frozenset({"exec"})
"""Builtins after whose call nothing about a module is certain any more."""
