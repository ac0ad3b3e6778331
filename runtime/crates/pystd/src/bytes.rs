//! Python's `bytes`.

/// A sequence of bytes; a type of its own, as a `Vec<u8>` would be a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl Bytes {
    /// `self.join(items)`
    #[must_use]
    pub fn join(&self, items: &[Bytes]) -> Self {
        let parts: Vec<&[u8]> = items.iter().map(|item| item.0.as_slice()).collect();
        Self(parts.join(self.0.as_slice()))
    }
}
