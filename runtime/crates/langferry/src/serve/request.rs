//! What clients ask for: the bodies of requests, and what they mean to the engine.
//!
//! A key that is not listed here is refused.

use langferry_pystd::Value;
use langferry_trace::TraceValue as _;
use serde::Deserialize;
use serde_json::Map;
use uuid::Uuid;

use crate::Json;
use crate::command::Command;
use crate::compiled::CompiledGraph;
use crate::config::RunConfig;
use crate::input::Input;
use crate::send::Send;
use crate::serve::refused::{Refused, malformed, unsupported};
use crate::serve::wire::encoded;
use crate::stream::StreamMode;
use crate::target::Target;
use crate::update::Update;

const UNPROCESSABLE: axum::http::StatusCode = axum::http::StatusCode::UNPROCESSABLE_ENTITY;

/// A run to begin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunBody {
    pub assistant_id: String,
    #[serde(default)]
    input: Json,
    command: Option<CommandBody>,
    #[serde(default)]
    config: ConfigBody,
    context: Option<Map<String, Json>>,
    // runs are not kept, nor is what is said about them
    #[serde(rename = "metadata")]
    _metadata: Option<Map<String, Json>>,
    stream_mode: Option<OneOrMany>,
    stream_subgraphs: Option<bool>,
    stream_resumable: Option<bool>,
    interrupt_before: Option<OneOrMany>,
    interrupt_after: Option<OneOrMany>,
    #[serde(default)]
    pub multitask_strategy: Strategy,
    #[serde(default)]
    pub if_not_exists: IfNotExists,
    #[serde(default)]
    pub on_disconnect: OnDisconnect,
    on_completion: Option<String>,
    durability: Option<String>,
}

/// What to do about another run of the same thread.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Strategy {
    #[default]
    Enqueue,
    Reject,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum IfNotExists {
    #[default]
    Reject,
    Create,
}

