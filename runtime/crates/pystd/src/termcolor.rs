//! `termcolor.colored`, as termcolor 3 does it.

use std::io::IsTerminal;
use std::sync::OnceLock;

static COLORS: OnceLock<bool> = OnceLock::new();

/// `text` between `codes`, the escape sequences of its colours, and the one that ends them, where the
/// environment and the standard output are for colours; that is asked once, as in Python.
pub fn colored(text: &str, codes: &str) -> String {
    let is_shown = *COLORS.get_or_init(|| {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        is_for_colors(variable, std::io::stdout().is_terminal())
    });
    if is_shown {
        format!("{codes}{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

fn is_for_colors(variable: impl Fn(&str) -> Option<std::ffi::OsString>, is_terminal: bool) -> bool {
    if variable("ANSI_COLORS_DISABLED").is_some() || variable("NO_COLOR").is_some() {
        return false;
    }
    if variable("FORCE_COLOR").is_some() {
        return true;
    }
    variable("TERM").is_none_or(|value| value != "dumb") && is_terminal
}

#[cfg(test)]
mod tests {
    use super::is_for_colors;

    #[test]
    fn variables_come_before_the_terminal_and_those_against_colors_first() {
        let shown = |set: &[(&str, &str)], is_terminal| {
            let variable = |name: &str| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).into())
            };
            is_for_colors(variable, is_terminal)
        };
        assert!(shown(&[], true));
        assert!(!shown(&[], false));
        assert!(!shown(&[("TERM", "dumb")], true));
        assert!(shown(&[("FORCE_COLOR", "1"), ("TERM", "dumb")], false));
        assert!(!shown(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], true));
        assert!(!shown(
            &[("FORCE_COLOR", "1"), ("ANSI_COLORS_DISABLED", "1")],
            true
        ));
    }
}
