//! `gather` and `dynamic_gather`, which share their constraints and tags: (C5) is `gather_c5` of the
//! one and `dynamic_gather_c5` of the other.

use super::Outcome;
use super::dot::distinct;
use crate::ir::{Attr, Dim, GatherDimensionNumbers};
use crate::valid::compat::{Bounds, Shape, bounds_of, compatible_dims};
use crate::valid::site::{Checked, OpCx};

/// gather_c1 to gather_c23.
pub(super) fn gather(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let Some(numbers) = numbers(cx) else { return Ok(Outcome::Stated) };
    check_numbers(cx, numbers)?;
    let sizes = cx.i64s("slice_sizes");
    let (_, operand) = cx.ranked(0)?;
    cx.require_about(sizes.len() == operand.len(), cx.c(20), &[0], || {
        format!(
            "slice_sizes must have an entry for each dimension of the operand, which has rank {}, but has {}",
            operand.len(),
            sizes.len()
        )
    })?;
    check_sizes(cx, numbers, sizes)?;
    let sizes: Vec<Dim> = sizes.iter().map(|&n| Dim::Size(n as u64)).collect();
    result(cx, numbers, &sizes)
}

/// dynamic_gather_c1 to dynamic_gather_c23; slice sizes are known when they are a constant.
pub(super) fn dynamic_gather(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let Some(numbers) = numbers(cx) else { return Ok(Outcome::Stated) };
    check_numbers(cx, numbers)?;
    let ((_, operand), (_, sizes)) = (cx.ranked(0)?, cx.ranked(2)?);
    cx.require_about(*sizes == [Dim::Size(operand.len() as u64)], cx.c(20), &[0, 2], || {
        format!(
            "slice_sizes must have an entry for each dimension of the operand, which has rank {}, but has {}",
            operand.len(),
            sizes[0]
        )
    })?;
    let known = cx.constant_operand(2, operand.len());
    if let Some(sizes) = &known {
        check_sizes(cx, numbers, sizes)?;
    }
    let sizes = match known {
        Some(sizes) => sizes.iter().map(|&n| Dim::Size(n as u64)).collect(),
        None => vec![Dim::Dynamic; operand.len()],
    };
    result(cx, numbers, &sizes)
}

fn numbers<'a>(cx: &OpCx<'a>) -> Option<&'a GatherDimensionNumbers> {
    match cx.attr("dimension_numbers") {
        Some(Attr::GatherDimensionNumbers(numbers)) => Some(numbers),
        _ => None,
    }
}

/// (C1) to (C4), (C6) to (C8), (C10), (C11), (C13) to (C19).
fn check_numbers(cx: &mut OpCx<'_>, n: &GatherDimensionNumbers) -> Checked {
    let ((_, operand), (_, indices)) = (cx.ranked(0)?, cx.ranked(1)?);
    let rank = operand.len();
    let implied = n.offset_dims.len() + n.collapsed_slice_dims.len() + n.operand_batching_dims.len();
    cx.require_about(implied == rank, cx.c(1), &[0], || {
        format!("offset_dims, collapsed_slice_dims and operand_batching_dims name {implied} dimensions together, but the operand has rank {rank}")
    })?;
    let vector = index_vector_dim(cx, n.index_vector_dim, indices.len(), cx.c(2))?;
    let size = indices.get(vector).copied().unwrap_or(Dim::Size(1));
    cx.require_about(compatible_dims(size, Dim::Size(n.start_index_map.len() as u64)), cx.c(3), &[1], || {
        format!("start_index_map must have an entry for each of the {size} indices along dimension {vector} of start_indices, but has {}", n.start_index_map.len())
    })?;
    cx.sorted(&n.offset_dims, cx.c(4), "offset_dims")?;
    cx.unique(&n.offset_dims, cx.c(4), "offset_dims")?;
    distinct(
        cx,
        &n.collapsed_slice_dims,
        &n.operand_batching_dims,
        cx.c(6),
        "collapsed_slice_dims and operand_batching_dims",
    )?;
    cx.sorted(&n.collapsed_slice_dims, cx.c(7), "collapsed_slice_dims")?;
    cx.dims_in_range(&n.collapsed_slice_dims, rank, cx.c(8), "collapsed_slice_dims", "the operand")?;
    cx.sorted(&n.operand_batching_dims, cx.c(10), "operand_batching_dims")?;
    let operand_batch =
        cx.dims_in_range(&n.operand_batching_dims, rank, cx.c(11), "operand_batching_dims", "the operand")?;
    cx.unique(&n.start_indices_batching_dims, cx.c(13), "start_indices_batching_dims")?;
    let index_batch = cx.dims_in_range(
        &n.start_indices_batching_dims,
        indices.len(),
        cx.c(14),
        "start_indices_batching_dims",
        "start_indices",
    )?;
    cx.require(!n.start_indices_batching_dims.contains(&n.index_vector_dim), cx.c(15), || {
        format!("start_indices_batching_dims must not hold index_vector_dim, which is {}", n.index_vector_dim)
    })?;
    cx.require(operand_batch.len() == index_batch.len(), cx.c(16), || {
        format!(
            "operand_batching_dims and start_indices_batching_dims must have as many entries, got {} and {}",
            operand_batch.len(),
            index_batch.len()
        )
    })?;
    for (&o, &i) in operand_batch.iter().zip(&index_batch) {
        cx.require_about(compatible_dims(operand[o], indices[i]), cx.c(17), &[0, 1], || {
            format!("operand_batching_dims and start_indices_batching_dims must pair dimensions of the same size, but operand dimension {o} has size {} and start_indices dimension {i} has size {}", operand[o], indices[i])
        })?;
    }
    distinct(cx, &n.start_index_map, &n.operand_batching_dims, cx.c(18), "start_index_map and operand_batching_dims")?;
    cx.dims_in_range(&n.start_index_map, rank, cx.c(19), "start_index_map", "the operand")?;
    Ok(())
}

