//! What a regular expression is made of.

use crate::unicode;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Char(CharTest),
    At(At),
    Group(usize, Box<Node>),
    Concat(Vec<Node>),
    Either(Vec<Node>),
    Repeat {
        of: Box<Node>,
        min: u32,
        max: Option<u32>,
        greed: Greed,
    },
    Again {
        group: usize,
        ignore_case: bool,
    },
    Look {
        ahead: bool,
        negative: bool,
        of: Box<Node>,
        width: usize,
    },
    Atomic(Box<Node>),
    IfGroup {
        group: usize,
        yes: Box<Node>,
        no: Box<Node>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum At {
    Start,
    LineStart,
    End,
    LineEnd,
    VeryEnd,
    Boundary { ascii: bool },
    NoBoundary { ascii: bool },
}

/// What one character has to be.
#[derive(Clone, Debug)]
pub(super) struct CharTest {
    pub(super) any_of: Vec<CharSet>,
    pub(super) negated: bool,
    pub(super) ignore_case: bool,
    pub(super) ascii: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum CharSet {
    One(char),
    Range(char, char),
    Class { of: Class, negated: bool },
    Anything,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    Digit,
    Space,
    Word,
}

impl CharTest {
    pub(super) fn accepts(&self, c: char) -> bool {
        let c = if self.ignore_case {
            lower(c, self.ascii)
        } else {
            c
        };
        self.any_of.iter().any(|set| self.holds(*set, c)) != self.negated
    }

    fn holds(&self, set: CharSet, c: char) -> bool {
        match set {
            CharSet::Anything => true,
            CharSet::One(own) if self.ignore_case => {
                same_letter(lower(own, self.ascii), c, self.ascii)
            }
            CharSet::One(own) => own == c,
            CharSet::Range(low, high) => {
                (low..=high).contains(&c)
                    || (self.ignore_case
                        && other_cases(c, self.ascii).any(|c| (low..=high).contains(&c)))
            }
            CharSet::Class { of, negated } => of.holds(c, self.ascii) != negated,
        }
    }
}

impl Class {
    pub(super) fn holds(self, c: char, ascii: bool) -> bool {
        match self {
            Self::Digit if ascii => c.is_ascii_digit(),
            Self::Digit => unicode::is_decimal(c),
            Self::Space if ascii => matches!(c, ' ' | '\t'..='\r'),
            Self::Space => unicode::is_space(c),
            Self::Word if ascii => c.is_ascii_alphanumeric() || c == '_',
            Self::Word => c == '_' || unicode::is_alnum(c),
        }
    }
}

pub(super) fn lower(c: char, ascii: bool) -> char {
    match c {
        _ if ascii => c.to_ascii_lowercase(),
        // the only character that becomes two, of which this is the first
        'İ' => 'i',
        _ => unicode::simple_lower(c),
    }
}

/// Whether two small letters are one letter: they are, or their capitals are.
pub(super) fn same_letter(a: char, b: char, ascii: bool) -> bool {
    a == b
        || (!ascii && unicode::upper_of(a).is_some_and(|upper| unicode::upper_of(b) == Some(upper)))
}

/// The other characters that stand for the same letter as a small one.
fn other_cases(c: char, ascii: bool) -> impl Iterator<Item = char> {
    let capital = if ascii {
        c.to_ascii_uppercase()
    } else {
        unicode::simple_upper(c)
    };
    let rare = if ascii { &[][..] } else { rare_forms(c) };
    std::iter::once(capital).chain(rare.iter().copied())
}

/// Letters outside ASCII with the same capital as one in it: only ranges of such letters need them.
fn rare_forms(c: char) -> &'static [char] {
    match c {
        'i' => &['ı'],
        'ı' => &['i'],
        's' => &['ſ'],
        'ſ' => &['s'],
        'µ' => &['μ'],
        'μ' => &['µ'],
        'ς' => &['σ'],
        'σ' => &['ς'],
        _ => &[],
    }
}
