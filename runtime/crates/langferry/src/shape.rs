//! What values must be for pydantic to take them as they are.

use langferry_pystd::{Dict, Exception, Float, Int, Value};

use crate::messages;

/// What is said of a value beside its Rust type.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// A message of one of these classes, or any where there are none.
    Message(&'static [&'static str]),
    /// An object of one of these classes, by their qualified names.
    Object(&'static [&'static str]),
    /// One of these texts.
    Text(&'static [&'static str]),
    /// A float that was given as one.
    Float,
    /// A number within bounds, and what else it is.
    Within(&'static [Bound], Option<&'static Shape>),
    /// A list, and what its items are.
    List(Option<&'static Shape>),
    /// A dict, and what its values are.
    Dict(Option<&'static Shape>),
    /// `None`, or what else it is.
    Optional(Option<&'static Shape>),
}

/// What a number must not be beyond.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "they are Python's operators")]
pub enum Bound {
    Ge(f64),
    Gt(f64),
    Le(f64),
    Lt(f64),
}

impl Bound {
    fn holds(&self, number: &Float) -> bool {
        match *self {
            Self::Ge(bound) => *number >= Float::Double(bound),
            Self::Gt(bound) => *number > Float::Double(bound),
            Self::Le(bound) => *number <= Float::Double(bound),
            Self::Lt(bound) => *number < Float::Double(bound),
        }
    }
}

/// A value of which a [`Shape`] says more.
pub trait Shaped {
    /// Whether it is what `shape` says.
    fn has(&self, shape: &Shape) -> bool;
}

impl Shaped for Value {
    fn has(&self, shape: &Shape) -> bool {
        match (shape, self) {
            (Shape::Message([]), value) => messages::is_instance(value, "BaseMessage"),
            (Shape::Message(classes), value) => classes
                .iter()
                .any(|class| messages::is_instance(value, class)),
            (Shape::Object(classes), Value::Record { class, .. }) => {
                classes.contains(&class.as_str())
            }
            (Shape::Text(texts), Value::Str(text)) => texts.contains(&text.as_str()),
            (Shape::Float, Value::Float(_)) => true,
            (Shape::Within(..), Value::Int(number)) => number.has(shape),
            (Shape::Within(..), Value::Float(number)) => Float::Double(*number).has(shape),
            (Shape::List(item), Value::List(items)) => all_have(items.iter(), *item),
            (Shape::Dict(item), Value::Dict(entries)) => all_have(entries.values(), *item),
            (Shape::Optional(_), Value::None) => true,
            (Shape::Optional(Some(item)), value) => value.has(item),
            (Shape::Optional(None), _) => true,
            _ => false,
        }
    }
}

impl Shaped for String {
    fn has(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Text(texts) if texts.contains(&self.as_str()))
    }
}

impl Shaped for Float {
    fn has(&self, shape: &Shape) -> bool {
        match (shape, self) {
            (Shape::Float, number) => matches!(number, Float::Double(_)),
            (Shape::Within(bounds, item), number) => {
                bounds.iter().all(|bound| bound.holds(number))
                    && item.is_none_or(|item| number.has(item))
            }
            _ => false,
        }
    }
}

impl Shaped for Int {
    fn has(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Within(..)) && Float::Int(self.clone()).has(shape)
    }
}

impl<T: Shaped> Shaped for Vec<T> {
    fn has(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::List(item) if all_have(self.iter(), *item))
    }
}

impl<K, T: Shaped> Shaped for Dict<K, T> {
    fn has(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Dict(item) if all_have(self.values(), *item))
    }
}

impl<T: Shaped> Shaped for Option<T> {
    fn has(&self, shape: &Shape) -> bool {
        match (shape, self) {
            (Shape::Optional(Some(item)), Some(value)) => value.has(item),
            (Shape::Optional(_), _) => true,
            _ => false,
        }
    }
}

fn all_have<'a, T: Shaped + 'a>(
    mut values: impl Iterator<Item = &'a T>,
    shape: Option<&Shape>,
) -> bool {
    shape.is_none_or(|shape| values.all(|value| value.has(shape)))
}

/// Checks that pydantic takes a field's value as it is while it makes an object of `class`.
///
/// # Errors
/// Unsupported when it is anything else: pydantic would convert it, or refuse it.
pub fn require_shape(
    class: &str,
    field: &str,
    value: Option<&impl Shaped>,
    shape: &Shape,
) -> Result<(), Exception> {
    if value.is_none_or(|value| value.has(shape)) {
        return Ok(());
    }
    Err(Exception::unsupported(format!(
        "what pydantic makes of the value of `{class}.{field}`"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEXTS: Shape = Shape::Text(&["a", "b"]);
    static PLAN: Shape = Shape::Object(&["m.Plan"]);

    #[test]
    fn numbers_are_within_their_bounds() {
        let some = Shape::Within(&[Bound::Ge(0.0), Bound::Lt(3.5)], None);
        assert!(Int::from(0).has(&some) && Int::from(3).has(&some));
        assert!(!Int::from(-1).has(&some) && !Int::from(4).has(&some));
        assert!(Float::from(3.4).has(&some) && !Float::from(3.5).has(&some));
        assert!(!Float::from(f64::NAN).has(&some));
        let float = Shape::Optional(Some(&Shape::Within(&[Bound::Gt(0.0)], Some(&Shape::Float))));
        assert!(None::<Float>.has(&float) && Some(Float::from(0.5)).has(&float));
        assert!(!Some(Float::Int(1.into())).has(&float) && !Some(Float::from(0.0)).has(&float));
        assert!(Value::from(2).has(&some) && !Value::Bool(true).has(&some));
    }

    #[test]
    fn what_stays_is_told_from_what_does_not() {
        assert!("a".to_owned().has(&TEXTS));
        assert!(!"c".to_owned().has(&TEXTS));
        let optional = Shape::Optional(Some(&TEXTS));
        assert!(None::<String>.has(&optional));
        assert!(Value::None.has(&optional));
        assert!(!Value::from("c").has(&optional));
        let times = Shape::Dict(Some(&Shape::Float));
        let time = |value: Float| Dict::from_iter([("a".to_owned(), value)]);
        assert!(time(Float::from(0.5)).has(&times));
        assert!(!time(Float::Int(1.into())).has(&times));
        assert!(!Value::Bool(true).has(&Shape::Float));
        let plan = Value::Record {
            class: "m.Plan".to_owned(),
            fields: Dict::new(),
        };
        let plans = Shape::List(Some(&PLAN));
        assert!(vec![plan.clone()].has(&plans));
        assert!(Value::List(vec![plan]).has(&plans));
        assert!(!Value::List(vec![Value::None]).has(&plans));
        assert!(require_shape("State", "plans", None::<&Value>, &plans).is_ok());
        assert!(require_shape("State", "plans", Some(&Value::None), &plans).is_err());
    }
}
