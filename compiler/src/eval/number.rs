//! The four domains that elements are computed in.
//!
//! An element type belongs to one [`Kind`]. Integers and predicates are computed as `i128`, which
//! holds every value of every integer type, and wrap when stored; floats as `f64`, rounded when
//! stored ([`super::float`] says why that is exact); complex numbers as pairs of `f64`.

use super::error::Fault;
use super::float::FloatType;
use crate::ir::ElementType;

/// An integer element type, or `i1` as one unsigned bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IntType {
    pub(crate) bits: u32,
    pub(crate) signed: bool,
}

impl IntType {
    /// Bytes of one element.
    pub(crate) fn width(self) -> usize {
        (self.bits as usize).div_ceil(8)
    }

    /// The value modulo `2^bits`, in the type's range.
    pub(crate) fn wrap(self, value: i128) -> i128 {
        let shift = 128 - self.bits;
        if self.signed { (value << shift) >> shift } else { ((value as u128) << shift >> shift) as i128 }
    }

    /// The bits of the value as an unsigned number.
    pub(crate) fn unsigned(self, value: i128) -> u128 {
        let shift = 128 - self.bits;
        (value as u128) << shift >> shift
    }

    pub(crate) fn min(self) -> i128 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    pub(crate) fn max(self) -> i128 {
        if self.signed { (1 << (self.bits - 1)) - 1 } else { (1 << self.bits) - 1 }
    }

    /// Decodes `out.len()` elements.
    pub(crate) fn load(self, bytes: &[u8], out: &mut [i128]) {
        fn each<const N: usize>(bytes: &[u8], out: &mut [i128], decode: impl Fn([u8; N]) -> i128) {
            for (value, chunk) in out.iter_mut().zip(bytes.chunks_exact(N)) {
                *value = decode(chunk.try_into().expect("chunks_exact gives chunks of N bytes"));
            }
        }
        match (self.width(), self.signed) {
            (1, true) => each(bytes, out, |b| i8::from_le_bytes(b).into()),
            (1, false) => each(bytes, out, |b| u8::from_le_bytes(b).into()),
            (2, true) => each(bytes, out, |b| i16::from_le_bytes(b).into()),
            (2, false) => each(bytes, out, |b| u16::from_le_bytes(b).into()),
            (4, true) => each(bytes, out, |b| i32::from_le_bytes(b).into()),
            (4, false) => each(bytes, out, |b| u32::from_le_bytes(b).into()),
            (_, true) => each(bytes, out, |b| i64::from_le_bytes(b).into()),
            (_, false) => each(bytes, out, |b| u64::from_le_bytes(b).into()),
        }
    }

    /// Encodes `values`, wrapping them.
    pub(crate) fn store(self, values: &[i128], bytes: &mut [u8]) {
        let width = self.width();
        let whole = self.bits as usize == 8 * width;
        for (&value, chunk) in values.iter().zip(bytes.chunks_exact_mut(width)) {
            let value = if whole { value } else { self.wrap(value) };
            chunk.copy_from_slice(&value.to_le_bytes()[..width]);
        }
    }
}

/// A complex number as real and imaginary part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    pub(crate) const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// Each part rounded to the format.
    pub(crate) fn round(self, part: FloatType) -> Self {
        Self::new(part.round(self.re), part.round(self.im))
    }
}

/// The domain of an element type, with what it takes to load and store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `i1`, as 0 or 1.
    Pred,
    /// A signed or unsigned integer.
    Int(IntType),
    /// A float.
    Float(FloatType),
    /// A complex number of two parts of this type.
    Complex(FloatType),
}

/// `i1` as an integer type.
pub(crate) const PRED: IntType = IntType { bits: 1, signed: false };

impl Kind {
    /// The kind of an element type.
    ///
    /// # Errors
    /// For quantized types, whose users dequantize first, and for types that StableHLO has no
    /// tensors of.
    pub(crate) fn of(element: &ElementType) -> Result<Self, Fault> {
        if let Some(float) = FloatType::of(element) {
            return Ok(Kind::Float(float));
        }
        match element {
            ElementType::I1 => Ok(Kind::Pred),
            ElementType::ComplexF32 => Ok(Kind::Complex(FloatType::F32)),
            ElementType::ComplexF64 => Ok(Kind::Complex(FloatType::F64)),
            ElementType::Index => Ok(Kind::Int(IntType { bits: 64, signed: true })),
            int if int.is_integer() => Ok(Kind::Int(IntType { bits: int.bits(), signed: int.is_signed_integer() })),
            ElementType::Quantized(_) => Err(Fault::unsupported(format!(
                "this operation has no meaning on {element}; dequantize its operands first"
            ))),
            other => Err(Fault::unsupported(format!("{other} is no element type of a StableHLO tensor"))),
        }
    }

