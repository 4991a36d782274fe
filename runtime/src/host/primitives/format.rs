//! The bit patterns of floats narrower than 32 bits, and of `f32` and `f64` beside them.
//!
//! A format has a sign, `exponent` and `mantissa` bits and subnormals; formats differ in what their
//! largest exponent holds (OCP microscaling formats, FP8 papers; the names are StableHLO's).
//! Conversion from `f64` rounds to nearest, ties to even, once.

use hire_artifact::ElementType;

/// What a format has besides finite numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Specials {
    /// Infinities and NaNs at the largest exponent.
    Ieee,
    /// NaN is all ones; overflow gives it.
    OnlyNan,
    /// The pattern of negative zero is NaN; overflow gives it.
    UnsignedZero,
    /// Finite numbers alone; overflow gives the largest.
    Finite,
    /// An exponent alone: no sign, no zero; all ones is NaN.
    Exponent,
}

/// A floating-point format of at most 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    exponent: u32,
    mantissa: u32,
    bias: i32,
    specials: Specials,
}

impl Format {
    pub(super) const F32: Format = Format { exponent: 8, mantissa: 23, bias: 127, specials: Specials::Ieee };
    pub(super) const F64: Format = Format { exponent: 11, mantissa: 52, bias: 1023, specials: Specials::Ieee };

    /// The format of a real float type.
    pub(super) fn of(dtype: ElementType) -> Option<Self> {
        use ElementType as T;
        use Specials::*;
        let (exponent, mantissa, bias, specials) = match dtype {
            T::F4E2M1FN => (2, 1, 1, Finite),
            T::F6E2M3FN => (2, 3, 1, Finite),
            T::F6E3M2FN => (3, 2, 3, Finite),
            T::F8E3M4 => (3, 4, 3, Ieee),
            T::F8E4M3 => (4, 3, 7, Ieee),
            T::F8E4M3FN => (4, 3, 7, OnlyNan),
            T::F8E4M3FNUZ => (4, 3, 8, UnsignedZero),
            T::F8E4M3B11FNUZ => (4, 3, 11, UnsignedZero),
            T::F8E5M2 => (5, 2, 15, Ieee),
            T::F8E5M2FNUZ => (5, 2, 16, UnsignedZero),
            T::F8E8M0FNU => (8, 0, 127, Exponent),
            T::F16 => (5, 10, 15, Ieee),
            T::Bf16 => (8, 7, 127, Ieee),
            T::F32 => return Some(Self::F32),
            T::F64 => return Some(Self::F64),
            _ => return None,
        };
        Some(Self { exponent, mantissa, bias, specials })
    }

    fn magnitude_bits(self) -> u32 {
        self.exponent + self.mantissa
    }

    /// The pattern of the largest finite magnitude.
    fn largest(self) -> u64 {
        let all = (1 << self.magnitude_bits()) - 1;
        match self.specials {
            Specials::Ieee => all - (1 << self.mantissa),
            Specials::OnlyNan | Specials::Exponent => all - 1,
            Specials::UnsignedZero | Specials::Finite => all,
        }
    }

    /// The value of a pattern.
    pub(super) fn decode(self, bits: u64) -> f64 {
        match self {
            Self::F64 => return f64::from_bits(bits),
            Self::F32 => return f64::from(f32::from_bits(bits as u32)),
            _ => {}
        }
        if self.specials == Specials::Exponent {
            return if bits == 0xff { f64::NAN } else { f64::powi(2.0, bits as i32 - self.bias) };
        }
        let magnitude = bits & ((1 << self.magnitude_bits()) - 1);
        let sign = if bits == magnitude { 1.0 } else { -1.0 };
        if self.specials == Specials::UnsignedZero && magnitude == 0 && sign < 0.0 {
            return f64::NAN;
        }
        if magnitude > self.largest() {
            let infinite = self.specials == Specials::Ieee && magnitude == self.largest() + 1;
            return if infinite { sign * f64::INFINITY } else { f64::NAN.copysign(sign) };
        }
        let field = (magnitude >> self.mantissa) as i32;
        let hidden = if field == 0 { 0 } else { 1 << self.mantissa };
        let significand = (magnitude & ((1 << self.mantissa) - 1)) | hidden;
        sign * significand as f64 * f64::powi(2.0, field.max(1) - self.bias - self.mantissa as i32)
    }

    /// The pattern of the number nearest to `value`.
    pub(super) fn encode(self, value: f64) -> u64 {
        match self {
            Self::F64 => return value.to_bits(),
            Self::F32 => return u64::from((value as f32).to_bits()),
            _ => {}
        }
        if self.specials == Specials::Exponent {
            return encode_exponent(value);
        }
        let sign = u64::from(value.is_sign_negative()) << self.magnitude_bits();
        if value.is_nan() {
            return self.nan(sign);
        }
        let magnitude = if value.is_infinite() { u64::MAX } else { self.round_magnitude(value.abs()) };
        match self.specials {
            Specials::UnsignedZero if magnitude == 0 => 0,
            _ if magnitude <= self.largest() => sign | magnitude,
            Specials::Ieee => sign | (self.largest() + 1),
            Specials::Finite => sign | self.largest(),
            _ => self.nan(sign),
        }
    }

