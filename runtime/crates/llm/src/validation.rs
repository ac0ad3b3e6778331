//! What pydantic makes of JSON, by the JSON schema of the class, and what it finds wrong.

mod limits;
mod moments;
mod report;
mod scalars;

use langferry_pystd::{Dict, Exception, PyRepr, Value, repr};

use crate::kwargs::{get, items, text};
use crate::schema::{Named, Schema, referenced};
use crate::validation::moments::moment;
use crate::validation::report::refusal;

/// Something pydantic finds wrong.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    /// The fields and positions on the way there.
    pub place: Vec<String>,
    pub kind: &'static str,
    pub message: String,
    pub input: Value,
}

/// The instance of the schema's class that `value` describes, or a dict where the schema has no class.
///
/// Defaults are filled in, and values are converted as pydantic converts them where it is not strict.
///
/// # Errors
/// `ValidationError` with pydantic's text; unsupported where the schema does not tell all that pydantic would ask for.
pub(crate) fn instance(schema: &Schema, value: &Value) -> Result<Value, Exception> {
    let mut check = Check::new(schema);
    let title = text(get(&schema.json, "title"))
        .unwrap_or("Model")
        .to_owned();
    let made = check.object(&schema.json, schema.class.as_deref(), &title, value)?;
    match made {
        Some(made) if check.problems.is_empty() => Ok(made),
        _ => Err(refusal(&title, &check.problems)),
    }
}

/// The arguments a tool's function is called with, or what pydantic finds wrong with those given.
pub(crate) fn arguments(
    schema: &Schema,
    given: &Value,
) -> Result<Result<Dict<Value, Value>, Vec<Problem>>, Exception> {
    let mut check = Check::new(schema);
    let mut made = Dict::new();
    let Value::Dict(properties) = get(&schema.json, "properties") else {
        return Ok(Ok(made));
    };
    for (name, property) in properties {
        let key = text(name).unwrap_or_default();
        match given.item(name) {
            Ok(value) => {
                let value = check.within(key, |check| check.value(property, &value))?;
                made.insert(name, value.unwrap_or_default());
            }
            Err(_) if required(&schema.json, name) => {
                check.within(key, |check| check.found("missing", "Field required", given))?;
            }
            Err(_) => match property {
                Value::Dict(keys) if keys.contains_key(&Value::from("default")) => {
                    made.insert(name, check.default(property)?.unwrap_or_default());
                }
                // the function has the default itself
                _ => {}
            },
        }
    }
    Ok(match check.problems.is_empty() {
        true => Ok(made),
        false => Err(check.problems),
    })
}

struct Check<'a> {
    schema: &'a Schema,
    place: Vec<String>,
    problems: Vec<Problem>,
}

/// A value, or nothing after a problem.
type Made = Result<Option<Value>, Exception>;

