//! How many characters a part of a pattern can match.

use super::syntax::Node;

/// The least and, if there is one, the greatest number of characters.
pub(super) fn width(node: &Node, groups: &[(usize, Option<usize>)]) -> (usize, Option<usize>) {
    let add = |a: (usize, Option<usize>), b: (usize, Option<usize>)| {
        (
            a.0.saturating_add(b.0),
            a.1.zip(b.1).map(|(a, b)| a.saturating_add(b)),
        )
    };
    let either = |a: (usize, Option<usize>), b: (usize, Option<usize>)| {
        (a.0.min(b.0), a.1.zip(b.1).map(|(a, b)| a.max(b)))
    };
    match node {
        Node::Char(_) => (1, Some(1)),
        Node::At(_) | Node::Look { .. } => (0, Some(0)),
        Node::Group(_, of) | Node::Atomic(of) => width(of, groups),
        Node::Concat(items) => items
            .iter()
            .map(|item| width(item, groups))
            .fold((0, Some(0)), add),
        Node::Either(branches) => branches
            .iter()
            .map(|branch| width(branch, groups))
            .reduce(either)
            .unwrap_or((0, Some(0))),
        Node::Repeat { of, min, max, .. } => {
            let (least, most) = width(of, groups);
            let times = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
            (
                least.saturating_mul(times(*min)),
                match (most, max) {
                    (Some(0), _) | (_, Some(0)) => Some(0),
                    (Some(most), Some(max)) => Some(most.saturating_mul(times(*max))),
                    _ => None,
                },
            )
        }
        Node::Again { group, .. } => groups.get(*group).copied().unwrap_or((0, None)),
        Node::IfGroup { yes, no, .. } => either(width(yes, groups), width(no, groups)),
    }
}
