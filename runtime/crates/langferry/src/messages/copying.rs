//! Copies of messages, with fields that are other ones.

use langferry_pystd::{Exception, Value, repr};

use crate::messages::class::Class;
use crate::messages::{coercion, construction};

/// `message.model_copy(update=update)`
///
/// # Errors
/// `AttributeError` for what has no such method; unsupported for chunks, for objects of other classes, for what is no
/// field, and for values that pydantic, which does not look at them here, would refuse or change: elsewhere each
/// message is taken for one that it has made.
pub fn copied(message: &Value, update: &Value) -> Result<Value, Exception> {
    let Some((class, false)) = Class::of(message) else {
        message.attr("model_copy")?;
        return Err(Exception::unsupported("`model_copy` of no whole message"));
    };
    let mut copy = coercion::message(message.clone())?;
    let Value::Record { fields, .. } = &mut copy else {
        return Ok(copy);
    };
    match update {
        Value::None => {}
        Value::Dict(update) => {
            for (name, value) in update.items() {
                let mut own = class.fields().filter(|&own| own != "type");
                let Some(own) = own.find(|&own| *name == Value::from(own)) else {
                    let message = format!("an update of {} of a message", repr(name));
                    return Err(Exception::unsupported(message));
                };
                fields.insert(own, value.clone());
            }
        }
        _ => return Err(Exception::unsupported("an update that is no dict")),
    }
    let mut arguments = fields.clone();
    arguments.pop_or("type", Value::None);
    match construction::construct(class, arguments) {
        Ok(made) if made == copy => Ok(copy),
        _ => Err(Exception::unsupported(format!(
            "a copy with {}, which pydantic would refuse or change",
            repr(update)
        ))),
    }
}
