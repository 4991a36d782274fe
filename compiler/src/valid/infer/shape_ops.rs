//! Operations that move, repeat or join elements without computing on them.

use super::Outcome;
use crate::ir::{Attr, Dim, ElementType, TensorType};
use crate::valid::compat::{
    Bounds, Extent, Shape, compatible_dim_lists, compatible_elements, concatenated_extent, element_count,
    most_specific_extent,
};
use crate::valid::site::{Checked, OpCx, list};

/// Records an error unless operand 0 and result 0 have compatible element types.
pub(super) fn same_element_as_result(cx: &mut OpCx<'_>, tag: &'static str) -> Checked {
    let (operand, result) = (cx.tensor(0)?, cx.result(0)?);
    cx.require_about(compatible_elements(&operand.element, &result.element), tag, &[0], || {
        format!(
            "operand and result must have compatible element types, got `{}` and `{}`: `{operand}` and `{result}`",
            operand.element, result.element
        )
    })
}

/// The sizes are prepended. Not in the specification.
pub(super) fn broadcast(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let mut shape = Shape::default();
    for &size in cx.i64s("broadcast_sizes") {
        let size = u64::try_from(size)
            .map_err(|_| cx.fail("broadcast_sizes", format!("broadcast_sizes must not be negative, got {size}")))?;
        shape.dims.push(Dim::Size(size));
    }
    shape.dims.extend(dims.iter().copied());
    Outcome::one(shape.plain(operand.element.clone()), "broadcast_sizes")
}

