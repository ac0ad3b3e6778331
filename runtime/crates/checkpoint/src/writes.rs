//! What tasks write, by the channels under which it is stored.

use langferry_core::{Graph, Interrupt, NodeId, Send, Write};
use langferry_names::channels::{
    BRANCH, ERROR, ERROR_SOURCE, INTERRUPT, JOIN, NO_WRITES, RESUME, RETURN, TASKS, channel_of,
};
use langferry_trace::DecodeError;
use serde_json::{Value as Json, json};

use crate::values::Values;

/// A task's writes as pairs of channel and value. `raised` is what the task raised, as `repr` shows it.
pub(crate) fn to_stored<V: Values>(
    graph: &Graph,
    values: &V,
    writes: &[Write<V::Value>],
    raised: Option<&str>,
) -> Vec<(String, Json)> {
    let mut stored = Vec::with_capacity(writes.len());
    for write in writes {
        let channel = channel_of(graph, write).into_owned();
        let value = match write {
            Write::Channel(_, value) | Write::Return(value) => values.encode(value),
            Write::Join(_, node) | Write::ErrorSource(node) => graph.node_name(*node).into(),
            Write::Branch(_) | Write::Unknown(_) | Write::Nothing => Json::Null,
            Write::Send(send) => send_to_json(values, send),
            Write::Resume(answers) => {
                // upstream writes all answers with each that is used, and a write's place is part of
                // its key in a saver
                let all: Json = answers.iter().map(|answer| values.encode(answer)).collect();
                stored.extend(answers.iter().map(|_| (RESUME.to_owned(), all.clone())));
                continue;
            }
            Write::Interrupt(interrupts) => {
                let object = |interrupt: &Interrupt<V::Value>| {
                    json!({
                        "$type": "object",
                        "class": "langgraph.types.Interrupt",
                        "fields": {
                            "value": values.encode(&interrupt.value),
                            "id": interrupt.id,
                            "response_schema": null,
                        },
                    })
                };
                interrupts.iter().map(object).collect()
            }
            Write::Error => raised.into(),
        };
        stored.push((channel, value));
    }
    stored
}

/// What commands wrote, in the form they have for a saver: one answer stands alone, and who goes to a
/// node is the start.
pub(crate) fn command_to_stored<V: Values>(
    graph: &Graph,
    values: &V,
    writes: &[Write<V::Value>],
) -> Vec<(String, Json)> {
    let stored = writes.iter().flat_map(|write| {
        let stored = to_stored(graph, values, std::slice::from_ref(write), None);
        stored.into_iter().map(move |(channel, value)| match write {
            Write::Resume(answers) if answers.len() == 1 => (channel, values.encode(&answers[0])),
            Write::Branch(_) | Write::Unknown(_) => (channel, langferry_core::START.into()),
            _ => (channel, value),
        })
    });
    stored.collect()
}

/// Reads one stored write of a task, or, where `commands` wrote it, of a command.
pub(crate) fn from_stored<V: Values>(
    graph: &Graph,
    values: &V,
    channel: &str,
    value: &Json,
    commands: bool,
) -> Result<Write<V::Value>, DecodeError> {
    let unknown = || Write::Unknown(channel.to_owned());
    let node = |value: &Json| value.as_str().and_then(|name| graph.node_id(name));
    Ok(match channel {
        TASKS => Write::Send(send_from_json(values, value)?),
        NO_WRITES => Write::Nothing,
        RETURN => Write::Return(values.any(value)?),
        RESUME => {
            let answers = match value {
                Json::Array(answers) if !commands => answers.as_slice(),
                one => std::slice::from_ref(one),
            };
            let answers = answers.iter().map(|answer| values.any(answer));
            Write::Resume(answers.collect::<Result<_, _>>()?)
        }
        INTERRUPT => {
            let asked = match value {
                Json::Array(asked) => asked.as_slice(),
                one => std::slice::from_ref(one),
            };
            let asked = asked.iter().map(|asked| interrupt_from_json(values, asked));
            Write::Interrupt(asked.collect::<Result<_, _>>()?)
        }
        ERROR => Write::Error,
        ERROR_SOURCE => node(value).map_or_else(unknown, Write::ErrorSource),
        _ if channel.starts_with(BRANCH) => {
            let target = &channel[BRANCH.len()..];
            graph.node_id(target).map_or_else(unknown, Write::Branch)
        }
        _ => match graph.channel_id(channel) {
            None => unknown(),
            Some(join) if channel.starts_with(JOIN) => {
                node(value).map_or_else(unknown, |source| Write::Join(join, source))
            }
            Some(id) => {
                let value = values.written(id, value);
                Write::Channel(id, value.map_err(|error| error.within(channel))?)
            }
        },
    })
}

pub(crate) fn send_to_json<V: Values>(values: &V, send: &Send<V::Value>) -> Json {
    json!({
        "$type": "object",
        "class": "langgraph.types.Send",
        "fields": { "node": send.node, "arg": values.encode(&send.arg) },
    })
}

pub(crate) fn send_from_json<V: Values>(
    values: &V,
    stored: &Json,
) -> Result<Send<V::Value>, DecodeError> {
    let fields = object_fields(stored, "langgraph.types.Send")?;
    let node = fields.get("node").and_then(Json::as_str);
    let arg = fields.get("arg").unwrap_or(&Json::Null);
    Ok(Send {
        node: node
            .ok_or_else(|| DecodeError::new("a Send without a node"))?
            .to_owned(),
        arg: values.any(arg)?,
        timeout: None,
    })
}

fn interrupt_from_json<V: Values>(
    values: &V,
    stored: &Json,
) -> Result<Interrupt<V::Value>, DecodeError> {
    let fields = object_fields(stored, "langgraph.types.Interrupt")?;
    let id = fields.get("id").and_then(Json::as_str);
    Ok(Interrupt {
        value: values.any(fields.get("value").unwrap_or(&Json::Null))?,
        id: id.unwrap_or_default().to_owned(),
    })
}

fn object_fields<'a>(stored: &'a Json, class: &str) -> Result<&'a Json, DecodeError> {
    let fields = stored.get("fields");
    let own = stored.get("class").and_then(Json::as_str) == Some(class);
    let fields = fields.filter(|_| own);
    fields.ok_or_else(|| DecodeError::expected(class, stored))
}

/// The nodes that stored packets go to, by place.
pub(crate) fn sent_to(graph: &Graph, packets: &[Json]) -> Vec<Option<NodeId>> {
    let node = |packet: &Json| graph.node_id(packet.get("fields")?.get("node")?.as_str()?);
    packets.iter().map(node).collect()
}
