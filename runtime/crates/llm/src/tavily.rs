//! Tavily's client, and the tools that LangChain makes of its search.
//!
//! Sources: `tavily-python` 0.8, `langchain-tavily` 0.2, `langchain-community` 0.4.

mod client;
mod settings;
mod tools;

pub use client::{TavilyClient, tavily_client};
pub use tools::{tavily_search, tavily_search_results};