/// broadcast_in_dim_c1 to broadcast_in_dim_c5; quantized operands in [`super::quantized`].
pub(super) fn broadcast_in_dim(cx: &mut OpCx<'_>) -> Checked {
    let ((_, operand), (_, result)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    same_element_as_result(cx, "broadcast_in_dim_c1")?;
    let dimensions = cx.i64s("broadcast_dimensions");
    cx.require_about(dimensions.len() == operand.len(), "broadcast_in_dim_c2", &[0], || {
        format!(
            "broadcast_dimensions must have an entry for each dimension of the operand, which has rank {}, but has {}",
            operand.len(),
            dimensions.len()
        )
    })?;
    let mapped =
        cx.dims_in_range(dimensions, result.len(), "broadcast_in_dim_c3", "broadcast_dimensions", "the result")?;
    cx.unique(dimensions, "broadcast_in_dim_c4", "broadcast_dimensions")?;
    for (from, (&to, &size)) in mapped.iter().zip(operand).enumerate() {
        let fits = matches!(size, Dim::Dynamic | Dim::Size(1)) || size == result[to];
        cx.require_about(fits, "broadcast_in_dim_c5", &[0], || {
            format!(
                "operand dimension {from} has size {size}, which is neither 1 nor the size {} of result dimension {to}",
                result[to]
            )
        })?;
    }
    super::quantized::broadcast_results(cx, &mapped)
}

/// concatenate_c1 to concatenate_c6.
pub(super) fn concatenate(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    cx.require(!cx.operands.is_empty(), "concatenate_c3", || "needs at least 1 operand, but has 0".to_owned())?;
    let (first, dims) = cx.ranked(0)?;
    for index in 1..cx.operands.len() {
        let element = &cx.tensor(index)?.element;
        cx.require_about(*element == first.element, "concatenate_c1", &[0, index], || {
            format!("operands must have the same element type, got `{}` and `{element}`", first.element)
        })?;
    }
    cx.require_about(!dims.is_empty(), "concatenate_c4", &[0], || "scalars cannot be concatenated".to_owned())?;
    let along = cx.dim_in_range(cx.int("dimension"), dims.len(), "concatenate_c4", "dimension", "the operands")?;
    let mut shape = Shape::from_dims(dims.iter().map(|_| Dim::Dynamic));
    shape.dims[along] = Dim::Size(0);
    for index in 0..cx.operands.len() {
        join(cx, &mut shape, index, along)?;
    }
    Outcome::one(shape.with(first.element.clone(), first), "concatenate_c6")
}

/// Takes one more operand into the shape of a concatenation.
fn join(cx: &mut OpCx<'_>, shape: &mut Shape, index: usize, along: usize) -> Checked {
    let ((first, first_dims), (operand, dims)) = (cx.ranked(0)?, cx.ranked(index)?);
    let matching = dims.len() == first_dims.len()
        && (0..dims.len()).all(|d| d == along || compatible_dim_lists(&dims[d..=d], &first_dims[d..=d]));
    cx.require_about(matching, "concatenate_c2", &[0, index], || {
        format!("operands must have the same shape except in dimension {along}, got `{first}` and `{operand}`")
    })?;
    let next = Shape::of(operand).unwrap_or_default();
    if !next.bounds.is_empty() {
        shape.bounds.resize(dims.len(), None);
    }
    for dim in 0..dims.len() {
        let ours: Extent = (shape.dims[dim], shape.bound(dim));
        let theirs: Extent = (next.dims[dim], next.bound(dim));
        let joined =
            if dim == along { concatenated_extent(ours, theirs) } else { most_specific_extent(ours, theirs, dim) };
        let (size, bound) = joined.map_err(|conflict| {
            cx.fail_about("concatenate_c2", &[0, index], format!("operands contradict each other: {conflict}"))
        })?;
        shape.dims[dim] = size;
        if let Some(slot) = shape.bounds.get_mut(dim) {
            *slot = bound;
        }
    }
    Ok(())
}

/// constant_c1: the value's type, where a quantized type stands for its storage type.
pub(super) fn constant(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let Some(Attr::Elements(value)) = cx.attr("value") else { return Ok(Outcome::Stated) };
    let Some(result) = cx.result_types().first().and_then(|t| t.as_tensor()) else {
        return Outcome::one(value.ty.clone(), "constant_c1");
    };
    let stored = match &result.element {
        ElementType::Quantized(q) if !matches!(value.ty.element, ElementType::Quantized(_)) => {
            result.with_element(q.storage.clone())
        }
        _ => result.clone(),
    };
    cx.require(stored == value.ty, "constant_c1", || {
        format!("the result's type must be that of the value, `{}`, but is `{result}`", value.ty)
    })?;
    Outcome::one(result.clone(), "constant_c1")
}

/// reverse_c1, reverse_c2, reverse_c3.
pub(super) fn reverse(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let dimensions = cx.i64s("dimensions");
    cx.unique(dimensions, "reverse_c2", "dimensions")?;
    cx.dims_in_range(dimensions, dims.len(), "reverse_c3", "dimensions", "the operand")?;
    let (result, _) = cx.ranked_result(0)?;
    cx.require(operand.element == result.element, "reverse_c1", || {
        format!(
            "operand and result must have the same element type, got `{}` and `{}`",
            operand.element, result.element
        )
    })?;
    Outcome::one(operand.clone(), "reverse_c1")
}

/// iota_c1.
pub(super) fn iota(cx: &mut OpCx<'_>) -> Checked {
    let (result, dims) = cx.ranked_result(0)?;
    cx.require(!dims.is_empty(), "iota_c1", || format!("a scalar has no dimension to count along, got `{result}`"))?;
    cx.dim_in_range(cx.int("iota_dimension"), dims.len(), "iota_c1", "iota_dimension", "the result")?;
    Ok(())
}

/// reshape_c1, reshape_c2; reshape_c3 in [`super::quantized`].
pub(super) fn reshape(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, from), (result, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    same_element_as_result(cx, "reshape_c1")?;
    // A bounded result says less than its number of elements.
    if from.iter().chain(to).all(|d| d.size().is_some()) {
        let (from, to) = (element_count(from), element_count(to));
        cx.require_about(from == to, "reshape_c2", &[0], || {
            let count = |n: Option<u128>| n.map_or_else(|| "too many".to_owned(), |n| n.to_string());
            format!(
                "operand and result must have as many elements, got {} in `{operand}` and {} in `{result}`",
                count(from),
                count(to)
            )
        })?;
    }
    super::quantized::reshape_results(cx)
}

/// transpose_c1, transpose_c2, transpose_c3; transpose_c4 in [`super::quantized`].
pub(super) fn transpose(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let permutation = cx.i64s("permutation");
    let wrong = |cx: &mut OpCx<'_>| {
        let message = format!(
            "permutation must order the dimensions 0 to {} of the operand, got {}",
            dims.len() as i64 - 1,
            list(permutation)
        );
        cx.fail_about("transpose_c2", &[0], message)
    };
    if permutation.len() != dims.len() {
        let (rank, given) = (dims.len(), permutation.len());
        let message = format!(
            "permutation must have an entry for each dimension of the operand, which has rank {rank}, but has {given}"
        );
        return Err(cx.fail_about("transpose_c2", &[0], message));
    }
    let mut seen = vec![false; dims.len()];
    let mut order = Vec::with_capacity(dims.len());
    for &dim in permutation {
        match usize::try_from(dim).ok().filter(|&d| d < dims.len() && !seen[d]) {
            Some(dim) => {
                seen[dim] = true;
                order.push(dim);
            }
            None => return Err(wrong(cx)),
        }
    }
    Outcome::shape(permuted(operand, &order), "transpose_c3")
}

/// A ranked tensor type with its dimensions in another order.
fn permuted(operand: &TensorType, order: &[usize]) -> TensorType {
    let shape = Shape::of(operand).unwrap_or_default();
    let bounds: Bounds =
        if shape.bounds.is_empty() { Bounds::new() } else { order.iter().map(|&d| shape.bound(d)).collect() };
    let dims = order.iter().map(|&d| shape.dims[d]).collect();
    Shape { dims, bounds }.with(operand.element.clone(), operand)
}
