//! Texts, numbers and flags, converted where pydantic is not strict.

use langferry_pystd::{Float, Int, Value, float, int, str_};

use crate::validation::{Check, Made};

impl Check<'_> {
    pub(super) fn string(&mut self, value: &Value) -> Made {
        match value {
            Value::Str(_) => Ok(Some(value.clone())),
            other => self.found("string_type", "Input should be a valid string", other),
        }
    }

    pub(super) fn integer(&mut self, value: &Value) -> Made {
        const WHAT: &str = "Input should be a valid integer";
        match value {
            Value::Int(_) => Ok(Some(value.clone())),
            Value::Bool(flag) => Ok(Some(Value::Int(Int::from(i64::from(*flag))))),
            Value::Float(number) if number.fract() == 0.0 => {
                Ok(Some(Value::Int(int(&Float::from(*number))?)))
            }
            Value::Float(number) if number.is_finite() => {
                let message = format!("{WHAT}, got a number with a fractional part");
                self.found("int_from_float", message, value)
            }
            Value::Str(own) => {
                let own = str_::strip(own);
                // "3.0" is a whole number as well
                let whole = own.split_once('.').map_or(own.as_str(), |(whole, part)| {
                    match !part.is_empty() && part.chars().all(|digit| digit == '0') {
                        true => whole,
                        false => own.as_str(),
                    }
                });
                match int(whole) {
                    Ok(number) => Ok(Some(Value::Int(number))),
                    Err(_) => {
                        let message = format!("{WHAT}, unable to parse string as an integer");
                        self.found("int_parsing", message, value)
                    }
                }
            }
            other => self.found("int_type", WHAT, other),
        }
    }

    pub(super) fn number(&mut self, value: &Value) -> Made {
        const WHAT: &str = "Input should be a valid number";
        match value {
            Value::Float(_) => Ok(Some(value.clone())),
            Value::Int(number) => Ok(Some(Value::Float(number.to_f64()?))),
            Value::Bool(flag) => Ok(Some(Value::Float(f64::from(u8::from(*flag))))),
            Value::Str(own) => match float(own.as_str()) {
                Ok(number) => Ok(Some(Value::Float(number.to_f64()?))),
                Err(_) => {
                    let message = format!("{WHAT}, unable to parse string as a number");
                    self.found("float_parsing", message, value)
                }
            },
            other => self.found("float_type", WHAT, other),
        }
    }

    pub(super) fn boolean(&mut self, value: &Value) -> Made {
        const WHAT: &str = "Input should be a valid boolean";
        let flag = match value {
            Value::Bool(flag) => Some(*flag),
            Value::Int(_) | Value::Float(_) if value == &Value::from(0_i64) => Some(false),
            Value::Int(_) | Value::Float(_) if value == &Value::from(1_i64) => Some(true),
            Value::Str(own) => match own.to_lowercase().as_str() {
                "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
                "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
                _ => None,
            },
            _ => None,
        };
        match (flag, value) {
            (Some(flag), _) => Ok(Some(Value::Bool(flag))),
            (None, Value::Int(_) | Value::Str(_) | Value::Float(_)) => {
                let message = format!("{WHAT}, unable to interpret input");
                self.found("bool_parsing", message, value)
            }
            (None, other) => self.found("bool_type", WHAT, other),
        }
    }
}
