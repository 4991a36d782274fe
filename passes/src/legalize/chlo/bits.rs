//! Functions of the bits of numbers.

use hire_compiler::ir::{ElementType, Opcode, ValueId};

use super::math::Math;

/// The integer type as wide as a float type of IEEE's layout.
pub(super) fn integer_of(element: &ElementType) -> Option<ElementType> {
    match element {
        ElementType::F64 => Some(ElementType::I64),
        ElementType::F32 => Some(ElementType::I32),
        ElementType::BF16 | ElementType::F16 => Some(ElementType::I16),
        _ => None,
    }
}

/// The number after x in the direction of y: x's bits as an integer, one more or less.
///
/// NaN where either is; y where both are equal; the smallest number of y's sign where x is 0.
pub(super) fn next_after(m: &mut Math<'_, '_>, x: ValueId, y: ValueId, integer: ElementType) -> ValueId {
    let sign = 1u64 << (integer.bits() - 1);
    let (x_bits, y_bits) = (m.bitcast(x, integer.clone()), m.bitcast(y, integer.clone()));
    let sign_bit = m.bits(sign, integer.clone());
    let magnitude_mask = m.bits(sign - 1, integer.clone());
    let (x_magnitude, y_magnitude) = (m.and(x_bits, magnitude_mask), m.and(y_bits, magnitude_mask));
    let (x_sign, y_sign) = (m.and(x_bits, sign_bit), m.and(y_bits, sign_bit));
    let (one, minus_one) = (m.bits(1, integer.clone()), m.bits(u64::MAX >> (64 - integer.bits()), integer.clone()));
    // Towards zero when y is on the other side of zero, or closer to it.
    let opposite = m.compare("NE", x_sign, y_sign);
    let beyond = m.compare("GT", x_magnitude, y_magnitude);
    let shrinks = m.or(opposite, beyond);
    let step = m.select(shrinks, minus_one, one);
    let moved = m.add(x_bits, step);
    let from_zero = m.or(y_sign, one);
    let zero = m.bits(0, integer.clone());
    let x_is_zero = m.compare("EQ", x_magnitude, zero);
    let next = m.select(x_is_zero, from_zero, moved);
    let element = m.element().clone();
    let next = m.bitcast(next, element);
    let equal = m.compare("EQ", x, y);
    let next = m.select(equal, y, next);
    let sum = m.add(x, y);
    let (x_nan, y_nan) = (m.compare("NE", x, x), m.compare("NE", y, y));
    let either = m.or(x_nan, y_nan);
    m.select(either, sum, next)
}

/// The upper half of the bits of a product, through integers twice as wide; where there are none, in
/// four products of halves.
pub(super) fn mulhi(m: &mut Math<'_, '_>, a: ValueId, b: ValueId) -> ValueId {
    let element = m.element().clone();
    let bits = u64::from(element.bits());
    let Some(wide) = doubled(&element) else { return mulhi_by_halves(m, a, b) };
    let (wide_a, wide_b) = (m.convert(a, wide.clone()), m.convert(b, wide.clone()));
    let product = m.mul(wide_a, wide_b);
    let places = m.bits(bits, wide);
    let upper = m.op(right_shift(&element), [product, places]);
    m.convert(upper, element)
}

/// The integer type of twice the width.
fn doubled(element: &ElementType) -> Option<ElementType> {
    use ElementType::{I2, I4, I8, I16, I32, I64, UI2, UI4, UI8, UI16, UI32, UI64};
    match element {
        I2 => Some(I4),
        I4 => Some(I8),
        I8 => Some(I16),
        I16 => Some(I32),
        I32 => Some(I64),
        UI2 => Some(UI4),
        UI4 => Some(UI8),
        UI8 => Some(UI16),
        UI16 => Some(UI32),
        UI32 => Some(UI64),
        _ => None,
    }
}

fn right_shift(element: &ElementType) -> Opcode {
    if element.is_signed_integer() { Opcode::ShiftRightArithmetic } else { Opcode::ShiftRightLogical }
}

/// 64 bits: with `a = h 2^32 + l`, h of a's sign and l not negative, no partial sum overflows.
fn mulhi_by_halves(m: &mut Math<'_, '_>, a: ValueId, b: ValueId) -> ValueId {
    let element = m.element().clone();
    let shift = right_shift(&element);
    let (places, mask) = (m.bits(32, element.clone()), m.bits(0xffff_ffff, element));
    let (a_low, b_low) = (m.and(a, mask), m.and(b, mask));
    let (a_high, b_high) = (m.op(shift, [a, places]), m.op(shift, [b, places]));
    let low = m.mul(a_low, b_low);
    let carry = m.op(Opcode::ShiftRightLogical, [low, places]);
    let first = m.mul(a_high, b_low);
    let first = m.add(first, carry);
    let first_low = m.and(first, mask);
    let first_high = m.op(shift, [first, places]);
    let second = m.mul(a_low, b_high);
    let second = m.add(second, first_low);
    let second_high = m.op(shift, [second, places]);
    let high = m.mul(a_high, b_high);
    let high = m.add(high, first_high);
    m.add(high, second_high)
}
