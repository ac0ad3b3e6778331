//! Objects of pydantic's `BaseSettings`: fields from the environment, from `.env` files, or by default.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fs;

use langferry_pystd::{Exception, FromValue, Value, os};
use serde::Deserialize;

use crate::Json;

/// An object of settings.
#[derive(Clone, Debug)]
pub struct Settings {
    fields: HashMap<String, Value>,
}

/// What the converter has read of a class.
#[derive(Deserialize)]
struct Class {
    name: String,
    files: Vec<String>,
    exact_case: bool,
    ignores_empty: bool,
    forbids_others: bool,
    prefix: String,
    fields: Vec<Field>,
    folders: Vec<String>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    variable: String,
    checks: BTreeMap<String, f64>,
    class: Option<Class>,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    required: bool,
    texts: Option<Vec<String>>,
    default: Option<Json>,
}

impl Settings {
    /// The object that a class makes of the environment now; `spec` is what the converter has read of the class.
    ///
    /// # Errors
    /// `ValidationError` where pydantic makes none; unsupported for what native code does not read.
    pub fn made(spec: &str) -> Result<Self, Exception> {
        let class: Class = serde_json::from_str(spec).map_err(Exception::unsupported)?;
        let mut fields = HashMap::new();
        class.make("", &mut fields)?;
        Ok(Self { fields })
    }

    /// The field at `path`: its name, behind those of the objects it is in.
    ///
    /// # Errors
    /// `AttributeError` where there is none, `TypeError` for one of another type.
    pub fn field<T: FromValue>(&self, path: &str) -> Result<T, Exception> {
        let found = self.fields.get(path);
        let lacks = || Exception::attribute_error(format!("the settings have no {path}"));
        T::from_value(found.ok_or_else(lacks)?)
    }
}

impl Class {
    fn make(&self, path: &str, into: &mut HashMap<String, Value>) -> Result<(), Exception> {
        let variables = self.variables()?;
        let mut wrong = self.others(&variables.in_files);
        for field in &self.fields {
            let given = variables.of(&self.cased(&field.variable));
            if given.is_none() {
                os::check_needed(&field.variable)?;
            }
            let at = format!("{path}{}", field.name);
            match (&field.class, given) {
                (Some(_), Some(_)) => {
                    let what = format!("settings as JSON, in {}", field.variable);
                    return Err(Exception::unsupported(what));
                }
                (Some(class), None) => class.make(&format!("{at}."), into)?,
                (None, given) => match field.value(given)? {
                    Ok(value) => {
                        into.insert(at, value);
                    }
                    Err(why) => wrong.push(format!("{}\n  {why}", field.name)),
                },
            }
        }
        if !wrong.is_empty() {
            return Err(self.error(&wrong));
        }
        for name in &self.folders {
            if let Some(Value::Str(folder)) = into.get(&format!("{path}{name}")) {
                fs::create_dir_all(folder).map_err(|error| {
                    Exception::raise("OSError", [Value::from(error.to_string())])
                })?;
            }
        }
        Ok(())
    }

    fn error(&self, wrong: &[String]) -> Exception {
        let errors = if wrong.len() == 1 { "error" } else { "errors" };
        let (count, name, all) = (wrong.len(), &self.name, wrong.join("\n"));
        let text = format!("{count} validation {errors} for {name}\n{all}");
        let bases = ["ValueError", "Exception", "BaseException"].map(Cow::Borrowed);
        Exception::with_bases("ValidationError", bases, text)
    }

    fn cased(&self, name: &str) -> String {
        match self.exact_case {
            true => name.to_owned(),
            false => name.to_lowercase(),
        }
    }

    fn variables(&self) -> Result<Variables, Exception> {
        let mut found = Variables::default();
        let kept = |value: &str| !(self.ignores_empty && value.is_empty());
        for (name, value) in os::variables()? {
            if kept(&value) {
                found.in_environment.insert(self.cased(&name), value);
            }
        }
        for file in &self.files {
            for (name, value) in os::dotenv_values(file)? {
                if let Some(value) = value.filter(|value| kept(value)) {
                    found.in_files.insert(self.cased(&name), value);
                }
            }
        }
        Ok(found)
    }

    /// The lines of `.env` files that are no field's, where the class wants none of these.
    fn others(&self, lines: &BTreeMap<String, String>) -> Vec<String> {
        let is_used = |name: &String| {
            let named = !self.prefix.is_empty() && self.fields.iter().any(|x| x.name == *name);
            named
                || self.fields.iter().any(|field| {
                    let variable = self.cased(&field.variable);
                    let is_json = field.class.is_some() || field.kind == "other";
                    variable == *name || (is_json && name.starts_with(&variable))
                })
        };
        let lines = lines.iter().filter(|_| self.forbids_others);
        lines
            .filter(|(name, value)| !value.is_empty() && !is_used(name))
            .map(|(name, _)| format!("{name}\n  Extra inputs are not permitted"))
            .collect()
    }
}

#[derive(Default)]
struct Variables {
    in_environment: BTreeMap<String, String>,
    in_files: BTreeMap<String, String>,
}

impl Variables {
    fn of(&self, name: &str) -> Option<&str> {
        let found = self.in_environment.get(name);
        found
            .or_else(|| self.in_files.get(name))
            .map(String::as_str)
    }
}

