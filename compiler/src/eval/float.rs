//! Floating-point element types as the interpreter computes with them.
//!
//! Every value of every format is an `f64`, so one decoded domain serves all; the bit patterns are
//! those of [`FloatFormat`]. For formats of up to 24 bits of precision, an operation of `+ - * /`
//! or `sqrt` in `f64`, rounded once more to the format, gives the correctly rounded result (double
//! rounding is harmless when the wide format has at least `2p + 2` bits: Figueroa, "When is double
//! rounding innocuous?", 1995).

use std::sync::LazyLock;

use crate::ir::{ElementType, FloatFormat};

/// A floating-point element type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the element type of its name")]
pub(crate) enum FloatType {
    F4E2M1FN,
    F6E2M3FN,
    F6E3M2FN,
    F8E3M4,
    F8E4M3,
    F8E4M3FN,
    F8E4M3FNUZ,
    F8E4M3B11FNUZ,
    F8E5M2,
    F8E5M2FNUZ,
    F8E8M0FNU,
    BF16,
    F16,
    F32,
    F64,
}

impl FloatType {
    /// The float type of this element type.
    pub(crate) fn of(element: &ElementType) -> Option<Self> {
        Some(match element {
            ElementType::F4E2M1FN => Self::F4E2M1FN,
            ElementType::F6E2M3FN => Self::F6E2M3FN,
            ElementType::F6E3M2FN => Self::F6E3M2FN,
            ElementType::F8E3M4 => Self::F8E3M4,
            ElementType::F8E4M3 => Self::F8E4M3,
            ElementType::F8E4M3FN => Self::F8E4M3FN,
            ElementType::F8E4M3FNUZ => Self::F8E4M3FNUZ,
            ElementType::F8E4M3B11FNUZ => Self::F8E4M3B11FNUZ,
            ElementType::F8E5M2 => Self::F8E5M2,
            ElementType::F8E5M2FNUZ => Self::F8E5M2FNUZ,
            ElementType::F8E8M0FNU => Self::F8E8M0FNU,
            ElementType::BF16 => Self::BF16,
            ElementType::F16 => Self::F16,
            ElementType::F32 => Self::F32,
            ElementType::F64 => Self::F64,
            _ => return None,
        })
    }

