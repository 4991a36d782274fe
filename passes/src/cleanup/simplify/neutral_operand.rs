//! Operations with an operand that changes nothing.

use hire_compiler::ir::{ElementType, Opcode};
use hire_compiler::rewrite::{Context, RuleResult};

use super::super::known::{all_ones, extreme, number, splat_element};

/// `op(x, e)`  =>  `x`, where every element of `e` is the operation's neutral element: `x * 1`, `x
/// / 1`, `x + (-0.0)`, `x - 0`, `max(x, -inf)`, `min(x, inf)`, `x & ~0`, `x | 0`, `x ^ 0`, a shift
/// by 0; for integers also `x + 0` and the ends of the range. `e` may stand on either side of a
/// commutative operation.
///
/// Not `x + 0.0`: it turns -0 into 0. Not `x - (-0.0)`, for the same reason. Not complex sums and
/// products: with a NaN or an infinity in one part, the other part changes too. Not quantized
/// numbers.
pub(super) fn neutral_operand(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let [lhs, rhs] = operation.operands[..] else { return Ok(None) };
    let Some(result) = c.result() else { return Ok(None) };
    let Some(ty) = c.tensor(result) else { return Ok(None) };
    if !operation.has_only_declared_attrs() {
        return Ok(None);
    }
    let Some(neutral) = neutral_element(operation.opcode, &ty.element) else { return Ok(None) };
    let commutes = !matches!(
        operation.opcode,
        Opcode::Divide
            | Opcode::Subtract
            | Opcode::ShiftLeft
            | Opcode::ShiftRightArithmetic
            | Opcode::ShiftRightLogical
    );
    for (x, e) in [(lhs, rhs), (rhs, lhs)].into_iter().take(1 + usize::from(commutes)) {
        if c.func.value_type(x) == c.func.value_type(result) && splat_element(c, e) == Some(neutral.as_slice()) {
            return Ok(c.replace_with(x));
        }
    }
    Ok(None)
}

/// The bytes of `e` with `op(x, e) = x` for every x.
fn neutral_element(opcode: Opcode, element: &ElementType) -> Option<Vec<u8>> {
    let real = element.is_float() || element.is_integer() || *element == ElementType::I1;
    match opcode {
        _ if !real => None,
        Opcode::Multiply => number(element, 1.0),
        Opcode::Divide if *element != ElementType::I1 => number(element, 1.0),
        Opcode::Add if element.is_float() => number(element, -0.0),
        Opcode::Subtract if *element == ElementType::I1 => None,
        Opcode::Add | Opcode::Subtract => number(element, 0.0),
        Opcode::Maximum => extreme(element, false),
        Opcode::Minimum => extreme(element, true),
        Opcode::And => all_ones(element),
        Opcode::Or | Opcode::Xor | Opcode::ShiftLeft | Opcode::ShiftRightArithmetic | Opcode::ShiftRightLogical => {
            number(element, 0.0)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neutral_elements_are_the_type_s_own() {
        let bytes = |opcode, element| neutral_element(opcode, &element);
        assert_eq!(bytes(Opcode::Multiply, ElementType::BF16), Some(vec![0x80, 0x3f]));
        assert_eq!(bytes(Opcode::Add, ElementType::F32), Some(vec![0, 0, 0, 0x80]));
        assert_eq!(bytes(Opcode::Subtract, ElementType::F32), Some(vec![0, 0, 0, 0]));
        assert_eq!(bytes(Opcode::Maximum, ElementType::I8), Some(vec![0x80]));
        assert_eq!(bytes(Opcode::Minimum, ElementType::UI4), Some(vec![0x0f]));
        assert_eq!(bytes(Opcode::And, ElementType::I4), Some(vec![0xff]));
    }

    #[test]
    fn types_without_the_element_have_none() {
        // No negative zero, no infinity, no zero.
        assert_eq!(neutral_element(Opcode::Add, &ElementType::F8E4M3FNUZ), None);
        assert_eq!(neutral_element(Opcode::Maximum, &ElementType::F8E4M3FN), None);
        assert_eq!(neutral_element(Opcode::Subtract, &ElementType::F8E8M0FNU), None);
        assert_eq!(neutral_element(Opcode::Add, &ElementType::ComplexF32), None);
    }
}
