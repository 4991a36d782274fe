//! Operations whose result shape depends on values. Where those values are constants they are
//! checked like attributes.

use super::Outcome;
use super::shape_ops::same_element_as_result;
use crate::ir::{Dim, ElementType, TensorType, Type};
use crate::valid::compat::{Shape, compatible, compatible_dims, compatible_elements, element_count};
use crate::valid::site::{Checked, OpCx, constant_i64s, first_repeated, list, shape_text};

/// get_dimension_size_c1.
pub(super) fn get_dimension_size(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (_, dims) = cx.ranked(0)?;
    cx.dim_in_range(cx.int("dimension"), dims.len(), "get_dimension_size_c1", "dimension", "the operand")?;
    Outcome::one(TensorType::scalar(ElementType::I32), "get_dimension_size_c1")
}

/// The size becomes dynamic, with the known size as its bound; unless it is set to just that. Not in
/// the specification.
pub(super) fn set_dimension_size(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((operand, dims), (size, size_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    cx.require_about(size_dims.is_empty(), "set_dimension_size_i2", &[1], || {
        format!("size must be a scalar, but is `{size}`")
    })?;
    let dim =
        cx.dim_in_range(cx.int("dimension"), dims.len(), "set_dimension_size_dimension", "dimension", "the operand")?;
    let mut shape = Shape::of(operand).unwrap_or_default();
    shape.bounds.resize(dims.len(), None);
    if let Dim::Size(known) = dims[dim] {
        shape.bounds[dim] = Some(known);
    }
    shape.dims[dim] = Dim::Dynamic;
    let set = constant_i64s(cx.func, cx.operands[1], 1).and_then(|v| u64::try_from(v[0]).ok());
    if set.is_some() && set == shape.bounds[dim] {
        shape.dims[dim] = Dim::Size(set.unwrap_or_default());
        shape.bounds[dim] = None;
    }
    Outcome::one(shape.plain(operand.element.clone()), "set_dimension_size_result")
}

/// Records an error unless a shape operand of this index, where it is constant, fits the result.
fn check_shape_operand(cx: &mut OpCx<'_>, index: usize, tag: &'static str) -> Checked<Option<Vec<i64>>> {
    let (result, dims) = cx.ranked_result(0)?;
    let Some(shape) = cx.constant_operand(index, dims.len()) else { return Ok(None) };
    let sizes: Option<Vec<Dim>> = shape.iter().map(|&n| u64::try_from(n).ok().map(Dim::Size)).collect();
    let stated = Type::Tensor(result.clone());
    let fits =
        sizes.is_some_and(|sizes| compatible(&Shape::from_dims(sizes).plain(result.element.clone()).into(), &stated));
    cx.require_about(fits, tag, &[index], || {
        format!("the result must have the shape {} that operand {index} gives, but is `{result}`", list(&shape))
    })?;
    Ok(Some(shape))
}

/// Records an error unless a shape operand has an entry for each dimension of the result.
fn check_shape_length(cx: &mut OpCx<'_>, index: usize, tag: &'static str) -> Checked {
    let ((_, lengths), (result, dims)) = (cx.ranked(index)?, cx.ranked_result(0)?);
    let length = lengths.first().copied().unwrap_or(Dim::Dynamic);
    cx.require_about(compatible_dims(length, Dim::Size(dims.len() as u64)), tag, &[index], || {
        format!("operand {index} must have an entry for each dimension of the result `{result}`, but has {length}")
    })
}

/// dynamic_broadcast_in_dim_c1 to dynamic_broadcast_in_dim_c10.
pub(super) fn dynamic_broadcast_in_dim(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, from), (_, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    same_or_quantized(cx, "dynamic_broadcast_in_dim_c1")?;
    let dimensions = cx.i64s("broadcast_dimensions");
    cx.require_about(dimensions.len() == from.len(), "dynamic_broadcast_in_dim_c2", &[0], || {
        format!(
            "broadcast_dimensions must have an entry for each dimension of the operand, which has rank {}, but has {}",
            from.len(),
            dimensions.len()
        )
    })?;
    cx.require_about(to.len() >= from.len(), "dynamic_broadcast_in_dim_c3", &[0], || {
        format!("the result must have no smaller rank than the operand, got {} and {}", to.len(), from.len())
    })?;
    cx.unique(dimensions, "dynamic_broadcast_in_dim_c4", "broadcast_dimensions")?;
    let mapped =
        cx.dims_in_range(dimensions, to.len(), "dynamic_broadcast_in_dim_c5", "broadcast_dimensions", "the result")?;
    for (dim, (&size, &target)) in from.iter().zip(&mapped).enumerate() {
        let fits = size == Dim::Size(1) || compatible_dims(size, to[target]);
        cx.require_about(fits, "dynamic_broadcast_in_dim_c5", &[0], || {
            format!("operand dimension {dim} has size {size}, which is neither 1 nor the size {} of result dimension {target}", to[target])
        })?;
    }
    check_shape_length(cx, 1, "dynamic_broadcast_in_dim_c7")?;
    let shape = check_shape_operand(cx, 1, "dynamic_broadcast_in_dim_c7")?;
    check_hints(cx, from.len())?;
    if let (Some(shape), true) = (shape, operand.sizes().is_some()) {
        for (dim, (size, &target)) in from.iter().zip(&mapped).enumerate() {
            let fits = *size == Dim::Size(1) || size.size() == u64::try_from(shape[target]).ok();
            cx.require_about(fits, "dynamic_broadcast_in_dim_c5", &[0, 1], || {
                format!("operand dimension {dim} has size {size}, which is neither 1 nor the size {} that operand 1 gives for dimension {target}", shape[target])
            })?;
        }
    }
    super::quantized::broadcast_results(cx, &mapped)
}

/// dynamic_broadcast_in_dim_c8, dynamic_broadcast_in_dim_c9, dynamic_broadcast_in_dim_c10.
fn check_hints(cx: &mut OpCx<'_>, rank: usize) -> Checked {
    let (expanding, kept) = (cx.i64s("known_expanding_dimensions"), cx.i64s("known_nonexpanding_dimensions"));
    if let Some(twice) = first_repeated(expanding.iter().chain(kept).copied()) {
        let message =
            format!("dimension {twice} is named twice in known_expanding_dimensions and known_nonexpanding_dimensions");
        return Err(cx.fail("dynamic_broadcast_in_dim_c8", message));
    }
    for (dims, tag, name) in [
        (expanding, "dynamic_broadcast_in_dim_c9", "known_expanding_dimensions"),
        (kept, "dynamic_broadcast_in_dim_c10", "known_nonexpanding_dimensions"),
    ] {
        cx.dims_in_range(dims, rank, tag, name, "the operand")?;
    }
    Ok(())
}

/// Operand and result have the same element type; quantized ones may differ in their parameters.
fn same_or_quantized(cx: &mut OpCx<'_>, tag: &'static str) -> Checked {
    let quantized = |t: &TensorType| matches!(t.element, ElementType::Quantized(_));
    if quantized(cx.tensor(0)?) && quantized(cx.result(0)?) { Ok(()) } else { same_element_as_result(cx, tag) }
}

/// dynamic_iota_c1, dynamic_iota_c2.
pub(super) fn dynamic_iota(cx: &mut OpCx<'_>) -> Checked {
    let (_, dims) = cx.ranked_result(0)?;
    cx.dim_in_range(cx.int("iota_dimension"), dims.len(), "dynamic_iota_c1", "iota_dimension", "the result")?;
    check_shape_operand(cx, 0, "dynamic_iota_c2")?;
    Ok(())
}

/// dynamic_pad_c1 to dynamic_pad_c4.
pub(super) fn dynamic_pad(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, from), padding, (result, to)) = (cx.ranked(0)?, cx.tensor(1)?, cx.ranked_result(0)?);
    for (element, about) in [(&padding.element, &[0, 1][..]), (&result.element, &[0][..])] {
        cx.require_about(operand.element == *element, "dynamic_pad_c1", about, || {
            format!(
                "operand, padding_value and result must have the same element type, got `{}` and `{element}`",
                operand.element
            )
        })?;
    }
    let low = cx.tensor(2)?;
    for index in 2..5 {
        let (amounts, lengths) = cx.ranked(index)?;
        let label = cx.operand_label(index);
        cx.require_about(amounts == low, "dynamic_pad_c2", &[2, index], || {
            format!("edge_padding_low, edge_padding_high and interior_padding must have the same type, got `{low}` and `{amounts}`")
        })?;
        cx.require_about(*lengths == [Dim::Size(from.len() as u64)], "dynamic_pad_c2", &[0, index], || {
            format!(
                "{label} must have an entry for each dimension of the operand, which has rank {}, but has {}",
                from.len(),
                shape_text(lengths)
            )
        })?;
    }
    cx.require_about(from.len() == to.len(), "dynamic_pad_c4", &[0], || {
        format!("operand and result must have the same rank, got {} and {}", from.len(), to.len())
    })?;
    let interior = cx.constant_operand(4, from.len());
    if let Some(interior) = &interior {
        cx.require_about(interior.iter().all(|&n| n >= 0), "dynamic_pad_c3", &[4], || {
            format!("interior_padding must not be negative, got {}", list(interior))
        })?;
    }
    let (low, high) = (cx.constant_operand(2, from.len()), cx.constant_operand(3, from.len()));
    let (Some(low), Some(high), Some(interior)) = (low, high, interior) else { return Ok(()) };
    for (dim, (size, padded)) in from.iter().zip(to).enumerate() {
        let (Some(size), Some(padded)) = (size.size(), padded.size()) else { continue };
        let expected = i128::from(size)
            + i128::from(low[dim])
            + i128::from(high[dim])
            + i128::from(size.saturating_sub(1)) * i128::from(interior[dim]);
        cx.require_about(expected == i128::from(padded), "dynamic_pad_c4", &[0], || {
            format!("dimension {dim} must have size {expected} after padding, but the result's has size {padded}")
        })?;
    }
    Ok(())
}

