//! Reading a chat model's constructor arguments.

use langferry_pystd::{Exception, Float, Int, Truthy, Value, os, repr};

use crate::kwargs::Kwargs;

/// Arguments of every LangChain model that change nothing about what is sent or received.
const WITHOUT_EFFECT: [&str; 4] = ["verbose", "tags", "metadata", "name"];

/// The arguments a class is called with; each is taken once, and what is left at the end is refused.
pub(crate) struct Settings {
    class: &'static str,
    given: Kwargs,
}

impl Settings {
    pub(crate) fn new(class: &'static str, given: Kwargs) -> Self {
        Settings { class, given }
    }

    /// The class's name.
    pub(crate) fn class(&self) -> &'static str {
        self.class
    }

    /// The argument that has one of `names`, unless it is `None`.
    pub(crate) fn take(&mut self, names: &[&str]) -> Option<Value> {
        let found = names.iter().filter_map(|&name| self.given.pop(name).ok());
        // all names are taken out, the first that says something counts
        found
            .collect::<Vec<_>>()
            .into_iter()
            .find(|value| *value != Value::None)
    }

    /// The argument, `None` too.
    pub(crate) fn pop(&mut self, name: &str) -> Option<Value> {
        self.given.pop(name).ok()
    }

    /// A `str`.
    pub(crate) fn text(&mut self, names: &[&str]) -> Result<Option<String>, Exception> {
        match self.take(names) {
            None => Ok(None),
            Some(Value::Str(text)) => Ok(Some(text)),
            Some(other) => Err(self.refused(names, &other)),
        }
    }

    /// A `float`; an `int` becomes one, as pydantic has it.
    pub(crate) fn float(&mut self, names: &[&str]) -> Result<Option<Value>, Exception> {
        match self.take(names) {
            None => Ok(None),
            Some(number @ (Value::Int(_) | Value::Float(_))) => {
                Ok(Some(Value::Float(number.to::<Float>()?.to_f64()?)))
            }
            Some(other) => Err(self.refused(names, &other)),
        }
    }

    /// An `int`.
    pub(crate) fn int(&mut self, names: &[&str]) -> Result<Option<Value>, Exception> {
        match self.take(names) {
            None => Ok(None),
            Some(number @ Value::Int(_)) => Ok(Some(number)),
            Some(other) => Err(self.refused(names, &other)),
        }
    }

    /// A count that fits the machine.
    pub(crate) fn count(&mut self, names: &[&str]) -> Result<Option<u32>, Exception> {
        let Some(number) = self.int(names)? else {
            return Ok(None);
        };
        let count = number.to::<Int>()?.to_i64().map(u32::try_from);
        match count {
            Some(Ok(count)) => Ok(Some(count)),
            _ => Err(self.refused(names, &number)),
        }
    }

    /// Seconds.
    pub(crate) fn seconds(&mut self, names: &[&str]) -> Result<Option<f64>, Exception> {
        match self.float(names)? {
            Some(Value::Float(seconds)) => Ok(Some(seconds)),
            _ => Ok(None),
        }
    }

    /// A `bool`.
    pub(crate) fn flag(&mut self, names: &[&str]) -> Result<Option<bool>, Exception> {
        match self.take(names) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.refused(names, &other)),
        }
    }

    /// HTTP headers.
    pub(crate) fn headers(&mut self, names: &[&str]) -> Result<Vec<(String, String)>, Exception> {
        match self.take(names) {
            None => Ok(Vec::new()),
            Some(Value::Dict(items)) => items
                .items()
                .map(|(name, value)| match (name, value) {
                    (Value::Str(name), Value::Str(value)) => Ok((name.clone(), value.clone())),
                    (name, _) => Err(self.refused(names, name)),
                })
                .collect(),
            Some(other) => Err(self.refused(names, &other)),
        }
    }

    /// A secret: as an argument, or from the first of the environment's variables that is set.
    pub(crate) fn secret(
        &mut self,
        names: &[&str],
        variables: &[&str],
    ) -> Result<Option<String>, Exception> {
        let given = match self.take(names) {
            // SecretStr(value)
            Some(Value::Record { fields, .. }) => fields.values().next().cloned(),
            other => other,
        };
        match given {
            None => {
                for name in variables {
                    if let Some(value) = os::getenv(name)?.filter(|value| !value.is_empty()) {
                        return Ok(Some(value));
                    }
                }
                Ok(None)
            }
            Some(Value::Str(text)) => Ok(Some(text)),
            // the value itself must not get into a message
            Some(_) => Err(Exception::unsupported(format!(
                "{}({}=) that is no str",
                self.class, names[0]
            ))),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Unsupported, where something was given that nothing has taken.
    pub(crate) fn finish(self) -> Result<(), Exception> {
        let without_effect = |name: &str, value: &Value| match name {
            // nothing is streamed that was not told to
            "disable_streaming" => {
                matches!(value, Value::Bool(_)) || *value == "tool_calling".into()
            }
            name => WITHOUT_EFFECT.contains(&name) || *value == Value::None,
        };
        let mut left = self
            .given
            .items()
            .filter(|(name, value)| !without_effect(name, value));
        match left.next() {
            None => Ok(()),
            Some((name, _)) => Err(Exception::unsupported(format!("{}({name}=)", self.class))),
        }
    }

    /// What no rule of this crate knows how to take.
    pub(crate) fn refused(&self, names: &[&str], value: &Value) -> Exception {
        Exception::unsupported(format!("{}({}={})", self.class, names[0], repr(value)))
    }

    /// Refuses arguments that say something this crate does not do; `False` and empty values say nothing.
    pub(crate) fn without(&mut self, names: &[&str]) -> Result<(), Exception> {
        for &name in names {
            if let Some(value) = self.take(&[name]).filter(Truthy::truthy) {
                return Err(self.refused(&[name], &value));
            }
        }
        Ok(())
    }
}

/// The first of the environment's variables that is set and not empty.
pub(crate) fn first_set(variables: &[&str]) -> Option<String> {
    variables
        .iter()
        .filter_map(|name| os::getenv(name).ok().flatten())
        .find(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::kwargs::kwargs;

    #[test]
    fn what_is_said_of_streaming_has_no_effect() {
        for (value, taken) in [
            (true.into(), true),
            ("tool_calling".into(), true),
            ("maybe".into(), false),
        ] {
            let settings = Settings::new("Chat", kwargs([("disable_streaming", value)]));
            assert_eq!(settings.finish().is_ok(), taken);
        }
    }
}
