//! What LangChain knows of OpenAI's models by their names.

use langferry_pystd::{Exception, Value};

/// The temperature LangChain sends: the models that think allow only one.
pub(super) fn allowed_temperature(
    model: &str,
    effort: Option<&str>,
    given: Option<Value>,
) -> Option<Value> {
    let model = model.to_lowercase();
    if model.starts_with("o1") && given.is_none() {
        return Some(Value::Float(1.0));
    }
    let fixed = model.starts_with("gpt-5") && !model.contains("chat") && effort != Some("none");
    given.filter(|temperature| !fixed || *temperature == Value::Float(1.0))
}

/// `o1`, `o3-mini` and the like, for which the system's message is the developer's.
pub(super) fn is_reasoning_series(model: &str) -> bool {
    let mut letters = model.chars();
    letters.next() == Some('o') && letters.next().is_some_and(|c| c.is_ascii_digit())
}

/// Models that LangChain reaches through OpenAI's other API.
pub(super) fn refuse_other_api(model: &str) -> Result<(), Exception> {
    let prefixes = [
        "gpt-5-pro",
        "gpt-5.2-pro",
        "gpt-5.4-pro",
        "gpt-5.5-pro",
        "gpt-5.6-sol",
    ];
    let other = prefixes.iter().any(|prefix| model.starts_with(prefix))
        || model.contains("codex")
        || model.to_lowercase().starts_with("gpt-6");
    match other {
        true => Err(Exception::unsupported(format!(
            "{model}, which needs OpenAI's API of responses"
        ))),
        false => Ok(()),
    }
}
