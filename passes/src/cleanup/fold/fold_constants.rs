//! Operations on small constants.

use hire_compiler::ir::{DenseElements, Opcode, Operation, TensorType, ValueId};
use hire_compiler::rewrite::{Context, RuleResult};

use super::super::known::splat_element;
use super::MOST_ELEMENTS;
use super::evaluate::{constant, evaluate};

/// `op(constants)`  =>  the constant that it computes, for small operands and results. For
/// arithmetic a small `iota` is a constant as well.
///
/// Not when the result is dynamic, has an encoding, or is left to the implementation (integer
/// division by zero). Not where an `iota` is only moved: later passes know it for what it is, and
/// it is the shorter way to write it.
pub(super) fn fold_constants(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let Some(result) = c.result() else { return Ok(None) };
    let Some(ty) = c.tensor(result) else { return Ok(None) };
    let computes = is_exact_elementwise(operation);
    if !computes && !moves_elements(operation.opcode)
        || !is_small(ty)
        || ty.encoding.is_some()
        || !operation.has_only_declared_attrs()
    {
        return Ok(None);
    }
    let operands: Option<Vec<DenseElements>> =
        operation.operands.iter().map(|&value| known(c, value, computes)).collect();
    let Some(operands) = operands.filter(|operands| !operands.is_empty()) else { return Ok(None) };
    let Some(elements) = evaluate(operation, &operands, ty) else { return Ok(None) };
    let mut patch = c.patch();
    let new = constant(&mut patch.builder(), elements);
    patch.replace(result, new);
    Ok(Some(patch))
}

fn is_small(ty: &TensorType) -> bool {
    ty.element_count().is_some_and(|count| count <= MOST_ELEMENTS)
}

/// The elements of a small value that is known, by an `iota` only where `iotas` count.
fn known(c: &Context<'_>, value: ValueId, iotas: bool) -> Option<DenseElements> {
    let ty = c.tensor(value).filter(|ty| is_small(ty) && ty.encoding.is_none())?;
    if let Some(constant) = c.constant(value) {
        return Some(constant.clone());
    }
    if let Some(element) = splat_element(c, value) {
        return Some(DenseElements::splat(ty.clone(), element.to_vec()));
    }
    evaluate(c.definition(value, Opcode::Iota).filter(|_| iotas)?, &[], ty)
}

pub(super) fn moves_elements(opcode: Opcode) -> bool {
    use Opcode::*;
    matches!(opcode, BroadcastInDim | Reshape | Transpose | Slice | Concatenate | Reverse | Pad)
}

/// Whether an operation works element by element and every implementation gives the same bits.
pub(super) fn is_exact_elementwise(operation: &Operation) -> bool {
    use Opcode::*;
    matches!(
        operation.opcode,
        Abs | Add
            | And
            | Ceil
            | Clamp
            | Compare
            | Convert
            | CountLeadingZeros
            | Divide
            | Floor
            | IsFinite
            | Maximum
            | Minimum
            | Multiply
            | Negate
            | Not
            | Or
            | Popcnt
            | ReducePrecision
            | Remainder
            | RoundNearestAfz
            | RoundNearestEven
            | Select
            | ShiftLeft
            | ShiftRightArithmetic
            | ShiftRightLogical
            | Sign
            | Sqrt
            | Subtract
            | Xor
    )
}
