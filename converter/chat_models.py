"""The chat models that native code can be: their names, and the arguments it knows of each.

What the arguments mean is known to `runtime/crates/llm` only; here it is known which it would refuse.
"""

from collections.abc import Collection
from dataclasses import dataclass

_EVERYWHERE = frozenset({"verbose", "tags", "metadata", "name", "disable_streaming"})
_SAMPLING = frozenset({"temperature", "top_p", "seed", "stop", "stop_sequences", "n"})
_REACHING = frozenset({"base_url", "api_key", "timeout", "request_timeout", "max_retries"})
_OPENAI = frozenset(
    {
        *("model", "model_name", "default_headers", "streaming", "stream_usage", "logprobs"),
        *("presence_penalty", "frequency_penalty", "top_logprobs", "store", "logit_bias"),
        *("prompt_cache_options", "reasoning_effort", "verbosity", "service_tier", "max_tokens"),
        *("max_completion_tokens", "model_kwargs", "extra_body", "stream_chunk_timeout"),
        *("tiktoken_model_name", "openai_api_base", "openai_api_key"),
    }
)


@dataclass(frozen=True)
class ChatModelClass:
    """A class of chat models: its name, the modules that have it, and the arguments known of it."""

    name: str
    modules: tuple[str, ...]
    arguments: frozenset[str]
    model_prefixes: tuple[str, ...] = ("",)
    """What names of models begin with that are known."""
    strange_models: tuple[str, ...] = ()
    """What names of models begin with that are refused."""
    forbids: bool = False
    """Whether its class raises for arguments that it does not have."""
    needed: frozenset[str] = frozenset()
    """The arguments for which its class does not take `None`."""

    def problem(self, given: Collection[str], silent: Collection[str], model: str | None) -> str:
        """Why native code would refuse to make it; empty where it would not, or that is not certain.

        `given` are the names of arguments, `silent` those of them that are `None`, `model` the
        model's name where that is known.
        """
        for name in given:
            known = name in self.arguments
            if not self.forbids:
                known = known or name in _EVERYWHERE or name in silent
            if not known or (name in self.needed and name in silent):
                return f"`{self.name}({name}=)` is not native"
        both = {"disable_streaming", "streaming"} <= set(given) - set(silent)
        if both and self.name != "ChatOllama":
            return f"`{self.name}` that streams and does not is not native"
        if model is not None and not self._knows(model):
            return f"`{self.name}` of the model {model!r} is not native"
        return ""

    def _knows(self, model: str) -> bool:
        plain = model.removeprefix("models/")
        return plain.startswith(self.model_prefixes) and not plain.startswith(self.strange_models)


CLASSES: tuple[ChatModelClass, ...] = (
    ChatModelClass(
        "ChatOpenAI",
        (
            "langchain_openai",
            "langchain_openai.chat_models",
            "langchain_openai.chat_models.base",
        ),
        _SAMPLING | _REACHING | _OPENAI | {"organization", "openai_organization"},
        strange_models=(
            *("gpt-5-pro", "gpt-5.2-pro", "gpt-5.4-pro", "gpt-5.5-pro", "gpt-5.6-sol"),
            "gpt-6",
        ),
    ),
    ChatModelClass(
        "AzureChatOpenAI",
        (
            "langchain_openai",
            "langchain_openai.chat_models",
            "langchain_openai.chat_models.azure",
        ),
        (_SAMPLING | _REACHING | _OPENAI - {"base_url", "openai_api_base"})
        | {"azure_endpoint", "api_version", "openai_api_version", "azure_deployment"}
        | {"deployment_name", "openai_api_type", "validate_base_url", "organization"},
    ),
    ChatModelClass(
        "ChatAnthropic",
        ("langchain_anthropic", "langchain_anthropic.chat_models"),
        (_SAMPLING | _REACHING) - {"seed", "n", "request_timeout"}
        | {"model", "model_name", "anthropic_api_url", "anthropic_api_key", "default_headers"}
        | {"max_tokens", "max_tokens_to_sample", "top_k", "default_request_timeout"}
        | {"stream_usage", "thinking"},
    ),
    ChatModelClass(
        "ChatGroq",
        ("langchain_groq", "langchain_groq.chat_models"),
        _SAMPLING
        | _REACHING
        | {"model", "model_name", "groq_api_base", "groq_api_key", "default_headers"}
        | {"service_tier", "model_kwargs", "max_tokens", "reasoning_format", "reasoning_effort"}
        # what the class has no field for, and sends as it is given
        | {"max_completion_tokens", "presence_penalty", "frequency_penalty"}
        | {"parallel_tool_calls", "response_format"},
    ),
    ChatModelClass(
        "ChatOllama",
        ("langchain_ollama", "langchain_ollama.chat_models"),
        frozenset(
            {
                *("model", "base_url", "mirostat_eta", "mirostat_tau", "repeat_penalty"),
                *("temperature", "tfs_z", "top_p", "mirostat", "num_ctx", "num_gpu"),
                *("num_thread", "num_predict", "repeat_last_n", "seed", "top_k", "stop"),
                *("format", "keep_alive"),
                # what pydantic passes over, as the class has no such fields
                *("max_tokens", "max_output_tokens", "max_retries", "timeout", "api_key", "n"),
                *("request_timeout", "streaming", "frequency_penalty", "presence_penalty"),
                *("stop_sequences", "model_kwargs"),
            }
        ),
    ),
    ChatModelClass(
        "ChatGoogleGenerativeAI",
        ("langchain_google_genai", "langchain_google_genai.chat_models"),
        _SAMPLING
        | _REACHING
        | {"model", "model_name", "api_version", "google_api_key", "additional_headers"}
        | {"candidate_count", "top_k", "max_output_tokens", "max_tokens", "presence_penalty"}
        | {"frequency_penalty", "retries", "convert_system_message_to_human"},
        model_prefixes=(
            *("gemini-1", "gemini-2", "gemini-pro", "gemma"),
            *("gemini-flash-latest", "gemini-flash-lite-latest"),
        ),
    ),
)

