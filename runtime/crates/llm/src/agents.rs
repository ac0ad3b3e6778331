//! The libraries' agents as graphs: a model that calls tools until it is done.

mod react;
mod sent;

use std::sync::Arc;

use langferry::messages::{self, add_messages, construct, is_instance};
use langferry::prelude::{Context, END, NodeResult, START, Slot, State, StateGraph};
use langferry::{Exception, PathMap, RouteResult, Send, Target};
use langferry_pystd::{Truthy, Value, str_of};

use crate::kwargs::{Kwargs, get, items, kwargs};
use crate::model::ChatModel;
use crate::schema::Schema;
use crate::tool_node::ToolNode;
use crate::tool_runtime::ToolRuntime;
use crate::tools::Tool;

pub use react::create_react_agent;
use sent::Calls;

/// What an agent keeps.
#[derive(Clone, Debug, Default, State)]
pub(crate) struct AgentState {
    #[state(reducer = add_messages)]
    pub(crate) messages: Slot<Vec<Value>>,
    pub(crate) structured_response: Slot<Value>,
}

/// What an agent is told besides the conversation.
#[derive(Clone, Default)]
pub enum Prompt {
    /// Nothing.
    #[default]
    None,
    /// A message before all others.
    System(Value),
    /// What the model is asked, made of the messages so far.
    Function(Arc<PromptFunction>),
}

/// What makes a model's input of the messages so far.
pub type PromptFunction = dyn Fn(&[Value]) -> Result<Value, Exception> + std::marker::Send + Sync;

impl Prompt {
    /// A text or a `SystemMessage` before all other messages.
    ///
    /// # Errors
    /// Unsupported for what is no content of a message.
    pub fn system(prompt: impl Into<Value>) -> Result<Self, Exception> {
        let prompt = prompt.into();
        Ok(Prompt::System(
            match is_instance(&prompt, "SystemMessage") {
                true => prompt,
                false => messages::system(prompt)?,
            },
        ))
    }

    fn applied(&self, messages: &[Value]) -> Result<Value, Exception> {
        match self {
            Prompt::None => Ok(Value::List(messages.to_vec())),
            Prompt::System(message) => {
                let all = [message].into_iter().chain(messages);
                Ok(Value::List(all.cloned().collect()))
            }
            Prompt::Function(function) => function(messages),
        }
    }
}

/// The other arguments of an agent.
#[derive(Clone, Default)]
pub struct Agent {
    /// `prompt=`, `system_prompt=`
    pub prompt: Prompt,
    /// `response_format=` of `create_react_agent`; `create_agent` refuses one.
    pub response_format: Option<Schema>,
    /// `name=`
    pub name: Option<String>,
}

/// `create_agent(model, tools, system_prompt=…, name=…)` of `langchain.agents`, without middleware, yet to be compiled.
///
/// # Errors
/// Unsupported for a `response_format`; what `bind_tools` raises.
pub fn create_agent(
    model: &ChatModel,
    tools: impl IntoIterator<Item = Tool>,
    agent: Agent,
) -> Result<StateGraph, Exception> {
    if agent.response_format.is_some() {
        return Err(Exception::unsupported("create_agent(response_format=)"));
    }
    let node = ToolNode::new(tools);
    let model = with_tools(model, &node)?;
    let name = agent.name.clone();
    let mut graph = StateGraph::new::<AgentState>(name.as_deref().unwrap_or("LangGraph"));
    graph.add_async_node("model", move |state: AgentState, _: Context| {
        let (model, agent) = (model.clone(), agent.clone());
        async move {
            let given = state.messages()?;
            let asked = with_failed_calls(given)?;
            let mut answer = model.invoke(agent.prompt.applied(&asked)?).await?;
            if let Some(name) = &agent.name {
                answer = named(answer, name.as_str());
            }
            let mut written = Vec::new();
            if asked.len() != given.len() {
                written.push(messages::remove("__remove_all__")?);
                written.extend(asked);
            }
            written.push(answer);
            Ok(AgentState::update().messages(written).into())
        }
    });
    graph.add_edge(START, "model");
    if node.tools().is_empty() {
        graph.add_edge("model", END);
        return Ok(graph);
    }
    add_tools(&mut graph, node.clone());
    graph.add_conditional_edges(
        "model",
        |state: &AgentState, _: &Context| pending(state.messages()?),
        PathMap::targets(["tools", END]),
    );
    let direct = node.tools().iter().any(Tool::returns_directly);
    let targets = ["model", END].into_iter().take(if direct { 2 } else { 1 });
    graph.add_conditional_edges(
        "tools",
        move |state: &AgentState, _: &Context| after_tools(state.messages()?, &node),
        PathMap::targets(targets),
    );
    Ok(graph)
}

