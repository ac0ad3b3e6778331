//! What kind of characters a string is made of.

use crate::unicode;

macro_rules! every_character {
    ($($name:ident $test:ident)+) => {$(
        #[doc = concat!("`s.", stringify!($name), "()`")]
        pub fn $name(s: &str) -> bool {
            !s.is_empty() && s.chars().all(unicode::$test)
        }
    )+};
}

every_character! {
    isalpha is_alpha
    isalnum is_alnum
    isdecimal is_decimal
    isdigit is_digit
    isnumeric is_numeric
    isspace is_space
}

/// `s.isprintable()`
pub fn isprintable(s: &str) -> bool {
    s.chars().all(unicode::is_printable)
}

/// `s.isascii()`
pub fn isascii(s: &str) -> bool {
    s.is_ascii()
}

/// `s.islower()`
pub fn islower(s: &str) -> bool {
    s.chars().any(unicode::is_lower)
        && !s
            .chars()
            .any(|c| unicode::is_upper(c) || unicode::is_title(c))
}

/// `s.isupper()`
pub fn isupper(s: &str) -> bool {
    s.chars().any(unicode::is_upper)
        && !s
            .chars()
            .any(|c| unicode::is_lower(c) || unicode::is_title(c))
}

/// `s.istitle()`
pub fn istitle(s: &str) -> bool {
    let (mut seen, mut within_word) = (false, false);
    for c in s.chars() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if within_word {
                return false;
            }
            (seen, within_word) = (true, true);
        } else if unicode::is_lower(c) {
            if !within_word {
                return false;
            }
            seen = true;
        } else {
            within_word = false;
        }
    }
    seen
}

/// `s.isidentifier()`
pub fn isidentifier(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next().is_some_and(unicode::is_identifier_start) && chars.all(unicode::is_identifier_part)
}
