//! Values that are known when compiling.

use hire_compiler::ir::{DenseElements, ElementType, FloatFormat, Opcode, ValueId};
use hire_compiler::rewrite::Context;

/// The element that every element of `value` is, when one is: `value` is a splat constant, a
/// constant of one element, or a broadcast of such.
pub(super) fn splat_element<'a>(c: &Context<'a>, value: ValueId) -> Option<&'a [u8]> {
    let constant = match c.definition(value, Opcode::BroadcastInDim) {
        Some(broadcast) => c.constant(broadcast.operands[0])?,
        None => c.constant(value)?,
    };
    single_element(constant)
}

/// The element that every element of a constant is.
pub(super) fn single_element(constant: &DenseElements) -> Option<&[u8]> {
    (constant.splat || constant.len() == 1).then(|| constant.element(0))
}

/// The bytes of the number `value` in an element type that has it exactly, its sign included:
/// none for -0 as an integer, or for 0 in a type without one.
pub(super) fn number(element: &ElementType, value: f64) -> Option<Vec<u8>> {
    if let Some(format) = FloatFormat::of(element) {
        let bits = format.encode(value);
        let exact = format.decode(bits).to_bits() == value.to_bits();
        return exact.then(|| bits.to_le_bytes()[..element.byte_size()].to_vec());
    }
    if let Some(part) = element.complex_part() {
        let (real, imaginary) = (number(&part, value)?, number(&part, value * 0.0)?);
        return Some([real, imaginary].concat());
    }
    let integral = element.is_integer() || *element == ElementType::I1;
    let small = value == 0.0 && value.is_sign_positive() || value == 1.0;
    (integral && small).then(|| (value as i64).to_le_bytes()[..element.byte_size()].to_vec())
}

/// The smallest (`largest` false) or largest value of an element type that has a total order up to
/// NaN: an infinity, or the end of an integer's range.
pub(super) fn extreme(element: &ElementType, largest: bool) -> Option<Vec<u8>> {
    if FloatFormat::of(element).is_some() {
        return number(element, if largest { f64::INFINITY } else { f64::NEG_INFINITY });
    }
    let bits = element.bits();
    let value: i64 = match (element, largest) {
        (ElementType::I1, _) => i64::from(largest),
        _ if element.is_unsigned_integer() && largest => (u64::MAX >> (64 - bits)) as i64,
        _ if element.is_unsigned_integer() => 0,
        _ if element.is_signed_integer() && largest => i64::MAX >> (64 - bits),
        _ if element.is_signed_integer() => i64::MIN >> (64 - bits),
        _ => return None,
    };
    Some(value.to_le_bytes()[..element.byte_size()].to_vec())
}

/// All bits set, in an integer type as wide as it is.
pub(super) fn all_ones(element: &ElementType) -> Option<Vec<u8>> {
    match element {
        ElementType::I1 => Some(vec![1]),
        _ if element.is_signed_integer() => Some(vec![0xff; element.byte_size()]),
        _ if element.is_unsigned_integer() => extreme(element, true),
        _ => None,
    }
}