/// An `index_vector_dim`, which may be one past the last dimension.
pub(super) fn index_vector_dim(cx: &mut OpCx<'_>, dim: i64, rank: usize, tag: &'static str) -> Checked<usize> {
    match usize::try_from(dim) {
        Ok(index) if index <= rank => Ok(index),
        _ => Err(cx.fail_about(
            tag,
            &[1],
            format!("index_vector_dim is {dim}, but must be in [0, {rank}], the rank of the indices"),
        )),
    }
}

/// (C9), (C12), (C21).
fn check_sizes(cx: &mut OpCx<'_>, n: &GatherDimensionNumbers, sizes: &[i64]) -> Checked {
    let lists = [(9, &n.collapsed_slice_dims, "collapsed"), (12, &n.operand_batching_dims, "batching")];
    for (constraint, dims, what) in lists {
        for &dim in dims {
            let size = sizes[dim as usize];
            cx.require(size <= 1, cx.c(constraint), || {
                format!("slice_sizes has {size} for the {what} dimension {dim}, but must have at most 1")
            })?;
        }
    }
    let (_, operand) = cx.ranked(0)?;
    for (dim, (&size, most)) in sizes.iter().zip(operand).enumerate() {
        let fits = size >= 0 && most.size().is_none_or(|most| size as u64 <= most);
        cx.require_about(fits, cx.c(21), &[0], || {
            format!("slice size {size} of dimension {dim} is not in [0, {most}], the size of the operand there")
        })?;
    }
    Ok(())
}

/// (C5), (C22), (C23): batch dimensions from the indices, offset dimensions from the slice sizes.
fn result(cx: &mut OpCx<'_>, n: &GatherDimensionNumbers, sizes: &[Dim]) -> Checked<Outcome> {
    let ((operand, _), (indices, index_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    let vector = n.index_vector_dim as usize;
    let batch: Vec<usize> = (0..index_dims.len()).filter(|&d| d != vector).collect();
    let rank = batch.len() + n.offset_dims.len();
    let offsets = cx.dims_in_range(&n.offset_dims, rank, cx.c(5), "offset_dims", "the result")?;
    let dropped =
        |d: usize| n.collapsed_slice_dims.contains(&(d as i64)) || n.operand_batching_dims.contains(&(d as i64));
    let mut kept = (0..sizes.len()).filter(|&d| !dropped(d));
    let index_bounds = bounds_of(indices);
    let mut from_indices = batch.iter();
    let mut shape = Shape::default();
    let mut bounds = Bounds::new();
    for dim in 0..rank {
        let source = if offsets.contains(&dim) { None } else { from_indices.next() };
        match source {
            Some(&d) => {
                shape.dims.push(index_dims[d]);
                bounds.push(index_bounds.get(d).copied().flatten());
            }
            None => {
                shape.dims.push(kept.next().map_or(Dim::Dynamic, |d| sizes[d]));
                bounds.push(None);
            }
        }
    }
    if !index_bounds.is_empty() {
        shape.bounds = bounds;
    }
    Outcome::one(shape.plain(operand.element.clone()), cx.c(22))
}
