//! One element as a number: integers as `i128`, floats as `f64`, complex numbers as pairs of `f64`.
//!
//! Every operation computes in these and rounds or wraps once, which is exact for `+ - * /` and
//! `sqrt` of formats up to `f32` (twice their precision and two bits more fit into `f64`).

use hire_artifact::ElementType;
use num_complex::Complex64;

use super::format::Format;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// An integer, or a truth value as 0 or 1.
    Int(i128),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(Complex64),
}

impl Number {
    pub(super) fn int(self) -> i128 {
        match self {
            Number::Int(value) => value,
            Number::Float(value) => value as i128,
            Number::Complex(value) => value.re as i128,
        }
    }

    pub(super) fn float(self) -> f64 {
        match self {
            Number::Int(value) => value as f64,
            Number::Float(value) => value,
            Number::Complex(value) => value.re,
        }
    }

    pub(super) fn complex(self) -> Complex64 {
        match self {
            Number::Complex(value) => value,
            other => Complex64::new(other.float(), 0.0),
        }
    }

    pub(super) fn is_true(self) -> bool {
        self.int() != 0
    }
}

/// An integer type; truth values are one unsigned bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Int {
    pub(super) bits: u32,
    pub(super) signed: bool,
}

impl Int {
    /// The value modulo `2^bits`, in the type's range.
    pub(super) fn wrap(self, value: i128) -> i128 {
        let shift = 128 - self.bits;
        if self.signed { (value << shift) >> shift } else { self.unsigned(value) as i128 }
    }

    /// The bits of the value as an unsigned number.
    pub(super) fn unsigned(self, value: i128) -> u128 {
        let shift = 128 - self.bits;
        ((value as u128) << shift) >> shift
    }

    /// Smallest and largest value.
    pub(super) fn range(self) -> (i128, i128) {
        if self.signed { (-(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1) } else { (0, (1 << self.bits) - 1) }
    }
}

/// What numbers an element type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Truth values.
    Pred,
    /// Integers.
    Int(Int),
    /// Floats.
    Float(Format),
    /// Complex numbers with parts of this format.
    Complex(Format),
}

impl Domain {
    /// The domain of an element type.
    pub(super) fn of(dtype: ElementType) -> Self {
        use ElementType as T;
        match dtype {
            T::I1 => Domain::Pred,
            T::I2 | T::I4 | T::I8 | T::I16 | T::I32 | T::I64 => Domain::Int(Int { bits: dtype.bits(), signed: true }),
            T::ComplexF32 => Domain::Complex(Format::F32),
            T::ComplexF64 => Domain::Complex(Format::F64),
            _ => match Format::of(dtype) {
                Some(format) => Domain::Float(format),
                None => Domain::Int(Int { bits: dtype.bits(), signed: false }),
            },
        }
    }

    /// Reads one element from its bytes.
    pub(super) fn load(self, bytes: &[u8]) -> Number {
        let mut word = [0; 8];
        let part = |bytes: &[u8], word: &mut [u8; 8]| {
            word[..bytes.len()].copy_from_slice(bytes);
            u64::from_le_bytes(*word)
        };
        match self {
            Domain::Pred => Number::Int((bytes[0] != 0).into()),
            Domain::Int(int) => Number::Int(int.wrap(part(bytes, &mut word).into())),
            Domain::Float(format) => Number::Float(format.decode(part(bytes, &mut word))),
            Domain::Complex(format) => {
                let (re, im) = bytes.split_at(bytes.len() / 2);
                let re = format.decode(part(re, &mut word));
                Number::Complex(Complex64::new(re, format.decode(part(im, &mut word))))
            }
        }
    }

    /// Writes one element into its bytes, rounded or wrapped.
    pub(super) fn store(self, value: Number, bytes: &mut [u8]) {
        let put = |bits: u64, bytes: &mut [u8]| bytes.copy_from_slice(&bits.to_le_bytes()[..bytes.len()]);
        match self {
            Domain::Pred => bytes[0] = value.is_true().into(),
            Domain::Int(int) => put(int.wrap(value.int()) as u64, bytes),
            Domain::Float(format) => put(format.encode(value.float()), bytes),
            Domain::Complex(format) => {
                let (value, half) = (value.complex(), bytes.len() / 2);
                put(format.encode(value.re), &mut bytes[..half]);
                put(format.encode(value.im), &mut bytes[half..]);
            }
        }
    }

    /// The number as the type holds it.
    pub(super) fn settle(self, value: Number) -> Number {
        match (self, value) {
            (Domain::Int(int), Number::Int(value)) => Number::Int(int.wrap(value)),
            (Domain::Float(format), Number::Float(value)) => Number::Float(format.round(value)),
            (Domain::Complex(format), Number::Complex(value)) => {
                Number::Complex(Complex64::new(format.round(value.re), format.round(value.im)))
            }
            (_, value) => value,
        }
    }

    /// A number of any domain as one of this: integers wrap; floats truncate to integers, saturate
    /// and map NaN to zero, as XLA's do; whatever is not zero is true; imaginary parts are lost.
    pub(super) fn convert(self, value: Number) -> Number {
        let converted = match (self, value) {
            (Domain::Pred, Number::Int(value)) => Number::Int((value != 0).into()),
            (Domain::Pred, value) => Number::Int((value.float() != 0.0).into()),
            (Domain::Int(_), Number::Int(_)) => value,
            (Domain::Int(int), value) => {
                let (low, high) = int.range();
                Number::Int((value.float() as i128).clamp(low, high))
            }
            (Domain::Float(format), Number::Int(value)) => Number::Float(from_int(value, format)),
            (Domain::Float(_), value) => Number::Float(value.float()),
            (Domain::Complex(format), Number::Int(value)) => {
                Number::Complex(Complex64::new(from_int(value, format), 0.0))
            }
            (Domain::Complex(_), value) => Number::Complex(value.complex()),
        };
        self.settle(converted)
    }
}

/// An integer as an `f64` from which `format` is reached with one rounding: exact up to 53 bits,
/// with the last bit set where bits are lost (rounding to odd).
fn from_int(value: i128, format: Format) -> f64 {
    if format == Format::F64 {
        return value as f64;
    }
    let magnitude = value.unsigned_abs();
    let excess = (128 - magnitude.leading_zeros()).saturating_sub(53);
    let lost = magnitude & ((1 << excess) - 1) != 0;
    let kept = ((magnitude >> excess) as u64 | u64::from(lost)) as f64 * f64::powi(2.0, excess as i32);
    if value < 0 { -kept } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive_a_round_trip_through_bytes() {
        for dtype in ElementType::all() {
            let domain = Domain::of(dtype);
            let mut bytes = vec![0; dtype.host_bytes()];
            let value = domain.convert(Number::Int(1));
            domain.store(value, &mut bytes);
            assert_eq!(domain.load(&bytes), value, "{dtype}");
        }
    }

    #[test]
    fn conversions_saturate_wrap_and_round_once() {
        let to = |dtype, value| Domain::of(dtype).convert(value);
        assert_eq!(to(ElementType::I8, Number::Float(300.7)), Number::Int(127));
        assert_eq!(to(ElementType::Ui8, Number::Float(f64::NAN)), Number::Int(0));
        assert_eq!(to(ElementType::I4, Number::Int(9)), Number::Int(-7));
        let odd = (1i128 << 60) + (1 << 36) + 1;
        assert_eq!(to(ElementType::F32, Number::Int(odd)), Number::Float(f64::from(odd as f32)));
    }
}