    /// The pattern of a finite magnitude; beyond [`Self::largest`] on overflow.
    fn round_magnitude(self, magnitude: f64) -> u64 {
        let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(1 - self.bias);
        // Both powers are normal numbers, so that scaling is exact.
        let shift = self.mantissa as i32 - exponent;
        let scaled = magnitude * f64::powi(2.0, shift / 2) * f64::powi(2.0, shift - shift / 2);
        (((exponent + self.bias - 1) as u64) << self.mantissa) + scaled.round_ties_even() as u64
    }

    fn nan(self, sign: u64) -> u64 {
        match self.specials {
            Specials::Ieee => sign | (self.largest() + 1) | (1 << (self.mantissa - 1)),
            Specials::OnlyNan => sign | (self.largest() + 1),
            Specials::UnsignedZero => 1 << self.magnitude_bits(),
            Specials::Finite => 0,
            Specials::Exponent => 0xff,
        }
    }

    /// The value of the format nearest to `value`.
    pub(super) fn round(self, value: f64) -> f64 {
        match self {
            Self::F64 => value,
            Self::F32 => f64::from(value as f32),
            _ => self.decode(self.encode(value)),
        }
    }

    /// A value at a lower precision, as `reduce_precision` defines it: the mantissa rounds to
    /// nearest even, exponents above the range give infinity, those below it zero.
    pub(super) fn reduce_precision(self, value: f64, exponent_bits: u32, mantissa_bits: u32) -> f64 {
        if value.is_nan() {
            return if mantissa_bits > 0 { value } else { f64::INFINITY };
        }
        if value.is_infinite() || value == 0.0 {
            return value;
        }
        let mut bits = self.encode(value.abs());
        if mantissa_bits < self.mantissa {
            let dropped = self.mantissa - mantissa_bits;
            let odd = (bits >> dropped) & 1;
            bits = (bits + (1 << (dropped - 1)) - 1 + odd) >> dropped << dropped;
        }
        if exponent_bits < self.exponent {
            let bias = |bits: u32| (1i64 << (bits - 1)) - 1;
            let field = (bits >> self.mantissa) as i64 - bias(self.exponent);
            if field > bias(exponent_bits) {
                return f64::INFINITY.copysign(value);
            }
            if field <= -bias(exponent_bits) {
                return 0.0f64.copysign(value);
            }
        }
        self.decode(bits).copysign(value)
    }
}

/// `f8E8M0FNU`: the nearest power of two, halfway upwards.
fn encode_exponent(value: f64) -> u64 {
    if value.is_nan() || value < 0.0 || value >= 1.5 * f64::powi(2.0, 127) {
        return 0xff;
    }
    if value <= f64::powi(2.0, -127) {
        return 0;
    }
    let bits = value.to_bits();
    (bits >> 52) + 127 + ((bits >> 51) & 1) - 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_of_the_narrow_formats_is_the_nearest_to_its_value() {
        for dtype in ElementType::all().filter(|dtype| dtype.host_bytes() <= 2) {
            let Some(format) = Format::of(dtype) else { continue };
            let count = 1u64 << dtype.bits();
            for bits in 0..count {
                let value = format.decode(bits);
                if value.is_nan() {
                    assert!(format.round(value).is_nan(), "{dtype} {bits:#x}");
                } else {
                    assert_eq!(format.encode(value), bits, "{dtype} {value}");
                }
            }
        }
    }

    #[test]
    fn rounding_agrees_with_the_crate_half() {
        let (f16, bf16) = (Format::of(ElementType::F16).unwrap(), Format::of(ElementType::Bf16).unwrap());
        for i in 0..20_000u32 {
            let value = f32::from_bits(i.wrapping_mul(2_654_435_761));
            if value.is_nan() {
                continue;
            }
            assert_eq!(f16.encode(value.into()), u64::from(half::f16::from_f32(value).to_bits()), "{value}");
            assert_eq!(bf16.encode(value.into()), u64::from(half::bf16::from_f32(value).to_bits()), "{value}");
        }
    }

    #[test]
    fn overflow_follows_each_format() {
        let big = |dtype| Format::of(dtype).unwrap().round(1e30);
        assert_eq!(big(ElementType::F4E2M1FN), 6.0);
        assert_eq!(big(ElementType::F8E5M2), f64::INFINITY);
        assert!(big(ElementType::F8E4M3FN).is_nan());
        assert!(big(ElementType::F8E4M3FNUZ).is_nan());
    }
}