impl Field {
    /// What the field holds, or why pydantic refuses it.
    fn value(&self, given: Option<&str>) -> Result<Result<Value, String>, Exception> {
        let Some(text) = given else {
            if self.required {
                return Ok(Err("Field required".to_owned()));
            }
            return Ok(self.checked(match (&self.default, self.kind.as_str()) {
                (None | Some(Json::Null), _) => Value::None,
                (Some(Json::Bool(value)), _) => Value::from(*value),
                (Some(Json::String(text)), _) => Value::from(text.as_str()),
                (Some(Json::Number(number)), "int") => Value::from(number.as_i64().unwrap_or(0)),
                (Some(number), _) => Value::from(number.as_f64().unwrap_or_default()),
            }));
        };
        let trimmed = text.trim();
        let unknown = || Exception::unsupported(format!("{text:?} as the setting {}", self.name));
        Ok(match self.kind.as_str() {
            "str"
                if self
                    .texts
                    .as_ref()
                    .is_some_and(|texts| !texts.iter().any(|x| x == text)) =>
            {
                Err("Input should be another text".to_owned())
            }
            "str" | "secret" | "path" => Ok(Value::from(text)),
            "bool" => match text.to_lowercase().as_str() {
                "0" | "off" | "f" | "false" | "n" | "no" => Ok(Value::from(false)),
                "1" | "on" | "t" | "true" | "y" | "yes" => Ok(Value::from(true)),
                _ => Err("Input should be a valid boolean".to_owned()),
            },
            "int" => match trimmed.parse::<i64>() {
                Ok(number) => self.checked(Value::from(number)),
                Err(_) if trimmed.contains(|x: char| x.is_ascii_digit()) => return Err(unknown()),
                Err(_) => Err("Input should be a valid integer".to_owned()),
            },
            "float" => match trimmed.parse::<f64>() {
                Ok(number) if number.is_finite() => self.checked(Value::from(number)),
                Err(_) if !trimmed.contains(|x: char| x.is_ascii_digit()) => {
                    Err("Input should be a valid number".to_owned())
                }
                _ => return Err(unknown()),
            },
            _ => return Err(unknown()),
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are small numbers")]
    fn checked(&self, value: Value) -> Result<Value, String> {
        let number = match &value {
            Value::Int(number) => number.to_i64().map(|number| number as f64),
            Value::Float(number) => Some(*number),
            _ => None,
        };
        let Some(number) = number else {
            return Ok(value);
        };
        let fits = self
            .checks
            .iter()
            .all(|(check, bound)| match check.as_str() {
                "ge" => number >= *bound,
                "gt" => number > *bound,
                "le" => number <= *bound,
                _ => number < *bound,
            });
        match fits {
            true => Ok(value),
            false => Err(format!("Input should be another number than {number}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use langferry_pystd::{Float, Int};

    const SPEC: &str = r#"{
        "name": "Limits", "files": [], "exact_case": false, "ignores_empty": false, "forbids_others": true,
        "prefix": "LIMITS_OF_TESTS_", "folders": [], "fields": [
            {"name": "top", "variable": "LIMITS_OF_TESTS_TOP", "checks": {"le": 9}, "type": "int", "default": 3},
            {"name": "heat", "variable": "LIMITS_OF_TESTS_HEAT", "checks": {}, "type": "float", "default": 1},
            {"name": "name", "variable": "LIMITS_OF_TESTS_NAME", "checks": {}, "type": "str", "default": null}
        ]
    }"#;

    #[test]
    fn what_is_not_set_has_its_default() {
        let made = Settings::made(SPEC).unwrap();
        assert_eq!(made.field::<Int>("top").unwrap(), 3);
        assert_eq!(made.field::<Float>("heat").unwrap(), 1.0);
        assert_eq!(made.field::<Option<String>>("name").unwrap(), None);
        assert!(made.field::<Int>("other").is_err());
    }

    #[test]
    fn what_is_out_of_bounds_or_lacks_is_an_error() {
        let spec = SPEC.replace("\"default\": 3", "\"default\": 10");
        let spec = spec.replace("\"default\": null", "\"required\": true");
        let raised = Settings::made(&spec).unwrap_err();
        assert!(raised.is("ValueError"));
        assert!(
            raised
                .message()
                .starts_with("2 validation errors for Limits\ntop\n")
        );
        assert!(raised.message().ends_with("name\n  Field required"));
    }

    #[test]
    fn lines_of_files_count_less_than_variables_and_more_the_later_they_come() {
        let folder = std::env::temp_dir().join(format!("settings-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let files = [
            file(
                "first.env",
                "limits_of_tests_top=4\nLIMITS_OF_TESTS_NAME='a b'\n",
            ),
            file(
                "second.env",
                "LIMITS_OF_TESTS_TOP=' 5 '\nPATH=no\nLIMITS_OF_TESTS_HEAT=1.5e1\n",
            ),
            "no such file".to_owned(),
        ];
        let named = serde_json::to_string(&files).unwrap();
        let spec = SPEC.replace("\"files\": []", &format!("\"files\": {named}"));
        let raised = Settings::made(&spec).unwrap_err();
        assert!(
            raised
                .message()
                .ends_with("path\n  Extra inputs are not permitted")
        );
        let spec = spec.replace("\"forbids_others\": true", "\"forbids_others\": false");
        let spec = spec.replace("LIMITS_OF_TESTS_NAME", "Path");
        let made = Settings::made(&spec).unwrap();
        assert_eq!(made.field::<Int>("top").unwrap(), 5);
        assert_eq!(made.field::<Float>("heat").unwrap(), 15.0);
        let path = std::env::var("PATH").unwrap();
        assert_eq!(made.field::<Option<String>>("name").unwrap(), Some(path));
        fs::remove_dir_all(folder).unwrap();
    }
}
