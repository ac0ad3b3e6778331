"""Which names of LangGraph `langferry.graph` has, and what they are called there."""

_MODULES: dict[str, str] = {
    "langgraph._internal._runnable": "RunnableCallable",
    "langgraph.checkpoint.memory": "InMemorySaver MemorySaver",
    "langgraph.constants": "END START",
    "langgraph.errors": "EmptyInputError GraphInterrupt GraphRecursionError InvalidUpdateError",
    "langgraph.graph": "END START MessagesState StateGraph add_messages",
    "langgraph.graph.message": "MessagesState add_messages",
    "langgraph.graph.state": "CompiledStateGraph StateGraph",
    "langgraph.managed": "IsLastStep RemainingSteps",
    "langgraph.managed.is_last_step": "IsLastStep RemainingSteps",
    "langgraph.runtime": "Runtime",
    "langgraph.types": "Command Interrupt Overwrite Send StateSnapshot interrupt",
}
_RENAMED = {"MemorySaver": "InMemorySaver"}

OURS: dict[tuple[str, str], str] = {
    (module, name): _RENAMED.get(name, name)
    for module, names in _MODULES.items()
    for name in names.split()
}
"""The name in `langferry.graph` of a module's name in LangGraph."""
