//! Products of one row.

use hire_compiler::ir::{Attr, Opcode, TensorType};
use hire_compiler::rewrite::{Context, RuleResult};

use crate::hire::decompose::tpu::PADDED_ROWS;
use crate::hire::decompose::{pad, slice};

/// Matrices with fewer bytes are not worth the matrix unit.
const SMALL_MATRIX: u64 = 64 * 1024;

/// `dot_general(x, W)` with x of shape [1, d]  =>  `slice(dot_general(pad(x), W), 0:1)` with the padded x of eight rows.
///
/// Each row of a product is computed alone, so that the first is what it was. Only for large matrices, and only where
/// the row is the first dimension of the left operand and of the result.
pub(super) fn pad_product(c: &Context<'_>) -> RuleResult {
    let Some(dot) = c.is(Opcode::DotGeneral) else { return Ok(None) };
    let Some(Attr::DotDimensionNumbers(dims)) = dot.attr("dot_dimension_numbers") else { return Ok(None) };
    let [lhs, rhs] = [dot.operands[0], dot.operands[1]];
    let sizes = |value| c.tensor(value).and_then(|ty: &TensorType| Some(ty.sizes()?.to_vec()));
    let (Some(left), Some(right)) = (sizes(lhs), sizes(rhs)) else { return Ok(None) };
    let row = left.len() == 2 && left[0] == 1 && dims.lhs_contracting_dimensions == [1];
    if !row || !dims.lhs_batching_dimensions.is_empty() {
        return Ok(None);
    }
    let Some(matrix) = c.tensor(rhs) else { return Ok(None) };
    if right.iter().product::<u64>() * matrix.element.byte_size() as u64 <= SMALL_MATRIX {
        return Ok(None);
    }
    let Some(result) = c.result() else { return Ok(None) };
    let Some(ty) = c.tensor(result).cloned() else { return Ok(None) };
    let Some(wanted) = ty.sizes().map(|sizes| sizes.to_vec()) else { return Ok(None) };
    let mut patch = c.patch();
    let (x, w) = (patch.tap(c.func, lhs), patch.tap(c.func, rhs));
    let mut b = patch.builder();
    let padded = pad(&mut b, x, &[(PADDED_ROWS - 1) as i64, 0]);
    let mut tall = wanted.clone();
    tall[0] = PADDED_ROWS;
    let product = b.value(Opcode::DotGeneral, [padded, w], [], TensorType::new(&tall, ty.element.clone()));
    let op = b.func.defining_op(product).expect("it was just built");
    b.func.ops[op].attrs = dot.attrs.clone();
    let first = slice(&mut b, product, &vec![0; wanted.len()], &wanted);
    patch.replace(result, first);
    Ok(Some(patch))
}
