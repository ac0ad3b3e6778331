//! The operators of `int` that cannot raise, over every way of writing their operands.

use std::ops::{Add, AddAssign, BitAnd, BitOr, BitXor, Mul, MulAssign, Neg, Not, Sub, SubAssign};

use num_bigint::BigInt;

use super::Int;
use super::Repr::{Big, Small};

/// An operator over every way of writing its operands.
macro_rules! operator {
    ($Op:ident $op:ident, $checked:expr, $big:tt) => {
        impl $Op<&Int> for &Int {
            type Output = Int;
            fn $op(self, other: &Int) -> Int {
                if let (Small(a), Small(b)) = (&self.0, &other.0) {
                    let checked: fn(i64, i64) -> Option<i64> = $checked;
                    if let Some(small) = checked(*a, *b) {
                        return small.into();
                    }
                }
                (self.to_bigint() $big other.to_bigint()).into()
            }
        }
        impl $Op<Int> for Int {
            type Output = Int;
            fn $op(self, other: Int) -> Int {
                (&self).$op(&other)
            }
        }
        impl $Op<&Int> for Int {
            type Output = Int;
            fn $op(self, other: &Int) -> Int {
                (&self).$op(other)
            }
        }
        impl $Op<Int> for &Int {
            type Output = Int;
            fn $op(self, other: Int) -> Int {
                self.$op(&other)
            }
        }
        impl $Op<i64> for Int {
            type Output = Int;
            fn $op(self, other: i64) -> Int {
                (&self).$op(&Int::new(other))
            }
        }
        impl $Op<i64> for &Int {
            type Output = Int;
            fn $op(self, other: i64) -> Int {
                self.$op(&Int::new(other))
            }
        }
        impl $Op<Int> for i64 {
            type Output = Int;
            fn $op(self, other: Int) -> Int {
                (&Int::new(self)).$op(&other)
            }
        }
        impl $Op<&Int> for i64 {
            type Output = Int;
            fn $op(self, other: &Int) -> Int {
                (&Int::new(self)).$op(other)
            }
        }
    };
}

operator!(Add add, i64::checked_add, +);
operator!(Sub sub, i64::checked_sub, -);
operator!(Mul mul, i64::checked_mul, *);
operator!(BitAnd bitand, |a, b| Some(a & b), &);
operator!(BitOr bitor, |a, b| Some(a | b), |);
operator!(BitXor bitxor, |a, b| Some(a ^ b), ^);

macro_rules! assign {
    ($($Op:ident $op:ident $sign:tt)+) => {$(
        impl<T> $Op<T> for Int
        where
            T: Into<Int>,
        {
            fn $op(&mut self, other: T) {
                *self = &*self $sign &other.into();
            }
        }
    )+};
}

assign!(AddAssign add_assign + SubAssign sub_assign - MulAssign mul_assign *);

impl Neg for &Int {
    type Output = Int;
    fn neg(self) -> Int {
        match &self.0 {
            Small(value) => value
                .checked_neg()
                .map_or_else(|| (-BigInt::from(*value)).into(), Int::new),
            Big(value) => (-value.as_ref()).into(),
        }
    }
}

impl Neg for Int {
    type Output = Int;
    fn neg(self) -> Int {
        -&self
    }
}

impl Not for &Int {
    type Output = Int;
    fn not(self) -> Int {
        -(self + 1)
    }
}

impl Not for Int {
    type Output = Int;
    fn not(self) -> Int {
        !&self
    }
}
