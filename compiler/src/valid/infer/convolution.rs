//! `convolution` and `dynamic_conv`, which share their constraints and tags: (C5) is
//! `convolution_c5` of the one and `dynamic_conv_c5` of the other.

use super::Outcome;
use super::dot::precision_config;
use super::window::{self, Window, padding_pairs};
use crate::ir::{Attr, ConvDimensionNumbers, Dim, ElementType};
use crate::valid::compat::{Shape, compatible_elements};
use crate::valid::site::{Checked, OpCx, list};

/// convolution_c1 to convolution_c26; quantized operands (c28 to c34) in [`super::quantized`].
pub(super) fn convolution(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let numbers = check_operands(cx)?;
    let padding = padding_pairs(cx, cx.c(4))?;
    let sizes = kernel_sizes(cx, numbers)?;
    let windows = conv_windows(cx, &sizes, padding)?;
    result_shape(cx, numbers, windows)
}

/// dynamic_conv_c1 to dynamic_conv_c26; the result follows when the padding is a
/// constant.
pub(super) fn dynamic_conv(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let numbers = check_operands(cx)?;
    let ((_, lhs), (_, padding)) = (cx.ranked(0)?, cx.ranked(2)?);
    let spatial = lhs.len() - 2;
    cx.require_about(*padding == [Dim::Size(spatial as u64), Dim::Size(2)], "dynamic_conv_c4", &[2], || {
        format!("padding must have shape {spatial}x2, but has shape {}", crate::valid::site::shape_text(padding))
    })?;
    let pairs = cx.constant_operand(2, spatial * 2).map(|flat| flat.chunks_exact(2).map(|p| (p[0], p[1])).collect());
    let known = pairs.is_some();
    let mut sizes = kernel_sizes(cx, numbers)?;
    if !known {
        sizes.fill(Dim::Dynamic);
    }
    let windows = conv_windows(cx, &sizes, pairs.unwrap_or_default())?;
    if known { result_shape(cx, numbers, windows) } else { Ok(Outcome::Stated) }
}

/// The sizes of the kernel.
fn kernel_sizes(cx: &mut OpCx<'_>, n: &ConvDimensionNumbers) -> Checked<Vec<Dim>> {
    let (_, rhs) = cx.ranked(1)?;
    Ok(n.kernel_spatial_dimensions.iter().map(|&d| rhs[d as usize]).collect())
}

/// The window along each spatial dimension. (C2), (C3), (C5) to (C9).
fn conv_windows(cx: &mut OpCx<'_>, sizes: &[Dim], padding: Vec<(i64, i64)>) -> Checked<Vec<Window>> {
    let attributes = window::Attributes {
        strides: (cx.i64s("window_strides"), "window_strides", 2, 3),
        base_dilations: (cx.i64s("lhs_dilation"), "lhs_dilation", 5, 6),
        window_dilations: (cx.i64s("rhs_dilation"), "rhs_dilation", 7, 8),
        padding,
        padding_constraint: 4,
        // The specification has no constraint on the sizes of the kernel.
        size_constraint: 25,
    };
    if let Some(Attr::DenseArray(crate::ir::DenseArray::Bool(reversal))) = cx.attr("window_reversal") {
        cx.require(reversal.is_empty() || reversal.len() == sizes.len(), cx.c(9), || {
            format!(
                "window_reversal must have an entry for each of the {} spatial dimensions, but has {}",
                sizes.len(),
                reversal.len()
            )
        })?;
    }
    window::windows(cx, sizes, attributes)
}

