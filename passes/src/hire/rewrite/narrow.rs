//! Repeats the steps of an epilogue on the selected entries, or on all scores.
//!
//! The same walk serves both: *narrow* replaces the vocabulary dimension V by k' and picks the
//! entries of position-dependent operands; *whole* keeps V.

use hire_compiler::ir::{Attr, Builder, DenseElements, Dim, Func, Opcode, TensorType, ValueId};
use hire_compiler::rewrite::Patch;

use crate::hire::emit::Emit;
use crate::hire::find::{Step, is_uniform_along};

/// Logits under way through an epilogue.
#[derive(Clone, Copy, Debug)]
pub(in crate::hire) struct Logits {
    /// The entries, a value of the patch.
    pub values: ValueId,
    /// Where each entry stands in the vocabulary (i32, the shape of `values`), unless whole.
    pub positions: Option<ValueId>,
    /// The vocabulary dimension.
    pub dim: usize,
}

/// Repeats `steps` of `func`.
pub(in crate::hire) fn repeat(func: &Func, patch: &mut Patch, steps: &[Step], mut logits: Logits) -> Logits {
    for step in steps {
        logits = repeat_step(func, patch, step, logits);
    }
    logits
}

fn repeat_step(func: &Func, patch: &mut Patch, step: &Step, logits: Logits) -> Logits {
    let operation = &func.ops[step.op];
    let result = operation.result().expect("a step has one result");
    let ty = func.value_type(result).as_tensor().expect("a step's result is a tensor");
    let count = patch.builder().sizes(logits.values)[logits.dim];
    let ty = with_size(ty, step.vocabulary_dim, count);
    let operands: Vec<ValueId> = (0..operation.operands.len())
        .map(|at| match at {
            _ if at == step.operand => logits.values,
            _ => companion(func, patch, operation.operands[at], step.vocabulary_dim, logits.positions),
        })
        .collect();
    let attrs: Vec<(_, Attr)> = operation.attrs.iter().map(|(n, a)| (n.clone(), a.clone())).collect();
    let mut b = patch.builder();
    let mut copy = |operands: Vec<ValueId>, ty: TensorType| {
        let value = b.value(operation.opcode, operands, [], ty);
        let op = b.func.defining_op(value).expect("just made by an operation");
        b.func.ops[op].attrs = attrs.iter().cloned().collect();
        value
    };
    let values = copy(operands, ty.clone());
    let moves = matches!(operation.opcode, Opcode::Transpose | Opcode::Reshape | Opcode::BroadcastInDim);
    let positions = logits.positions.map(|p| match moves {
        true => copy(vec![p], ty.with_element(hire_compiler::ir::ElementType::I32)),
        false => p,
    });
    Logits { values, positions, dim: step.vocabulary_dim }
}

/// A type with another size of one dimension.
pub(in crate::hire) fn with_size(ty: &TensorType, dim: usize, size: u64) -> TensorType {
    let mut ty = ty.clone();
    if let Some(dims) = ty.dims.as_mut() {
        dims[dim] = Dim::Size(size);
    }
    ty
}

/// The operand that stands beside logits, for the entries at `positions` (all, when `None`).
pub(in crate::hire) fn companion(
    func: &Func,
    patch: &mut Patch,
    value: ValueId,
    dim: usize,
    positions: Option<ValueId>,
) -> ValueId {
    let ty = func.value_type(value).as_tensor().expect("operands of steps are tensors");
    let (Some(positions), true) = (positions, ty.rank() != Some(0)) else {
        return patch.tap(func, value);
    };
    let defining = func.defining_op(value).map(|op| &func.ops[op]);
    let narrow = with_size(ty, dim, patch.builder().sizes(positions)[dim]);
    let sizes = narrow.sizes().expect("the matcher admits only static shapes").to_vec();
    if let Some(operation) = defining.filter(|_| is_uniform_along(func, value, dim)) {
        return uniform(func, patch, operation, narrow);
    }
    match defining
        .filter(|o| o.opcode == Opcode::BroadcastInDim && o.i64s_attr("broadcast_dimensions") == Some(&[dim as i64]))
    {
        Some(operation) => {
            let vector = patch.tap(func, operation.operands[0]);
            patch.builder().take(vector, positions)
        }
        None if defining
            .is_some_and(|o| o.opcode == Opcode::Iota && o.i64_attr("iota_dimension") == Some(dim as i64)) =>
        {
            patch.builder().convert(positions, ty.element.clone())
        }
        None => {
            debug_assert_eq!(sizes.len(), ty.rank().unwrap_or(0));
            let whole = patch.tap(func, value);
            patch.builder().take_along(whole, positions, dim)
        }
    }
}

/// A value that does not depend on the position, at the narrow size.
pub(in crate::hire) fn uniform(
    func: &Func,
    patch: &mut Patch,
    operation: &hire_compiler::ir::Operation,
    narrow: TensorType,
) -> ValueId {
    if let Some(elements) = operation.attr("value").and_then(|v| v.as_elements()) {
        let splat = DenseElements::splat(narrow, elements.data.clone());
        return patch.builder().constant(splat);
    }
    let operand = patch.tap(func, operation.operands[0]);
    let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
    let mut b: Builder<'_> = patch.builder();
    let sizes = narrow.sizes().expect("the matcher admits only static shapes");
    b.broadcast(operand, dims, &sizes)
}
