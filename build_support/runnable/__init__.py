"""Real programs, run without network on LangGraph and as crates, and compared."""