    /// Bytes of one element.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::F64 => 8,
            Self::F32 => 4,
            Self::BF16 | Self::F16 => 2,
            _ => 1,
        }
    }

    /// The element type.
    pub(crate) fn element(self) -> ElementType {
        match self {
            Self::F4E2M1FN => ElementType::F4E2M1FN,
            Self::F6E2M3FN => ElementType::F6E2M3FN,
            Self::F6E3M2FN => ElementType::F6E3M2FN,
            Self::F8E3M4 => ElementType::F8E3M4,
            Self::F8E4M3 => ElementType::F8E4M3,
            Self::F8E4M3FN => ElementType::F8E4M3FN,
            Self::F8E4M3FNUZ => ElementType::F8E4M3FNUZ,
            Self::F8E4M3B11FNUZ => ElementType::F8E4M3B11FNUZ,
            Self::F8E5M2 => ElementType::F8E5M2,
            Self::F8E5M2FNUZ => ElementType::F8E5M2FNUZ,
            Self::F8E8M0FNU => ElementType::F8E8M0FNU,
            Self::BF16 => ElementType::BF16,
            Self::F16 => ElementType::F16,
            Self::F32 => ElementType::F32,
            Self::F64 => ElementType::F64,
        }
    }

    /// Bits that one element carries.
    pub(crate) fn bits(self) -> u32 {
        self.element().bits()
    }

    fn format(self) -> FloatFormat {
        FloatFormat::of(&self.element()).expect("every float type has a format")
    }

    /// Bits of the stored mantissa and of the exponent.
    fn layout(self) -> (u32, u32) {
        match self {
            Self::F4E2M1FN => (1, 2),
            Self::F6E2M3FN => (3, 2),
            Self::F6E3M2FN => (2, 3),
            Self::F8E3M4 => (4, 3),
            Self::F8E4M3 | Self::F8E4M3FN | Self::F8E4M3FNUZ | Self::F8E4M3B11FNUZ => (3, 4),
            Self::F8E5M2 | Self::F8E5M2FNUZ => (2, 5),
            Self::F8E8M0FNU => (0, 8),
            Self::BF16 => (7, 8),
            Self::F16 => (10, 5),
            Self::F32 => (23, 8),
            Self::F64 => (52, 11),
        }
    }

    /// The value of a bit pattern.
    pub(crate) fn decode(self, bits: u64) -> f64 {
        match self {
            Self::F64 => f64::from_bits(bits),
            Self::F32 => f64::from(f32::from_bits(bits as u32)),
            Self::BF16 => f64::from(f32::from_bits((bits as u32) << 16)),
            Self::F16 => f64::from(half::f16::from_bits(bits as u16).to_f32()),
            narrow => BYTE_VALUES[narrow as usize][usize::from(bits as u8)],
        }
    }

    /// The bit pattern of the value nearest to `value`.
    pub(crate) fn encode(self, value: f64) -> u64 {
        match self {
            Self::F64 => value.to_bits(),
            Self::F32 => u64::from((value as f32).to_bits()),
            narrow => narrow.format().encode(value),
        }
    }

    /// The value of the format nearest to `value`.
    pub(crate) fn round(self, value: f64) -> f64 {
        match self {
            Self::F64 => value,
            Self::F32 => f64::from(value as f32),
            narrow => narrow.decode(narrow.encode(value)),
        }
    }

    /// Decodes `out.len()` elements.
    pub(crate) fn load(self, bytes: &[u8], out: &mut [f64]) {
        match self {
            Self::F64 => load(bytes, out, f64::from_le_bytes),
            Self::F32 => load(bytes, out, |b| f64::from(f32::from_le_bytes(b))),
            Self::BF16 => load(bytes, out, |b: [u8; 2]| f64::from(half::bf16::from_le_bytes(b).to_f32())),
            Self::F16 => load(bytes, out, |b: [u8; 2]| f64::from(half::f16::from_le_bytes(b).to_f32())),
            narrow => {
                let table = &BYTE_VALUES[narrow as usize];
                load(bytes, out, |[b]: [u8; 1]| table[usize::from(b)]);
            }
        }
    }

    /// Encodes `values`.
    pub(crate) fn store(self, values: &[f64], bytes: &mut [u8]) {
        match self {
            Self::F64 => store(values, bytes, |v| v.to_le_bytes()),
            Self::F32 => store(values, bytes, |v| (v as f32).to_le_bytes()),
            Self::BF16 | Self::F16 => store(values, bytes, |v| (self.encode(v) as u16).to_le_bytes()),
            narrow => store(values, bytes, |v| [narrow.encode(v) as u8]),
        }
    }
}

fn load<const N: usize>(bytes: &[u8], out: &mut [f64], decode: impl Fn([u8; N]) -> f64) {
    for (value, chunk) in out.iter_mut().zip(bytes.chunks_exact(N)) {
        *value = decode(chunk.try_into().expect("chunks_exact gives chunks of N bytes"));
    }
}

fn store<const N: usize>(values: &[f64], bytes: &mut [u8], encode: impl Fn(f64) -> [u8; N]) {
    for (&value, chunk) in values.iter().zip(bytes.chunks_exact_mut(N)) {
        chunk.copy_from_slice(&encode(value));
    }
}

/// The values of all bit patterns of the one-byte formats, by [`FloatType`].
static BYTE_VALUES: LazyLock<Vec<Vec<f64>>> = LazyLock::new(|| {
    use FloatType::*;
    [F4E2M1FN, F6E2M3FN, F6E3M2FN, F8E3M4, F8E4M3, F8E4M3FN, F8E4M3FNUZ, F8E4M3B11FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0FNU]
        .into_iter()
        .map(|ty| (0..256).map(|bits| ty.format().decode(bits & ((1 << ty.bits()) - 1))).collect())
        .collect()
});

