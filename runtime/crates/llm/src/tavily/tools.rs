//! `TavilySearch` of `langchain_tavily`, and `TavilySearchResults` of `langchain_community`.

use langferry_pystd::json::loads;
use langferry_pystd::{Class, Dict, Exception, Truthy, Value, repr, str_of};

use crate::kwargs::{Kwargs, dict, get, items, kwargs};
use crate::requests::{Response, request};
use crate::schema::Schema;
use crate::tavily::settings::{service, text, unfit, variable};
use crate::tool_runtime::ToolRuntime;
use crate::tools::Tool;

/// What is true of both tools.
#[derive(Clone)]
struct Settings {
    key: String,
    base_url: String,
    given: Kwargs,
}

/// A kind of value that a field of a tool takes.
#[derive(Clone, Copy)]
enum Kind {
    Int,
    Bool,
    Str,
    Strs,
    OneOf(&'static [&'static str]),
    /// A bool, or one of these.
    BoolOr(&'static [&'static str]),
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        let among = |known: &[&str]| known.iter().any(|x| *value == Value::from(*x));
        match self {
            Kind::Int => matches!(value, Value::Int(_)),
            Kind::Bool => matches!(value, Value::Bool(_)),
            Kind::Str => matches!(value, Value::Str(_)),
            Kind::Strs => match value {
                Value::List(items) => items.iter().all(|item| matches!(item, Value::Str(_))),
                _ => false,
            },
            Kind::OneOf(known) => among(known),
            Kind::BoolOr(known) => matches!(value, Value::Bool(_)) || among(known),
        }
    }
}

impl Settings {
    fn new(
        mut arguments: Kwargs,
        known: &[(&str, Kind)],
        takes_none: bool,
    ) -> Result<Self, Exception> {
        let key = text(&mut arguments, "tavily_api_key")?;
        let key = match key {
            Some(key) => key,
            None => variable("TAVILY_API_KEY")?
                .ok_or_else(|| Exception::unsupported("a search of Tavily without a key"))?,
        };
        let base_url = text(&mut arguments, "api_base_url")?;
        for (name, value) in arguments.items() {
            let kind = known.iter().find(|(known, _)| known == name);
            let none = takes_none && *value == Value::None;
            if !none && !kind.is_some_and(|(_, kind)| kind.fits(value)) {
                return Err(unfit(name, value));
            }
        }
        Ok(Settings {
            key,
            base_url: service(base_url)?,
            given: arguments,
        })
    }

    /// `self.name`, if it was given and is something.
    fn own(&self, name: &str) -> Option<Value> {
        self.given.get(name).filter(|value| value.truthy()).cloned()
    }

    /// A field, or its default.
    fn field(&self, name: &str, default: impl Into<Value>) -> Value {
        self.given
            .get(name)
            .cloned()
            .unwrap_or_else(|| default.into())
    }

    async fn posted(&self, params: Value, headers: Value) -> Result<Response, Exception> {
        let sent = kwargs([("json", params), ("headers", headers)]);
        request("POST", &format!("{}/search", self.base_url), sent).await
    }
}

fn taken(arguments: &mut Kwargs, name: &str, default: &str) -> Result<String, Exception> {
    Ok(text(arguments, name)?.unwrap_or_else(|| default.to_owned()))
}

const DESCRIPTION: &str = "A search engine optimized for comprehensive, accurate, and trusted results. Useful for when \
    you need to answer questions about current events. ";

/// `TavilySearchResults(**arguments)`
///
/// `api_base_url`, which LangChain's has not, is where else the service is.
///
/// # Errors
/// Unsupported for arguments that pydantic refuses or converts, and without a key.
pub fn tavily_search_results(mut arguments: Kwargs) -> Result<Tool, Exception> {
    let name = taken(&mut arguments, "name", "tavily_search_results_json")?;
    let said = format!("{DESCRIPTION}Input should be a search query.");
    let description = taken(&mut arguments, "description", &said)?;
    let known = [
        ("max_results", Kind::Int),
        ("search_depth", Kind::Str),
        ("include_domains", Kind::Strs),
        ("exclude_domains", Kind::Strs),
        ("include_answer", Kind::Bool),
        ("include_raw_content", Kind::Bool),
        ("include_images", Kind::Bool),
    ];
    let settings = Settings::new(arguments, &known, false)?;
    let query = dict([
        ("description", "search query to look up".into()),
        ("title", "Query".into()),
        ("type", "string".into()),
    ]);
    let schema = dict([
        ("description", description.as_str().into()),
        ("properties", dict([("query", query)])),
        ("required", vec![Value::from("query")].into()),
        ("title", name.as_str().into()),
        ("type", "object".into()),
    ]);
    let tool = Tool::of_run(name, description, schema, move |arguments, run| {
        let settings = settings.clone();
        async move {
            let params = of_results(&settings, &arguments);
            match searched_results(&settings, params, run.is_awaited()).await {
                Err(error) if error.is("Exception") => {
                    Ok(Value::Tuple(vec![repr(&error).into(), dict([])]))
                }
                found => cleaned(found?),
            }
        }
    });
    Ok(tool.with_artifact())
}