/// Constraints on operands and dimension numbers: (C1), (C10) to (C24), (C27).
fn check_operands<'a>(cx: &mut OpCx<'a>) -> Checked<&'a ConvDimensionNumbers> {
    let ((lhs, lhs_dims), (rhs, rhs_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    cx.require_about(lhs_dims.len() >= 2, cx.c(13), &[0], || {
        format!("operands must have a batch and a feature dimension, so a rank of 2 at least, got `{lhs}` and `{rhs}`")
    })?;
    cx.require_about(lhs_dims.len() == rhs_dims.len(), cx.c(1), &[0, 1], || {
        format!("operands must have the same rank, got `{lhs}` and `{rhs}`")
    })?;
    let quantized = |e: &ElementType| matches!(e, ElementType::Quantized(_));
    let same = quantized(&lhs.element) || quantized(&rhs.element) || compatible_elements(&lhs.element, &rhs.element);
    cx.require_about(same, cx.c(27), &[0, 1], || {
        format!("operands must have the same element type, got `{}` and `{}`", lhs.element, rhs.element)
    })?;
    let Some(Attr::ConvDimensionNumbers(numbers)) = cx.attr("dimension_numbers") else {
        return Err(cx.fail(cx.c(13), "requires attribute `dimension_numbers`"));
    };
    check_numbers(cx, numbers, lhs_dims.len())?;
    check_groups(cx, numbers)?;
    precision_config(cx, cx.c(24))?;
    let spatial = numbers.input_spatial_dimensions.len();
    cx.require(lhs_dims.len() == spatial + 2, cx.c(12), || {
        format!(
            "{spatial} spatial dimensions are given, so operands must have rank {}, but have rank {}",
            spatial + 2,
            lhs_dims.len()
        )
    })?;
    Ok(numbers)
}

/// (C13), (C17) to (C20): each side names every dimension once.
fn check_numbers(cx: &mut OpCx<'_>, n: &ConvDimensionNumbers, rank: usize) -> Checked {
    let counts =
        [n.input_spatial_dimensions.len(), n.kernel_spatial_dimensions.len(), n.output_spatial_dimensions.len()];
    for (index, constraint, name) in [(1, 17, "kernel"), (2, 19, "output")] {
        cx.require(counts[index] == counts[0], cx.c(constraint), || {
            format!("input and {name} must have as many spatial dimensions, got {} and {}", counts[0], counts[index])
        })?;
    }
    let sides = [
        (13, "input", [n.input_batch_dimension, n.input_feature_dimension], &n.input_spatial_dimensions),
        (
            18,
            "kernel",
            [n.kernel_input_feature_dimension, n.kernel_output_feature_dimension],
            &n.kernel_spatial_dimensions,
        ),
        (20, "output", [n.output_batch_dimension, n.output_feature_dimension], &n.output_spatial_dimensions),
    ];
    for (constraint, name, special, spatial) in sides {
        let all: Vec<i64> = special.into_iter().chain(spatial.iter().copied()).collect();
        let tag = cx.c(constraint);
        if all.iter().any(|&d| d < 0 || d as u64 >= rank as u64) {
            let message = format!("{name} dimensions must be in [0, {rank}), got {}", list(&all));
            return Err(cx.fail(tag, message));
        }
        cx.unique(&all, tag, &format!("{name} dimensions"))?;
    }
    Ok(())
}

/// (C10), (C11), (C14) to (C16), (C21) to (C23): group counts divide what they split.
fn check_groups(cx: &mut OpCx<'_>, n: &ConvDimensionNumbers) -> Checked {
    let (features, batches) = (cx.int("feature_group_count"), cx.int("batch_group_count"));
    cx.require(features > 0, cx.c(21), || format!("feature_group_count must be positive, got {features}"))?;
    cx.require(batches > 0, cx.c(22), || format!("batch_group_count must be positive, got {batches}"))?;
    cx.require(features == 1 || batches == 1, cx.c(23), || {
        format!("feature_group_count and batch_group_count must not both be more than 1, got {features} and {batches}")
    })?;
    let ((_, lhs), (_, rhs)) = (cx.ranked(0)?, cx.ranked(1)?);
    let (features, batches) = (features as u64, batches as u64);
    let input_batch = lhs[n.input_batch_dimension as usize];
    let input_features = lhs[n.input_feature_dimension as usize];
    let kernel_inputs = rhs[n.kernel_input_feature_dimension as usize];
    let kernel_outputs = rhs[n.kernel_output_feature_dimension as usize];
    let divisible = [
        (10, 0, input_batch, "input batch dimension", batches, "batch_group_count"),
        (11, 0, input_features, "input feature dimension", features, "feature_group_count"),
        (15, 1, kernel_outputs, "kernel output feature dimension", batches, "batch_group_count"),
        (16, 1, kernel_outputs, "kernel output feature dimension", features, "feature_group_count"),
    ];
    for (constraint, operand, size, what, count, name) in divisible {
        let fits = size.size().is_none_or(|size| size.is_multiple_of(count));
        cx.require_about(fits, cx.c(constraint), &[operand], || {
            format!("the size {size} of the {what} must be a multiple of {name}, which is {count}")
        })?;
    }
    let fits = input_features.size().zip(kernel_inputs.size()).is_none_or(|(input, kernel)| input / features == kernel);
    cx.require_about(fits, cx.c(14), &[0, 1], || {
        format!("the kernel's input feature dimension must have size {input_features} / {features}, the input's by feature_group_count, but has size {kernel_inputs}")
    })
}

/// (C25), (C26).
fn result_shape(cx: &mut OpCx<'_>, n: &ConvDimensionNumbers, windows: Vec<Window>) -> Checked<Outcome> {
    let ((lhs, lhs_dims), (_, rhs_dims)) = (cx.ranked(0)?, cx.ranked(1)?);
    let mut shape = Shape::from_dims(lhs_dims.iter().map(|_| Dim::Dynamic));
    for (index, window) in windows.iter().enumerate() {
        let input = lhs_dims[n.input_spatial_dimensions[index] as usize];
        shape.dims[n.output_spatial_dimensions[index] as usize] = window.positions(input);
    }
    let groups = cx.int("batch_group_count").max(1) as u64;
    let batch = lhs_dims[n.input_batch_dimension as usize];
    shape.dims[n.output_batch_dimension as usize] = batch.size().map_or(Dim::Dynamic, |b| Dim::Size(b / groups));
    shape.dims[n.output_feature_dimension as usize] = rhs_dims[n.kernel_output_feature_dimension as usize];
    Outcome::shape(shape.plain(lhs.element.clone()), cx.c(25))
}
