//! A chat model that is an argument of the program's entry.

use langferry::arguments::{Argument, argument};
use langferry_pystd::{Exception, Value};

use crate::anthropic::chat_anthropic;
use crate::google::chat_google_generative_ai;
use crate::groq::chat_groq;
use crate::init::init_chat_model;
use crate::kwargs::Kwargs;
use crate::model::ChatModel;
use crate::ollama::chat_ollama;
use crate::openai::{azure_chat_openai, chat_openai};

/// The chat model that is given for the argument `name`: a call of a model's class or of `init_chat_model`, with plain
/// arguments.
///
/// # Errors
/// `RuntimeError` when it is not given; unsupported for what is no such call; those of making the model.
pub fn given_model(name: &str) -> Result<ChatModel, Exception> {
    let strange = || {
        let wanted = "which has to be a chat model like `ChatOpenAI(model=\"gpt-4o\")`";
        Exception::unsupported(format!("what is given for the argument '{name}', {wanted}"))
    };
    let Argument::Call(class, placed, named) = argument(name)? else {
        return Err(strange());
    };
    let mut arguments: Kwargs = named.into_iter().collect();
    match (class.as_str(), placed.as_slice()) {
        ("init_chat_model", [Value::Str(model)]) => init_chat_model(model, arguments),
        ("init_chat_model", []) => match arguments.pop_or("model", Value::None) {
            Value::Str(model) => init_chat_model(&model, arguments),
            _ => Err(strange()),
        },
        ("ChatOpenAI", []) => chat_openai(arguments),
        ("AzureChatOpenAI", []) => azure_chat_openai(arguments),
        ("ChatAnthropic", []) => chat_anthropic(arguments),
        ("ChatGoogleGenerativeAI", []) => chat_google_generative_ai(arguments),
        ("ChatGroq", []) => chat_groq(arguments),
        ("ChatOllama", []) => chat_ollama(arguments),
        _ => Err(strange()),
    }
}