fn of_results(settings: &Settings, arguments: &Kwargs) -> Value {
    let none = || Value::List(Vec::new());
    dict([
        ("api_key", settings.key.as_str().into()),
        ("query", arguments.get("query").cloned().unwrap_or_default()),
        ("max_results", settings.field("max_results", 5)),
        ("search_depth", settings.field("search_depth", "advanced")),
        ("include_domains", settings.field("include_domains", none())),
        ("exclude_domains", settings.field("exclude_domains", none())),
        ("include_answer", settings.field("include_answer", false)),
        (
            "include_raw_content",
            settings.field("include_raw_content", false),
        ),
        ("include_images", settings.field("include_images", false)),
    ])
}

async fn searched_results(
    settings: &Settings,
    params: Value,
    is_awaited: bool,
) -> Result<Value, Exception> {
    let response = settings.posted(params, Value::None).await;
    if is_awaited {
        return awaited(response);
    }
    let response = response?;
    response.raise_for_status()?;
    response.json()
}

/// What the asynchronous tools make of an answer, which they ask for by another library.
fn awaited(response: Result<Response, Exception>) -> Result<Value, Exception> {
    let response = response.map_err(|error| match error.is("Exception") {
        true => Exception::unsupported(format!("the error of aiohttp for: {}", error.message())),
        false => error,
    })?;
    if response.code() == 200 {
        return loads(&response.text()?);
    }
    let message = format!("Error {}: {}", response.code(), response.reason());
    Err(Exception::new("Exception", message))
}

/// The results without what a model need not know, and all of the answer.
fn cleaned(raw: Value) -> Result<Value, Exception> {
    let mut results = Vec::new();
    for result in raw.item("results")?.iter()? {
        let mut kept: Dict<Value, Value> = Dict::new();
        for name in ["title", "url", "content", "score"] {
            kept.insert(name, result.item(name)?);
        }
        let content = get(&result, "raw_content");
        if content.truthy() {
            kept.insert("raw_content", content.clone());
        }
        results.push(Value::Dict(kept));
    }
    Ok(Value::Tuple(vec![Value::List(results), raw]))
}

const DEPTHS: &[&str] = &["basic", "advanced", "fast", "ultra-fast"];
const RANGES: &[&str] = &["day", "week", "month", "year"];
const TOPICS: &[&str] = &["general", "news", "finance"];

/// What models may not choose.
const FORBIDDEN: [&str; 9] = [
    "include_usage",
    "auto_parameters",
    "max_results",
    "include_answer",
    "include_raw_content",
    "include_image_descriptions",
    "include_favicon",
    "country",
    "exact_match",
];

/// `TavilySearch(**arguments)`
///
/// What models are told of its arguments stands in `search.json`, as `tool_call_schema` gives it.
///
/// # Errors
/// Unsupported for arguments that pydantic refuses or converts, and without a key.
pub fn tavily_search(mut arguments: Kwargs) -> Result<Tool, Exception> {
    let name = taken(&mut arguments, "name", "tavily_search")?;
    let mut schema = loads(include_str!("search.json"))?;
    let said = str_of(get(&schema, "description"));
    let description = taken(&mut arguments, "description", &said)?;
    schema.set_item("title", name.as_str())?;
    schema.set_item("description", description.as_str())?;
    let known = [
        ("auto_parameters", Kind::Bool),
        ("include_domains", Kind::Strs),
        ("exclude_domains", Kind::Strs),
        ("search_depth", Kind::OneOf(DEPTHS)),
        ("include_images", Kind::Bool),
        ("time_range", Kind::OneOf(RANGES)),
        ("max_results", Kind::Int),
        ("topic", Kind::OneOf(TOPICS)),
        ("include_answer", Kind::BoolOr(&["basic", "advanced"])),
        ("include_raw_content", Kind::BoolOr(&["markdown", "text"])),
        ("include_image_descriptions", Kind::Bool),
        ("country", Kind::Str),
        ("include_favicon", Kind::Bool),
        ("include_usage", Kind::Bool),
        ("exact_match", Kind::Bool),
    ];
    let settings = Settings::new(arguments, &known, true)?;
    let tool = Tool::of_run(
        name,
        description,
        Schema::from(schema),
        move |given, run| {
            let settings = settings.clone();
            async move { answer(&settings, given, &run).await }
        },
    );
    Ok(tool.taking_more().telling_errors())
}

