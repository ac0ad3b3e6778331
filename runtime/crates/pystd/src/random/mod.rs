//! Python's `random`: the same numbers for the same seed.

mod mersenne;

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use num_bigint::{BigInt, BigUint};
use sha2::{Digest, Sha512};

use crate::{Exception, Float, Int, Value};
use mersenne::Mersenne;

/// A generator of its own, `random.Random`.
#[derive(Clone)]
pub struct Random {
    source: Mersenne,
    next_gauss: Option<f64>,
}

impl Random {
    /// `random.Random(seed)`
    ///
    /// # Errors
    /// `TypeError`; unsupported for a float, the hash of which is the seed.
    pub fn seeded(seed: impl Into<Value>) -> Result<Self, Exception> {
        let seed: Value = seed.into();
        let number = match &seed {
            Value::None => return Ok(Self::unpredictable()),
            Value::Bool(_) | Value::Int(_) => seed.integer().unwrap_or_default().abs().to_bigint(),
            Value::Str(text) => from_bytes(text.as_bytes()),
            Value::Bytes(bytes) => from_bytes(&bytes.0),
            Value::Float(_) => return Err(Exception::unsupported("a float as the seed of random")),
            _ => {
                return Err(Exception::type_error(
                    "The only supported seed types are: None,\nint, float, str, bytes, and bytearray.",
                ));
            }
        };
        Ok(Self::from_words(&number.magnitude().to_u32_digits()))
    }

    fn from_words(words: &[u32]) -> Self {
        Self {
            source: Mersenne::new(if words.is_empty() { &[0] } else { words }),
            next_gauss: None,
        }
    }

    fn unpredictable() -> Self {
        let word = || {
            let [low, high] =
                [0, 32].map(|shift| RandomState::new().build_hasher().finish() >> shift);
            u32::try_from(low & 0xffff_ffff).unwrap_or(0)
                ^ u32::try_from(high & 0xffff_ffff).unwrap_or(0)
        };
        Self::from_words(&[word(), word(), word(), word()])
    }

    /// `random()`
    pub fn random(&mut self) -> Float {
        self.unit().into()
    }

    fn unit(&mut self) -> f64 {
        let (a, b) = (self.source.word() >> 5, self.source.word() >> 6);
        (f64::from(a) * 67_108_864.0 + f64::from(b)) / 9_007_199_254_740_992.0
    }

    /// `getrandbits(count)`
    fn bits(&mut self, count: u64) -> BigUint {
        let mut words = Vec::new();
        let mut left = count;
        while left > 0 {
            let word = self.source.word();
            words.push(if left < 32 { word >> (32 - left) } else { word });
            left = left.saturating_sub(32);
        }
        BigUint::new(words)
    }

    /// A number below `limit`, all equally likely.
    fn below(&mut self, limit: &Int) -> Int {
        let limit = limit.to_bigint().magnitude().clone();
        loop {
            let candidate = self.bits(limit.bits());
            if candidate < limit {
                return BigInt::from(candidate).into();
            }
        }
    }

    fn index(&mut self, len: usize) -> usize {
        self.below(&len.into()).count()
    }

    /// `randrange(start, stop, step)`
    ///
    /// # Errors
    /// `ValueError` when there is nothing to choose from.
    pub fn randrange_step(
        &mut self,
        start: impl Into<Int>,
        stop: impl Into<Int>,
        step: impl Into<Int>,
    ) -> Result<Int, Exception> {
        let (start, stop, step) = (start.into(), stop.into(), step.into());
        let width = &stop - &start;
        let count = match step.to_i64() {
            Some(0) => return Err(Exception::value_error("zero step for randrange()")),
            Some(1) => width.clone(),
            _ if step.is_negative() => (&width + &step + 1).div_mod(&step)?.0,
            _ => (&width + &step - 1).div_mod(&step)?.0,
        };
        if count <= 0 {
            return Err(Exception::value_error(if step == 1 {
                format!("empty range for randrange() ({start}, {stop}, {width})")
            } else {
                "empty range for randrange()".into()
            }));
        }
        Ok(start + step * self.below(&count))
    }

    /// `randrange(stop)`
    ///
    /// # Errors
    /// `ValueError` when there is nothing to choose from.
    pub fn randrange(&mut self, stop: impl Into<Int>) -> Result<Int, Exception> {
        let stop = stop.into();
        if stop <= 0 {
            return Err(Exception::value_error("empty range for randrange()"));
        }
        Ok(self.below(&stop))
    }

    /// `randint(low, high)`
    ///
    /// # Errors
    /// `ValueError` when there is nothing to choose from.
    pub fn randint(&mut self, low: impl Into<Int>, high: impl Into<Int>) -> Result<Int, Exception> {
        self.randrange_step(low, high.into() + 1, 1)
    }

    /// `uniform(a, b)`
    ///
    /// # Errors
    /// `OverflowError` when a bound is too large for a float.
    pub fn uniform(
        &mut self,
        a: impl Into<Float>,
        b: impl Into<Float>,
    ) -> Result<Float, Exception> {
        let (a, b) = (a.into(), b.into());
        let width = crate::ops::sub(&b, &a)?.to_f64()?;
        Ok((a.to_f64()? + width * self.unit()).into())
    }

    /// `choice(items)`
    ///
    /// # Errors
    /// `IndexError` when there are none.
    pub fn choice<T: Clone>(&mut self, items: &[T]) -> Result<T, Exception> {
        if items.is_empty() {
            return Err(Exception::index_error(
                "Cannot choose from an empty sequence",
            ));
        }
        Ok(items[self.index(items.len())].clone())
    }

