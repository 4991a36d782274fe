//! Integer and bit functions.

use crate::float;
use crate::program::{Cmp, Fun, Ty};

/// The low bits of a value.
pub(crate) fn masked(value: u64, bits: u32) -> u64 {
    if bits >= 64 { value } else { value & ((1 << bits) - 1) }
}

/// A value as a signed number.
pub(crate) fn signed(value: u64, bits: u32) -> i64 {
    let unused = 64 - bits.clamp(1, 64);
    ((value << unused) as i64) >> unused
}

/// What `fun` of type `ty` computes; `None` where it is not defined for that type.
pub(crate) fn compute(fun: Fun, ty: Ty, ftz: bool, sat: bool, v: &[u64]) -> Option<u64> {
    match fun {
        Fun::Mov => return Some(masked(v[0], ty.bits())),
        Fun::Selp => return Some(if v[2] & 1 == 1 { v[0] } else { v[1] }),
        _ => {}
    }
    if let Some(half) = ty.half() {
        return packed(fun, half, ftz, sat, v);
    }
    if ty.is_float() {
        return float::compute(fun, ty, ftz, sat, v);
    }
    if ftz || sat {
        return None;
    }
    integer(fun, ty, v)
}

/// Two floats in one register, each for itself.
fn packed(fun: Fun, half: Ty, ftz: bool, sat: bool, v: &[u64]) -> Option<u64> {
    let bits = half.bits();
    let part = |shift: u32| {
        let parts: Vec<u64> = v.iter().map(|&value| masked(value >> shift, bits)).collect();
        float::compute(fun, half, ftz, sat, &parts)
    };
    Some(part(0)? | part(bits)? << bits)
}

fn integer(fun: Fun, ty: Ty, v: &[u64]) -> Option<u64> {
    let bits = ty.bits();
    let is_signed = matches!(ty, Ty::Sint(_));
    let value = |at: usize| masked(v[at], bits);
    let number = |at: usize| if is_signed { i128::from(signed(v[at], bits)) } else { i128::from(value(at)) };
    let cut = |number: i128| masked(number as u64, bits);
    Some(match fun {
        Fun::Add => cut(number(0) + number(1)),
        Fun::Sub => cut(number(0) - number(1)),
        Fun::Mul => cut(number(0).wrapping_mul(number(1))),
        Fun::MulHi => masked(((number(0) * number(1)) >> bits) as u64, bits),
        Fun::MulWide => masked((number(0) * number(1)) as u64, bits * 2),
        Fun::Mad => cut(number(0).wrapping_mul(number(1)).wrapping_add(number(2))),
        Fun::MadWide => masked((number(0) * number(1)) as u64, bits * 2).wrapping_add(v[2]),
        // Division by zero is not defined by PTX; hardware gives all ones.
        Fun::Div => number(0).checked_div(number(1)).map_or(masked(u64::MAX, bits), cut),
        Fun::Rem => number(0).checked_rem(number(1)).map_or(value(0), cut),
        Fun::Min => cut(number(0).min(number(1))),
        Fun::Max => cut(number(0).max(number(1))),
        Fun::Neg => cut(-number(0)),
        Fun::Abs => cut(number(0).abs()),
        Fun::And => v[0] & v[1],
        Fun::Or => v[0] | v[1],
        Fun::Xor => v[0] ^ v[1],
        Fun::Not if ty == Ty::Pred => v[0] ^ 1,
        Fun::Not => masked(!v[0], bits),
        Fun::Shl => {
            if v[1] as u32 >= bits {
                0
            } else {
                masked(value(0) << v[1] as u32, bits)
            }
        }
        Fun::Shr => shifted_right(number(0), v[1] as u32, bits),
        _ => return bitwise(fun, ty, v),
    })
}

/// Counts of the type's width and more leave nothing but the sign.
fn shifted_right(number: i128, by: u32, bits: u32) -> u64 {
    masked((number >> by.min(bits)) as u64, bits)
}

