//! Products with a block of rows that is always computed, in the arithmetic of the dense ones.

use hire_compiler::ir::{Builder, ValueId};

use super::gather_dot::{self, GatherDot};
use super::{UNROLLED_ROWS, by_row, contract, row, scatter_dot};
use crate::hire::emit::Emit;

/// `h [B, d]` times the rows `block` [c, d]: [B, c].
pub(crate) fn block_dot(b: &mut Builder<'_>, h: ValueId, block: ValueId, form: &GatherDot) -> ValueId {
    let block = form.converts.iter().fold(block, |rows, element| b.convert(rows, element.clone()));
    let batch = b.sizes(h)[0];
    if batch > UNROLLED_ROWS {
        let by_rows = gather_dot::product(b, block, h, contract(1, 1), form);
        return b.transpose(by_rows, &[1, 0]);
    }
    by_row(b, batch, |b, index| {
        let vector = row(b, h, index);
        gather_dot::product(b, block, vector, contract(1, 0), form)
    })
}

/// The sum of the rows `block` [c, d] by the weights `a` [B, c]: [B, d].
pub(crate) fn block_sum(b: &mut Builder<'_>, a: ValueId, block: ValueId, form: &GatherDot) -> ValueId {
    let block = form.converts.iter().fold(block, |rows, element| b.convert(rows, element.clone()));
    let batch = b.sizes(a)[0];
    if batch > UNROLLED_ROWS {
        return scatter_dot::product(b, a, block, contract(1, 0), form);
    }
    by_row(b, batch, |b, index| {
        let vector = row(b, a, index);
        scatter_dot::product(b, vector, block, contract(0, 0), form)
    })
}
