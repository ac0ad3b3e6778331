//! `init_chat_model`: a model by its vendor's name.

use langferry_pystd::{Exception, Value, repr};

use crate::anthropic::chat_anthropic;
use crate::google::chat_google_generative_ai;
use crate::groq::chat_groq;
use crate::kwargs::Kwargs;
use crate::model::ChatModel;
use crate::ollama::chat_ollama;
use crate::openai::{azure_chat_openai, chat_openai};

/// The vendors LangChain knows (of `langchain` 1.4.7).
const VENDORS: [&str; 30] = [
    "anthropic",
    "anthropic_bedrock",
    "azure_ai",
    "azure_openai",
    "baseten",
    "bedrock",
    "bedrock_converse",
    "bedrock_mantle_anthropic",
    "bedrock_mantle_openai",
    "cohere",
    "deepseek",
    "fireworks",
    "google_anthropic_vertex",
    "google_genai",
    "google_vertexai",
    "groq",
    "huggingface",
    "ibm",
    "langsmith",
    "litellm",
    "meta",
    "mistralai",
    "nvidia",
    "ollama",
    "openai",
    "openrouter",
    "perplexity",
    "together",
    "upstage",
    "xai",
];

/// What the names of a vendor's models begin with.
const PREFIXES: [(&str, &[&str]); 11] = [
    ("openai", &["gpt-", "o1", "o3", "chatgpt", "text-davinci"]),
    ("anthropic", &["claude"]),
    ("cohere", &["command"]),
    ("fireworks", &["accounts/fireworks"]),
    ("google_vertexai", &["gemini"]),
    ("bedrock", &["amazon.", "anthropic.", "meta."]),
    ("mistralai", &["mistral", "mixtral"]),
    ("deepseek", &["deepseek"]),
    ("xai", &["grok"]),
    ("perplexity", &["sonar"]),
    ("upstage", &["solar"]),
];

/// `init_chat_model(model, **arguments)`: the vendor stands before a colon, is an argument, or is known by the name.
///
/// # Errors
/// `ValueError`, where nobody's model has such a name; unsupported for vendors not known here, and for configurable
/// models; those of the vendor's own function.
pub fn init_chat_model(model: &str, mut arguments: Kwargs) -> Result<ChatModel, Exception> {
    for name in ["configurable_fields", "config_prefix"] {
        if arguments.pop_or(name, Value::None) != Value::None {
            return Err(Exception::unsupported(format!("init_chat_model({name}=)")));
        }
    }
    let (vendor, name) = match (
        arguments.pop_or("model_provider", Value::None),
        model.split_once(':'),
    ) {
        (Value::Str(vendor), _) if !vendor.is_empty() => (vendor, model),
        (_, Some((vendor, name))) if VENDORS.contains(&vendor) => (vendor.to_owned(), name),
        _ => (by_name(model)?.to_owned(), model),
    };
    arguments.insert("model", name);
    match vendor.replace('-', "_").to_lowercase().as_str() {
        "openai" => chat_openai(arguments),
        "azure_openai" => azure_chat_openai(arguments),
        "anthropic" => chat_anthropic(arguments),
        "google_genai" => chat_google_generative_ai(arguments),
        "groq" => chat_groq(arguments),
        "ollama" => chat_ollama(arguments),
        other => Err(Exception::unsupported(format!("chat models of {other}"))),
    }
}

fn by_name(model: &str) -> Result<&'static str, Exception> {
    let lower = model.to_lowercase();
    let known = PREFIXES
        .iter()
        .find(|(_, prefixes)| prefixes.iter().any(|prefix| lower.starts_with(prefix)));
    match known {
        Some((vendor, _)) => Ok(vendor),
        None => Err(Exception::value_error(format!(
            "Unable to infer model provider for model={}. Please specify 'model_provider' directly.\n\n\
             Supported providers: {}\n\nFor help with specific providers, see: \
             https://docs.langchain.com/oss/python/integrations/providers",
            repr(model),
            VENDORS.join(", ")
        ))),
    }
}
