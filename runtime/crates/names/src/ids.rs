//! Ids of checkpoints, tasks and interrupts, made so that LangGraph's savers find them again.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use langferry_core::{TaskName, TaskPath};
use xxhash_rust::xxh3::xxh3_128;

/// 100 ns ticks between the start of the Gregorian calendar and the Unix epoch.
const GREGORIAN_TICKS: u64 = 0x01b2_1dd2_1381_4000;

static LAST_TICK: AtomicU64 = AtomicU64::new(0);

/// A new version 6 UUID: ids sort by the time they were made, which savers rely on.
///
/// `step` becomes the clock sequence, as the last part by which checkpoints of one instant sort;
/// `node` is 48 random bits, drawn here unless the caller has drawn them.
#[must_use]
pub fn new_checkpoint_id(step: i64, node: Option<u64>) -> String {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let now = u64::try_from(since.as_nanos() / 100).unwrap_or(u64::MAX) + GREGORIAN_TICKS;
    let next = |last| if now > last { now } else { last + 1 };
    let previous = LAST_TICK
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            Some(next(last))
        })
        .unwrap_or_else(|last| last);
    let tick = next(previous);
    let clock = u64::try_from(step.rem_euclid(1 << 14)).unwrap_or_default();
    let node = node.unwrap_or_else(|| RandomState::new().hash_one(tick)) & 0xffff_ffff_ffff;
    format!(
        "{:08x}-{:04x}-6{:03x}-{:04x}-{node:012x}",
        tick >> 28 & 0xffff_ffff,
        tick >> 12 & 0xffff,
        tick & 0xfff,
        0x8000 | clock,
    )
}

/// The XXH3 hash of 128 bits as 32 hex digits: the form of LangGraph's keys in caches.
#[must_use]
pub fn digest(data: &[u8]) -> String {
    hex(xxh3_128(data), &[])
}

/// A hash as hex digits, with a dash before each of these bytes, which are in order.
fn hex(hash: u128, dashes: &[usize]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut end = 0;
    let mut dashes = dashes.iter();
    let mut next_dash = dashes.next();
    for (at, byte) in hash.to_be_bytes().into_iter().enumerate() {
        if next_dash == Some(&at) {
            next_dash = dashes.next();
            end += 1;
        }
        text[end] = DIGITS[usize::from(byte >> 4)];
        text[end + 1] = DIGITS[usize::from(byte & 0xf)];
        end += 2;
    }
    String::from_utf8_lossy(&text[..end]).into_owned()
}

fn as_uuid(hash: u128) -> String {
    hex(hash, &[4, 6, 8, 10])
}

/// The bytes that a UUID's digits stand for, at the front of what a hash is made of.
fn bytes_of(uuid: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    let mut high = None;
    for digit in uuid.bytes() {
        let digit = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            b'A'..=b'F' => digit - b'A' + 10,
            _ => continue,
        };
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    bytes.extend(high);
    bytes
}

/// The namespace of a node's tasks, without the task.
#[must_use]
pub fn node_namespace(parent: &str, node: &str) -> String {
    if parent.is_empty() {
        node.to_owned()
    } else {
        format!("{parent}|{node}")
    }
}

/// The namespace of a task, without its id. An error handler's lies in that of the failed task.
fn own_namespace(task: &TaskName<'_>, parent_namespace: &str) -> String {
    match &task.failed {
        None => node_namespace(parent_namespace, task.node),
        Some(failed) => {
            let id = task_id(failed, parent_namespace);
            node_namespace(&task_namespace(failed, parent_namespace, &id), task.node)
        }
    }
}

/// The id of a task on its checkpoint.
#[must_use]
pub fn task_id(task: &TaskName<'_>, parent_namespace: &str) -> String {
    let mut text = bytes_of(task.checkpoint_id);
    let mut add = |part: &str| text.extend_from_slice(part.as_bytes());
    let failed = task.failed.as_deref();
    let failed = failed.map(|failed| task_id(failed, parent_namespace));
    add(&own_namespace(task, parent_namespace));
    add(&task.step.to_string());
    add(task.node);
    match task.path {
        TaskPath::Pull => {
            add("__pregel_pull");
            task.triggers.iter().copied().for_each(add);
        }
        TaskPath::Push(index) => {
            add("__pregel_push");
            add(&index.to_string());
        }
        TaskPath::Update(index) => {
            add("__interrupt__");
            add(&index.to_string());
        }
        TaskPath::Handler { .. } => {
            add("__pregel_push");
            add("node_error_handler");
            if let Some(failed) = &failed {
                add(failed);
            }
        }
    }
    as_uuid(xxh3_128(&text))
}

/// Where a called task comes from.
pub struct CallSite<'a> {
    /// Id of the checkpoint its caller was planned on.
    pub checkpoint_id: &'a str,
    /// The superstep.
    pub step: i64,
    /// The namespace of the caller's own graphs.
    pub namespace: &'a str,
    /// The caller's path as savers sort it.
    pub path: &'a str,
    /// Place among the caller's calls.
    pub place: u32,
}

/// The id of a called task on its checkpoint.
#[must_use]
pub fn called_id(name: &str, site: &CallSite<'_>) -> String {
    let mut text = bytes_of(site.checkpoint_id);
    let mut add = |part: &str| text.extend_from_slice(part.as_bytes());
    add(&node_namespace(site.namespace, name));
    add(&site.step.to_string());
    add(name);
    add("__pregel_push");
    add(site.path);
    add(&site.place.to_string());
    as_uuid(xxh3_128(&text))
}

/// The namespace in which a task's own graphs keep their checkpoints.
#[must_use]
pub fn task_namespace(task: &TaskName<'_>, parent_namespace: &str, id: &str) -> String {
    format!("{}:{id}", own_namespace(task, parent_namespace))
}

/// The id of a task's interrupt, given how many answers the task has.
#[must_use]
pub fn interrupt_id(namespace: &str, answered: usize) -> String {
    let text = match answered {
        0 => namespace.to_owned(),
        answered => format!("{namespace}|{answered}"),
    };
    digest(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoint_ids_sort_by_the_time_they_were_made() {
        let ids: Vec<String> = (0..100).map(|step| new_checkpoint_id(step, None)).collect();
        assert!(ids.is_sorted());
        assert!(
            ids.iter()
                .all(|id| id.len() == 36 && id.as_bytes()[14] == b'6')
        );
    }

    #[test]
    fn a_uuid_gives_back_its_bytes() {
        assert_eq!(bytes_of("1f0a-ff"), [0x1f, 0x0a, 0xff]);
        assert_eq!(bytes_of("1f0"), [0x1f, 0x00]);
    }

    #[test]
    fn a_hash_is_written_with_all_its_digits() {
        let hash = 0x0123_4567_89ab_cdef_0011_2233_4455_6677;
        assert_eq!(as_uuid(hash), "01234567-89ab-cdef-0011-223344556677");
        assert_eq!(digest(b""), format!("{:032x}", xxh3_128(b"")));
    }
}
