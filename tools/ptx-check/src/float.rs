//! Functions of floats. Those of 16 bits are computed in f32 or f64 and rounded once.

use half::{bf16, f16};
use smallvec::SmallVec;

use crate::program::{Fun, Ty};

/// The number that bits stand for.
pub(crate) fn number(ty: Ty, bits: u64) -> Option<f64> {
    Some(match ty {
        Ty::F16 => f16::from_bits(bits as u16).to_f64(),
        Ty::Bf16 => bf16::from_bits(bits as u16).to_f64(),
        Ty::F32 => f64::from(f32::from_bits(bits as u32)),
        Ty::F64 => f64::from_bits(bits),
        _ => return None,
    })
}

/// The bits of a number, rounded to nearest even.
pub(crate) fn rounded(ty: Ty, number: f64) -> Option<u64> {
    Some(match ty {
        Ty::F16 => u64::from(f16::from_f32(odd(number)).to_bits()),
        Ty::Bf16 => u64::from(bf16::from_f32(odd(number)).to_bits()),
        Ty::F32 => u64::from((number as f32).to_bits()),
        Ty::F64 => number.to_bits(),
        _ => return None,
    })
}

/// Zero of the same sign in place of a subnormal f32.
pub(crate) fn flushed(ty: Ty, ftz: bool, bits: u64) -> u64 {
    let subnormal = ftz && ty == Ty::F32 && bits & 0x7F80_0000 == 0;
    if subnormal { bits & 0x8000_0000 } else { bits }
}

/// An f32 that rounds to 16 bits as the number does: where it is not exact, the nearer to zero with its last bit set
/// (Boldo and Melquiond, *Emulation of FMA and correctly rounded sums*, 2008).
fn odd(number: f64) -> f32 {
    let near = number as f32;
    if f64::from(near) == number || near.is_nan() {
        return near;
    }
    let beyond = f64::from(near).abs() > number.abs();
    f32::from_bits((near.to_bits() - u32::from(beyond)) | 1)
}

fn sign_bit(ty: Ty) -> u64 {
    1 << (ty.bits() - 1)
}

/// What `fun` computes; `None` where it is not defined for that type.
pub(crate) fn compute(fun: Fun, ty: Ty, ftz: bool, sat: bool, v: &[u64]) -> Option<u64> {
    let v: SmallVec<[u64; 4]> = v.iter().map(|&bits| flushed(ty, ftz, bits)).collect();
    let sign = sign_bit(ty);
    let result = match fun {
        Fun::Neg => v[0] ^ sign,
        Fun::Abs => v[0] & !sign,
        // The sign is the first operand's.
        Fun::Copysign => (v[1] & !sign) | (v[0] & sign),
        Fun::Min | Fun::Max | Fun::MinNan | Fun::MaxNan => extremum(fun, ty, v[0], v[1])?,
        _ => computed(fun, ty, &v)?,
    };
    let result = flushed(ty, ftz, result);
    if !sat {
        return Some(result);
    }
    let value = number(ty, result)?;
    rounded(ty, if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) })
}

/// Sums, products and quotients of f32 in f64 round twice and still correctly (53 >= 2 * 24 + 2).
fn computed(fun: Fun, ty: Ty, v: &[u64]) -> Option<u64> {
    let x = number(ty, v[0])?;
    let second = || v.get(1).and_then(|&bits| number(ty, bits));
    if fun == Fun::Fma {
        let (y, z) = (second()?, number(ty, v[2])?);
        return match ty {
            Ty::F32 => rounded(ty, f64::from((x as f32).mul_add(y as f32, z as f32))),
            Ty::F64 => rounded(ty, x.mul_add(y, z)),
            // The product is exact; the sum is not where its parts are 2^30 apart.
            _ => rounded(ty, x.mul_add(y, z)),
        };
    }
    let result = match fun {
        Fun::Add => x + second()?,
        Fun::Sub => x - second()?,
        Fun::Mul => x * second()?,
        Fun::Div => x / second()?,
        Fun::Sqrt => x.sqrt(),
        Fun::Rsqrt => 1.0 / x.sqrt(),
        Fun::Rcp => 1.0 / x,
        Fun::Ex2 => x.exp2(),
        Fun::Lg2 => x.log2(),
        Fun::Tanh => x.tanh(),
        Fun::Sin => x.sin(),
        Fun::Cos => x.cos(),
        _ => return None,
    };
    rounded(ty, result)
}

/// The smaller or larger; of zeros -0 is the smaller. NaN if either is, or only if both are.
fn extremum(fun: Fun, ty: Ty, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (number(ty, a)?, number(ty, b)?);
    let nan = || rounded(ty, f64::NAN);
    if x.is_nan() || y.is_nan() {
        let keeps = matches!(fun, Fun::MinNan | Fun::MaxNan) || (x.is_nan() && y.is_nan());
        return if keeps { nan() } else { Some(if x.is_nan() { b } else { a }) };
    }
    let first_is_smaller = x < y || (x == y && a & sign_bit(ty) != 0);
    Some(if first_is_smaller == matches!(fun, Fun::Min | Fun::MinNan) { a } else { b })
}

/// How two floats compare; the inner `None` when either is NaN.
pub(crate) fn order(ty: Ty, ftz: bool, a: u64, b: u64) -> Option<Option<std::cmp::Ordering>> {
    let (x, y) = (number(ty, flushed(ty, ftz, a))?, number(ty, flushed(ty, ftz, b))?);
    Some(x.partial_cmp(&y))
}
