//! LangChain's chat models, tools, prompts and parsers, and the web clients that tools use, for generated code.
//!
//! A message is a [`Value`](langferry_pystd::Value) of its class, made by [`langferry::messages`]. A request is the
//! one LangChain and the vendor's SDK send, field by field; an answer becomes the message they make of it.
//!
//! # Conventions
//!
//! - Keyword arguments are [`Kwargs`], made by [`kwargs`]`([("model", "gpt-4o".into()), …])`. What this crate does
//!   not know raises [`Exception::unsupported`](langferry_pystd::Exception::unsupported); nothing is left out in
//!   silence.
//! - What waits for a server is a future that needs no executor. An asynchronous function awaits it; another one
//!   calls [`wait`]`(…)` on it.
//!
//! # Python → Rust
//!
//! | Python | Rust |
//! |---|---|
//! | `ChatOpenAI(model="gpt-4o", temperature=0)` | `chat_openai(kwargs([("model", "gpt-4o".into()), ("temperature", 0.into())]))?` |
//! | `llm.invoke(x)`, `await llm.ainvoke(x)` | `wait(llm.invoke(x))?`, `llm.invoke(x).await?` (`x`: text or list of messages) |
//! | `ChatOpenAI(temperature=0, **options)` | `chat_openai(with_rest(kwargs([("temperature", 0.into())]), options)?)?` |
//! | `llm.invoke(x, stop=["a"])` | `llm.bind(kwargs([("stop", vec!["a"].into())])).invoke(x)` |
//! | `AzureChatOpenAI`, `ChatAnthropic`, `ChatGoogleGenerativeAI`, `ChatGroq`, `ChatOllama` | `azure_chat_openai`, `chat_anthropic`, `chat_google_generative_ai`, `chat_groq`, `chat_ollama` |
//! | `Ollama(model="llama3")` of langchain_community, `OllamaLLM(model="llama3")`, `OpenAI()` | `community_ollama(…)?`, `ollama_llm(…)?`, `openai_llm(…)?` (a [`TextModel`]: its answers are texts) |
//! | `ChatOllama(model="llama3")` of langchain_community | `community_chat_ollama(…)?`, a [`ChatModel`] that knows no tools and no forms |
//! | `init_chat_model("openai:gpt-4o", temperature=0)` | `init_chat_model("openai:gpt-4o", kwargs([("temperature", 0.into())]))?` |
//! | `llm.bind_tools([f, g], tool_choice="any")` | `llm.bind_tools([f.to_value()?, g.to_value()?], kwargs([("tool_choice", "any".into())]))?` |
//! | `@tool def f(a: int): "…"` | `Tool::new("f", "…", schema, \|arguments\| async move { … })` |
//! | `llm.with_structured_output(C, method="json_mode")` | `llm.with_structured_output(Some(Schema::of_class("module.C", json)), kwargs([("method", "json_mode".into())]))?`, which has `invoke` |
//! | `… TypedDict T`, `… a dict` | `Schema::of_typed_dict(json)?`, `Schema::from(dict)` |
//! | `ToolNode([f, g])`, `tools_condition(state)` | `ToolNode::new([f, g])`, whose `invoke(&messages).await?` gives the answers; `tools_condition(&messages)?`, of a dynamic state `tools_condition_of(&state)?` |
//! | `ChatPromptTemplate.from_messages([("system", "…"), ("human", "{q}")])` | `ChatPromptTemplate::from_messages([("system", "…").into(), ("human", "{q}").into()])?` |
//! | `SystemMessagePromptTemplate.from_template("…")` among the parts | `message_template("system", "…")?` |
//! | `MessagesPlaceholder("history")` among the parts | `messages_placeholder("history", kwargs([]))` |
//! | `prompt.invoke({"q": x})`, `prompt.format_messages(q=x)` | `prompt.invoke(dict([("q", x)]))?`, `prompt.format_messages(kwargs([("q", x)]))?` |
//! | `prompt \| llm \| StrOutputParser()` invoked on `x` | `text_output(&llm.invoke(prompt.invoke(x)?).await?)?` |
//! | `JsonOutputParser`, `PydanticOutputParser(pydantic_object=C)` | `json_output(&answer)?`, `pydantic_output(&answer, &schema)?` |
//! | `parser.get_format_instructions()` | `json_format_instructions(…)?`, `pydantic_format_instructions(&json)?` |
//! | `create_agent(llm, [f], system_prompt="…")`, `create_react_agent(llm, [f], prompt="…")` | `create_agent(&llm, [f], Agent { prompt: Prompt::system("…")?, ..Agent::default() })?.compile()?`, … (a [`StateGraph`](langferry::StateGraph), to which a checkpointer can be given) |
//! | `HumanMessage("x")`, `AIMessage(content=x, id=y)` | `messages::human("x")?`, `messages::construct("AIMessage", kwargs([…]))?` |
//! | `ToolMessage(x, tool_call_id=y)`, `RemoveMessage(id=x)` | `messages::tool(x, y)?`, `messages::remove(x)?` |
//! | `m.content`, `m.tool_calls`, `m.id`, `m.type` | `m.attr("content")?`, … |
//! | `m.text`, `m.pretty_repr()` | `messages::text(&m)?`, `messages::pretty_repr(&m)?` |
//! | `isinstance(m, AIMessage)` | `messages::is_instance(&m, "AIMessage")` |
//! | `requests.get(url, params=x, timeout=5)` | `wait(requests::request("GET", url, kwargs([("params", x), ("timeout", 5.into())])))?`, a [`requests::Response`] |
//! | `TavilyClient(api_key=k).search(q, max_results=3)` | `wait(tavily_client(kwargs([("api_key", k)]))?.search(kwargs([("query", q), ("max_results", 3.into())])))?` |
//! | `TavilySearch(max_results=2)`, `TavilySearchResults(…)` | `tavily_search(kwargs([("max_results", 2.into())]))?`, `tavily_search_results(…)?` (a [`Tool`]) |
//! | `except openai.RateLimitError` | `Err(e) if e.is("RateLimitError")` |

