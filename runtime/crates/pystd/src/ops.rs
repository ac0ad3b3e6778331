//! Python's operators over every pair of types that has them.

use std::hash::Hash;

use crate::{Bytes, Dict, Exception, Float, Int, Set, float};

pub use crate::order::{ge, gt, le, lt};

macro_rules! operators {
    ($($Trait:ident $method:ident $name:ident $sign:literal)+) => {$(
        #[doc = concat!("Types with a Python `", $sign, "`.")]
        pub trait $Trait<Rhs: ?Sized = Self> {
            /// The type of the result.
            type Output;

            #[doc = concat!("`self ", $sign, " other`")]
            ///
            /// # Errors
            /// What Python raises.
            fn $method(&self, other: &Rhs) -> Result<Self::Output, Exception>;
        }

        #[doc = concat!("`a ", $sign, " b`")]
        ///
        /// # Errors
        /// What Python raises.
        pub fn $name<A: $Trait<B> + ?Sized, B: ?Sized>(a: &A, b: &B) -> Result<A::Output, Exception> {
            a.$method(b)
        }

        impl<A: $Trait<B> + ?Sized, B: ?Sized> $Trait<&B> for &A {
            type Output = A::Output;

            fn $method(&self, other: &&B) -> Result<Self::Output, Exception> {
                (**self).$method(*other)
            }
        }
    )+};
}

operators! {
    PyAdd py_add add "+"
    PySub py_sub sub "-"
    PyMul py_mul mul "*"
    PyTrueDiv py_true_div true_div "/"
    PyFloorDiv py_floor_div floor_div "//"
    PyRem py_rem rem "%"
    PyPow py_pow pow "**"
    PyAnd py_and and "&"
    PyOr py_or or "|"
    PyXor py_xor xor "^"
    PyShl py_shl shl "<<"
    PyShr py_shr shr ">>"
}

/// Types with a Python `-x`.
pub trait PyNeg {
    /// `-self`
    ///
    /// # Errors
    /// What Python raises.
    fn py_neg(&self) -> Result<Self, Exception>
    where
        Self: Sized;
}

/// `-a`
///
/// # Errors
/// What Python raises.
pub fn neg<T: PyNeg>(a: &T) -> Result<T, Exception> {
    a.py_neg()
}

impl PyNeg for Int {
    fn py_neg(&self) -> Result<Self, Exception> {
        Ok(-self)
    }
}

impl PyNeg for Float {
    fn py_neg(&self) -> Result<Self, Exception> {
        Ok(-self)
    }
}

macro_rules! implement {
    ($($Trait:ident $method:ident $left:ty, $right:ty => $output:ty: $apply:expr;)+) => {$(
        impl $Trait<$right> for $left {
            type Output = $output;

            fn $method(&self, other: &$right) -> Result<$output, Exception> {
                let apply: fn(&$left, &$right) -> Result<$output, Exception> = $apply;
                apply(self, other)
            }
        }
    )+};
}

implement! {
    PyAdd py_add Int, Int => Int: |a, b| Ok(a + b);
    PySub py_sub Int, Int => Int: |a, b| Ok(a - b);
    PyMul py_mul Int, Int => Int: |a, b| Ok(a * b);
    PyTrueDiv py_true_div Int, Int => Float: |a, b| a.true_div(b).map(Float::Double);
    PyFloorDiv py_floor_div Int, Int => Int: |a, b| Ok(a.div_mod(b)?.0);
    PyRem py_rem Int, Int => Int: Int::modulo;
    PyPow py_pow Int, Int => Int: |a, b| match b.is_negative() {
        false => a.pow(b),
        true => Err(Exception::unsupported("int ** negative int where an int is expected")),
    };
    PyAnd py_and Int, Int => Int: |a, b| Ok(a & b);
    PyOr py_or Int, Int => Int: |a, b| Ok(a | b);
    PyXor py_xor Int, Int => Int: |a, b| Ok(a ^ b);
    PyShl py_shl Int, Int => Int: Int::shl;
    PyShr py_shr Int, Int => Int: Int::shr;
    PyAnd py_and bool, bool => bool: |a, b| Ok(a & b);
    PyOr py_or bool, bool => bool: |a, b| Ok(a | b);
    PyXor py_xor bool, bool => bool: |a, b| Ok(a ^ b);

    PyAdd py_add Float, Float => Float: |a, b| arithmetic(a, b, |a, b| a + b, |a, b| a + b);
    PySub py_sub Float, Float => Float: |a, b| arithmetic(a, b, |a, b| a - b, |a, b| a - b);
    PyMul py_mul Float, Float => Float: |a, b| arithmetic(a, b, |a, b| a * b, |a, b| a * b);
    PyTrueDiv py_true_div Float, Float => Float: true_div_floats;
    PyFloorDiv py_floor_div Float, Float => Float: |a, b| match (a, b) {
        (Float::Int(a), Float::Int(b)) => Ok(Float::Int(a.div_mod(b)?.0)),
        _ => float::div_mod(a.to_f64()?, b.to_f64()?, "float floor division by zero")
            .map(|(quotient, _)| Float::Double(quotient)),
    };
    PyRem py_rem Float, Float => Float: |a, b| match (a, b) {
        (Float::Int(a), Float::Int(b)) => a.modulo(b).map(Float::Int),
        _ => float::div_mod(a.to_f64()?, b.to_f64()?, "float modulo")
            .map(|(_, rest)| Float::Double(rest)),
    };
    PyPow py_pow Float, Float => Float: |a, b| match (a, b) {
        (Float::Int(a), Float::Int(b)) if !b.is_negative() => a.pow(b).map(Float::Int),
        _ => float::pow(a.to_f64()?, b.to_f64()?).map(Float::Double),
    };

    PyAdd py_add String, String => String: |a, b| Ok(format!("{a}{b}"));
    PyAdd py_add String, str => String: |a, b| Ok(format!("{a}{b}"));
    PyAdd py_add str, String => String: |a, b| Ok(format!("{a}{b}"));
    PyAdd py_add str, str => String: |a, b| Ok(format!("{a}{b}"));
    PyMul py_mul String, Int => String: |a, b| crate::str_::repeat(a, b);
    PyMul py_mul str, Int => String: |a, b| crate::str_::repeat(a, b);
    PyAdd py_add Bytes, Bytes => Bytes: |a, b| Ok(Bytes([a.0.as_slice(), &b.0].concat()));
}

