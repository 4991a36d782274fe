//! `pad` and `dynamic_pad`: padding at the edges and between elements; negative padding cuts off.

use super::indexing::{Shaped, copy_element, each_index};
use super::movement::integers;
use super::{Fault, Prepared, Signature, invalid};

/// The size of a dimension after padding.
fn padded(size: usize, low: i64, high: i64, interior: i64) -> Option<usize> {
    let between = i128::from(interior) * (size as i128 - 1).max(0);
    usize::try_from(size as i128 + i128::from(low) + i128::from(high) + between).ok()
}

pub(super) fn pad(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, value, result) = tensors(signature)?;
    let list = |name: &str| signature.attribute::<Vec<i64>>(name, Vec::new());
    let edges = [list("edge_padding_low")?, list("edge_padding_high")?, list("interior_padding")?];
    check(&edges, &operand, &result)?;
    let [low, _, interior] = edges;
    let width = value.width;
    Ok(Prepared::new(move |operands, results| {
        fill(results[0], operands[1], width);
        place(operands[0], &operand, results[0], &result, &low, &interior);
        Ok(())
    }))
}

pub(super) fn dynamic_pad(signature: &Signature<'_>) -> Result<Prepared, Fault> {
    let (operand, value, result) = tensors(signature)?;
    let lists = [2, 3, 4].map(|at| signature.operand(at).cloned());
    let [low, high, interior] = lists;
    let lists = [low?, high?, interior?];
    let width = value.width;
    Ok(Prepared::new(move |operands, results| {
        let edges = [0, 1, 2].map(|at| integers(operands[2 + at], &lists[at]));
        check(&edges, &operand, &result)?;
        fill(results[0], operands[1], width);
        place(operands[0], &operand, results[0], &result, &edges[0], &edges[2]);
        Ok(())
    }))
}

fn tensors(signature: &Signature<'_>) -> Result<(Shaped, Shaped, Shaped), Fault> {
    let (operand, value, result) = (signature.operand(0)?, signature.operand(1)?, signature.result(0)?);
    let fits = value.len() == 1 && value.dtype == operand.dtype && result.dtype == operand.dtype;
    let fits = fits && operand.rank() == result.rank();
    let misfit = || invalid(format!("{} does not pad {} to {}", value.ty(), operand.ty(), result.ty()));
    fits.then(|| (operand.clone(), value.clone(), result.clone())).ok_or_else(misfit)
}

fn check(edges: &[Vec<i64>; 3], operand: &Shaped, result: &Shaped) -> Result<(), Fault> {
    let [low, high, interior] = edges;
    let fits = edges.iter().all(|list| list.len() == operand.rank())
        && interior.iter().all(|&interior| interior >= 0)
        && (0..operand.rank()).all(|d| padded(operand.shape[d], low[d], high[d], interior[d]) == Some(result.shape[d]));
    fits.then_some(())
        .ok_or_else(|| invalid(format!("the padding does not turn {} into {}", operand.ty(), result.ty())))
}

fn fill(out: &mut [u8], value: &[u8], width: usize) {
    out.chunks_exact_mut(width).for_each(|out| out.copy_from_slice(value));
}

fn place(from: &[u8], operand: &Shaped, out: &mut [u8], result: &Shaped, low: &[i64], interior: &[i64]) {
    each_index(&operand.shape, |at, index| {
        let mut to = 0;
        for (d, &i) in index.iter().enumerate() {
            let target = i128::from(low[d]) + i as i128 * (i128::from(interior[d]) + 1);
            match usize::try_from(target) {
                Ok(target) if target < result.shape[d] => to += target * result.strides[d],
                _ => return,
            }
        }
        copy_element(from, at, out, to, operand.width);
    });
}
