//! Conversion of one element to another kind.

use crate::eval::float::{self, FloatType};
use crate::eval::number::{Complex, IntType, Kind, Scalar};

/// The value as `to` would hold it, before it is rounded or wrapped.
///
/// Integers wrap. Floats become integers by truncation; what is out of range saturates, and `NaN`
/// gives zero, as XLA does. Anything but zero (`NaN` too) is true. Complex numbers lose their
/// imaginary part on the way to a real kind.
pub(in crate::eval) fn convert(value: Scalar, to: Kind) -> Scalar {
    match (value, to) {
        (Scalar::Int(value), Kind::Pred) => Scalar::Int((value != 0).into()),
        (Scalar::Int(value), Kind::Int(_)) => Scalar::Int(value),
        (Scalar::Int(value), Kind::Float(ty)) => Scalar::Float(integer_to_float(value, ty)),
        (Scalar::Int(value), Kind::Complex(part)) => Scalar::Complex(Complex::new(integer_to_float(value, part), 0.0)),
        (Scalar::Float(value), Kind::Pred) => Scalar::Int((value != 0.0).into()),
        (Scalar::Float(value), Kind::Int(ty)) => Scalar::Int(float_to_integer(value, ty)),
        (Scalar::Float(value), Kind::Float(_)) => Scalar::Float(value),
        (Scalar::Float(value), Kind::Complex(_)) => Scalar::Complex(Complex::new(value, 0.0)),
        (Scalar::Complex(_), Kind::Complex(_)) => value,
        (Scalar::Complex(value), _) => convert(Scalar::Float(value.re), to),
    }
}

/// Rounded once: to `f64` directly, to narrower types by way of rounding to odd.
fn integer_to_float(value: i128, ty: FloatType) -> f64 {
    if ty == FloatType::F64 { value as f64 } else { float::from_integer_to_odd(value) }
}

fn float_to_integer(value: f64, ty: IntType) -> i128 {
    (value as i128).clamp(ty.min(), ty.max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_saturate_and_integers_wrap() {
        let i8 = Kind::Int(IntType { bits: 8, signed: true });
        let u8 = Kind::Int(IntType { bits: 8, signed: false });
        let to = |value, to: Kind| to.settle(convert(value, to));
        assert_eq!(to(Scalar::Float(300.7), i8), Scalar::Int(127));
        assert_eq!(to(Scalar::Float(-3.9), i8), Scalar::Int(-3));
        assert_eq!(to(Scalar::Float(-3.9), u8), Scalar::Int(0));
        assert_eq!(to(Scalar::Float(f64::NAN), u8), Scalar::Int(0));
        assert_eq!(to(Scalar::Int(-1), u8), Scalar::Int(255));
        assert_eq!(to(Scalar::Float(f64::NAN), Kind::Pred), Scalar::Int(1));
        assert_eq!(to(Scalar::Complex(Complex::new(2.0, 3.0)), i8), Scalar::Int(2));
    }
}
