//! Parts of tensors: slices at places known when compiling or running, and padding.

use super::Outcome;
use crate::ir::Dim;
use crate::valid::compat::{Bounds, Shape};
use crate::valid::site::{Checked, OpCx, list};

/// slice_c1 to slice_c5.
pub(super) fn slice(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let (starts, limits, strides) = (cx.i64s("start_indices"), cx.i64s("limit_indices"), cx.i64s("strides"));
    let same = starts.len() == dims.len() && limits.len() == dims.len() && strides.len() == dims.len();
    cx.require_about(same, "slice_c2", &[0], || {
        format!(
            "start_indices, limit_indices and strides must have an entry for each dimension of the operand, which has rank {}, but have {}, {} and {}",
            dims.len(),
            starts.len(),
            limits.len(),
            strides.len()
        )
    })?;
    let operand_shape = Shape::of(operand).unwrap_or_default();
    let mut shape = Shape::default();
    for (dim, ((&start, &limit), &stride)) in starts.iter().zip(limits).zip(strides).enumerate() {
        cx.require(start >= 0, "slice_c3", || format!("start index {start} of dimension {dim} is negative"))?;
        let known = dims[dim].size().or(operand_shape.bound(dim));
        if let Some(most) = known.filter(|&most| limit > 0 && limit as u64 > most) {
            let what = if dims[dim].size().is_some() { "size" } else { "bound" };
            let message = format!("limit index {limit} exceeds the {what} {most} of dimension {dim}");
            return Err(cx.fail_about("slice_c3", &[0], message));
        }
        cx.require(start <= limit, "slice_c3", || {
            format!("start index {start} exceeds limit index {limit} in dimension {dim}")
        })?;
        cx.require(stride > 0, "slice_c4", || format!("stride {stride} of dimension {dim} is not positive"))?;
        shape.dims.push(Dim::Size(((limit - start) as u64).div_ceil(stride as u64)));
    }
    shape.bounds = operand_shape.bounds.iter().map(|_| None).collect();
    Outcome::one(shape.with(operand.element.clone(), operand), "slice_c5")
}

/// dynamic_slice_c1 to dynamic_slice_c5.
pub(super) fn dynamic_slice(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let (operand, dims) = cx.ranked(0)?;
    let (sizes, starts) = (cx.i64s("slice_sizes"), cx.operands.len() - 1);
    let same = sizes.len() == dims.len() && starts == dims.len();
    cx.require_about(same, "dynamic_slice_c2", &[0], || {
        format!(
            "there must be a start index and a slice size for each dimension of the operand, which has rank {}, but there are {starts} and {}",
            dims.len(),
            sizes.len()
        )
    })?;
    cx.require_same_starts(1, "dynamic_slice_c3")?;
    let mut shape = Shape::default();
    for (dim, &size) in sizes.iter().enumerate() {
        let fits = u64::try_from(size).ok().filter(|&size| dims[dim].size().is_none_or(|most| size <= most));
        let Some(size) = fits else {
            let message = format!(
                "slice size {size} of dimension {dim} is not in [0, {}], the size of the operand there",
                dims[dim]
            );
            return Err(cx.fail_about("dynamic_slice_c4", &[0], message));
        };
        shape.dims.push(Dim::Size(size));
    }
    Outcome::one(shape.plain(operand.element.clone()), "dynamic_slice_c5")
}

/// dynamic_update_slice_c1 to dynamic_update_slice_c6.
pub(super) fn dynamic_update_slice(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((operand, dims), (update, update_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    cx.require_about(operand.element == update.element, "dynamic_update_slice_c2", &[0, 1], || {
        format!(
            "operand and update must have the same element type, got `{}` and `{}`",
            operand.element, update.element
        )
    })?;
    cx.require_about(dims.len() == update_dims.len(), "dynamic_update_slice_c3", &[0, 1], || {
        format!("operand and update must have the same rank, got {} and {}", dims.len(), update_dims.len())
    })?;
    let starts = cx.operands.len() - 2;
    cx.require_about(starts == dims.len(), "dynamic_update_slice_c4", &[0], || {
        format!(
            "start_indices must hold one for each dimension of the operand, which has rank {}, but there are {starts}",
            dims.len()
        )
    })?;
    cx.require_same_starts(2, "dynamic_update_slice_c5")?;
    for (dim, (most, size)) in dims.iter().zip(update_dims).enumerate() {
        let fits = most.size().zip(size.size()).is_none_or(|(most, size)| size <= most);
        cx.require_about(fits, "dynamic_update_slice_c6", &[0, 1], || {
            format!("size {size} of the update in dimension {dim} is not in [0, {most}], the size of the operand there")
        })?;
    }
    Outcome::one(operand.clone(), "dynamic_update_slice_c1")
}

impl OpCx<'_> {
    /// Records an error unless the start indices from operand `from` on have one element type.
    fn require_same_starts(&mut self, from: usize, tag: &'static str) -> Checked {
        for index in from + 1..self.operands.len() {
            let (first, other) = (self.tensor(from)?, self.tensor(index)?);
            self.require_about(first.element == other.element, tag, &[from, index], || {
                format!(
                    "start indices must have the same element type, got `{}` and `{}`",
                    first.element, other.element
                )
            })?;
        }
        Ok(())
    }
}

/// pad_c1 to pad_c4.
pub(super) fn pad(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let ((operand, dims), padding) = (cx.ranked(0)?, cx.tensor(1)?);
    cx.require_about(operand.element == padding.element, "pad_c1", &[0, 1], || {
        format!(
            "operand and padding_value must have the same element type, got `{}` and `{}`",
            operand.element, padding.element
        )
    })?;
    let (low, high, interior) =
        (cx.i64s("edge_padding_low"), cx.i64s("edge_padding_high"), cx.i64s("interior_padding"));
    let same = [low, high, interior].iter().all(|amounts| amounts.len() == dims.len());
    cx.require_about(same, "pad_c2", &[0], || {
        format!(
            "edge_padding_low, edge_padding_high and interior_padding must have an entry for each dimension of the operand, which has rank {}, but have {}, {} and {}",
            dims.len(),
            low.len(),
            high.len(),
            interior.len()
        )
    })?;
    cx.require(interior.iter().all(|&n| n >= 0), "pad_c3", || {
        format!("interior_padding must not be negative, got {}", list(interior))
    })?;
    let operand_shape = Shape::of(operand).unwrap_or_default();
    let mut shape = Shape { dims: dims.iter().copied().collect(), bounds: Bounds::new() };
    shape.bounds = operand_shape.bounds.iter().map(|_| None).collect();
    for (dim, &size) in dims.iter().enumerate() {
        let Some(known) = size.size().or(operand_shape.bound(dim)) else { continue };
        let padded = i128::from(known)
            + i128::from(low[dim])
            + i128::from(high[dim])
            + i128::from(known.saturating_sub(1)) * i128::from(interior[dim]);
        let Some(padded) = u64::try_from(padded).ok().filter(|&n| n <= i64::MAX as u64) else {
            let message = format!("dimension {dim} would have size {padded} after padding");
            return Err(cx.fail_about("pad_c4", &[0], message));
        };
        match size {
            Dim::Size(_) => shape.dims[dim] = Dim::Size(padded),
            Dim::Dynamic => shape.bounds[dim] = Some(padded),
        }
    }
    Outcome::one(shape.with(operand.element.clone(), operand), "pad_c4")
}