fn bitwise(fun: Fun, ty: Ty, v: &[u64]) -> Option<u64> {
    let bits = ty.bits();
    let value = masked(v[0], bits);
    Some(match fun {
        Fun::Popc => u64::from(value.count_ones()),
        Fun::Clz => u64::from(value.leading_zeros() - (64 - bits)),
        Fun::Brev => value.reverse_bits() >> (64 - bits),
        Fun::Bfe => field(value, ty, v[1] as u32 & 255, v[2] as u32 & 255),
        Fun::Bfi => {
            let (start, length) = (v[2] as u32 & 255, v[3] as u32 & 255);
            let wide = if start >= bits { 0 } else { masked(u64::MAX, length.min(bits)) << start };
            let mask = masked(wide, bits);
            let inserted = if start >= bits { 0 } else { value << start };
            (inserted & mask) | (masked(v[1], bits) & !mask)
        }
        Fun::Prmt if bits == 32 => permuted(v[0] as u32, v[1] as u32, v[2] as u32),
        Fun::ShfLeft if bits == 32 => masked(joined(v) << (v[2] as u32 & 31) >> 32, 32),
        Fun::ShfRight if bits == 32 => masked(joined(v) >> (v[2] as u32 & 31), 32),
        Fun::Lop3 if bits == 32 => lookup(v),
        _ => return None,
    })
}

/// The second value above the first.
fn joined(v: &[u64]) -> u64 {
    masked(v[0], 32) | masked(v[1], 32) << 32
}

/// `length` bits from `start`, extended by the sign where the type has one.
fn field(value: u64, ty: Ty, start: u32, length: u32) -> u64 {
    let bits = ty.bits();
    if length == 0 {
        return 0;
    }
    let last = (start + length - 1).min(bits - 1);
    let sign = matches!(ty, Ty::Sint(_)) && value >> last & 1 == 1;
    let low = if start >= bits { 0 } else { masked(value >> start, length.min(64)) };
    let kept = if start >= bits { 0 } else { (bits - start).min(length) };
    let fill = if sign { masked(u64::MAX, bits) & !masked(u64::MAX, kept) } else { 0 };
    masked(low | fill, bits)
}

/// Bytes chosen from eight by nibbles, whose highest bit spreads the byte's sign.
fn permuted(a: u32, b: u32, selector: u32) -> u64 {
    let bytes = (u64::from(a) | u64::from(b) << 32).to_le_bytes();
    let chosen = |at: u32| {
        let nibble = selector >> (4 * at) & 15;
        let byte = bytes[(nibble & 7) as usize];
        if nibble & 8 == 0 { byte } else { ((byte as i8) >> 7) as u8 }
    };
    u64::from(u32::from_le_bytes([chosen(0), chosen(1), chosen(2), chosen(3)]))
}

/// Each bit of three values chooses one of the table's eight.
fn lookup(v: &[u64]) -> u64 {
    let bit = |at: u32| {
        let index = (v[0] >> at & 1) << 2 | (v[1] >> at & 1) << 1 | (v[2] >> at & 1);
        (v[3] >> index & 1) << at
    };
    (0..32).map(bit).sum()
}

/// A comparison.
pub(crate) fn compare(cmp: Cmp, unordered: bool, ty: Ty, ftz: bool, a: u64, b: u64) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let bits = ty.bits();
    let order = if ty.is_float() {
        float::order(ty, ftz, a, b)?
    } else if matches!(ty, Ty::Sint(_)) {
        Some(signed(a, bits).cmp(&signed(b, bits)))
    } else {
        Some(masked(a, bits).cmp(&masked(b, bits)))
    };
    let Some(order) = order else { return Some(unordered || cmp == Cmp::Nan) };
    Some(match cmp {
        Cmp::Eq => order == Equal,
        Cmp::Ne => order != Equal,
        Cmp::Lt => order == Less,
        Cmp::Le => order != Greater,
        Cmp::Gt => order == Greater,
        Cmp::Ge => order != Less,
        Cmp::Num => true,
        Cmp::Nan => false,
    })
}
