//! Conversions between types of numbers.

use crate::arith::{masked, signed};
use crate::float::{flushed, number, rounded};
use crate::program::{Round, Ty};

/// How a conversion is done.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) round: Round,
    pub(crate) ftz: bool,
    pub(crate) sat: bool,
}

/// Converts; `None` where the conversion is not known.
pub(crate) fn convert(to: Ty, from: Ty, mode: Mode, v: &[u64]) -> Option<u64> {
    if let Some(half) = to.half() {
        // The first operand is the upper half.
        let (high, low) = (convert(half, from, mode, &v[..1])?, convert(half, from, mode, &v[1..])?);
        return Some(low | high << half.bits());
    }
    let value = flushed(from, mode.ftz, masked(v[0], from.bits()));
    match (from.is_float(), to.is_float()) {
        (true, true) => float_to_float(to, from, mode, value),
        (true, false) => {
            let number = whole(mode.round, number(from, value)?)?;
            Some(float_to_integer(to, from, number))
        }
        (false, true) => {
            let is_signed = matches!(from, Ty::Sint(_));
            let number = if is_signed { i128::from(signed(value, from.bits())) } else { i128::from(value) };
            integer_to_float(to, number)
        }
        (false, false) => Some(integer_to_integer(to, from, mode.sat, value)),
    }
}

/// A float rounded to a whole number.
fn whole(round: Round, x: f64) -> Option<f64> {
    Some(match round {
        Round::IntNearest => x.round_ties_even(),
        Round::IntZero => x.trunc(),
        Round::IntDown => x.floor(),
        Round::IntUp => x.ceil(),
        Round::Nearest => return None,
    })
}

fn float_to_float(to: Ty, from: Ty, mode: Mode, value: u64) -> Option<u64> {
    let x = number(from, value)?;
    let x = if mode.round == Round::Nearest { x } else { whole(mode.round, x)? };
    let x = match mode.sat {
        true if x.is_nan() => 0.0,
        true => x.clamp(0.0, 1.0),
        false => x,
    };
    let same = to == from && mode.round == Round::Nearest && !mode.sat;
    let result = if same { value } else { rounded(to, x)? };
    Some(flushed(to, mode.ftz, result))
}

/// Numbers out of range become the nearest of the type. NaN is 0, but the smallest number where either
/// type has 64 bits.
fn float_to_integer(to: Ty, from: Ty, x: f64) -> u64 {
    let bits = to.bits();
    if x.is_nan() {
        return if from == Ty::F64 || bits == 64 { masked(1 << 63 >> (64 - bits), bits) } else { 0 };
    }
    let (low, high) = match to {
        Ty::Sint(_) => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        _ => (0, (1i128 << bits) - 1),
    };
    masked((x as i128).clamp(low, high) as u64, bits)
}

/// Rounded once.
fn integer_to_float(to: Ty, number: i128) -> Option<u64> {
    Some(match to {
        Ty::F32 => u64::from((number as f32).to_bits()),
        Ty::F64 => (number as f64).to_bits(),
        // Integers of up to 53 bits are exact in f64.
        Ty::F16 | Ty::Bf16 if number.unsigned_abs() < 1 << 53 => rounded(to, number as f64)?,
        _ => return None,
    })
}

fn integer_to_integer(to: Ty, from: Ty, sat: bool, value: u64) -> u64 {
    let is_signed = matches!(from, Ty::Sint(_));
    let number = if is_signed { i128::from(signed(value, from.bits())) } else { i128::from(value) };
    let bits = to.bits();
    let (low, high) = match to {
        Ty::Sint(_) => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        _ => (0, (1i128 << bits) - 1),
    };
    let number = if sat { number.clamp(low, high) } else { number };
    // A register wider than the type is filled by the sign.
    let cut = masked(number as u64, bits);
    if matches!(to, Ty::Sint(_)) { signed(cut, bits) as u64 } else { cut }
}