impl<'a> Check<'a> {
    fn new(schema: &'a Schema) -> Self {
        Check {
            schema,
            place: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn found(&mut self, kind: &'static str, message: impl Into<String>, input: &Value) -> Made {
        self.problems.push(Problem {
            place: self.place.clone(),
            kind,
            message: message.into(),
            input: input.clone(),
        });
        Ok(None)
    }

    fn within(&mut self, step: &str, check: impl FnOnce(&mut Self) -> Made) -> Made {
        self.place.push(step.to_owned());
        let made = check(self);
        self.place.pop();
        made
    }

    fn value(&mut self, schema: &Value, value: &Value) -> Made {
        if let Some(path) = text(get(schema, "$ref")) {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            let named = referenced(path, &self.schema.json)?.clone();
            return self.named(&name, &named, value);
        }
        if let Value::List(parts) = get(schema, "anyOf") {
            return self.union(parts, value);
        }
        if let [only] = items(get(schema, "allOf")) {
            return self.value(only, value);
        }
        let chosen = ["enum", "const"].map(|key| get(schema, key) != &Value::None);
        if chosen.contains(&true) && is_no_json(value) {
            // whether it is one of them, pydantic asks in a way of its own
            return Err(Exception::unsupported(format!(
                "{} where some values are allowed",
                value.py_type()
            )));
        }
        if let Value::List(allowed) = get(schema, "enum") {
            return self.literal(allowed, value);
        }
        if get(schema, "const") != &Value::None {
            return self.literal(&[get(schema, "const").clone()], value);
        }
        if let Some(format @ ("date" | "date-time")) = text(get(schema, "format")) {
            return Ok(Some(moment(format, value)?));
        }
        if let Some(unknown) = unknown_rule(schema) {
            return Err(Exception::unsupported(format!(
                "a field whose schema says `{unknown}`"
            )));
        }
        let made = match text(get(schema, "type")) {
            // pydantic makes lists, texts and numbers of some of these
            Some(kind) if !matches!(kind, "null" | "object") && is_no_json(value) => {
                return Err(Exception::unsupported(format!(
                    "{} where a schema says `{kind}`",
                    value.py_type()
                )));
            }
            Some("string") => self.string(value),
            Some("integer") => self.integer(value),
            Some("number") => self.number(value),
            Some("boolean") => self.boolean(value),
            Some("array") => self.list(schema, value),
            Some("null") => match value {
                Value::None => Ok(Some(Value::None)),
                other => self.found("none_required", "Input should be None", other),
            },
            Some("object") if get(schema, "properties") == &Value::None => self.dict(schema, value),
            Some("object") => Err(Exception::unsupported("a schema within a schema")),
            // Any
            _ => Ok(Some(value.clone())),
        }?;
        match made {
            Some(made) => self.limits(schema, made, value),
            None => Ok(None),
        }
    }

    fn named(&mut self, name: &str, schema: &Value, value: &Value) -> Made {
        match self.schema.nested.get(name) {
            Some(Named::Enumeration { class, members }) => {
                if let Value::Enum { class: own, .. } = value {
                    if own == class {
                        return Ok(Some(value.clone()));
                    }
                    return Err(Exception::unsupported(format!(
                        "a member of {own} where one of {name} is expected"
                    )));
                }
                let members = members.clone();
                let class = class.clone();
                let member = members.iter().find(|(own, _)| own == value);
                match member {
                    Some((_, name)) => Ok(Some(Value::Enum {
                        class,
                        name: name.clone(),
                    })),
                    None => {
                        let allowed: Vec<Value> = members.into_iter().map(|(own, _)| own).collect();
                        let message = format!("Input should be {}", one_of(&allowed));
                        self.found("enum", message, value)
                    }
                }
            }
            Some(Named::Class(class)) => {
                let class = class.clone();
                self.object(schema, Some(&class), name, value)
            }
            None if get(schema, "properties") != &Value::None => Err(Exception::unsupported(
                format!("the class {name}, of which only the schema is known"),
            )),
            None => self.value(schema, value),
        }
    }

    fn object(&mut self, schema: &Value, class: Option<&str>, title: &str, value: &Value) -> Made {
        if let (Value::Record { class: own, .. }, Some(class)) = (value, class)
            && own == class
        {
            return Ok(Some(value.clone()));
        }
        if let Value::Record { class: own, .. } = value {
            // which pydantic takes as it is where its class is derived from this one
            return Err(Exception::unsupported(format!(
                "an object of {own} where one of {title} is expected"
            )));
        }
        let Value::Dict(given) = value else {
            let message = format!("Input should be a valid dictionary or instance of {title}");
            return self.found("model_type", message, value);
        };
        let empty = Dict::new();
        let properties = match get(schema, "properties") {
            Value::Dict(properties) => properties,
            _ => &empty,
        };
        let mut fields = Dict::new();
        for (name, property) in properties {
            let key = text(name).unwrap_or_default();
            let made = match given.get(name) {
                Some(value) => self.within(key, |check| check.value(property, value))?,
                None if required(schema, name) => {
                    self.within(key, |check| check.found("missing", "Field required", value))?
                }
                None => match property {
                    Value::Dict(keys) if keys.contains_key(&Value::from("default")) => {
                        self.default(property)?
                    }
                    _ => {
                        let made = (title.to_owned(), key.to_owned());
                        let Some(made) = self.schema.factories.get(&made) else {
                            return Err(Exception::unsupported(format!(
                                "the field {key} of {title}, whose default the schema does not tell"
                            )));
                        };
                        Some(made.clone())
                    }
                },
            };
            fields.insert(key, made.unwrap_or_default());
        }
        let extra = get(schema, "additionalProperties");
        for (name, value) in given {
            let key = text(name).unwrap_or_default();
            if properties.contains_key(name) {
                continue;
            }
            match extra {
                Value::Bool(false) => {
                    let message = "Extra inputs are not permitted";
                    self.within(key, |check| check.found("extra_forbidden", message, value))?;
                }
                Value::Bool(true) => fields.insert(key, value.clone()),
                _ => {}
            }
        }
        Ok(Some(match class {
            Some(class) => Value::Record {
                class: class.to_owned(),
                fields,
            },
            None => Value::Dict(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.into(), value))
                    .collect(),
            ),
        }))
    }

    /// The default, which pydantic does not look at; where it is a model's, the schema has it as a dict.
    fn default(&mut self, property: &Value) -> Made {
        match get(property, "default") {
            dict @ Value::Dict(_) => self.value(property, dict),
            plain if get(property, "$ref") != &Value::None => self.value(property, plain),
            plain => Ok(Some(plain.clone())),
        }
    }

