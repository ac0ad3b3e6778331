//! `create_react_agent` of `langgraph.prebuilt`.

use langferry::messages::{construct, is_instance};
use langferry::prelude::{Context, END, START, StateGraph};
use langferry::{Exception, PathMap, RouteResult, Send, TraceValue};
use langferry_pystd::{Value, str_of};

use crate::agents::sent::Calls;
use crate::agents::{Agent, AgentState, add_tools, answers_of, named, with_tools};
use crate::kwargs::{Kwargs, dict, get, items, kwargs};
use crate::model::ChatModel;
use crate::tool_node::ToolNode;
use crate::tools::Tool;

/// `create_react_agent(model, tools, prompt=…, response_format=…, name=…)`, yet to be compiled.
///
/// A model to which tools are bound keeps them.
///
/// # Errors
/// What `bind_tools` and `with_structured_output` raise.
pub fn create_react_agent(
    model: &ChatModel,
    tools: impl IntoIterator<Item = Tool>,
    agent: Agent,
) -> Result<StateGraph, Exception> {
    let node = ToolNode::new(tools);
    let form = match &agent.response_format {
        None => None,
        Some(schema) => {
            let unbound = model.unbound();
            Some(unbound.with_structured_output(Some(schema.clone()), Kwargs::new())?)
        }
    };
    let model = match model.tools_bound() {
        None => with_tools(model, &node)?,
        Some(bound) if bound == node.tools().len() => model.clone(),
        Some(bound) => {
            return Err(Exception::value_error(format!(
                "Number of tools in the model.bind_tools() and tools passed to create_react_agent must match Got {} \
                 tools, expected {bound}",
                node.tools().len()
            )));
        }
    };
    let name = agent.name.clone();
    let mut graph = StateGraph::new::<AgentState>(name.as_deref().unwrap_or("LangGraph"));
    let direct = directly(&node);
    graph.add_async_node("agent", move |state: AgentState, context: Context| {
        let (model, agent, direct) = (model.clone(), agent.clone(), direct.clone());
        async move {
            let messages = state.messages()?;
            check_answered(messages)?;
            let answer = model.invoke(agent.prompt.applied(messages)?).await?;
            let mut answer = named(answer, agent.name);
            if needs_more_steps(&answer, context.remaining_steps(), &direct)? {
                answer = construct(
                    "AIMessage",
                    kwargs([
                        ("id", answer.attr("id")?),
                        (
                            "content",
                            "Sorry, need more steps to process this request.".into(),
                        ),
                    ]),
                )?;
            }
            Ok(AgentState::update().messages(vec![answer]).into())
        }
    });
    graph.add_edge(START, "agent");
    let after = match form {
        None => END,
        Some(form) => {
            graph.add_async_node(FORM, move |state: AgentState, _: Context| {
                let form = form.clone();
                async move {
                    let made = form.invoke(state.messages()?.clone()).await?;
                    Ok(AgentState::update().structured_response(made).into())
                }
            });
            FORM
        }
    };
    if node.tools().is_empty() {
        if after == FORM {
            graph.add_edge("agent", FORM);
        }
        return Ok(graph);
    }
    let direct = directly(&node);
    add_tools(&mut graph, node);
    graph.add_conditional_edges(
        "agent",
        move |state: &AgentState, context: &Context| go_on(state, context, after),
        PathMap::targets(["tools", after]),
    );
    if direct.is_empty() {
        graph.add_edge("tools", "agent");
    } else {
        graph.add_conditional_edges(
            "tools",
            move |state: &AgentState, _: &Context| after_tools(state.messages()?, &direct),
            PathMap::targets(["agent", END]),
        );
    }
    Ok(graph)
}

const FORM: &str = "generate_structured_response";

/// The names of the tools that end the conversation.
fn directly(node: &ToolNode) -> Vec<Value> {
    let direct = node.tools().iter().filter(|tool| tool.returns_directly());
    direct.map(|tool| tool.name().into()).collect()
}

fn needs_more_steps(answer: &Value, remaining: i64, direct: &[Value]) -> Result<bool, Exception> {
    let calls = answer.attr("tool_calls")?;
    let calls = items(&calls);
    let all_direct = calls.iter().all(|call| direct.contains(get(call, "name")));
    Ok((remaining < 1 && all_direct) || (remaining < 2 && !calls.is_empty()))
}

/// Every call of the last answer sent to the tools, or what comes after the conversation.
fn go_on(state: &AgentState, context: &Context, after: &str) -> RouteResult {
    let messages = state.messages()?;
    let last = messages
        .last()
        .ok_or_else(|| Exception::index_error("list index out of range"))?;
    let calls = match is_instance(last, "AIMessage") {
        true => last.attr("tool_calls")?,
        false => Value::None,
    };
    if items(&calls).is_empty() {
        return Ok(vec![after.into()]);
    }
    let seen = Value::from_trace(&state.to_trace()).map_err(Exception::unsupported)?;
    let seen = context.with_remaining_steps(seen)?;
    let sends = items(&calls).iter().map(|call| {
        let packet = dict([
            ("__type", "tool_call_with_context".into()),
            ("tool_call", call.clone()),
            ("state", seen.clone()),
        ]);
        Send::new("tools", Calls::sent(packet)).into()
    });
    Ok(sends.collect())
}

/// Back to the agent, or to the end where a tool that ends the conversation was called.
fn after_tools(messages: &[Value], direct: &[Value]) -> RouteResult {
    let answers = messages
        .iter()
        .rev()
        .take_while(|message| is_instance(message, "ToolMessage"));
    let mut count = 0;
    for answer in answers {
        count += 1;
        if direct.contains(&answer.attr("name")?) {
            return Ok(vec![END.into()]);
        }
    }
    let before = messages.len().checked_sub(count + 1);
    let calls = match before.map(|place| &messages[place]) {
        Some(message) if is_instance(message, "AIMessage") => message.attr("tool_calls")?,
        _ => Value::None,
    };
    let ends = items(&calls)
        .iter()
        .any(|call| direct.contains(get(call, "name")));
    Ok(vec![if ends { END } else { "agent" }.into()])
}

/// Refuses a conversation with calls that nobody has answered.
fn check_answered(messages: &[Value]) -> Result<(), Exception> {
    let answered = answers_of(messages)
        .map(|answer| answer.attr("tool_call_id"))
        .collect::<Result<Vec<_>, _>>()?;
    let mut open = Vec::new();
    for message in messages {
        if is_instance(message, "AIMessage") {
            let calls = message.attr("tool_calls")?;
            let calls = items(&calls).iter();
            open.extend(
                calls
                    .filter(|call| !answered.contains(get(call, "id")))
                    .cloned(),
            );
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    open.truncate(3);
    Err(Exception::value_error(format!(
        "Found AIMessages with tool_calls that do not have a corresponding ToolMessage. Here are the first few of \
         those tool calls: {}.\n\nEvery tool call (LLM requesting to call a tool) in the message history MUST have a \
         corresponding ToolMessage (result of a tool invocation to return to the LLM) - this is required by most LLM \
         providers.\nFor troubleshooting, visit: https://docs.langchain.com/oss/python/langgraph/errors/\
         INVALID_CHAT_HISTORY",
        str_of(&Value::List(open))
    )))
}
