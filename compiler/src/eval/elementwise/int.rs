//! Integer and predicate functions, exact or modulo `2^bits`.

use crate::eval::number::IntType;
use crate::ir::Opcode;

/// A function of one integer; the caller wraps the result.
pub(super) type Int1 = fn(i128, IntType) -> i128;
/// A function of two integers; the caller wraps the result.
pub(super) type Int2 = fn(i128, i128, IntType) -> i128;

/// The integer function of an operation of one operand.
pub(super) fn unary(opcode: Opcode) -> Option<Int1> {
    Some(match opcode {
        Opcode::Abs => |x, _| x.abs(),
        Opcode::CountLeadingZeros => |x, ty| i128::from(ty.unsigned(x).leading_zeros() + ty.bits - 128),
        Opcode::Negate => |x, _| -x,
        Opcode::Not => |x, _| !x,
        Opcode::Popcnt => |x, ty| i128::from(ty.unsigned(x).count_ones()),
        Opcode::Sign => |x, _| x.signum(),
        _ => return None,
    })
}

/// The integer function of an operation of two operands.
pub(super) fn binary(opcode: Opcode) -> Option<Int2> {
    Some(match opcode {
        Opcode::Add => |a, b, _| a + b,
        Opcode::And => |a, b, _| a & b,
        Opcode::Divide => divide,
        Opcode::Maximum => |a, b, _| a.max(b),
        Opcode::Minimum => |a, b, _| a.min(b),
        Opcode::Mulhi => multiply_high,
        Opcode::Multiply => |a, b, _| a.wrapping_mul(b),
        Opcode::Or => |a, b, _| a | b,
        Opcode::Power => power,
        Opcode::Remainder => |a, b, _| if b == 0 { a } else { a % b },
        Opcode::ShiftLeft => |a, b, ty| shift(b, ty).map_or(0, |by| a << by),
        Opcode::ShiftRightArithmetic => shift_right_arithmetic,
        Opcode::ShiftRightLogical => |a, b, ty| shift(b, ty).map_or(0, |by| (ty.unsigned(a) >> by) as i128),
        Opcode::Subtract => |a, b, _| a - b,
        Opcode::Xor => |a, b, _| a ^ b,
        _ => return None,
    })
}

/// The function of an operation on predicates of one operand.
pub(super) fn pred_unary(opcode: Opcode) -> Option<Int1> {
    match opcode {
        Opcode::Not => Some(|x, _| x ^ 1),
        _ => None,
    }
}

/// The function of an operation on predicates of two operands: sums are `or`, products `and`.
pub(super) fn pred_binary(opcode: Opcode) -> Option<Int2> {
    Some(match opcode {
        Opcode::Add | Opcode::Or | Opcode::Maximum => |a, b, _| a | b,
        Opcode::And | Opcode::Multiply | Opcode::Minimum => |a, b, _| a & b,
        Opcode::Xor => |a, b, _| a ^ b,
        _ => return None,
    })
}

/// Rounded towards zero. Division by zero gives all ones, as XLA does.
fn divide(a: i128, b: i128, _: IntType) -> i128 {
    if b == 0 { -1 } else { a / b }
}

/// The product's bits above the type's width.
fn multiply_high(a: i128, b: i128, ty: IntType) -> i128 {
    if ty.signed { (a * b) >> ty.bits } else { ((a as u128 * b as u128) >> ty.bits) as i128 }
}

/// The distance of a shift, when some bits remain.
fn shift(by: i128, ty: IntType) -> Option<u32> {
    u32::try_from(ty.unsigned(by)).ok().filter(|&by| by < ty.bits)
}

/// Shifts by the width or more leave nothing but the sign.
fn shift_right_arithmetic(a: i128, b: i128, ty: IntType) -> i128 {
    let signed = IntType { signed: true, ..ty }.wrap(a);
    signed >> shift(b, ty).unwrap_or(ty.bits - 1)
}

/// By squaring, modulo `2^bits`. Negative exponents give zero, unless the base is 1 or -1.
fn power(base: i128, exponent: i128, ty: IntType) -> i128 {
    if exponent < 0 && base.abs() != 1 {
        return 0;
    }
    let (mut result, mut square, mut exponent) = (1i128, base, exponent.unsigned_abs());
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = ty.wrap(result.wrapping_mul(square));
        }
        square = ty.wrap(square.wrapping_mul(square));
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const I8: IntType = IntType { bits: 8, signed: true };
    const U8: IntType = IntType { bits: 8, signed: false };

    fn call(opcode: Opcode, a: i128, b: i128, ty: IntType) -> i128 {
        ty.wrap(binary(opcode).expect("an integer function")(a, b, ty))
    }

    #[test]
    fn shifts_beyond_the_width_leave_zero_or_the_sign() {
        assert_eq!(call(Opcode::ShiftLeft, 1, 8, I8), 0);
        assert_eq!(call(Opcode::ShiftLeft, 1, 7, I8), -128);
        assert_eq!(call(Opcode::ShiftRightLogical, -1, 1, I8), 127);
        assert_eq!(call(Opcode::ShiftRightLogical, -1, -1, I8), 0);
        assert_eq!(call(Opcode::ShiftRightArithmetic, -8, 100, I8), -1);
        assert_eq!(call(Opcode::ShiftRightArithmetic, 0x80, 3, U8), 0xf0);
    }

    #[test]
    fn division_truncates_and_survives_the_edges() {
        assert_eq!(call(Opcode::Divide, -7, 2, I8), -3);
        assert_eq!(call(Opcode::Divide, -128, -1, I8), -128);
        assert_eq!(call(Opcode::Divide, 5, 0, U8), 255);
        assert_eq!(call(Opcode::Remainder, -7, 2, I8), -1);
        assert_eq!(call(Opcode::Remainder, 5, 0, I8), 5);
    }

    #[test]
    fn powers_wrap() {
        assert_eq!(call(Opcode::Power, 3, 5, U8), 243);
        assert_eq!(call(Opcode::Power, 2, 8, U8), 0);
        assert_eq!(call(Opcode::Power, -1, -3, I8), -1);
        assert_eq!(call(Opcode::Power, 2, -1, I8), 0);
    }

    #[test]
    fn bits_are_counted_in_the_type() {
        let count = |opcode, x, ty| unary(opcode).expect("an integer function")(x, ty);
        assert_eq!(count(Opcode::Popcnt, -1, I8), 8);
        assert_eq!(count(Opcode::CountLeadingZeros, 1, I8), 7);
        assert_eq!(count(Opcode::CountLeadingZeros, 0, U8), 8);
    }
}
