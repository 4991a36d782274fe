//! Dispatches without a product or reduction: each element of the result for itself.

use super::index::Ix;
use super::value::At;
use super::{Emitter, Fault, workgroup};

/// Writes the loop over the result's elements, row-major.
pub(super) fn write(e: &mut Emitter<'_>) -> Result<u64, Fault> {
    let roots = e.results();
    let (count, buffer) = (e.count(roots[0]), e.func.args().len());
    let block = e.lanes as i64;
    e.items(count, workgroup(1, block), block, |e, at, whole| {
        let lanes = if whole { e.lanes } else { 1 };
        let position = Ix { base: at, stride: i64::from(lanes > 1) };
        e.with_lanes(lanes, |e| {
            roots.iter().enumerate().try_for_each(|(at, &root)| {
                let value = e.element(root, &At::Linear(position))?;
                e.store(buffer + at, root, position, value)
            })
        })
    })
}
