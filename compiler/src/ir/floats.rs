//! The bit patterns of floating-point element types.
//!
//! A format is a sign, `exponent_bits` and `mantissa_bits`, with subnormals; formats differ in what
//! they do with the largest exponent. Conversion from `f64` rounds to nearest, ties to even. Formats
//! follow the papers and the OCP microscaling specification; the names are MLIR's.

use super::types::ElementType;

/// What a format has besides finite numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Specials {
    /// Infinities and NaNs at the largest exponent.
    Ieee,
    /// `FN`: no infinities; NaN is all ones. Overflow gives NaN.
    NanOnly,
    /// `FNUZ`: no infinities, no negative zero, whose pattern is the only NaN.
    UnsignedZero,
    /// `FN` of 4 and 6 bits: finite numbers only. Overflow gives the largest.
    FiniteOnly,
    /// `FNU`: an exponent alone: no sign, no zero; all ones is NaN.
    ExponentOnly,
}

/// The layout of a floating-point type of at most 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloatFormat {
    exponent_bits: u32,
    mantissa_bits: u32,
    bias: i32,
    specials: Specials,
}

impl FloatFormat {
    /// The format of a real floating-point type, `None` for every other type.
    pub fn of(element: &ElementType) -> Option<FloatFormat> {
        use ElementType as T;
        use Specials::*;
        let (exponent_bits, mantissa_bits, bias, specials) = match element {
            T::F4E2M1FN => (2, 1, 1, FiniteOnly),
            T::F6E2M3FN => (2, 3, 1, FiniteOnly),
            T::F6E3M2FN => (3, 2, 3, FiniteOnly),
            T::F8E3M4 => (3, 4, 3, Ieee),
            T::F8E4M3 => (4, 3, 7, Ieee),
            T::F8E4M3FN => (4, 3, 7, NanOnly),
            T::F8E4M3FNUZ => (4, 3, 8, UnsignedZero),
            T::F8E4M3B11FNUZ => (4, 3, 11, UnsignedZero),
            T::F8E5M2 => (5, 2, 15, Ieee),
            T::F8E5M2FNUZ => (5, 2, 16, UnsignedZero),
            T::F8E8M0FNU => (8, 0, 127, ExponentOnly),
            T::F16 => (5, 10, 15, Ieee),
            T::BF16 => (8, 7, 127, Ieee),
            T::TF32 => (8, 10, 127, Ieee),
            T::F32 => (8, 23, 127, Ieee),
            T::F64 => (11, 52, 1023, Ieee),
            _ => return None,
        };
        Some(FloatFormat { exponent_bits, mantissa_bits, bias, specials })
    }

    /// The bits of the number nearest to `value`, ties to even; zero-extended.
    pub fn encode(self, value: f64) -> u64 {
        match self.specials {
            Specials::Ieee if self.mantissa_bits == 52 => value.to_bits(),
            Specials::ExponentOnly => self.encode_exponent(value),
            _ if value.is_nan() => self.nan(value.is_sign_negative()),
            _ => self.encode_number(value),
        }
    }

    fn encode_number(self, value: f64) -> u64 {
        let sign = u64::from(value.is_sign_negative()) << (self.exponent_bits + self.mantissa_bits);
        let magnitude = if value.is_infinite() { u64::MAX } else { self.round(value.abs()) };
        if magnitude == 0 && self.specials == Specials::UnsignedZero {
            return 0;
        }
        if magnitude <= self.largest() {
            return sign | magnitude;
        }
        match self.specials {
            Specials::Ieee => sign | (self.exponent_mask() << self.mantissa_bits),
            Specials::FiniteOnly => sign | self.largest(),
            _ => self.nan(value.is_sign_negative()),
        }
    }

    /// Bits without the sign, which may exceed the largest finite number's.
    fn round(self, magnitude: f64) -> u64 {
        let bits = magnitude.to_bits();
        let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
        let (significand, exponent) =
            if exponent == 0 { (fraction, -1022) } else { (fraction | (1 << 52), exponent - 1023) };
        let target = exponent.max(1 - self.bias);
        let shift = (52 - self.mantissa_bits as i32) + (target - exponent);
        let base = ((target + self.bias - 1) as u64) << self.mantissa_bits;
        base + shift_to_even(significand, shift as u32)
    }

    fn encode_exponent(self, value: f64) -> u64 {
        if value.is_nan() || value < 0.0 {
            return 0xff;
        }
        let (smallest, largest) = (2f64.powi(-127), 2f64.powi(127));
        if value <= smallest {
            return 0;
        }
        if value >= 1.5 * largest {
            return 0xff;
        }
        let bits = value.to_bits();
        let half_or_more = (bits >> 51) & 1;
        (bits >> 52) + 127 + half_or_more - 1023
    }