_OLLAMA_OPTIONS = frozenset(
    {
        *("mirostat_eta", "mirostat_tau", "repeat_penalty", "temperature", "tfs_z", "top_p"),
        *("mirostat", "num_ctx", "num_gpu", "num_thread", "num_predict", "repeat_last_n", "top_k"),
    }
)

_OPENAI_ACCOUNT = frozenset(
    {"openai_api_base", "openai_api_key", "organization", "openai_organization"}
)
_OPENAI_NEEDED = frozenset(
    {
        *("model", "model_name", "temperature", "max_tokens", "top_p", "frequency_penalty"),
        *("presence_penalty", "n", "best_of", "model_kwargs"),
    }
)

_COMMUNITY_OLLAMA = _OLLAMA_OPTIONS | {
    *("model", "base_url", "system", "template", "format", "keep_alive", "raw", "headers"),
    *("timeout", "stop"),
}

COMMUNITY_CLASSES: tuple[ChatModelClass, ...] = (
    ChatModelClass(
        "ChatOllama",
        ("langchain_community.chat_models", "langchain_community.chat_models.ollama"),
        _COMMUNITY_OLLAMA,
        needed=frozenset({"model", "base_url"}),
    ),
)
"""The classes of chat models that are only asked, and in another way where the answer is awaited."""

TEXT_CLASSES: tuple[ChatModelClass, ...] = (
    ChatModelClass(
        "Ollama",
        ("langchain_community.llms", "langchain_community.llms.ollama"),
        _COMMUNITY_OLLAMA | {"verbose", "tags", "metadata", "name"},
        forbids=True,
        needed=frozenset({"model", "base_url"}),
    ),
    ChatModelClass(
        "OllamaLLM",
        ("langchain_ollama", "langchain_ollama.llms"),
        next(x for x in CLASSES if x.name == "ChatOllama").arguments,
    ),
    ChatModelClass(
        "OpenAI",
        ("langchain_openai", "langchain_openai.llms", "langchain_openai.llms.base"),
        _OPENAI_NEEDED
        | _REACHING
        | _OPENAI_ACCOUNT
        | {"seed", "logprobs", "extra_body"}
        | {"default_headers", "tiktoken_model_name"},
        needed=_OPENAI_NEEDED | {"max_retries"},
    ),
)
"""The classes of models that answer a text with one."""

BY_NAME: dict[str, ChatModelClass] = {
    f"{module}.{found.name}": found for found in CLASSES for module in found.modules
}
"""The classes of chat models by their qualified names."""

COMMUNITY_BY_NAME: dict[str, ChatModelClass] = {
    f"{module}.{found.name}": found for found in COMMUNITY_CLASSES for module in found.modules
}
"""`COMMUNITY_CLASSES` by their qualified names."""

TEXT_BY_NAME: dict[str, ChatModelClass] = {
    f"{module}.{found.name}": found for found in TEXT_CLASSES for module in found.modules
}
"""`TEXT_CLASSES` by their qualified names."""

INIT: frozenset[str] = frozenset(
    {"langchain.chat_models.init_chat_model", "langchain.chat_models.base.init_chat_model"}
)
"""The names of the function that makes a model by its vendor's name."""

_VENDORS = {
    "openai": "ChatOpenAI",
    "azure_openai": "AzureChatOpenAI",
    "anthropic": "ChatAnthropic",
    "google_genai": "ChatGoogleGenerativeAI",
    "groq": "ChatGroq",
    "ollama": "ChatOllama",
}
_PREFIXES = {
    "ChatOpenAI": ("gpt-", "o1", "o3", "chatgpt", "text-davinci"),
    "ChatAnthropic": ("claude",),
}


def reads(variable: str) -> bool:
    """Whether making a model, or asking it, may look at a variable of the environment."""
    name = variable.upper()
    return name.startswith(_VARIABLES) or name.endswith("_PROXY")


_VARIABLES = (
    "OPENAI_",
    "AZURE_OPENAI_",
    "ANTHROPIC_",
    "GOOGLE_API_KEY",
    "GEMINI_",
    "GROQ_",
    "OLLAMA_",
)


def of_vendor(model: str, vendor: str | None) -> tuple[ChatModelClass, str] | None:
    """The class and the model's name that `init_chat_model` makes of its arguments.

    None where that is not one of `CLASSES`.
    """
    before, colon, rest = model.partition(":")
    if vendor is None and colon and before in _VENDORS:
        vendor, model = before, rest
    if vendor is not None:
        name = _VENDORS.get(vendor.replace("-", "_").lower())
    else:
        beginnings = _PREFIXES.items()
        name = next((x for x, known in beginnings if model.lower().startswith(known)), None)
    found = next((item for item in CLASSES if item.name == name), None)
    return None if found is None else (found, model)
