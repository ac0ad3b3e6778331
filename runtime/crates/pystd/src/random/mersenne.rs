//! The Mersenne Twister MT19937, seeded by an array of words.

const SIZE: usize = 624;
const SHIFT: usize = 397;

#[derive(Clone)]
pub(super) struct Mersenne {
    state: [u32; SIZE],
    at: usize,
}

impl Mersenne {
    pub(super) fn new(key: &[u32]) -> Self {
        let mut state = [0; SIZE];
        let mut word = 19_650_218u32;
        state[0] = word;
        for (at, slot) in state.iter_mut().enumerate().skip(1) {
            word = (word ^ (word >> 30))
                .wrapping_mul(1_812_433_253)
                .wrapping_add(position(at));
            *slot = word;
        }
        let (mut at, mut from) = (1, 0);
        for _ in 0..SIZE.max(key.len()) {
            let previous = state[at - 1];
            state[at] = (state[at] ^ (previous ^ (previous >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(key[from])
                .wrapping_add(position(from));
            at += 1;
            from = (from + 1) % key.len();
            if at == SIZE {
                state[0] = state[SIZE - 1];
                at = 1;
            }
        }
        for _ in 0..SIZE - 1 {
            let previous = state[at - 1];
            state[at] = (state[at] ^ (previous ^ (previous >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(position(at));
            at += 1;
            if at == SIZE {
                state[0] = state[SIZE - 1];
                at = 1;
            }
        }
        state[0] = 0x8000_0000;
        Self { state, at: SIZE }
    }

    /// The next 32 bits.
    pub(super) fn word(&mut self) -> u32 {
        if self.at == SIZE {
            self.turn();
        }
        let mut word = self.state[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    fn turn(&mut self) {
        for at in 0..SIZE {
            let joined =
                (self.state[at] & 0x8000_0000) | (self.state[(at + 1) % SIZE] & 0x7fff_ffff);
            let twist = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[at] = self.state[(at + SHIFT) % SIZE] ^ (joined >> 1) ^ twist;
        }
        self.at = 0;
    }
}

/// A position as the word that is mixed in; positions wrap as C's do.
fn position(at: usize) -> u32 {
    u32::try_from(at & 0xffff_ffff).unwrap_or(0)
}
