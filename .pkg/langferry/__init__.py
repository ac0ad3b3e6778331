"""Move LangGraph programs from Python to Rust, and prove that they still do the same thing."""

__version__ = "0.1.0"
