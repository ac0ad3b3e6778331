//! Derives for typed state.