    /// The value of the bits; NaN payloads are not kept.
    pub fn decode(self, bits: u64) -> f64 {
        if self.mantissa_bits == 52 {
            return f64::from_bits(bits);
        }
        if self.specials == Specials::ExponentOnly {
            return if bits == 0xff { f64::NAN } else { 2f64.powi(bits as i32 - self.bias) };
        }
        let magnitude = bits & ((1 << (self.exponent_bits + self.mantissa_bits)) - 1);
        let negative = bits != magnitude;
        let unsigned = match (magnitude <= self.largest(), self.specials) {
            (true, Specials::UnsignedZero) if negative && magnitude == 0 => return f64::NAN,
            (true, _) => self.finite(magnitude),
            (false, Specials::Ieee) if magnitude == self.exponent_mask() << self.mantissa_bits => f64::INFINITY,
            (false, _) => f64::NAN,
        };
        if negative { -unsigned } else { unsigned }
    }

    fn finite(self, magnitude: u64) -> f64 {
        let exponent = (magnitude >> self.mantissa_bits) as i32;
        let fraction = magnitude & ((1 << self.mantissa_bits) - 1);
        let hidden = if exponent == 0 { 0 } else { 1 << self.mantissa_bits };
        let scale = exponent.max(1) - self.bias - self.mantissa_bits as i32;
        (fraction | hidden) as f64 * 2f64.powi(scale)
    }

    /// The bits of the largest finite number.
    fn largest(self) -> u64 {
        let all = (1u64 << (self.exponent_bits + self.mantissa_bits)) - 1;
        match self.specials {
            Specials::Ieee => (self.exponent_mask() << self.mantissa_bits) - 1,
            Specials::NanOnly | Specials::ExponentOnly => all - 1,
            Specials::UnsignedZero | Specials::FiniteOnly => all,
        }
    }

    /// A quiet NaN; formats without one give zero.
    fn nan(self, negative: bool) -> u64 {
        let sign = u64::from(negative) << (self.exponent_bits + self.mantissa_bits);
        match self.specials {
            Specials::Ieee => sign | (self.exponent_mask() << self.mantissa_bits) | (1 << (self.mantissa_bits - 1)),
            Specials::NanOnly => sign | (self.largest() + 1),
            Specials::UnsignedZero => 1 << (self.exponent_bits + self.mantissa_bits),
            Specials::FiniteOnly => 0,
            Specials::ExponentOnly => 0xff,
        }
    }

    fn exponent_mask(self) -> u64 {
        (1 << self.exponent_bits) - 1
    }
}

/// `value / 2^shift`, to nearest, ties to even.
fn shift_to_even(value: u64, shift: u32) -> u64 {
    if shift == 0 {
        return value;
    }
    if shift > 63 {
        return 0;
    }
    let (quotient, rest, half) = (value >> shift, value & ((1 << shift) - 1), 1 << (shift - 1));
    quotient + u64::from(rest > half || (rest == half && quotient & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(name: &str) -> FloatFormat {
        FloatFormat::of(&ElementType::from_name(name).expect("a type")).expect("a float type")
    }

    #[test]
    fn every_pattern_of_a_narrow_type_survives_decoding_and_encoding() {
        for element in ElementType::NAMED.iter().filter(|e| e.is_float() && e.bits() <= 19) {
            let format = FloatFormat::of(element).expect("a float type");
            for bits in 0..1u64 << element.bits() {
                let value = format.decode(bits);
                if !value.is_nan() {
                    assert_eq!(format.encode(value), bits, "{element} {bits:#x} = {value}");
                } else {
                    assert!(format.decode(format.encode(value)).is_nan(), "{element} {bits:#x}");
                }
            }
        }
    }

    #[test]
    fn f32_and_half_types_agree_with_hardware_and_the_half_crate() {
        let (single, half, brain) = (format("f32"), format("f16"), format("bf16"));
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = f64::from_bits(state);
            if value.is_nan() {
                continue;
            }
            assert_eq!(single.encode(value), u64::from((value as f32).to_bits()), "{value:e}");
            let narrow = f32::from_bits((state >> 32) as u32);
            if !narrow.is_nan() {
                assert_eq!(half.encode(f64::from(narrow)), u64::from(half::f16::from_f32(narrow).to_bits()));
                assert_eq!(brain.encode(f64::from(narrow)), u64::from(half::bf16::from_f32(narrow).to_bits()));
                assert_eq!(single.decode(u64::from(narrow.to_bits())), f64::from(narrow));
            }
        }
    }

    #[test]
    fn overflow_follows_each_format() {
        assert_eq!(format("f8E4M3FN").encode(448.0), 0x7e);
        assert_eq!(format("f8E4M3FN").encode(1e9), 0x7f);
        assert_eq!(format("f8E5M2").encode(f64::NEG_INFINITY), 0xfc);
        assert_eq!(format("f8E4M3FNUZ").encode(-0.0), 0);
        assert_eq!(format("f8E4M3FNUZ").encode(f64::INFINITY), 0x80);
        assert_eq!(format("f4E2M1FN").encode(-100.0), 0xf);
        assert_eq!(format("f8E8M0FNU").encode(1.0), 127);
        assert_eq!(format("f8E8M0FNU").encode(-1.0), 0xff);
    }
}
