"""What the converter takes for a native model's argument the crate of models reads, and the other way round."""

import re
from pathlib import Path

import pytest

from langferry.converter.chat_models import CLASSES, TEXT_CLASSES, ChatModelClass, of_vendor

SOURCES = Path(__file__).parents[2] / "runtime" / "crates" / "llm" / "src"
FILES = {
    "ChatOpenAI": "openai",
    "AzureChatOpenAI": "openai",
    "ChatAnthropic": "anthropic",
    "ChatGroq": "groq",
    "ChatOllama": "ollama",
    "ChatGoogleGenerativeAI": "google",
    "Ollama": "community_ollama",
    "OllamaLLM": "ollama",
    "OpenAI": "openai openai/completion",
}


@pytest.mark.parametrize("kind", CLASSES + TEXT_CLASSES, ids=lambda kind: kind.name)
def test_arguments_are_those_the_crate_reads(kind: ChatModelClass) -> None:
    files = FILES[kind.name].split()
    text = "".join((SOURCES / f"{name}.rs").read_text() for name in files)
    refused = re.search(r"const REFUSED: \[&str; \d+\] = \[(.*?)\];", text, re.DOTALL)
    assert refused is not None
    assert all(f'"{name}"' in text for name in kind.arguments)
    assert not kind.arguments & set(re.findall(r'"(\w+)"', refused[1]))


def test_what_is_refused_has_a_reason() -> None:
    openai = next(kind for kind in CLASSES if kind.name == "ChatOpenAI")
    assert openai.problem(["model", "temperature", "verbose"], [], "gpt-4o") == ""
    assert openai.problem(["disable_streaming"], [], None) == ""
    assert openai.problem(["disable_streaming", "streaming"], ["streaming"], None) == ""
    ollama = next(kind for kind in CLASSES if kind.name == "ChatOllama")
    assert ollama.problem(["model", "max_tokens", "streaming"], [], "llama3") == ""
    assert "streams and does not" in openai.problem(["disable_streaming", "streaming"], [], None)
    assert openai.problem(["cache"], ["cache"], None) == ""
    assert "cache" in openai.problem(["cache"], [], "gpt-4o")
    assert "gpt-5-pro" in openai.problem(["model"], [], "gpt-5-pro")
    google = next(kind for kind in CLASSES if kind.name == "ChatGoogleGenerativeAI")
    assert google.problem(["model"], [], "models/gemini-2.5-flash") == ""
    assert google.problem(["model"], [], "gemini-flash-lite-latest") == ""
    assert "gemini-3-pro" in google.problem(["model"], [], "gemini-3-pro")


def test_a_class_that_forbids_takes_only_its_own() -> None:
    ollama = next(kind for kind in TEXT_CLASSES if kind.name == "Ollama")
    assert ollama.problem(["model", "temperature", "stop"], ["stop"], "llama3") == ""
    assert "max_tokens" in ollama.problem(["max_tokens"], ["max_tokens"], None)
    assert "base_url" in ollama.problem(["base_url"], ["base_url"], None)
    openai = next(kind for kind in TEXT_CLASSES if kind.name == "OpenAI")
    assert openai.problem(["callbacks", "api_key"], ["callbacks", "api_key"], None) == ""
    assert "temperature" in openai.problem(["temperature"], ["temperature"], None)


@pytest.mark.parametrize(
    ("model", "vendor", "expected"),
    [
        ("openai:gpt-4o", None, ("ChatOpenAI", "gpt-4o")),
        ("o3-mini", None, ("ChatOpenAI", "o3-mini")),
        ("claude-sonnet-4-5", None, ("ChatAnthropic", "claude-sonnet-4-5")),
        ("gemini-2.0-flash", "google-genai", ("ChatGoogleGenerativeAI", "gemini-2.0-flash")),
        ("llama3:8b", "ollama", ("ChatOllama", "llama3:8b")),
        ("gemini-2.0-flash", None, None),
        ("mistralai:large", None, None),
        ("x", "cohere", None),
    ],
)
def test_vendors(model: str, vendor: str | None, expected: tuple[str, str] | None) -> None:
    found = of_vendor(model, vendor)
    assert (found and (found[0].name, found[1])) == expected
