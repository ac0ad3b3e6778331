//! The sans-IO engine: LangGraph's superstep algorithm as a state machine.