    /// `choices(items, k=count)`
    ///
    /// # Errors
    /// `IndexError` when there are none.
    pub fn choices<T: Clone>(
        &mut self,
        items: &[T],
        count: impl Into<Int>,
    ) -> Result<Vec<T>, Exception> {
        let times = count.into().count();
        if items.is_empty() && times > 0 {
            return Err(Exception::index_error("list index out of range"));
        }
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the position is found by scaling a float, as CPython does"
        )]
        let draw = |unit: f64| (unit * items.len() as f64).floor() as usize;
        Ok((0..times)
            .map(|_| items[draw(self.unit())].clone())
            .collect())
    }

    /// `shuffle(items)`
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.index(at + 1));
        }
    }

    /// `sample(items, count)`
    ///
    /// # Errors
    /// `ValueError` when there are too few.
    pub fn sample<T: Clone>(
        &mut self,
        items: &[T],
        count: impl Into<Int>,
    ) -> Result<Vec<T>, Exception> {
        let wanted = count.into();
        let count = wanted.count();
        if wanted.is_negative() || count > items.len() {
            return Err(Exception::value_error(
                "Sample larger than population or is negative",
            ));
        }
        // CPython picks from a shrinking pool while that is smaller than a set of positions would be
        let mut set_size = 21;
        if count > 5 {
            let mut power = 1;
            while power < count * 3 {
                power *= 4;
            }
            set_size += power;
        }
        if items.len() <= set_size {
            let mut pool = items.to_vec();
            let mut taken = Vec::with_capacity(count);
            for done in 0..count {
                let at = self.index(items.len() - done);
                taken.push(pool[at].clone());
                pool[at] = pool[items.len() - done - 1].clone();
            }
            return Ok(taken);
        }
        let mut positions: Vec<usize> = Vec::with_capacity(count);
        while positions.len() < count {
            let at = self.index(items.len());
            if !positions.contains(&at) {
                positions.push(at);
            }
        }
        Ok(positions.into_iter().map(|at| items[at].clone()).collect())
    }

    /// `gauss(mu, sigma)`
    ///
    /// # Errors
    /// `OverflowError` when an argument is too large for a float.
    pub fn gauss(
        &mut self,
        mu: impl Into<Float>,
        sigma: impl Into<Float>,
    ) -> Result<Float, Exception> {
        let normal = if let Some(kept) = self.next_gauss.take() {
            kept
        } else {
            let angle = self.unit() * std::f64::consts::TAU;
            let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
            self.next_gauss = Some(angle.sin() * radius);
            angle.cos() * radius
        };
        Ok((mu.into().to_f64()? + normal * sigma.into().to_f64()?).into())
    }
}

/// The seed a text stands for: its bytes with their digest.
fn from_bytes(bytes: &[u8]) -> BigInt {
    let digest = Sha512::digest(bytes);
    BigInt::from(BigUint::from_bytes_be(&[bytes, digest.as_slice()].concat()))
}

static SHARED: LazyLock<Mutex<Random>> = LazyLock::new(|| Mutex::new(Random::unpredictable()));

fn shared() -> MutexGuard<'static, Random> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `random.seed(seed)`
///
/// # Errors
/// `TypeError`; unsupported for a float, the hash of which is the seed.
pub fn seed(seed: impl Into<Value>) -> Result<(), Exception> {
    *shared() = Random::seeded(seed)?;
    Ok(())
}

/// `random.random()`
pub fn random() -> Float {
    shared().random()
}

/// `random.randint(low, high)`
///
/// # Errors
/// `ValueError` when there is nothing to choose from.
pub fn randint(low: impl Into<Int>, high: impl Into<Int>) -> Result<Int, Exception> {
    shared().randint(low, high)
}

/// `random.randrange(stop)`
///
/// # Errors
/// `ValueError` when there is nothing to choose from.
pub fn randrange(stop: impl Into<Int>) -> Result<Int, Exception> {
    shared().randrange(stop)
}

/// `random.randrange(start, stop, step)`
///
/// # Errors
/// `ValueError` when there is nothing to choose from.
pub fn randrange_step(
    start: impl Into<Int>,
    stop: impl Into<Int>,
    step: impl Into<Int>,
) -> Result<Int, Exception> {
    shared().randrange_step(start, stop, step)
}

/// `random.uniform(a, b)`
///
/// # Errors
/// `OverflowError` when a bound is too large for a float.
pub fn uniform(a: impl Into<Float>, b: impl Into<Float>) -> Result<Float, Exception> {
    shared().uniform(a, b)
}

/// `random.choice(items)`
///
/// # Errors
/// `IndexError` when there are none.
pub fn choice<T: Clone>(items: &[T]) -> Result<T, Exception> {
    shared().choice(items)
}

/// `random.choices(items, k=count)`
///
/// # Errors
/// `IndexError` when there are none.
pub fn choices<T: Clone>(items: &[T], count: impl Into<Int>) -> Result<Vec<T>, Exception> {
    shared().choices(items, count)
}

/// `random.shuffle(items)`
pub fn shuffle<T>(items: &mut [T]) {
    shared().shuffle(items);
}

/// `random.sample(items, count)`
///
/// # Errors
/// `ValueError` when there are too few.
pub fn sample<T: Clone>(items: &[T], count: impl Into<Int>) -> Result<Vec<T>, Exception> {
    shared().sample(items, count)
}

/// `random.gauss(mu, sigma)`
///
/// # Errors
/// `OverflowError` when an argument is too large for a float.
pub fn gauss(mu: impl Into<Float>, sigma: impl Into<Float>) -> Result<Float, Exception> {
    shared().gauss(mu, sigma)
}
