//! Every function against CPython itself: generated inputs, both results compared as text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests may stop the test and say why one is skipped"
)]

mod dates;
mod dynamic;
mod formats;
mod jsons;
mod numbers;
mod oracle;
mod randoms;
mod regexes;
mod sequences;
mod strings;