/// An integer as the `f64` from which every narrower format rounds correctly: exact up to 53
/// bits, and with the last bit set where bits were lost (rounding to odd).
pub(crate) fn from_integer_to_odd(value: i128) -> f64 {
    let magnitude = value.unsigned_abs();
    let excess = (128 - magnitude.leading_zeros()).saturating_sub(53);
    let lost = magnitude & ((1 << excess) - 1) != 0;
    let kept = (magnitude >> excess) as u64 | u64::from(lost);
    let result = kept as f64 * f64::powi(2.0, excess as i32);
    if value < 0 { -result } else { result }
}

/// Reads a value at a lower precision, as `reduce_precision` defines it: the mantissa is rounded
/// to nearest even, exponents beyond the range give infinity, those at or below its bottom give
/// zero (subnormal results are flushed). `NaN` stays, unless no mantissa bit is left to tell it
/// from infinity.
///
/// The rounding starts from `source`'s bit pattern, so that a carry crosses into its exponent.
pub(crate) fn reduce_precision(source: FloatType, value: f64, exponent_bits: u32, mantissa_bits: u32) -> f64 {
    if value.is_nan() {
        return if mantissa_bits > 0 { value } else { f64::INFINITY };
    }
    if value.is_infinite() || value == 0.0 {
        return value;
    }
    let (mantissa, exponent) = source.layout();
    let mut bits = source.encode(value.abs());
    if mantissa_bits < mantissa {
        let dropped = mantissa - mantissa_bits;
        let odd = (bits >> dropped) & 1;
        bits = (bits + (1 << (dropped - 1)) - 1 + odd) >> dropped << dropped;
    }
    if exponent_bits < exponent {
        let bias = |bits: u32| (1i64 << (bits - 1)) - 1;
        let field = (bits >> mantissa) as i64;
        if field > bias(exponent) + bias(exponent_bits) {
            return f64::INFINITY.copysign(value);
        }
        if field <= bias(exponent) - bias(exponent_bits) {
            return 0.0f64.copysign(value);
        }
    }
    source.decode(bits).copysign(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_adds_up() {
        for element in ElementType::NAMED {
            let Some(ty) = FloatType::of(element) else { continue };
            let (mantissa, exponent) = ty.layout();
            let sign = u32::from(ty != FloatType::F8E8M0FNU);
            assert_eq!(sign + mantissa + exponent, ty.bits(), "{element}");
            assert_eq!(ty.width(), element.byte_size());
            assert_eq!(&ty.element(), element);
        }
    }

    #[test]
    fn bulk_and_single_conversions_agree() {
        for element in ElementType::NAMED {
            let Some(ty) = FloatType::of(element) else { continue };
            let values = [0.0, -1.5, 3.0, 1e-3, 200.0];
            let mut bytes = vec![0; 5 * ty.width()];
            ty.store(&values, &mut bytes);
            let mut back = [0.0; 5];
            ty.load(&bytes, &mut back);
            for (value, back) in values.into_iter().zip(back) {
                let rounded = ty.round(value);
                assert!(back == rounded || (back.is_nan() && rounded.is_nan()), "{element} {value} {back}");
            }
        }
    }

    #[test]
    fn reduced_precision_overflows_and_flushes() {
        let f32s = |value: f32, e, m| reduce_precision(FloatType::F32, f64::from(value), e, m) as f32;
        assert_eq!(f32s(1.0 + f32::EPSILON, 8, 10), 1.0);
        assert_eq!(f32s(65520.0, 5, 10), f32::INFINITY);
        assert_eq!(f32s(65519.0, 5, 10), 65504.0);
        assert_eq!(f32s(-6.0e-5, 5, 10).to_bits(), (-0.0f32).to_bits());
        assert_eq!(f32s(f32::NAN, 5, 0), f32::INFINITY);
        assert!(f32s(f32::NAN, 5, 1).is_nan());
    }

    #[test]
    fn integers_round_once() {
        let value = (1i128 << 60) + (1 << 36) + 1;
        assert_eq!(from_integer_to_odd(value) as f32, value as f32);
        assert_eq!(from_integer_to_odd(-value) as f32, -value as f32);
        assert_eq!(from_integer_to_odd(i128::from(u64::MAX)) as f32, u64::MAX as f32);
    }
}
