//! Output parsers: what is read out of an answer.

use langferry::messages;
use langferry_pystd::json::{Dumps, dumps_with, loads_with};
use langferry_pystd::{Exception, Value, str_};

use crate::kwargs::{get, items, text};
use crate::schema::Schema;
use crate::validation::instance;

/// `StrOutputParser().invoke(answer)`, for a message or a text.
///
/// # Errors
/// `AttributeError` for what is neither.
pub fn text_output(answer: &Value) -> Result<String, Exception> {
    let Value::Record { .. } = answer else {
        return answer.to::<String>();
    };
    let content = answer.attr("content")?;
    let untyped =
        |block: &Value| get(block, "type") == &Value::None && get(block, "text") != &Value::None;
    if !items(&content).iter().any(untyped) {
        return messages::text(answer);
    }
    let parts = items(&content).iter().filter_map(|block| match block {
        Value::Str(own) => Some(own.as_str()),
        block => match text(get(block, "type")) {
            Some("text") | None => text(get(block, "text")),
            Some(_) => None,
        },
    });
    Ok(parts.collect())
}

/// `JsonOutputParser().invoke(answer)`, for a message or a text; the JSON may stand in a fence of Markdown, and end
/// early.
///
/// # Errors
/// `OutputParserException` where it holds no JSON.
pub fn json_output(answer: &Value) -> Result<Value, Exception> {
    let text = str_::strip(&text_output(answer)?);
    match from_markdown(&text) {
        Err(error) if error.is("JSONDecodeError") => {
            Err(unparsable(format!("Invalid json output: {text}")))
        }
        read => read,
    }
}

/// `PydanticOutputParser(pydantic_object=…).invoke(answer)`: an object of the schema's class.
///
/// # Errors
/// `OutputParserException` where it holds no JSON, or JSON that pydantic refuses; unsupported where the schema does
/// not tell all that pydantic would ask for.
pub fn pydantic_output(answer: &Value, schema: &Schema) -> Result<Value, Exception> {
    let json = json_output(answer)?;
    instance(schema, &json).map_err(|error| match error.is("ValidationError") {
        true => misfit(schema, &json, &error),
        false => error,
    })
}

fn misfit(schema: &Schema, json: &Value, error: &Exception) -> Exception {
    let class = schema.class.as_deref().unwrap_or_default();
    let name = class.rsplit('.').next().unwrap_or_default();
    match dumps_with(json, &Dumps::UNESCAPED) {
        Ok(json) => unparsable(format!(
            "Failed to parse {name} from completion {json}. Got: {error}"
        )),
        Err(error) => error,
    }
}

/// `JsonOutputParser(pydantic_object=…).get_format_instructions()`, given the class's JSON schema, if there is one.
///
/// # Errors
/// `TypeError` for a schema that is no JSON.
pub fn json_format_instructions(schema: Option<&Value>) -> Result<String, Exception> {
    match schema {
        None => Ok("Return a JSON object.".to_owned()),
        Some(schema) => Ok(JSON_INSTRUCTIONS.replace("{schema}", &reduced(schema)?)),
    }
}

/// `PydanticOutputParser(pydantic_object=…).get_format_instructions()`, given the class's JSON schema.
///
/// # Errors
/// `TypeError` for a schema that is no JSON.
pub fn pydantic_format_instructions(schema: &Value) -> Result<String, Exception> {
    Ok(PYDANTIC_INSTRUCTIONS.replace("{schema}", &reduced(schema)?))
}

/// What LangChain raises for an answer it cannot read.
pub(crate) fn unparsable(message: String) -> Exception {
    let bases = [
        "ValueError",
        "LangChainException",
        "Exception",
        "BaseException",
    ];
    Exception::with_bases(
        "OutputParserException",
        bases.map(Into::into),
        format!(
            "{message}\nFor troubleshooting, visit: https://docs.langchain.com/oss/python/langchain\
             /errors/OUTPUT_PARSING_FAILURE "
        ),
    )
}

fn reduced(schema: &Value) -> Result<String, Exception> {
    let mut schema = schema.clone();
    if let Value::Dict(keys) = &mut schema {
        keys.pop_or(&Value::from("title"), Value::None);
        keys.pop_or(&Value::from("type"), Value::None);
    }
    dumps_with(schema, &Dumps::UNESCAPED)
}

