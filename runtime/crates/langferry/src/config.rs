//! A run's configuration, as LangGraph's `config` argument.

use langferry_pystd::{Dict, Value};
use langferry_trace::{DecodeError, TraceValue};

use crate::Json;

/// Upstream's limit where a run's config names none.
const DEFAULT_RECURSION_LIMIT: u64 = 10_007;

/// How to run a graph.
#[derive(Clone, Debug)]
pub struct RunConfig {
    recursion_limit: u64,
    configurable: Dict<String, Value>,
}

impl Default for RunConfig {
    fn default() -> Self {
        let limit = std::env::var("LANGGRAPH_DEFAULT_RECURSION_LIMIT");
        RunConfig {
            recursion_limit: limit
                .ok()
                .and_then(|limit| limit.parse().ok())
                .unwrap_or(DEFAULT_RECURSION_LIMIT),
            configurable: Dict::new(),
        }
    }
}

impl RunConfig {
    /// The default configuration on the thread `id`.
    pub fn thread(id: impl Into<Value>) -> Self {
        Self::default().configurable("thread_id", id)
    }

    /// The same with a limit of supersteps.
    #[must_use]
    pub fn with_recursion_limit(mut self, limit: u64) -> Self {
        self.recursion_limit = limit;
        self
    }

    /// The same with a key of `configurable`.
    #[must_use]
    pub fn configurable(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.configurable.insert(key.into(), value.into());
        self
    }

    /// The limit of supersteps.
    #[must_use]
    pub fn recursion_limit(&self) -> u64 {
        self.recursion_limit
    }

    /// `config["configurable"].get(key)`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.configurable.get(key)
    }

    /// All of `config["configurable"]`.
    #[must_use]
    pub fn all_configurable(&self) -> &Dict<String, Value> {
        &self.configurable
    }

    /// Reads a config as a case or the command line gives it: `recursion_limit` and `configurable`.
    ///
    /// # Errors
    /// When it is no object, a value has the wrong type, or a key is not one of the two.
    pub fn decode(encoded: &Json) -> Result<Self, DecodeError> {
        let mut config = RunConfig::default();
        let fields = match encoded {
            Json::Null => return Ok(config),
            Json::Object(fields) => fields,
            _ => return Err(DecodeError::expected("dict", encoded)),
        };
        for (key, value) in fields {
            match key.as_str() {
                "recursion_limit" => {
                    let limit = value.as_i64();
                    let limit =
                        limit.ok_or_else(|| DecodeError::expected("int", value).within(key))?;
                    // a limit below one is the engine's to refuse
                    config.recursion_limit = u64::try_from(limit).unwrap_or(0);
                }
                "configurable" => {
                    config.configurable =
                        TraceValue::from_trace(value).map_err(|error| error.within(key))?;
                }
                _ => return Err(DecodeError::new("not a key of a run's config").within(key)),
            }
        }
        Ok(config)
    }
}
