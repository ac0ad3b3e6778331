"""Tools and clients of libraries that native code can be: their names, and the arguments it knows of each.

What the arguments mean is known to `runtime/crates/llm` only.
"""

from dataclasses import dataclass

_OF_TOOLS = frozenset(
    {
        *("args_schema", "return_direct", "verbose", "callbacks", "callback_manager", "tags"),
        *("metadata", "handle_tool_error", "handle_validation_error", "response_format"),
        *("extras", "api_wrapper"),
    }
)
"""Fields of all tools of LangChain that are not known here."""


@dataclass(frozen=True)
class WebClass:
    """A class of tools or clients: its name, the modules that have it, and the arguments known of it."""

    name: str
    modules: tuple[str, ...]
    arguments: frozenset[str]
    kind: str
    """`langchain.Tool`, or the class of a client."""

    def is_ignored(self, argument: str) -> bool:
        """Whether the class passes over an argument, as pydantic does where there is no such field."""
        known = argument in self.arguments or argument in _OF_TOOLS
        return self.kind == "langchain.Tool" and not known


_DEPTH = {"search_depth", "include_domains", "exclude_domains", "max_results"}
_MORE = {"include_answer", "include_raw_content", "include_images", "tavily_api_key"}

CLASSES = (
    WebClass(
        "tavily.TavilySearchResults",
        (
            "langchain_community.tools",
            "langchain_community.tools.tavily_search",
            "langchain_community.tools.tavily_search.tool",
        ),
        frozenset({"name", "description", *_DEPTH, *_MORE}),
        "langchain.Tool",
    ),
    WebClass(
        "tavily.TavilySearch",
        ("langchain_tavily", "langchain_tavily.tavily_search"),
        frozenset(
            {
                *("name", "description", *_DEPTH, *_MORE),
                *("api_base_url", "auto_parameters", "time_range", "topic", "country"),
                *("include_image_descriptions", "include_favicon", "include_usage", "exact_match"),
            }
        ),
        "langchain.Tool",
    ),
    WebClass(
        "tavily.TavilyClient",
        ("tavily", "tavily.tavily"),
        frozenset(
            {
                *("api_key", "api_base_url", "client_source", "project_id", "org_id"),
                *("session_id", "human_id", "client_name"),
            }
        ),
        "tavily.TavilyClient",
    ),
)

BY_NAME: dict[str, WebClass] = {
    f"{module}.{found.name.rpartition('.')[2]}": found
    for found in CLASSES
    for module in found.modules
}
"""The classes by their qualified names."""


FROM_FUNCTION = frozenset(
    f"{module}.StructuredTool.from_function"
    for module in (
        *("langchain_core.tools", "langchain_core.tools.structured"),
        *("langchain.tools", "langchain.agents"),
    )
)
"""The names of what makes a tool of a function of the program."""


def reads(variable: str) -> bool:
    """Whether making one, or asking it, may look at a variable of the environment."""
    name = variable.upper()
    return name.startswith("TAVILY_") or name.endswith("_PROXY")