/// `parse_json_markdown(text)`
fn from_markdown(text: &str) -> Result<Value, Exception> {
    match stripped(text) {
        Err(error) if error.is("JSONDecodeError") => match text.split_once("```") {
            Some((_, fenced)) => stripped(fenced.strip_prefix("json").unwrap_or(fenced)),
            None => Err(error),
        },
        read => read,
    }
}

fn stripped(text: &str) -> Result<Value, Exception> {
    if text.contains("\"action_input\"") {
        return Err(Exception::unsupported(
            "JSON with an `action_input`, which LangChain repairs",
        ));
    }
    partial_json(text.trim_matches([' ', '\n', '\r', '\t', '`']))
}

/// `parse_partial_json(text)`: JSON that may end early.
pub(crate) fn partial_json(text: &str) -> Result<Value, Exception> {
    if let Ok(value) = loads_with(text, false) {
        return Ok(value);
    }
    let Some((mut letters, closing)) = closed(text) else {
        return Ok(Value::None);
    };
    while !letters.is_empty() {
        let attempt: String = letters.iter().copied().chain(closing.chars()).collect();
        match loads_with(&attempt, false) {
            Err(error) if error.is("JSONDecodeError") => {
                // a longer text fails at the same place
                let place = failed_at(&error).min(letters.len() - 1);
                letters.truncate(place);
            }
            read => return read,
        }
    }
    loads_with(text, false)
}

/// The letters of the text, strings closed and line ends in them escaped, and the brackets still to close; nothing
/// where brackets do not match.
fn closed(text: &str) -> Option<(Vec<char>, String)> {
    let (mut letters, mut open) = (Vec::new(), Vec::new());
    let (mut inside, mut escaped) = (false, false);
    for letter in text.chars() {
        match letter {
            '"' if !inside => (inside, escaped) = (true, false),
            '"' if !escaped => inside = false,
            '\n' if inside && !escaped => {
                letters.push('\\');
                letters.push('n');
                continue;
            }
            '\\' if inside => escaped = !escaped,
            _ if inside => escaped = false,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' if open.pop() != Some(letter) => return None,
            _ => {}
        }
        letters.push(letter);
    }
    if inside {
        if escaped {
            letters.pop();
        }
        letters.push('"');
    }
    Some((letters, open.into_iter().rev().collect()))
}

/// The place a `JSONDecodeError` names.
fn failed_at(error: &Exception) -> usize {
    let place = error.message().rsplit("(char ").next();
    place
        .and_then(|place| place.trim_end_matches(')').parse().ok())
        .unwrap_or_default()
}

const PYDANTIC_INSTRUCTIONS: &str = r#"The output should be formatted as a JSON instance that conforms to the JSON schema below.

As an example, for the schema {"properties": {"foo": {"title": "Foo", "description": "a list of strings", "type": "array", "items": {"type": "string"}}}, "required": ["foo"]}
the object {"foo": ["bar", "baz"]} is a well-formatted instance of the schema. The object {"properties": {"foo": ["bar", "baz"]}} is not well-formatted.

Here is the output schema:
```
{schema}
```"#;

const JSON_INSTRUCTIONS: &str = r#"STRICT OUTPUT FORMAT:
- Return only the JSON value that conforms to the schema. Do not include any additional text, explanations, headings, or separators.
- Do not wrap the JSON in Markdown or code fences (no ``` or ```json).
- Do not prepend or append any text (e.g., do not write "Here is the JSON:").
- The response must be a single top-level JSON value exactly as required by the schema (object/array/etc.), with no trailing commas or comments.

The output should be formatted as a JSON instance that conforms to the JSON schema below.

As an example, for the schema {"properties": {"foo": {"title": "Foo", "description": "a list of strings", "type": "array", "items": {"type": "string"}}}, "required": ["foo"]} the object {"foo": ["bar", "baz"]} is a well-formatted instance of the schema. The object {"properties": {"foo": ["bar", "baz"]}} is not well-formatted.

Here is the output schema (shown in a code block for readability only — do not include any backticks or Markdown in your output):
```
{schema}
```"#;
