//! Python's `hashlib`: the digests of texts in UTF-8, as digits.

use sha2::Digest;

/// `hashlib.md5(text.encode()).hexdigest()`
pub fn md5(text: &str) -> String {
    hexadecimal::<md5::Md5>(text)
}

/// `hashlib.sha1(text.encode()).hexdigest()`
pub fn sha1(text: &str) -> String {
    hexadecimal::<sha1::Sha1>(text)
}

/// `hashlib.sha256(text.encode()).hexdigest()`
pub fn sha256(text: &str) -> String {
    hexadecimal::<sha2::Sha256>(text)
}

/// `hashlib.sha512(text.encode()).hexdigest()`
pub fn sha512(text: &str) -> String {
    hexadecimal::<sha2::Sha512>(text)
}

fn hexadecimal<D: Digest>(text: &str) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    D::digest(text.as_bytes())
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|half| DIGITS[usize::from(half)])
        .collect()
}
