//! How far two results are apart.

use half::{bf16, f16};
use hire_runtime::ElementType;

/// What may differ between the interpreter and XLA.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tolerance {
    /// Nothing, down to the payload of a `NaN`.
    Bits,
    /// Nothing but the payload of a `NaN`, and subnormal numbers, which XLA's CPU code takes for zeros of
    /// their sign.
    Exact,
    /// As `Exact`, and the sign of a zero is left open, which XLA's maximum and minimum do not look at.
    UnsignedZero,
    /// Units in the last place of the result's type; `NaN`, infinities and zeros as in `Exact`.
    Ulps(u32),
    /// A share of the largest number of the result.
    Relative(f64),
}

impl Tolerance {
    /// The largest distance that is allowed.
    pub(crate) fn limit(self) -> f64 {
        match self {
            Tolerance::Bits | Tolerance::Exact | Tolerance::UnsignedZero => 0.0,
            Tolerance::Ulps(ulps) => f64::from(ulps),
            Tolerance::Relative(share) => share,
        }
    }
}

/// A float format: bytes, bits of the significand that are stored, bits of the exponent.
struct Format {
    bytes: usize,
    stored: u32,
    exponent: u32,
}

fn format(dtype: ElementType) -> Option<Format> {
    let of = |bytes, stored, exponent| Some(Format { bytes, stored, exponent });
    match dtype {
        ElementType::F16 => of(2, 10, 5),
        ElementType::Bf16 => of(2, 7, 8),
        ElementType::F32 | ElementType::ComplexF32 => of(4, 23, 8),
        ElementType::F64 | ElementType::ComplexF64 => of(8, 52, 11),
        _ => None,
    }
}

/// The largest distance between elements, in the unit of the tolerance, and where it is.
pub(crate) fn distance(dtype: ElementType, ours: &[u8], theirs: &[u8], tolerance: Tolerance) -> (f64, String) {
    assert_eq!(ours.len(), theirs.len(), "the results have one shape");
    let width = format(dtype).map_or(dtype.bits().div_ceil(8) as usize, |f| f.bytes);
    let pairs = || ours.chunks_exact(width).zip(theirs.chunks_exact(width)).enumerate();
    let number = |bytes: &[u8]| value(dtype, bytes);
    let scale = match tolerance {
        Tolerance::Relative(_) => {
            pairs().map(|(_, (_, b))| number(b).abs()).filter(|x| x.is_finite()).fold(0.0, f64::max)
        }
        _ => 0.0,
    };
    let mut worst = (0.0, String::new());
    for (at, (a, b)) in pairs() {
        let found = match (format(dtype), tolerance) {
            _ if a == b => 0.0,
            (None, _) | (_, Tolerance::Bits) => f64::INFINITY,
            (_, Tolerance::UnsignedZero) if number(a) == 0.0 && number(b) == 0.0 => 0.0,
            (Some(_), Tolerance::Relative(_)) if number(a).is_finite() && number(b).is_finite() => {
                (number(a) - number(b)).abs() / scale.max(f64::MIN_POSITIVE)
            }
            (Some(format), _) => ulps(&format, bits(a), bits(b)),
        };
        if found > worst.0 {
            worst = (found, format!("element {at}: {} here, {} there ({found} apart)", show(dtype, a), show(dtype, b)));
        }
    }
    worst
}

fn bits(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// The steps between two numbers; infinite where one is `NaN`, infinite or of another sign of zero.
fn ulps(format: &Format, a: u64, b: u64) -> f64 {
    let sign = 1u64 << (format.stored + format.exponent);
    let infinite = ((1u64 << format.exponent) - 1) << format.stored;
    let normal = 1u64 << format.stored;
    let flush = |x: u64| if x & (sign - 1) < normal { x & sign } else { x };
    let (a, b) = (flush(a), flush(b));
    let (above, below) = (a & (sign - 1), b & (sign - 1));
    if a == b || (above > infinite && below > infinite) {
        return 0.0;
    }
    let special = |x: u64| x >= infinite || x == 0;
    let smallest_to_zero = above.max(below) == normal && a & sign == b & sign;
    if (special(above) || special(below) || a & sign != b & sign) && !smallest_to_zero {
        return f64::INFINITY;
    }
    if smallest_to_zero { 1.0 } else { above.abs_diff(below) as f64 }
}

fn value(dtype: ElementType, bytes: &[u8]) -> f64 {
    let word = bits(bytes);
    match dtype {
        ElementType::F16 => f16::from_bits(word as u16).to_f64(),
        ElementType::Bf16 => bf16::from_bits(word as u16).to_f64(),
        ElementType::F32 | ElementType::ComplexF32 => f32::from_bits(word as u32).into(),
        ElementType::F64 | ElementType::ComplexF64 => f64::from_bits(word),
        _ => word as f64,
    }
}

fn show(dtype: ElementType, bytes: &[u8]) -> String {
    match format(dtype) {
        Some(_) => format!("{:e} ({:#x})", value(dtype, bytes), bits(bytes)),
        None => format!("{:#x}", bits(bytes)),
    }
}