/// dynamic_reshape_c1 to dynamic_reshape_c4; quantized operands in [`super::quantized`].
pub(super) fn dynamic_reshape(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, from), (result, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    same_or_quantized(cx, "dynamic_reshape_c1")?;
    let (before, after) = (element_count(from), element_count(to));
    cx.require_about(before.zip(after).is_none_or(|(a, b)| a == b), "dynamic_reshape_c2", &[0], || {
        let count = |count: Option<u128>| count.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let (before, after) = (count(before), count(after));
        format!("operand and result must have as many elements, got {before} in `{operand}` and {after} in `{result}`")
    })?;
    check_shape_length(cx, 1, "dynamic_reshape_c4")?;
    if let Some(shape) = check_shape_operand(cx, 1, "dynamic_reshape_c4")? {
        let sizes: Vec<Dim> = shape.iter().map(|&n| Dim::Size(n.unsigned_abs())).collect();
        let after = element_count(&sizes);
        cx.require_about(before.zip(after).is_none_or(|(a, b)| a == b), "dynamic_reshape_c2", &[0, 1], || {
            format!(
                "the operand `{operand}` does not have the {} elements of the shape {} that operand 1 gives",
                after.unwrap_or_default(),
                list(&shape)
            )
        })?;
    }
    if compatible_elements(&operand.element, &result.element) { super::quantized::reshape_results(cx) } else { Ok(()) }
}