    /// The kind of what is stored: for quantized types that of the storage type.
    pub(crate) fn stored(element: &ElementType) -> Result<Self, Fault> {
        match element {
            ElementType::Quantized(quantized) => Self::of(&quantized.storage),
            other => Self::of(other),
        }
    }

    /// Bytes of one element.
    pub(crate) fn width(self) -> usize {
        match self {
            Kind::Pred => 1,
            Kind::Int(int) => int.width(),
            Kind::Float(float) => float.width(),
            Kind::Complex(part) => 2 * part.width(),
        }
    }

    /// Decodes the element at `index`.
    pub(crate) fn read(self, bytes: &[u8], index: usize) -> Scalar {
        let width = self.width();
        let bytes = &bytes[index * width..(index + 1) * width];
        let mut wide = [0u8; 8];
        match self {
            Kind::Pred => Scalar::Int(i128::from(bytes[0] & 1)),
            Kind::Int(int) => {
                wide[..width].copy_from_slice(bytes);
                Scalar::Int(int.wrap(i128::from(u64::from_le_bytes(wide))))
            }
            Kind::Float(float) => {
                wide[..width].copy_from_slice(bytes);
                Scalar::Float(float.decode(u64::from_le_bytes(wide)))
            }
            Kind::Complex(part) => {
                let mut parts = [0.0; 2];
                part.load(bytes, &mut parts);
                Scalar::Complex(Complex::new(parts[0], parts[1]))
            }
        }
    }

    /// Encodes `value` at `index`, wrapping or rounding it.
    pub(crate) fn write(self, value: Scalar, bytes: &mut [u8], index: usize) {
        let width = self.width();
        let bytes = &mut bytes[index * width..(index + 1) * width];
        match (self, value) {
            (Kind::Pred, value) => bytes[0] = u8::from(value.int() & 1 == 1),
            (Kind::Int(int), value) => bytes.copy_from_slice(&int.wrap(value.int()).to_le_bytes()[..width]),
            (Kind::Float(float), value) => bytes.copy_from_slice(&float.encode(value.float()).to_le_bytes()[..width]),
            (Kind::Complex(part), value) => {
                let value = value.complex();
                part.store(&[value.re, value.im], bytes);
            }
        }
    }

    /// The value as this kind stores it: wrapped or rounded.
    pub(crate) fn settle(self, value: Scalar) -> Scalar {
        match self {
            Kind::Pred => Scalar::Int(value.int() & 1),
            Kind::Int(int) => Scalar::Int(int.wrap(value.int())),
            Kind::Float(float) => Scalar::Float(float.round(value.float())),
            Kind::Complex(part) => Scalar::Complex(value.complex().round(part)),
        }
    }
}

/// One element in its domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar {
    /// An integer or predicate.
    Int(i128),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(Complex),
}

impl Scalar {
    /// As an integer; zero when it is none.
    pub(crate) fn int(self) -> i128 {
        if let Scalar::Int(value) = self { value } else { 0 }
    }

    /// As a float; `NaN` when it is none.
    pub(crate) fn float(self) -> f64 {
        if let Scalar::Float(value) = self { value } else { f64::NAN }
    }

    /// As a complex number; `NaN` when it is none.
    pub(crate) fn complex(self) -> Complex {
        if let Scalar::Complex(value) = self { value } else { Complex::new(f64::NAN, f64::NAN) }
    }

    /// Whether it is a nonzero integer or predicate.
    pub(crate) fn is_true(self) -> bool {
        self.int() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_wrap_to_their_width() {
        let i4 = IntType { bits: 4, signed: true };
        assert_eq!(i4.wrap(8), -8);
        assert_eq!(i4.wrap(-9), 7);
        assert_eq!(IntType { bits: 2, signed: false }.wrap(-1), 3);
        assert_eq!((i4.min(), i4.max()), (-8, 7));
        let u64s = IntType { bits: 64, signed: false };
        assert_eq!(u64s.wrap(-1), i128::from(u64::MAX));
        assert_eq!(u64s.max(), i128::from(u64::MAX));
    }

    #[test]
    fn elements_are_read_as_they_were_written() {
        for element in ElementType::NAMED {
            let Ok(kind) = Kind::of(element) else { continue };
            let value = match kind {
                Kind::Pred => Scalar::Int(1),
                Kind::Int(int) => Scalar::Int(int.min() + 1),
                Kind::Float(_) => Scalar::Float(2.0),
                Kind::Complex(_) => Scalar::Complex(Complex::new(-1.5, 2.0)),
            };
            let mut bytes = vec![0; 3 * kind.width()];
            kind.write(value, &mut bytes, 1);
            assert_eq!(kind.read(&bytes, 1), value, "{element}");
            assert_eq!(kind.settle(value), value, "{element}");
        }
    }
}
