//! What happens to logits between the product and the place that uses them.
//!
//! A step is an operation that keeps the vocabulary dimension whole and works on each entry alone:
//! conversions, scales, biases, soft-capping, masks, transpositions and reshapes that do not mix
//! the dimension with others. Such steps can be repeated on the few entries that were selected.

use hire_compiler::ir::{Dim, Func, OpId, Opcode, Traits, ValueId};

/// One step of an epilogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The operation.
    pub op: OpId,
    /// Which operand carries the logits.
    pub operand: usize,
    /// The vocabulary dimension of the result.
    pub vocabulary_dim: usize,
    /// Whether the step cannot change which entries are largest: it is monotone and does not
    /// depend on the position in the vocabulary.
    pub keeps_order: bool,
}

/// Reads `op`, which uses logits with the vocabulary at `dim` as operand `operand`, as a step.
pub(super) fn step(func: &Func, op: OpId, operand: usize, dim: usize) -> Option<Step> {
    let operation = &func.ops[op];
    let result = operation.result()?;
    let (from, to) = (sizes(func, operation.operands[operand])?, sizes(func, result)?);
    let vocabulary_dim = match operation.opcode {
        Opcode::Transpose => operation.i64s_attr("permutation")?.iter().position(|&p| p == dim as i64)?,
        Opcode::Reshape => reshaped_dim(&from, &to, dim)?,
        Opcode::BroadcastInDim => {
            let target = *operation.i64s_attr("broadcast_dimensions")?.get(dim)?;
            let same_count = from.iter().product::<u64>() == to.iter().product::<u64>();
            usize::try_from(target).ok().filter(|_| same_count)?
        }
        opcode if opcode.has(Traits::ELEMENTWISE) && opcode != Opcode::Compare && from == to => dim,
        Opcode::Select if operand > 0 && from == to => dim,
        _ => return None,
    };
    let other_uses = operation.operands.iter().filter(|&&o| o == operation.operands[operand]).count();
    let keeps_order = keeps_order(func, op, operand);
    (other_uses == 1).then_some(Step { op, operand, vocabulary_dim, keeps_order })
}

fn sizes(func: &Func, value: ValueId) -> Option<Vec<u64>> {
    Some(func.value_type(value).as_tensor()?.sizes()?.to_vec())
}

/// Where a reshape puts a dimension that it leaves whole: the same size, with as many elements
/// outside and inside it as before.
fn reshaped_dim(from: &[u64], to: &[u64], dim: usize) -> Option<usize> {
    let outer: u64 = from[..dim].iter().product();
    (0..to.len()).find(|&d| to[d] == from[dim] && to[..d].iter().product::<u64>() == outer)
}

/// Whether a step is known to be increasing in its logits whatever the position.
///
/// A clamp or a rounding makes many entries equal, of which the selection must then take the first;
/// a logarithm or a root makes NaN, which an argmax takes first, of the smallest entries. Neither counts.
fn keeps_order(func: &Func, op: OpId, operand: usize) -> bool {
    use Opcode::*;
    let operation = &func.ops[op];
    match operation.opcode {
        Transpose | Reshape | BroadcastInDim | Tanh | Logistic | Exponential | Cbrt | ExponentialMinusOne => true,
        Convert => {
            operation.result().and_then(|r| func.value_type(r).as_tensor()).is_some_and(|t| t.element.is_float())
        }
        Add => uniform_constant(func, operation.operands[1 - operand]).is_some(),
        Subtract => operand == 0 && uniform_constant(func, operation.operands[1]).is_some(),
        Multiply => uniform_constant(func, operation.operands[1 - operand]).is_some_and(|c| c > 0.0),
        Divide => operand == 0 && uniform_constant(func, operation.operands[1]).is_some_and(|c| c > 0.0),
        _ => false,
    }
}

/// The finite number that all elements of a value equal, when it is a splat constant or a broadcast of one.
fn uniform_constant(func: &Func, value: ValueId) -> Option<f64> {
    let operation = &func.ops[func.defining_op(value)?];
    let number = match operation.opcode {
        Opcode::BroadcastInDim | Opcode::Reshape | Opcode::Convert => uniform_constant(func, operation.operands[0]),
        Opcode::Constant => {
            let elements = operation.attr("value")?.as_elements()?;
            (elements.splat || elements.len() == 1).then(|| float(elements.ty.element.name()?, elements.element(0)))?
        }
        _ => None,
    };
    number.filter(|n| n.is_finite())
}

/// The value of a float element given its bytes.
fn float(element: &str, bytes: &[u8]) -> Option<f64> {
    Some(match element {
        "f64" => f64::from_le_bytes(bytes.try_into().ok()?),
        "f32" => f64::from(f32::from_le_bytes(bytes.try_into().ok()?)),
        "bf16" => f64::from(half::bf16::from_le_bytes(bytes.try_into().ok()?)),
        "f16" => f64::from(half::f16::from_le_bytes(bytes.try_into().ok()?)),
        _ => return None,
    })
}

/// Whether `value` is the same for every entry of the vocabulary dimension `dim` of the step's
/// shape: a broadcast that does not map onto it, or a splat constant.
pub(crate) fn is_uniform_along(func: &Func, value: ValueId, dim: usize) -> bool {
    let Some(op) = func.defining_op(value) else { return false };
    let operation = &func.ops[op];
    match operation.opcode {
        Opcode::BroadcastInDim => {
            let dims = operation.i64s_attr("broadcast_dimensions").unwrap_or_default();
            let operand = func.value_type(operation.operands[0]).as_tensor();
            let size = |at: usize| operand.and_then(|t| t.dims.as_ref()?.get(at).copied());
            dims.iter().position(|&d| d == dim as i64).is_none_or(|at| size(at) == Some(Dim::Size(1)))
        }
        Opcode::Constant => {
            operation.attr("value").and_then(|v| v.as_elements()).is_some_and(|elements| elements.splat)
        }
        _ => false,
    }
}
