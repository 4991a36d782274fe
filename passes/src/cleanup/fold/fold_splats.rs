//! Operations on splats.

use hire_compiler::ir::{Attr, DenseElements, Opcode, Operation, TensorType};
use hire_compiler::rewrite::{Context, RuleResult};

use super::super::known::splat_element;
use super::MOST_ELEMENTS;
use super::evaluate::{constant, evaluate};
use super::fold_constants::is_exact_elementwise;

/// `op(splats)`  =>  the splat of the result: element-wise operations whose operands all are one
/// element repeated, and `broadcast_in_dim`, `reshape`, `transpose`, `slice` and `reverse` of such.
///
/// Not when the result is larger than a constant should be and the operation already is the
/// broadcast of a scalar; nor when its type is dynamic or has an encoding.
pub(super) fn fold_splats(c: &Context<'_>) -> RuleResult {
    let operation = c.operation();
    let moves = matches!(
        operation.opcode,
        Opcode::BroadcastInDim | Opcode::Reshape | Opcode::Transpose | Opcode::Slice | Opcode::Reverse
    );
    let Some(result) = c.result() else { return Ok(None) };
    let Some(ty) = c.tensor(result) else { return Ok(None) };
    let Some(count) = ty.element_count().filter(|_| ty.encoding.is_none()) else { return Ok(None) };
    let small = count <= MOST_ELEMENTS;
    if !operation.has_only_declared_attrs()
        || !moves && !is_exact_elementwise(operation)
        || operation.opcode == Opcode::BroadcastInDim && !small && is_scalar(c)
    {
        return Ok(None);
    }
    let Some(scalar) = splat_result(c, operation, ty, moves) else { return Ok(None) };
    let mut patch = c.patch();
    let ty = ty.clone();
    let mut build = patch.builder();
    let new = if small {
        constant(&mut build, DenseElements::splat(ty, scalar.data))
    } else {
        let scalar = constant(&mut build, scalar);
        build.value(Opcode::BroadcastInDim, [scalar], [("broadcast_dimensions", Attr::i64s([]))], ty)
    };
    patch.replace(result, new);
    Ok(Some(patch))
}

/// Whether the first operand has rank 0.
fn is_scalar(c: &Context<'_>) -> bool {
    c.operand(0).and_then(|value| c.tensor(value)).is_some_and(|ty| ty.rank() == Some(0))
}

/// The element of the result as a tensor of rank 0.
fn splat_result(c: &Context<'_>, operation: &Operation, ty: &TensorType, moves: bool) -> Option<DenseElements> {
    let scalars: Option<Vec<DenseElements>> = operation
        .operands
        .iter()
        .map(|&operand| {
            let element = c.tensor(operand)?.element.clone();
            let bytes = splat_element(c, operand)?.to_vec();
            Some(DenseElements::splat(TensorType::scalar(element), bytes))
        })
        .collect();
    let scalars = scalars.filter(|scalars| !scalars.is_empty())?;
    match moves {
        true => scalars.into_iter().next(),
        false => evaluate(operation, &scalars, &TensorType::scalar(ty.element.clone())),
    }
}
