//! How many cells of a terminal a text takes, as rich counts them.

use super::tables::{WIDENED, WIDTHS};

const JOINER: char = '\u{200d}';
const SELECTOR: char = '\u{fe0f}';

fn width_of(letter: char) -> usize {
    let code = u32::from(letter);
    if (code != 0 && code < 32) || (0x7f..0xa0).contains(&code) {
        return 0;
    }
    let place = WIDTHS.partition_point(|(_, last, _)| *last < code);
    let found = WIDTHS.get(place).filter(|(first, _, _)| *first <= code);
    found.map_or(1, |(_, _, width)| usize::from(*width))
}

fn is_widened(letter: char) -> bool {
    WIDENED.binary_search(&u32::from(letter)).is_ok()
}

/// Whether every character is surely one cell wide.
fn is_simple(text: &str) -> bool {
    text.chars().all(|x| {
        matches!(x, ' '..='~' | '\u{a0}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}')
            || matches!(x, '\u{2500}'..='\u{25fc}' | '\u{2800}'..='\u{28ff}')
    })
}

/// The cells that a text takes.
pub(super) fn cell_len(text: &str) -> usize {
    if is_simple(text) {
        return text.chars().count();
    }
    let (mut total, mut last) = (0, None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            JOINER => {
                letters.next();
            }
            SELECTOR => total += usize::from(last.take().is_some_and(is_widened)),
            _ => {
                let width = width_of(letter);
                if width > 0 {
                    last = Some(letter);
                    total += width;
                }
            }
        }
    }
    total
}

/// Characters that are shown as one, and the cells they take.
struct Cluster {
    start: usize,
    end: usize,
    width: usize,
}

fn clusters(letters: &[char]) -> Vec<Cluster> {
    let mut found: Vec<Cluster> = Vec::new();
    let mut last = None;
    let mut index = 0;
    while index < letters.len() {
        let letter = letters[index];
        let start = index;
        index += 1;
        if letter == JOINER && !found.is_empty() && index < letters.len() {
            index += 1;
        }
        let special = matches!(letter, JOINER | SELECTOR);
        let width = if special { 0 } else { width_of(letter) };
        match found.last_mut() {
            Some(cluster) if special || width == 0 => {
                cluster.end = index;
                if letter == SELECTOR && last.is_some_and(is_widened) {
                    last = None;
                    cluster.width += 1;
                }
            }
            _ => found.push(Cluster {
                start,
                end: index,
                width,
            }),
        }
        if width > 0 {
            last = Some(letter);
        }
    }
    found
}

/// A text in parts that fit into `width`.
pub(super) fn chopped(text: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    if is_simple(text) {
        let parts = letters.chunks(width.max(1));
        return parts.map(|part| part.iter().collect()).collect();
    }
    let (mut parts, mut size, mut offset) = (Vec::new(), 0, 0);
    for cluster in clusters(&letters) {
        if size + cluster.width > width {
            parts.push(letters[offset..cluster.start].iter().collect());
            (offset, size) = (cluster.start, 0);
        }
        size += cluster.width;
    }
    if size > 0 {
        parts.push(letters[offset..].iter().collect());
    }
    parts
}

/// What of a text fits into `width`; half a character is a space.
pub(super) fn cut(text: &str, width: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (mut size, mut end) = (0, 0);
    for cluster in clusters(&letters) {
        if size + cluster.width > width {
            let space = if size < width { " " } else { "" };
            return letters[..end].iter().collect::<String>() + space;
        }
        size += cluster.width;
        end = cluster.end;
        if size == width {
            break;
        }
    }
    letters[..end].iter().collect()
}
