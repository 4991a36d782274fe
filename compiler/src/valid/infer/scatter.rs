//! `scatter`.

use super::Outcome;
use super::dot::distinct;
use super::gather::index_vector_dim;
use super::reduce::{Initial, accumulators, check_reducer, same_shapes};
use crate::ir::{Attr, Dim, ScatterDimensionNumbers, Type};
use crate::valid::compat::compatible_dims;
use crate::valid::site::{Checked, OpCx};

/// scatter_c1 to scatter_c25.
pub(super) fn scatter(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (inputs, updates) = (cx.operand_group(0), cx.operand_group(2));
    let Some(Attr::ScatterDimensionNumbers(n)) = cx.attr("scatter_dimension_numbers") else {
        return Ok(Outcome::Stated);
    };
    cx.require(!inputs.is_empty(), "scatter_c5", || "needs at least one input".to_owned())?;
    same_shapes(cx, inputs.clone(), "scatter_c1")?;
    same_shapes(cx, updates.clone(), "scatter_c3")?;
    let (_, indices) = cx.ranked(inputs.end)?;
    let vector = index_vector_dim(cx, n.index_vector_dim, indices.len(), "scatter_c22")?;
    // scatter_c6: updates and inputs have the element type that the function takes.
    check_reducer(cx, 0, inputs.clone(), Initial::ElementsOf(updates.clone()), &[], "scatter_c23")?;
    let mut expanded = indices.to_vec();
    if vector == expanded.len() {
        expanded.push(Dim::Size(1));
    }
    for (input, update) in inputs.clone().zip(updates) {
        let (_, dims) = cx.ranked(update)?;
        let rank = expanded.len() - 1 + n.update_window_dims.len();
        cx.require_about(dims.len() == rank, "scatter_c4", &[update], || {
            format!("updates must have rank {rank}, as scatter_indices without index_vector_dim and the update_window_dims have together, but have rank {}", dims.len())
        })?;
        check_numbers(cx, n, input, update, &expanded)?;
        check_update_shape(cx, n, input, update, &expanded)?;
    }
    let elements = accumulators(cx, 0);
    let types: Vec<Type> = inputs
        .zip(elements)
        .filter_map(|(input, element)| {
            Some(cx.operand_type(input).as_tensor()?.with_element(element.element.clone()).into())
        })
        .collect();
    Outcome::all(types, "scatter_c24")
}

