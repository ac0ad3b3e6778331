//! Every function against CPython itself: generated inputs, both results compared as text.

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