    /// The part that takes the value as it is, or else the first that takes it at all.
    fn union(&mut self, parts: &[Value], value: &Value) -> Made {
        let is_null = |part: &&Value| text(get(part, "type")) == Some("null");
        if value == &Value::None && parts.iter().any(|part| is_null(&part)) {
            return Ok(Some(Value::None));
        }
        let others: Vec<&Value> = parts.iter().filter(|part| !is_null(part)).collect();
        if let [only] = others.as_slice() {
            return self.value(only, value);
        }
        let before = self.problems.len();
        let mut taken = None;
        for part in others {
            let made = self.value(part, value)?;
            let fits = self.problems.len() == before;
            self.problems.truncate(before);
            match made {
                Some(made) if fits && same_type(&made, value) => return Ok(Some(made)),
                Some(made) if fits => taken = taken.or(Some(made)),
                _ => {}
            }
        }
        match taken {
            Some(made) => Ok(Some(made)),
            None => Err(Exception::unsupported(format!(
                "{}, which is none of several types",
                repr(value)
            ))),
        }
    }

    fn literal(&mut self, allowed: &[Value], value: &Value) -> Made {
        let own = allowed
            .iter()
            .find(|own| *own == value && same_type(own, value));
        match own {
            Some(own) => Ok(Some(own.clone())),
            None => {
                let message = format!("Input should be {}", one_of(allowed));
                self.found("literal_error", message, value)
            }
        }
    }

    fn list(&mut self, schema: &Value, value: &Value) -> Made {
        let (Value::List(given) | Value::Tuple(given)) = value else {
            return self.found("list_type", "Input should be a valid list", value);
        };
        let mut made = Vec::new();
        for (place, item) in given.iter().enumerate() {
            let own = self.within(&place.to_string(), |check| {
                check.value(get(schema, "items"), item)
            })?;
            made.push(own.unwrap_or_default());
        }
        Ok(Some(Value::List(made)))
    }

    fn dict(&mut self, schema: &Value, value: &Value) -> Made {
        let Value::Dict(given) = value else {
            return self.found("dict_type", "Input should be a valid dictionary", value);
        };
        let of_values = get(schema, "additionalProperties");
        let mut made = Dict::new();
        for (key, item) in given {
            let own = match of_values {
                Value::Dict(_) => self.within(text(key).unwrap_or_default(), |check| {
                    check.value(of_values, item)
                })?,
                _ => Some(item.clone()),
            };
            made.insert(key, own.unwrap_or_default());
        }
        Ok(Some(Value::Dict(made)))
    }
}

fn required(schema: &Value, name: &Value) -> bool {
    items(get(schema, "required")).contains(name)
}

/// A rule of the schema that says more than is checked here.
fn unknown_rule(schema: &Value) -> Option<&'static str> {
    const UNKNOWN: [&str; 9] = [
        "format",
        "pattern",
        "multipleOf",
        "uniqueItems",
        "prefixItems",
        "oneOf",
        "patternProperties",
        "propertyNames",
        "contentEncoding",
    ];
    UNKNOWN
        .into_iter()
        .find(|rule| get(schema, rule) != &Value::None)
}

fn is_no_json(value: &Value) -> bool {
    matches!(
        value,
        Value::Bytes(_) | Value::Set(_) | Value::FrozenSet(_) | Value::Enum { .. }
    )
}

/// Whether two equal values are of one type: `1` is neither `1.0` nor `True`.
fn same_type(a: &Value, b: &Value) -> bool {
    a.py_type() == b.py_type()
}

/// `'a', 'b' or 'c'`
fn one_of(allowed: &[Value]) -> String {
    let allowed: Vec<String> = allowed.iter().map(repr).collect();
    match allowed.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use langferry_pystd::{Dict, Set, Value};

    use crate::kwargs::dict;
    use crate::schema::Schema;

    fn refused(kind: &str, value: Value) -> String {
        let field = dict([("type", kind.into())]);
        let schema = Schema::from(dict([
            ("type", "object".into()),
            ("properties", dict([("field", field)])),
        ]));
        let made = schema.instance(dict([("field", value)]));
        made.map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn what_pydantic_may_convert_is_unsupported() {
        let member = || Value::Enum {
            class: "Color".to_owned(),
            name: "RED".to_owned(),
        };
        for (kind, value) in [
            ("array", Value::Set(Set::new())),
            ("array", Value::FrozenSet(Set::new())),
            ("string", member()),
            ("integer", member()),
        ] {
            let said = refused(kind, value);
            assert!(
                said.contains(&format!("where a schema says `{kind}`")),
                "{said}"
            );
        }
    }

    #[test]
    fn objects_of_other_classes_may_be_of_derived_ones() {
        let schema = Schema::from(dict([("title", "Plan".into()), ("type", "object".into())]));
        let other = Value::Record {
            class: "program.Other".to_owned(),
            fields: Dict::new(),
        };
        let said = schema.instance(other).err().map(|error| error.to_string());
        let told = "an object of program.Other where one of Plan is expected";
        assert!(said.clone().unwrap_or_default().contains(told), "{said:?}");
    }
}