/// scatter_c2, scatter_c7 to scatter_c21.
fn check_numbers(
    cx: &mut OpCx<'_>,
    n: &ScatterDimensionNumbers,
    input: usize,
    update: usize,
    indices: &[Dim],
) -> Checked {
    let ((_, dims), (_, update_dims)) = (cx.ranked(input)?, cx.ranked(update)?);
    let rank = dims.len();
    let implied = n.update_window_dims.len() + n.inserted_window_dims.len() + n.input_batching_dims.len();
    cx.require_about(implied == rank, "scatter_c2", &[input], || {
        format!("update_window_dims, inserted_window_dims and input_batching_dims name {implied} dimensions together, but the input has rank {rank}")
    })?;
    cx.sorted(&n.update_window_dims, "scatter_c7", "update_window_dims")?;
    cx.unique(&n.update_window_dims, "scatter_c7", "update_window_dims")?;
    cx.dims_in_range(&n.update_window_dims, update_dims.len(), "scatter_c8", "update_window_dims", "the updates")?;
    distinct(
        cx,
        &n.inserted_window_dims,
        &n.input_batching_dims,
        "scatter_c9",
        "inserted_window_dims and input_batching_dims",
    )?;
    cx.sorted(&n.inserted_window_dims, "scatter_c10", "inserted_window_dims")?;
    cx.dims_in_range(&n.inserted_window_dims, rank, "scatter_c11", "inserted_window_dims", "the operand")?;
    cx.sorted(&n.input_batching_dims, "scatter_c12", "input_batching_dims")?;
    let input_batch =
        cx.dims_in_range(&n.input_batching_dims, rank, "scatter_c13", "input_batching_dims", "the operand")?;
    cx.unique(&n.scatter_indices_batching_dims, "scatter_c14", "scatter_indices_batching_dims")?;
    let index_batch = cx.dims_in_range(
        &n.scatter_indices_batching_dims,
        indices.len(),
        "scatter_c15",
        "scatter_indices_batching_dims",
        "scatter_indices",
    )?;
    cx.require(!n.scatter_indices_batching_dims.contains(&n.index_vector_dim), "scatter_c16", || {
        format!("scatter_indices_batching_dims must not hold index_vector_dim, which is {}", n.index_vector_dim)
    })?;
    cx.require(input_batch.len() == index_batch.len(), "scatter_c17", || {
        format!(
            "input_batching_dims and scatter_indices_batching_dims must have as many entries, got {} and {}",
            input_batch.len(),
            index_batch.len()
        )
    })?;
    for (&i, &s) in input_batch.iter().zip(&index_batch) {
        cx.require_about(compatible_dims(dims[i], indices[s]), "scatter_c18", &[input], || {
            format!("input_batching_dims and scatter_indices_batching_dims must pair dimensions of the same size, but input dimension {i} has size {} and scatter_indices dimension {s} has size {}", dims[i], indices[s])
        })?;
    }
    let (mapped, vector) = (n.scatter_dims_to_operand_dims.len(), n.index_vector_dim as usize);
    cx.require(compatible_dims(indices[vector], Dim::Size(mapped as u64)), "scatter_c19", || {
        format!("scatter_dims_to_operand_dims must have an entry for each of the {} indices along dimension {vector} (index_vector_dim) of scatter_indices, but has {mapped}", indices[vector])
    })?;
    distinct(
        cx,
        &n.scatter_dims_to_operand_dims,
        &n.input_batching_dims,
        "scatter_c20",
        "scatter_dims_to_operand_dims and input_batching_dims",
    )?;
    cx.dims_in_range(
        &n.scatter_dims_to_operand_dims,
        rank,
        "scatter_c21",
        "scatter_dims_to_operand_dims",
        "the input",
    )?;
    Ok(())
}

/// scatter_c4: window dimensions fit the input, the others are those of the indices.
fn check_update_shape(
    cx: &mut OpCx<'_>,
    n: &ScatterDimensionNumbers,
    input: usize,
    update: usize,
    indices: &[Dim],
) -> Checked {
    let ((_, dims), (_, update_dims)) = (cx.ranked(input)?, cx.ranked(update)?);
    let inside =
        |d: &usize| !n.inserted_window_dims.contains(&(*d as i64)) && !n.input_batching_dims.contains(&(*d as i64));
    let kept: Vec<usize> = (0..dims.len()).filter(inside).collect();
    for (&window, &dim) in n.update_window_dims.iter().zip(&kept) {
        let (size, most) = (update_dims[window as usize], dims[dim]);
        let fits = size.size().zip(most.size()).is_none_or(|(size, most)| size <= most);
        cx.require_about(fits, "scatter_c4", &[input, update], || {
            format!("window dimension {window} of the updates has size {size}, more than the size {most} of input dimension {dim}")
        })?;
    }
    let mut scatter_dims = indices.iter().enumerate().filter(|(d, _)| *d as i64 != n.index_vector_dim);
    for (dim, &size) in update_dims.iter().enumerate().filter(|(d, _)| !n.update_window_dims.contains(&(*d as i64))) {
        let Some((from, &expected)) = scatter_dims.next() else { break };
        cx.require_about(compatible_dims(size, expected), "scatter_c4", &[update], || {
            format!("dimension {dim} of the updates must have the size {expected} of scatter_indices dimension {from}, but has size {size}")
        })?;
    }
    Ok(())
}
