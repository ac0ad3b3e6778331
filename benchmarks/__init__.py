"""What LangGraph, the shim and a native crate cost on the same graphs. `python -m benchmarks`."""
