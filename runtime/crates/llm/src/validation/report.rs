//! pydantic's text of what is wrong.

use langferry_pystd::{Exception, PyRepr, repr};

use crate::validation::Problem;

/// The version of pydantic whose texts these are.
const VERSION: &str = "2.14";

/// The `ValidationError` of the class of this title.
pub(super) fn refusal(title: &str, problems: &[Problem]) -> Exception {
    let plural = if problems.len() == 1 { "" } else { "s" };
    let mut message = format!("{} validation error{plural} for {title}", problems.len());
    for problem in problems {
        let place = problem.place.join(".");
        if !place.is_empty() {
            message.push_str(&format!("\n{place}"));
        }
        message.push_str(&format!(
            "\n  {} [type={}, input_value={}, input_type={}]\n    For further information visit \
             https://errors.pydantic.dev/{VERSION}/v/{}",
            problem.message,
            problem.kind,
            shortened(&repr(&problem.input)),
            problem.input.py_type(),
            problem.kind,
        ));
    }
    let bases = ["ValueError", "Exception", "BaseException"];
    Exception::with_bases("ValidationError", bases.map(Into::into), message)
}

/// At most fifty letters, the middle left out.
fn shortened(text: &str) -> String {
    const MOST: usize = 50;
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= MOST {
        return text.to_owned();
    }
    let start: String = letters[..MOST / 2].iter().collect();
    let end: String = letters[letters.len() - (MOST / 2 - 1)..].iter().collect();
    format!("{start}...{end}")
}