fn arithmetic(
    a: &Float,
    b: &Float,
    ints: fn(&Int, &Int) -> Int,
    doubles: fn(f64, f64) -> f64,
) -> Result<Float, Exception> {
    match (a, b) {
        (Float::Int(a), Float::Int(b)) => Ok(Float::Int(ints(a, b))),
        _ => Ok(Float::Double(doubles(a.to_f64()?, b.to_f64()?))),
    }
}

fn true_div_floats(a: &Float, b: &Float) -> Result<Float, Exception> {
    if let (Float::Int(a), Float::Int(b)) = (a, b) {
        return a.true_div(b).map(Float::Double);
    }
    let (a, b) = (a.to_f64()?, b.to_f64()?);
    if b == 0.0 {
        return Err(Exception::zero_division_error("float division by zero"));
    }
    Ok(Float::Double(a / b))
}

macro_rules! mixed {
    ($($Trait:ident $method:ident)+) => {$(
        mixed!(@pair $Trait $method, Int, Float);
        mixed!(@pair $Trait $method, Float, Int);
        mixed!(@pair $Trait $method, Float, f64);
        mixed!(@pair $Trait $method, Float, i64);
        mixed!(@pair $Trait $method, Int, f64);

        impl $Trait<i64> for Int {
            type Output = <Int as $Trait<Int>>::Output;

            fn $method(&self, other: &i64) -> Result<Self::Output, Exception> {
                self.$method(&Int::new(*other))
            }
        }
    )+};
    (@pair $Trait:ident $method:ident, $left:ty, $right:ty) => {
        impl $Trait<$right> for $left {
            type Output = Float;

            fn $method(&self, other: &$right) -> Result<Float, Exception> {
                #[allow(clippy::clone_on_copy, reason = "some of the types are not Copy")]
                let (a, b) = (Float::from(self.clone()), Float::from(other.clone()));
                a.$method(&b)
            }
        }
    };
}

mixed! {
    PyAdd py_add
    PySub py_sub
    PyMul py_mul
    PyTrueDiv py_true_div
    PyFloorDiv py_floor_div
    PyRem py_rem
    PyPow py_pow
}

impl<T: Clone> PyAdd for Vec<T> {
    type Output = Self;

    fn py_add(&self, other: &Self) -> Result<Self, Exception> {
        Ok([self.as_slice(), other].concat())
    }
}

impl<T: Clone> PyMul<Int> for Vec<T> {
    type Output = Self;

    fn py_mul(&self, times: &Int) -> Result<Self, Exception> {
        Ok(crate::list::repeat(self, times))
    }
}

impl<K: Hash + Eq + Clone, V: Clone> PyOr for Dict<K, V> {
    type Output = Self;

    fn py_or(&self, other: &Self) -> Result<Self, Exception> {
        Ok(self | other)
    }
}

macro_rules! sets {
    ($($Trait:ident $method:ident $sign:tt)+) => {$(
        impl<T: Hash + Eq + Clone> $Trait for Set<T> {
            type Output = Self;

            fn $method(&self, other: &Self) -> Result<Self, Exception> {
                Ok(self $sign other)
            }
        }
    )+};
}

sets!(PyOr py_or | PyAnd py_and & PyXor py_xor ^ PySub py_sub -);

/// What `a sign= b` makes of how `a sign b` went: another text where the operands do not go together.
///
/// # Errors
/// The error of `result`.
pub fn augmented<T>(sign: &str, result: Result<T, Exception>) -> Result<T, Exception> {
    result.map_err(|error| {
        let plain = format!("unsupported operand type(s) for {sign}: ");
        match error.message().strip_prefix(&plain) {
            Some(operands) if error.is("TypeError") => Exception::type_error(format!(
                "unsupported operand type(s) for {sign}=: {operands}"
            )),
            _ => error,
        }
    })
}
