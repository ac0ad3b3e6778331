//! Python's `hash` of texts and whole numbers.

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

use crate::Int;

/// What `hash` gives for a value, which CPython makes of it in the same way.
pub trait Hashed {
    /// `hash(self)`
    fn py_hash(&self) -> i64;
}

/// `hash(x)`: of a text another number in each process, unless `PYTHONHASHSEED` says which.
pub fn hash<T: Hashed + ?Sized>(value: &T) -> Int {
    Int::from(value.py_hash())
}

impl Hashed for Int {
    fn py_hash(&self) -> i64 {
        let modulus = Int::from((1_i64 << 61) - 1);
        let rest = self
            .abs()
            .div_mod(&modulus)
            .map_or(0, |(_, rest)| rest.to_i64().unwrap_or(0));
        not_minus_one(if self.is_negative() { -rest } else { rest })
    }
}

impl Hashed for bool {
    fn py_hash(&self) -> i64 {
        i64::from(*self)
    }
}

impl Hashed for str {
    fn py_hash(&self) -> i64 {
        hash_of_text(self, *KEYS)
    }
}

impl Hashed for String {
    fn py_hash(&self) -> i64 {
        self.as_str().py_hash()
    }
}

/// -1 tells of an error in C.
fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

static KEYS: LazyLock<(u64, u64)> = LazyLock::new(|| {
    let given = env::var("PYTHONHASHSEED").ok();
    match given.and_then(|seed| seed.parse().ok()) {
        Some(seed) => keys_of(seed),
        None => (drawn(0), drawn(1)),
    }
});

fn drawn(number: u64) -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u64(number);
    hasher.finish()
}

/// The keys that CPython makes of `PYTHONHASHSEED`.
fn keys_of(seed: u32) -> (u64, u64) {
    if seed == 0 {
        return (0, 0);
    }
    let mut state = seed;
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
        *byte = state.to_le_bytes()[2];
    }
    let whole = u128::from_le_bytes(bytes);
    let low = u64::try_from(whole & u128::from(u64::MAX)).unwrap_or_default();
    let high = u64::try_from(whole >> 64).unwrap_or_default();
    (low, high)
}

fn hash_of_text(text: &str, keys: (u64, u64)) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let widest = text.chars().map(u32::from).max().unwrap_or_default();
    let width = match widest {
        0..256 => 1,
        256..65536 => 2,
        _ => 4,
    };
    let bytes: Vec<u8> = text
        .chars()
        .flat_map(|x| u32::from(x).to_le_bytes().into_iter().take(width))
        .collect();
    not_minus_one(i64::from_ne_bytes(sip_1_3(&bytes, keys).to_ne_bytes()))
}

/// SipHash with one round for each word and three at the end.
fn sip_1_3(bytes: &[u8], (first, second): (u64, u64)) -> u64 {
    let mut state = [
        first ^ 0x736f_6d65_7073_6575,
        second ^ 0x646f_7261_6e64_6f6d,
        first ^ 0x6c79_6765_6e65_7261,
        second ^ 0x7465_6462_7974_6573,
    ];
    let words = bytes.chunks_exact(8);
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(words.remainder()) {
        *to = *from;
    }
    last[7] = bytes.len().to_le_bytes()[0];
    for word in words.chain([last.as_slice()]) {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        state[3] ^= word;
        round(&mut state);
        state[0] ^= word;
    }
    state[2] ^= 0xff;
    for _ in 0..3 {
        round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn round(state: &mut [u64; 4]) {
    let [mut a, mut b, mut c, mut d] = *state;
    a = a.wrapping_add(b);
    b = b.rotate_left(13) ^ a;
    a = a.rotate_left(32);
    c = c.wrapping_add(d);
    d = d.rotate_left(16) ^ c;
    a = a.wrapping_add(d);
    d = d.rotate_left(21) ^ a;
    c = c.wrapping_add(b);
    b = b.rotate_left(17) ^ c;
    c = c.rotate_left(32);
    *state = [a, b, c, d];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_hashes_of_cpython_for_a_seed() {
        assert_eq!(hash_of_text("a", keys_of(0)), 4_644_417_185_603_328_019);
        assert_eq!(hash_of_text("abc", keys_of(0)), -4_594_863_902_769_663_758);
        assert_eq!(
            hash_of_text("hello world, longer than eight", keys_of(0)),
            8_680_484_323_704_067_959
        );
        assert_eq!(hash_of_text("é", keys_of(0)), 6_047_309_291_227_476_195);
        assert_eq!(
            hash_of_text("naïve ÿ", keys_of(0)),
            4_532_197_544_803_954_481
        );
        assert_eq!(hash_of_text("東京", keys_of(0)), 4_917_279_066_023_976_722);
        assert_eq!(hash_of_text("a😀", keys_of(0)), -6_970_120_874_385_731_343);
        assert_eq!(
            hash_of_text("12345678", keys_of(0)),
            3_785_724_242_978_802_311
        );
        assert_eq!(
            hash_of_text(
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                keys_of(0)
            ),
            1_359_644_457_043_326_220
        );
        assert_eq!(hash_of_text("a", keys_of(1)), -3_012_895_188_637_184_397);
        assert_eq!(hash_of_text("é", keys_of(1)), 8_133_168_473_585_362_875);
        assert_eq!(hash_of_text("東京", keys_of(1)), 6_975_133_391_938_398_173);
        assert_eq!(hash_of_text("a😀", keys_of(1)), 7_860_550_542_609_649_698);
        assert_eq!(hash_of_text("a", keys_of(42)), -123_207_753_977_932_514);
        assert_eq!(hash_of_text("é", keys_of(42)), 5_653_850_369_683_463_245);
        assert_eq!(hash_of_text("東京", keys_of(42)), -63_969_793_505_583_310);
        assert_eq!(hash_of_text("a😀", keys_of(42)), 3_739_657_454_509_745_579);
        assert_eq!(
            hash_of_text("a", keys_of(4_294_967_295)),
            -5_989_683_813_037_840_249
        );
        assert_eq!(
            hash_of_text("é", keys_of(4_294_967_295)),
            -5_741_392_403_324_874_290
        );
        assert_eq!(
            hash_of_text("東京", keys_of(4_294_967_295)),
            3_438_287_616_033_612_192
        );
        assert_eq!(
            hash_of_text("a😀", keys_of(4_294_967_295)),
            15_917_687_635_634_242
        );
    }
}