/// Starts, limits and strides have an entry for each dimension. Not in the specification.
pub(super) fn real_dynamic_slice(cx: &mut OpCx<'_>) -> Checked {
    let ((operand, from), (result, to)) = (cx.ranked(0)?, cx.ranked_result(0)?);
    cx.require_about(operand.element == result.element, "real_dynamic_slice_elements", &[0], || {
        format!(
            "operand and result must have the same element type, got `{}` and `{}`",
            operand.element, result.element
        )
    })?;
    cx.require_about(from.len() == to.len(), "real_dynamic_slice_rank", &[0], || {
        format!("operand and result must have the same rank, got {} and {}", from.len(), to.len())
    })?;
    let first = cx.tensor(1)?;
    for index in 1..4 {
        let (list, lengths) = cx.ranked(index)?;
        let label = cx.operand_label(index);
        cx.require_about(list == first, "real_dynamic_slice_indices", &[1, index], || {
            format!("start_indices, limit_indices and strides must have the same type, got `{first}` and `{list}`")
        })?;
        let fits = lengths.iter().all(|&n| compatible_dims(n, Dim::Size(from.len() as u64)));
        cx.require_about(fits, "real_dynamic_slice_indices", &[0, index], || {
            format!(
                "{label} must have an entry for each dimension of the operand, which has rank {}, but has {}",
                from.len(),
                shape_text(lengths)
            )
        })?;
    }
    Ok(())
}
