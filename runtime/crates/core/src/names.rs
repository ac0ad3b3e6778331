//! Maps from names to slots. The names are the program's own, so that hashing need not withstand an
//! attacker, and most are short: FNV-1a it is.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

/// A map from names.
pub type Names<K, V> = HashMap<K, V, ShortNames>;

/// Makes hashers for short names.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShortNames;

impl BuildHasher for ShortNames {
    type Hasher = Fnv;

    fn build_hasher(&self) -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

/// The state of a hash.
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let names: Names<String, usize> = (0..1000).map(|i| (format!("node_{i}"), i)).collect();
        assert_eq!(names.len(), 1000);
        assert_eq!(names.get("node_617"), Some(&617));
        assert_eq!(names.get("node"), None);
    }
}