/// The model that may call the node's tools.
fn with_tools(model: &ChatModel, node: &ToolNode) -> Result<ChatModel, Exception> {
    if node.tools().is_empty() {
        return Ok(model.clone());
    }
    let tools = node.tools().iter().map(Tool::to_value);
    model.bind_tools(tools.collect::<Result<Vec<_>, _>>()?, Kwargs::new())
}

/// Adds the node `tools`, which is sent its calls.
fn add_tools(graph: &mut StateGraph, node: ToolNode) {
    graph.add_async_node("tools", move |calls: Calls, context: Context| {
        let node = node.clone().within(ToolRuntime::new(&context));
        async move {
            let answers = match calls.call() {
                Some(call) => vec![node.answer(call).await?],
                None => node.invoke(calls.messages()?).await?,
            };
            Ok(AgentState::update().messages(answers).into()) as NodeResult
        }
    });
}

/// `message.name = name`, of a message nobody else holds.
#[must_use]
pub fn named(mut message: Value, name: impl Into<Value>) -> Value {
    if let Value::Record { fields, .. } = &mut message {
        fields.insert("name", name.into());
    }
    message
}

/// The last answer, and the tools' after it.
fn last_turn(messages: &[Value]) -> Option<(&Value, &[Value])> {
    let last = messages
        .iter()
        .rposition(|message| is_instance(message, "AIMessage"))?;
    Some((&messages[last], &messages[last + 1..]))
}

fn answers_of(messages: &[Value]) -> impl Iterator<Item = &Value> {
    messages
        .iter()
        .filter(|message| is_instance(message, "ToolMessage"))
}

/// The calls that no tool has answered, each sent to the tools, or the end.
fn pending(messages: &[Value]) -> RouteResult {
    let Some((last, after)) = last_turn(messages) else {
        return Ok(vec![END.into()]);
    };
    let answered = answers_of(after)
        .map(|answer| answer.attr("tool_call_id"))
        .collect::<Result<Vec<_>, _>>()?;
    let calls = last.attr("tool_calls")?;
    if items(&calls).is_empty() {
        return Ok(vec![END.into()]);
    }
    let sends: Vec<Target> = items(&calls)
        .iter()
        .filter(|call| !answered.contains(get(call, "id")))
        .map(|call| Send::new("tools", Calls::sent(Value::List(vec![call.clone()]))).into())
        .collect();
    Ok(match sends.is_empty() {
        true => vec!["model".into()],
        false => sends,
    })
}

/// Back to the model, or to the end where all tools that ran end the conversation.
fn after_tools(messages: &[Value], node: &ToolNode) -> RouteResult {
    let Some((last, after)) = last_turn(messages) else {
        return Ok(vec!["model".into()]);
    };
    let known = |name: &Value| node.tools().iter().find(|tool| *name == tool.name().into());
    let calls = last.attr("tool_calls")?;
    let mut executed = Vec::new();
    for call in items(&calls) {
        let mut name = get(call, "name").clone();
        for answer in answers_of(after) {
            let own = answer.attr("name")?;
            if answer.attr("tool_call_id")? == *get(call, "id") && known(&own).is_some() {
                name = own;
            }
        }
        executed.extend(known(&name));
    }
    let ends = !executed.is_empty() && executed.iter().all(|tool| tool.returns_directly());
    Ok(vec![if ends { END } else { "model" }.into()])
}

/// The messages in which every call that could not be read has an answer that says so.
fn with_failed_calls(messages: &[Value]) -> Result<Vec<Value>, Exception> {
    let mut answered = answers_of(messages)
        .map(|answer| answer.attr("tool_call_id"))
        .collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::with_capacity(messages.len());
    for message in messages {
        all.push(message.clone());
        if !is_instance(message, "AIMessage") {
            continue;
        }
        let invalid = message.attr("invalid_tool_calls")?;
        for call in items(&invalid) {
            let id = get(call, "id");
            if id == &Value::None || answered.contains(id) {
                continue;
            }
            let name = match get(call, "name") {
                name if name.truthy() => str_of(name),
                _ => "unknown".to_owned(),
            };
            let content = format!(
                "Tool call {name} with id {} could not be executed - arguments were malformed or truncated.",
                str_of(id)
            );
            answered.push(id.clone());
            all.push(construct(
                "ToolMessage",
                kwargs([
                    ("content", content.into()),
                    ("name", name.into()),
                    ("tool_call_id", id.clone()),
                    ("status", "error".into()),
                ]),
            )?);
        }
    }
    Ok(all)
}
