//! What Python sees of a message: its attributes, and the fields its text shows.

use langferry_pystd::{Exception, Value};

use crate::messages::class::{self, Class};
use crate::messages::coercion;
use crate::messages::text::text;

/// What all messages have next to fields.
const MEMBERS: &str = "construct content_blocks copy dict from_orm get_lc_namespace \
    is_lc_serializable json lc_attributes lc_id lc_secrets model_computed_fields model_config \
    model_construct model_copy model_dump model_dump_json model_extra model_fields \
    model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild \
    model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw \
    pretty_print pretty_repr schema schema_json to_json to_json_not_implemented \
    update_forward_refs validate coerce_args";

/// `message.name`; None if `message` is no message.
pub(crate) fn attribute(message: &Value, name: &str) -> Option<Result<Value, Exception>> {
    let (class, is_chunk) = Class::of(message)?;
    let Value::Record { fields, .. } = message else {
        return None;
    };
    if let Some(field) = fields.get(name) {
        return Some(Ok(field.clone()));
    }
    if name == "text" {
        return Some(text(message).map(Value::from));
    }
    let unknown = is_chunk
        || name.starts_with('_')
        || MEMBERS.split_whitespace().any(|member| member == name);
    if unknown {
        let class = class.name();
        return Some(Err(Exception::unsupported(format!("{class}.{name}"))));
    }
    if class.fields().any(|field| field == name) {
        // an encoded message may lack what has a default
        let whole = coercion::message(message.clone());
        return Some(whole.and_then(|whole| whole.attr(name)));
    }
    Some(Err(Exception::attribute_error(format!(
        "'{}' object has no attribute '{name}'",
        class.name()
    ))))
}

/// The fields that a message's `repr` shows, in order; None if `message` is no message.
pub(crate) fn shown_fields(message: &Value) -> Option<Vec<(&str, &Value)>> {
    let (class, is_chunk) = Class::of(message)?;
    let Value::Record { fields, .. } = message else {
        return None;
    };
    if is_chunk {
        return None;
    }
    let hidden = |name: &str, value: &Value| match name {
        "type" => true,
        "additional_kwargs" | "response_metadata" => class == &class::TOOL,
        "name" | "id" | "artifact" | "usage_metadata" => *value == Value::None,
        "status" => *value == "success".into(),
        _ => false,
    };
    let fields = fields.items().map(|(name, value)| (name.as_str(), value));
    Some(
        fields
            .filter(|(name, value)| class.fields().all(|own| own != *name) || !hidden(name, value))
            .collect(),
    )
}