/// What becomes of a run whose client has gone.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum OnDisconnect {
    #[default]
    Continue,
    Cancel,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn names(&self) -> &[String] {
        match self {
            OneOrMany::One(name) => std::slice::from_ref(name),
            OneOrMany::Many(names) => names,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandBody {
    #[serde(default)]
    resume: Json,
    update: Option<UpdateBody>,
    goto: Option<GotoBody>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum UpdateBody {
    Dict(Map<String, Json>),
    Pairs(Vec<(String, Json)>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum GotoBody {
    Many(Vec<TargetBody>),
    One(TargetBody),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum TargetBody {
    Node(String),
    // not a struct, which a list would do for as well
    Send(Map<String, Json>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigBody {
    recursion_limit: Option<Json>,
    configurable: Option<Map<String, Json>>,
    // what `RemoteGraph` sends of its caller's config; nodes of a crate see neither
    #[serde(rename = "metadata")]
    _metadata: Option<Map<String, Json>>,
    #[serde(rename = "tags")]
    _tags: Option<Vec<String>>,
}

impl RunBody {
    /// Refuses what it asks for in words that are known, but that the server does not do.
    pub(super) fn check(&self, on_thread: bool) -> Result<(), Refused> {
        let refused = |asked: bool, what: &str| match asked {
            true => Err(unsupported(UNPROCESSABLE, what.to_owned())),
            false => Ok(()),
        };
        let context = self
            .context
            .as_ref()
            .is_some_and(|context| !context.is_empty());
        refused(context, "a run's `context`")?;
        refused(
            self.stream_subgraphs == Some(true),
            "stream_subgraphs: true",
        )?;
        refused(
            self.stream_resumable == Some(true),
            "stream_resumable: true",
        )?;
        match self.durability.as_deref() {
            None | Some("sync" | "async") => {}
            Some(other) => refused(true, &format!("durability: {other:?}"))?,
        }
        match self.on_completion.as_deref() {
            None | Some("delete") if !on_thread => {}
            None => {}
            Some(other) => refused(true, &format!("on_completion: {other:?}"))?,
        }
        let both = self.command.is_some() && !self.input.is_null();
        match both {
            true => Err(malformed(
                UNPROCESSABLE,
                "both input and command".to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// What the run is started with.
    pub(super) fn input(&self) -> Result<Input, Refused> {
        match &self.command {
            Some(command) => Ok(Input::Command(command.command()?)),
            None if self.input.is_null() => Ok(Input::Continue),
            None => Ok(Input::Encoded(encoded(self.input.clone()))),
        }
    }

    /// The run's config on the thread `id`.
    pub(super) fn config(&self, id: &str) -> Result<RunConfig, Refused> {
        let mut told = Map::new();
        if let Some(limit) = &self.config.recursion_limit {
            told.insert("recursion_limit".to_owned(), limit.clone());
        }
        let given = self.config.configurable.iter().flatten();
        // what LangGraph tells its own tasks has no meaning here
        let given = given.filter(|(key, value)| !key.starts_with("__") && !value.is_null());
        let mut configurable = Map::new();
        for (key, value) in given {
            match key.as_str() {
                "thread_id" if value != id => {
                    let reason = format!("a config with the thread_id {value}");
                    return Err(malformed(UNPROCESSABLE, reason));
                }
                "checkpoint_id" => return Err(no_history()),
                "checkpoint_ns" if value != "" => return Err(no_history()),
                "thread_id" | "checkpoint_ns" | "checkpoint_map" => {}
                _ => {
                    configurable.insert(key.clone(), encoded(value.clone()));
                }
            }
        }
        told.insert("configurable".to_owned(), configurable.into());
        let config = RunConfig::decode(&told.into());
        let wrong = |error| malformed(UNPROCESSABLE, format!("config: {error}"));
        Ok(config.map_err(wrong)?.configurable("thread_id", id))
    }

    /// The graph, stopping where the request says.
    pub(super) fn graph(&self, graph: &CompiledGraph) -> Result<CompiledGraph, Refused> {
        let names = |nodes: &Option<OneOrMany>| {
            let nodes = nodes.as_ref();
            nodes
                .map(|nodes| nodes.names().to_vec())
                .unwrap_or_default()
        };
        let (before, after) = (names(&self.interrupt_before), names(&self.interrupt_after));
        let stopping = graph.clone().with_breakpoints(
            before.iter().map(String::as_str),
            after.iter().map(String::as_str),
        );
        stopping.map_err(|error| malformed(UNPROCESSABLE, error.to_string()))
    }

    /// What the stream shows.
    pub(super) fn modes(&self) -> Result<Vec<StreamMode>, Refused> {
        let Some(asked) = &self.stream_mode else {
            return Ok(vec![StreamMode::Values]);
        };
        let mut modes = Vec::new();
        for name in asked.names() {
            let mode = match name.as_str() {
                "values" => StreamMode::Values,
                "updates" => StreamMode::Updates,
                "custom" => StreamMode::Custom,
                other => {
                    let reason = format!("the stream mode {other:?}");
                    return Err(unsupported(UNPROCESSABLE, reason));
                }
            };
            if !modes.contains(&mode) {
                modes.push(mode);
            }
        }
        Ok(modes)
    }
}

impl CommandBody {
    fn command(&self) -> Result<Command, Refused> {
        let wrong = |error| malformed(UNPROCESSABLE, format!("command: {error}"));
        let read = |value: &Json| Value::from_trace(&encoded(value.clone())).map_err(wrong);
        let mut command = match &self.resume {
            Json::Null => Command::new(),
            answer => Command::answering(&encoded(answer.clone())).map_err(wrong)?,
        };
        let mut update = Update::new();
        match &self.update {
            None => {}
            Some(UpdateBody::Dict(fields)) => {
                for (channel, value) in fields {
                    update.set(channel.clone(), read(value)?);
                }
            }
            Some(UpdateBody::Pairs(pairs)) => {
                for (place, (channel, value)) in pairs.iter().enumerate() {
                    if pairs[..place].iter().any(|(earlier, _)| earlier == channel) {
                        let reason = format!("two updates of {channel:?} by one command");
                        return Err(unsupported(UNPROCESSABLE, reason));
                    }
                    update.set(channel.clone(), read(value)?);
                }
            }
        }
        let targets: &[TargetBody] = match &self.goto {
            None => &[],
            Some(GotoBody::One(target)) => std::slice::from_ref(target),
            Some(GotoBody::Many(targets)) => targets,
        };
        let targets = targets.iter().map(|target| match target {
            TargetBody::Node(name) => Ok(Target::Node(name.clone())),
            TargetBody::Send(packet) => match (packet.get("node"), packet.get("input")) {
                (Some(Json::String(node)), Some(input)) if packet.len() == 2 => {
                    Ok(Target::Send(Send::new(node.clone(), read(input)?)))
                }
                _ => {
                    let reason = "a packet of a command without node and input".to_owned();
                    Err(malformed(UNPROCESSABLE, reason))
                }
            },
        });
        command.update = update;
        command.goto = targets.collect::<Result<_, Refused>>()?;
        Ok(command)
    }
}

fn no_history() -> Refused {
    let reason = "runs and states at another checkpoint than the newest one".to_owned();
    unsupported(UNPROCESSABLE, reason)
}

/// A thread to make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThreadBody {
    thread_id: Option<String>,
    metadata: Option<Map<String, Json>>,
    #[serde(default)]
    if_exists: IfExists,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum IfExists {
    #[default]
    Raise,
    DoNothing,
}

impl ThreadBody {
    pub(super) fn id(&self) -> String {
        let named = self.thread_id.clone();
        named.unwrap_or_else(|| Uuid::new_v4().to_string())
    }

    pub(super) fn keeps_existing(&self) -> bool {
        self.if_exists == IfExists::DoNothing
    }

    pub(super) fn metadata(self) -> Map<String, Json> {
        self.metadata.unwrap_or_default()
    }
}

/// Which assistants to list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchBody {
    graph_id: Option<String>,
    name: Option<String>,
    metadata: Option<Map<String, Json>>,
    limit: Option<u64>,
    offset: Option<u64>,
    // there is only one to sort
    #[serde(rename = "sort_by")]
    _sort_by: Option<String>,
    #[serde(rename = "sort_order")]
    _sort_order: Option<String>,
}

impl SearchBody {
    /// Whether the one assistant, that of the graph called `own`, is listed.
    pub(super) fn shows(&self, own: &str) -> bool {
        let named = |name: &String| own.to_lowercase().contains(&name.to_lowercase());
        let said = |(key, value): (&String, &Json)| key == "created_by" && value == "system";
        self.graph_id.as_ref().is_none_or(|id| id == own)
            && self.name.as_ref().is_none_or(named)
            && self.metadata.iter().flatten().all(said)
            && self.limit != Some(0)
            && self.offset.unwrap_or(0) == 0
    }
}

/// A state to show.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CheckpointBody {
    checkpoint: Map<String, Json>,
    subgraphs: Option<bool>,
}

impl CheckpointBody {
    /// Refuses any but the newest one of the thread `id`.
    pub(super) fn check(&self, id: &str) -> Result<(), Refused> {
        if self.subgraphs == Some(true) {
            let reason = "the states of subgraphs, which a crate does not keep".to_owned();
            return Err(unsupported(UNPROCESSABLE, reason));
        }
        for (key, value) in &self.checkpoint {
            match key.as_str() {
                "thread_id" if value == id => {}
                "checkpoint_ns" if value == "" => {}
                "checkpoint_id" | "checkpoint_ns" | "checkpoint_map" if value.is_null() => {}
                "checkpoint_map" if value.as_object().is_some_and(Map::is_empty) => {}
                _ => return Err(no_history()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(more: Json) -> RunBody {
        let mut body = json!({"assistant_id": "g"});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for unknown in ["webhook", "checkpoint", "checkpoint_id", "after_seconds"] {
            let body = json!({"assistant_id": "g", unknown: "x"});
            assert!(serde_json::from_value::<RunBody>(body).is_err());
        }
        for strategy in ["interrupt", "rollback"] {
            let body = json!({"assistant_id": "g", "multitask_strategy": strategy});
            assert!(serde_json::from_value::<RunBody>(body).is_err());
        }
        for more in [
            json!({"context": {"user": "u"}}),
            json!({"stream_subgraphs": true}),
            json!({"stream_resumable": true}),
            json!({"durability": "exit"}),
            json!({"on_completion": "keep"}),
        ] {
            assert!(body(more).check(false).unwrap_err().is(422, "LF416"));
        }
        let both = body(json!({"input": {}, "command": {"resume": 1}}));
        assert!(both.check(true).unwrap_err().is(422, "LF417"));
    }

    #[test]
    fn modes_are_those_of_the_engine() {
        assert_eq!(body(json!({})).modes().unwrap(), [StreamMode::Values]);
        let both = body(json!({"stream_mode": ["updates", "values", "updates"]}));
        assert_eq!(
            both.modes().unwrap(),
            [StreamMode::Updates, StreamMode::Values]
        );
        for mode in ["messages-tuple", "tasks", "debug", "events"] {
            let refused = body(json!({"stream_mode": mode})).modes().unwrap_err();
            assert!(refused.is(422, "LF416"));
        }
    }

    #[test]
    fn commands_resume_update_and_go() {
        let asked = body(json!({"command": {
            "resume": {"by": "me"},
            "update": [["a", 1], ["b", {"$type": "int"}]],
            "goto": ["one", {"node": "two", "input": [1]}],
        }}));
        let Input::Command(command) = asked.input().unwrap() else {
            panic!("no command");
        };
        assert!(command.resume.is_some());
        let written: Vec<_> = command.update.writes().map(|(name, _)| name).collect();
        assert_eq!(written, ["a", "b"]);
        assert!(matches!(
            &command.goto[..],
            [Target::Node(one), Target::Send(two)] if one == "one" && two.node == "two"
        ));
        let twice = body(json!({"command": {"update": [["a", 1], ["a", 2]]}}));
        assert!(twice.input().unwrap_err().is(422, "LF416"));
    }

    #[test]
    fn a_config_is_that_of_the_thread() {
        let config = |configurable: Json| {
            body(json!({"config": {"configurable": configurable, "tags": ["t"]}})).config("a")
        };
        let known = config(json!({"user": "u", "__pregel_x": 1, "checkpoint_ns": ""})).unwrap();
        let keys: Vec<_> = known
            .all_configurable()
            .items()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(keys, ["user", "thread_id"]);
        let other = config(json!({"thread_id": "b"})).unwrap_err();
        assert!(other.is(422, "LF417"));
        let earlier = config(json!({"checkpoint_id": "1"})).unwrap_err();
        assert!(earlier.is(422, "LF416"));
    }

    #[test]
    fn the_newest_state_is_shown() {
        let check = |checkpoint: Json| {
            let body = json!({"checkpoint": checkpoint, "subgraphs": false});
            let body: CheckpointBody = serde_json::from_value(body).unwrap();
            body.check("a")
        };
        assert!(check(json!({"thread_id": "a", "checkpoint_ns": ""})).is_ok());
        assert!(check(json!({"thread_id": "b"})).is_err());
        assert!(check(json!({"checkpoint_id": "1"})).is_err());
    }

    #[test]
    fn the_assistant_is_found_by_its_graph() {
        let shows = |body: Json| {
            let body: SearchBody = serde_json::from_value(body).unwrap();
            body.shows("Agent")
        };
        assert!(shows(json!({"limit": 10, "offset": 0, "name": "gen"})));
        assert!(shows(json!({"metadata": {"created_by": "system"}})));
        assert!(!shows(json!({"graph_id": "other"})));
        assert!(!shows(json!({"offset": 1})));
    }
}
