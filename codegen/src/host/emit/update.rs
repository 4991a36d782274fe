//! Updates of a slice. The result's memory holds the tensor already; only the slice is written.

use super::index::{Ix, Term, delinearized, linear};
use super::value::At;
use super::{Emitter, Fault, workgroup};

/// Writes the loop over the update's elements.
pub(super) fn write(e: &mut Emitter<'_>) -> Result<u64, Fault> {
    let operation = &e.func.ops[e.anchor()?];
    let (root, update) = (operation.results[0], operation.operands[1]);
    let (sizes, slice, buffer) = (e.shape(root), e.shape(update), e.func.args().len());
    let mut starts: Vec<Term> = Vec::new();
    for (d, &start) in operation.operands[2..].iter().enumerate() {
        let start = e.scalar(start)?;
        starts.push(e.clamped(start, sizes[d] - slice[d])?);
    }
    let count = slice.iter().product();
    let block = e.lanes as i64;
    e.items(count, workgroup(1, block), block, |e, at, whole| {
        let lanes = if whole { e.lanes } else { 1 };
        let position = Ix { base: at, stride: i64::from(lanes > 1) };
        e.with_lanes(lanes, |e| {
            let value = e.element(update, &At::Linear(position))?;
            let mut dims = delinearized(position, &slice, lanes, &mut e.code)?;
            for (index, &start) in dims.iter_mut().zip(&starts) {
                *index = index.plus(Ix::uniform(start), &mut e.code);
            }
            let to = linear(&dims, &sizes, &mut e.code);
            e.store(buffer, root, to, value)
        })
    })
}