mod agents;
mod anthropic;
mod arguments;
mod chain;
mod community_ollama;
mod declared;
mod given;
mod google;
mod groq;
mod held_tools;
mod init;
mod kwargs;
mod model;
mod ollama;
mod openai;
mod parsers;
mod partials;
mod prompts;
pub mod requests;
mod schema;
mod sdk;
mod settings;
mod structured;
mod tavily;
mod template;
mod text_model;
mod tool_commands;
mod tool_node;
mod tool_runtime;
mod tools;
mod transport;
mod validation;
mod web;

pub use agents::{Agent, Prompt, create_agent, create_react_agent, named};
pub use anthropic::chat_anthropic;
pub use arguments::{argument, argument_or, float_argument};
pub use chain::Chain;
pub use community_ollama::chat::community_chat_ollama;
pub use community_ollama::community_ollama;
pub use given::given_model;
pub use google::chat_google_generative_ai;
pub use groq::chat_groq;
pub use held_tools::held_tools;
pub use init::init_chat_model;
pub use kwargs::{Kwargs, dict, kwargs, with_rest};
pub use langferry::wait;
pub use model::ChatModel;
pub use ollama::chat_ollama;
pub use ollama::completion::ollama_llm;
pub use openai::completion::openai_llm;
pub use openai::{azure_chat_openai, chat_openai};
pub use parsers::{
    json_format_instructions, json_output, pydantic_format_instructions, pydantic_output,
    text_output,
};
pub use prompts::{ChatPromptTemplate, PromptTemplate, message_template, messages_placeholder};
pub use schema::Schema;
pub use structured::StructuredModel;
pub use tavily::{TavilyClient, tavily_client, tavily_search, tavily_search_results};
pub use text_model::TextModel;
pub use tool_node::{
    ToolErrorHandler, ToolErrors, ToolNode, tool_outputs, tools_condition, tools_condition_of,
};
pub use tool_runtime::{Filled, ToolRuntime};
pub use tools::Tool;
