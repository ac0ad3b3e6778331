//! Derives for typed state.
//!
//! Both derives write code against the crate `langferry`, which re-exports them; use them from there.

mod attributes;
mod record;
mod state;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct of `Slot`s a graph state.
///
/// Every field is a channel of the field's name. Attributes of a field, in `#[state(...)]`:
///
/// - `rename = "type"`: the channel's name, where the Rust name differs;
/// - `reducer = path`: folds writes, `path` being a `fn(T, T) -> Result<T, Exception>`;
/// - `no_initial`: the reducer channel starts empty and its first write becomes its value;
/// - `initial = expression`: the reducer channel starts with that, not with its type's default;
/// - `transient`: the channel holds a value for one superstep only;
/// - `default = "json"`, `float`: see below.
///
/// With `#[state(object = "module.Name")]` on the struct, LangGraph gives nodes objects of that class, which may
/// be a pydantic `model`, made of the channels: what is absent has its `default` (in the trace's encoding), and an int of a `float`
/// field becomes a float.
///
/// Next to `impl State` this writes an accessor a field that raises `KeyError` while the slot is empty, and
/// the builder `<Name>Update` behind `<Name>::update()`, whose setters write in the order they are called.
#[proc_macro_derive(State, attributes(state))]
pub fn derive_state(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    state::derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

/// Makes a struct a value inside a state: a `TypedDict` or a dataclass.
///
/// The struct says which in `#[record(...)]`: `typed_dict` (the default) or `dataclass`, the latter with
/// `class = "module.Name"`. Fields may be renamed with `#[record(rename = "type")]`. A field of type
/// `Slot<T>` may be absent, and gets an accessor that raises `KeyError` (`AttributeError` for a dataclass) while it is.
#[proc_macro_derive(Record, attributes(record))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    record::derive(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