async fn answer(
    settings: &Settings,
    mut given: Kwargs,
    run: &ToolRuntime,
) -> Result<Value, Exception> {
    // a text by itself leaves the defaults to the function, not to the schema
    if run.is_awaited() && !given.contains_key("search_depth") {
        given.insert("search_depth", "basic");
        given.insert("include_images", false);
        given.insert("topic", "general");
    }
    match found(settings, &given, run.is_awaited()).await {
        Err(error) if error.is("Exception") && !error.is("ToolException") => {
            match run.tool_call_id() {
                Value::None => Err(Exception::unsupported(format!(
                    "an exception as a result of a search: {error}"
                ))),
                // which has no JSON
                _ => Ok(format!("{{'error': {}}}", repr(&error)).into()),
            }
        }
        found => found,
    }
}

async fn found(settings: &Settings, given: &Kwargs, is_awaited: bool) -> Result<Value, Exception> {
    if let Some(name) = FORBIDDEN.iter().find(|name| given.contains_key(**name)) {
        return Err(Exception::value_error(format!(
            "The parameter '{name}' can only be set during instantiation, not during invocation. Please set it when \
             creating the TavilySearch instance."
        )));
    }
    let asked = |name: &str| given.get(name).cloned().unwrap_or_default();
    let either = |name: &str| settings.own(name).unwrap_or_else(|| asked(name));
    let own = |name: &str| settings.field(name, Value::None);
    let mut params: Vec<(&str, Value)> = vec![
        ("query", asked("query")),
        ("max_results", own("max_results")),
        ("search_depth", either("search_depth")),
        ("include_domains", either("include_domains")),
        ("exclude_domains", either("exclude_domains")),
        ("include_answer", own("include_answer")),
        ("include_raw_content", own("include_raw_content")),
        ("include_images", either("include_images")),
        (
            "include_image_descriptions",
            own("include_image_descriptions"),
        ),
        ("include_favicon", own("include_favicon")),
        ("topic", either("topic")),
        ("time_range", either("time_range")),
        ("country", own("country")),
        ("auto_parameters", own("auto_parameters")),
        ("start_date", asked("start_date")),
        ("end_date", asked("end_date")),
        ("include_usage", own("include_usage")),
        ("exact_match", own("exact_match")),
    ];
    let known: Vec<&str> = params.iter().map(|(name, _)| *name).collect();
    let more = given
        .items()
        .filter(|(name, _)| !known.contains(&name.as_str()));
    params.extend(more.map(|(name, value)| (name.as_str(), value.clone())));
    let params = params
        .into_iter()
        .filter(|(_, value)| *value != Value::None);
    let params: Dict<Value, Value> = params.map(|(name, value)| (name.into(), value)).collect();
    let headers = dict([
        ("Authorization", format!("Bearer {}", settings.key).into()),
        ("Content-Type", "application/json".into()),
        ("X-Client-Source", "langchain-tavily".into()),
    ]);
    let response = settings.posted(Value::Dict(params), headers).await;
    let raw = match is_awaited {
        true => awaited(response)?,
        false => answered(&response?)?,
    };
    match items(get(&raw, "results")).is_empty() {
        true => Err(TOOL_EXCEPTION.raise([nothing(&asked).into()])),
        false => Ok(raw),
    }
}

fn answered(response: &Response) -> Result<Value, Exception> {
    if response.code() == 200 {
        return response.json();
    }
    let message = match response.json()?.call("get", &["detail".into(), dict([])])? {
        detail @ Value::Dict(_) => str_of(get(&detail, "error")),
        _ => "Unknown error".to_owned(),
    };
    Err(Exception::value_error(format!(
        "Error {}: {message}",
        response.code()
    )))
}

/// What is said when nothing was found.
fn nothing(asked: &dyn Fn(&str) -> Value) -> String {
    let mut advice = Vec::new();
    for name in ["time_range", "include_domains", "exclude_domains"] {
        if asked(name).truthy() {
            advice.push(format!("Remove {name} argument"));
        }
    }
    if asked("search_depth") == "basic".into() {
        advice.push("Try a more detailed search using 'advanced' search_depth".to_owned());
    }
    if asked("topic") != "general".into() {
        advice.push("Try a general search using 'general' topic".to_owned());
    }
    format!(
        "No search results found for '{}'. Suggestions: {}. Try modifying your search parameters with one of these \
         approaches.",
        str_of(&asked("query")),
        advice.join(", ")
    )
}

static TOOL_EXCEPTION: Class = Class::new("ToolException", &["Exception"]);
